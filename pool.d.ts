export * from './types/supervise.js';
