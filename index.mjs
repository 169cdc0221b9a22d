import main from './dist/fast-resolve.js';
import fastResolve from './index.js';

export const { clearCache, createResolver, explain, install, invalidate, resolve, resolveImport, stats, uninstall } =
  fastResolve;
export let installed = fastResolve.installed;
main.onChange((value) => {
  installed = value;
});
export default fastResolve;
