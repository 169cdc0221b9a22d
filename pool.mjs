import pool from './dist/pool.js';

export const AbortError = pool.AbortError;
export const CommandError = pool.CommandError;
export const CommandPool = pool.CommandPool;
export const SuperviseError = pool.SuperviseError;
export const supervise = pool.supervise;
export default pool;
