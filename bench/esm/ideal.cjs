// A preload: answers each import from what FAST_RESOLVE_IDEAL has recorded, as a hook would that knew everything.
const { readFileSync } = require('node:fs');
const { registerHooks } = require('node:module');

const byParent = new Map();
for (const [parentURL, specifier, url, format, attributes] of JSON.parse(
  readFileSync(process.env.FAST_RESOLVE_IDEAL),
)) {
  if (parentURL === null || attributes > 0) continue;
  if (!byParent.has(parentURL)) byParent.set(parentURL, new Map());
  byParent.get(parentURL).set(specifier, { url, format: format ?? undefined, shortCircuit: true });
}

registerHooks({
  resolve(specifier, context, nextResolve) {
    const known = context.importAttributes && byParent.get(context.parentURL)?.get(specifier);
    return known || nextResolve(specifier, context);
  },
});
