// Workers of workerpool are programs that say what they can do.
//
//   workerpool.cjs <the file with the task's function>
'use strict';

const workerpool = require('workerpool');

workerpool.worker({ run: require(process.argv[2]) });
