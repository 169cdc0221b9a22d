// Every entry, as an ES module's types see it.

import fastResolve, { createResolver, installed, type Resolver, resolve } from 'fast-resolve';
import pool, { CommandPool, Pool, type Supervisor, supervise } from 'fast-resolve/pool';
import spawn, { install } from 'fast-resolve/spawn';
import 'fast-resolve/register';
import 'fast-resolve/spawn/register';

const file: string = resolve('pkg', '/');
const same: string = fastResolve.resolve('pkg', '/');
const resolver: Resolver = createResolver({ conditions: ['browser'] });
const isInstalled: boolean = installed && spawn.installed && install();
const sum: Promise<unknown> = new Pool({ filename: file }).run(1);
const others: [typeof Pool, CommandPool] = [pool.Pool, new CommandPool()];
const supervisor: Supervisor = supervise(file);
// @ts-expect-error A directory is missing.
resolve('pkg');
// @ts-expect-error There is no such option.
new Pool({ file });

export { isInstalled, others, resolver, same, sum, supervisor };
