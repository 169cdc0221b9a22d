'use strict';

/** The `extra` of a task: which function it calls, and what it comes with. */
const FLAGS = { FUNCTION_MASK: 0x0fff, HAS_HANDLE: 0x1000, STREAM: 0x2000 };

/** Items of a stream that may be on their way. */
const STREAM_WINDOW = 16;

module.exports = { FLAGS, STREAM_WINDOW };
