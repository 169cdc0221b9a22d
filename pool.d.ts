export * from './types/command_pool.js';
