// What `import … from 'fast-resolve'` gives: the names that CommonJS exports, of which `installed` changes. Copied to dist/.
import fastResolve from './fast-resolve.js';

export const { clearCache, createResolver, explain, install, invalidate, resolve, resolveImport, stats, uninstall } =
  fastResolve;
export let { installed } = fastResolve;
fastResolve.internals.onChange((value) => {
  installed = value;
});
export default fastResolve;
