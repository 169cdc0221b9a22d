// Every entry, as the types of CommonJS see it.

import fastResolve = require('fast-resolve');
import pool = require('fast-resolve/pool');
import spawn = require('fast-resolve/spawn');

import 'fast-resolve/register';
import 'fast-resolve/spawn/register';

const file: string = fastResolve.resolve('pkg', '/');
const resolver: fastResolve.Resolver = fastResolve.createResolver({ conditions: ['browser'] });
const isInstalled: boolean = fastResolve.installed && spawn.installed && spawn.install();
const sum: Promise<unknown> = new pool.Pool({ filename: file }).run(1);
const supervisor: pool.Supervisor = pool.supervise(file);
// @ts-expect-error A directory is missing.
fastResolve.resolve('pkg');

export = { isInstalled, resolver, sum, supervisor };
