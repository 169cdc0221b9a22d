export * from './types/command_pool.js';
export * from './types/pool.js';
export * from './types/supervise.js';
