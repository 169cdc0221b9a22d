export * from './spawn.js';

declare const fastResolveSpawn: typeof import('./spawn.js');
export default fastResolveSpawn;
