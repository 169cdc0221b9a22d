import fastResolve from './index.js';
import { onChange } from './lib/hook.js';

export const { createResolver, install, resolve, uninstall } = fastResolve;
export let installed = fastResolve.installed;
onChange((value) => {
  installed = value;
});
export default fastResolve;
