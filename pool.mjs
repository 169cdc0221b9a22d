import pool from './pool.js';

export const SuperviseError = pool.SuperviseError;
export const supervise = pool.supervise;
export default pool;
