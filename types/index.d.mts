export * from '../index.js';

declare const fastResolve: typeof import('../index.js');
export default fastResolve;
