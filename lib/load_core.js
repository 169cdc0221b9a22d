'use strict';

// Runs the core, which the preload has as a text: V8 goes through a text that is no code much quicker, and most children of a program
// have no use for it. What V8 made of it in an earlier process comes from the snapshot, which takes half of the time.

const { captured } = require('./captured.js');
const { createUnavailableError, getNative } = require('./load_addon.js');

const { apply, getBuiltinModule, ownModule, path } = captured;

let parts;

/** @param {{ directory: string, name: string } | undefined} snapshot */
function loadCore(snapshot) {
  if (parts !== undefined) return parts;
  const native = getNative();
  const { Script } = getBuiltinModule('vm');
  const { createCachedData, runInThisContext } = Script.prototype;
  const filename = path.join(__dirname, 'core.js');
  const known = snapshot && native?.readCode(snapshot.directory, snapshot.name, CORE_KEY);
  const script = new Script(CORE_TEXT, { filename, cachedData: known ?? undefined });
  const isNew = known === undefined || known === null || script.cachedDataRejected === true;
  const run = apply(runInThisContext, script, []);
  const code = isNew ? { key: CORE_KEY, make: () => apply(createCachedData, script, []) } : undefined;
  const addon = { createUnavailableError, getNative };
  ({ parts } = run(captured, addon, code, require, ownModule, __dirname, filename));
  return parts;
}

module.exports = { loadCore };
