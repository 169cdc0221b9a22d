// Differences from Node that docs/differences.md names and no other test shows.

import Module, { createRequire } from 'node:module';
import path from 'node:path';
import test from 'ava';

const { resolve } = createRequire(import.meta.url)('../../index.js');
const directory = import.meta.dirname;

const nodeResolve = (request) => createRequire(path.join(directory, 'any.js')).resolve(request);

test.serial('resolve() does not hear the hooks of module.registerHooks()', (t) => {
  if (Module.registerHooks === undefined) {
    t.log('This Node has no module.registerHooks(): there is nothing to hear.');
    t.throws(() => nodeResolve('virtual'), { code: 'MODULE_NOT_FOUND' });
    return;
  }
  const hooks = Module.registerHooks({
    resolve: (specifier, context, nextResolve) =>
      specifier === 'virtual' ? { url: import.meta.url, shortCircuit: true } : nextResolve(specifier, context),
  });
  try {
    t.throws(() => resolve('virtual', directory), { code: 'MODULE_NOT_FOUND' });
    // Node 22 does not ask the hooks for `require.resolve`; later ones do.
    const isHeardByNode = Number.parseInt(process.versions.node, 10) >= 24;
    if (isHeardByNode) t.is(nodeResolve('virtual'), import.meta.filename);
    else t.throws(() => nodeResolve('virtual'), { code: 'MODULE_NOT_FOUND' });
  } finally {
    hooks.deregister();
  }
});
