// Programs of others, installed once from the lock file in tools/boot.

import path from 'node:path';

import { runExclusively } from '../../bench/lib/run-exclusively.mjs';
import { ensureInstalled } from '../../scripts/setup.mjs';

export const tools = path.resolve(import.meta.dirname, '../../tools/boot');

export const ensureTools = () => runExclusively(path.join(tools, '.install.lock'), () => ensureInstalled('tools/boot'));
