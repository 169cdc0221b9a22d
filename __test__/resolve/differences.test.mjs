// Differences from Node that docs/differences.md names and no other test shows.

import Module, { createRequire } from 'node:module';
import path from 'node:path';
import test from 'ava';

const { resolve } = createRequire(import.meta.url)('../../index.js');
const directory = import.meta.dirname;

const nodeResolve = (request) => createRequire(path.join(directory, 'any.js')).resolve(request);

test.serial(
  'resolve() hears the hooks of module.registerHooks() where it finds nothing, as far as Node asks them',
  (t) => {
    const own = './differences.test.mjs';
    if (Module.registerHooks === undefined) {
      t.log('This Node has no module.registerHooks(): there is nothing to hear.');
      t.throws(() => nodeResolve('virtual'), { code: 'MODULE_NOT_FOUND' });
      return;
    }
    const hooks = Module.registerHooks({
      resolve: (specifier, context, nextResolve) =>
        specifier === 'virtual' || specifier === own
          ? { url: 'file:///hooked.js', shortCircuit: true }
          : nextResolve(specifier, context),
    });
    try {
      t.is(resolve(own, directory), import.meta.filename, 'what is found is our answer');
      // Node 22 does not ask the hooks for `require.resolve`; later ones do.
      const isHeardByNode = Number.parseInt(process.versions.node, 10) >= 24;
      for (const ask of [() => nodeResolve('virtual'), () => resolve('virtual', directory)]) {
        if (isHeardByNode) t.is(ask(), '/hooked.js');
        else t.throws(ask, { code: 'MODULE_NOT_FOUND' });
      }
      t.is(nodeResolve(own), isHeardByNode ? '/hooked.js' : import.meta.filename);
    } finally {
      hooks.deregister();
    }
  },
);
