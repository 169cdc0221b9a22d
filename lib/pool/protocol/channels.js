'use strict';

/**
 * Where a worker finds what it shares with its parent. Node's own channel is at 3. The lane is two pipes: a stream that can't
 * be written to any more is not read any more either, and what a dead worker has written is still to be read.
 */
const DESCRIPTORS = { TASKS: 4, RESULTS: 5, MEMORY: 6 };

/**
 * The message that a handle comes with on Node's channel. By the prefix, Node gives it to listeners of `internalMessage`
 * alone, as it does with its own, and keeps it from the user's listeners of `message`.
 */
const HANDLE_COMMAND = 'NODE_FAST_RESOLVE_POOL_HANDLE';

module.exports = { DESCRIPTORS, HANDLE_COMMAND };
