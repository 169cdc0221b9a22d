// A preload: compares what the core says of each import with what Node says, and reports at the end.
const { registerHooks } = require('node:module');

// With the hook in place, Node would be told the core's own answers.
process.env.FAST_RESOLVE_IMPORT = '0';
const { import_hook: importHook } = require(process.env.REGISTER).parts;

const differences = [];
const left = [];
let same = 0;

registerHooks({
  resolve(specifier, context, nextResolve) {
    const ours = importHook.resolveImport(specifier, context, 'turn');
    if (ours === undefined && context.importAttributes !== undefined && context.parentURL !== undefined)
      left.push(specifier);
    let nodes;
    try {
      nodes = nextResolve(specifier, context);
    } catch (error) {
      if (ours !== undefined) differences.push([specifier, context.parentURL, ours.url, error.code]);
      throw error;
    }
    if (ours !== undefined) {
      const isSame = ours.url === nodes.url && (ours.format ?? null) === (nodes.format ?? null);
      if (isSame) same++;
      else differences.push([specifier, context.parentURL, ours.url, ours.format, nodes.url, nodes.format]);
    }
    return nodes;
  },
});

process.on('exit', () => console.log(JSON.stringify({ same, differences, left })));
