export * from './command_pool.js';
export * from './pool.js';
export * from './supervise.js';
