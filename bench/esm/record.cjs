// A preload: writes what each import led to into FAST_RESOLVE_RECORD when the process ends. Loaded last, it is asked first.
const { writeFileSync } = require('node:fs');
const { registerHooks } = require('node:module');

const file = process.env.FAST_RESOLVE_RECORD;
const imports = [];

registerHooks({
  resolve(specifier, context, nextResolve) {
    const answer = nextResolve(specifier, context);
    const { importAttributes, parentURL } = context;
    // `require` comes here without attributes.
    if (importAttributes !== undefined) {
      imports.push([
        parentURL ?? null,
        specifier,
        answer.url,
        answer.format ?? null,
        Object.keys(importAttributes).length,
      ]);
    }
    return answer;
  },
});

process.on('exit', () => writeFileSync(file, JSON.stringify(imports)));
