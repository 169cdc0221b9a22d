'use strict';

// Runs the core, which the preload has as a text in a comment: V8 goes through a comment much quicker than through code, and most
// children of a program have no use for it. What V8 made of it in an earlier process comes from the snapshot, which takes half of
// the time.

const { captured } = require('./captured.js');
const { createUnavailableError, getNative } = require('./load_addon.js');

const { apply, functionToString, getBuiltinModule, ownModule } = captured;

let parts;

/** @param {{ directory: string, name: string } | undefined} snapshot */
function loadCore(snapshot) {
  if (parts !== undefined) return parts;
  const native = getNative();
  const known = (snapshot && native?.readCode(snapshot.directory, snapshot.name, CORE_KEY)) ?? undefined;
  const { Script } = getBuiltinModule('vm');
  const { createCachedData, runInThisContext } = Script.prototype;
  const filename = `${__dirname}/core.js`;
  const text = apply(functionToString, CORE_TEXT, []);
  const script = new Script(text.slice(text.indexOf('/*') + 2, text.lastIndexOf('*/')), {
    filename,
    cachedData: known,
  });
  const isNew = known === undefined || script.cachedDataRejected === true;
  const run = apply(runInThisContext, script, []);
  const given = {
    captured,
    addon: { createUnavailableError, getNative },
    directoryOfSnapshot: known && snapshot.directory,
    code: isNew ? { key: CORE_KEY, make: () => apply(createCachedData, script, []) } : undefined,
  };
  ({ parts } = run(given, require, ownModule, __dirname, filename));
  return parts;
}

module.exports = { loadCore };
