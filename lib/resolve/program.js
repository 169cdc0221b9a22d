'use strict';

// The program, and how it is started.

// An earlier preload may have put anything there.
const { argv, execArgv, version } = process;
const file = typeof argv?.[1] === 'string' ? argv[1] : undefined;

/**
 * `program`: the file that is run, as Node made a path of it. `snapshotOf`: what a snapshot belongs to, which is how the program is started,
 * and the program. Of a long text, the end is the name of the file. A worker of a pool shares the snapshot of its parent.
 * @type {{ program: string | undefined, snapshotOf: string }}
 */
const started = { __proto__: null, program: file, snapshotOf: `${execArgv?.join(' ')} ${file ?? ''} ${version}` };

module.exports = { started };
