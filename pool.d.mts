export * from './pool.js';

declare const pool: typeof import('./pool.js');
export default pool;
