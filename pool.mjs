import pool from './dist/pool.js';

export const AbortError = pool.AbortError;
export const CommandError = pool.CommandError;
export const CommandPool = pool.CommandPool;
export const Pool = pool.Pool;
export const SuperviseError = pool.SuperviseError;
export const WorkerCrashedError = pool.WorkerCrashedError;
export const supervise = pool.supervise;
export const worker = pool.worker;
export default pool;
