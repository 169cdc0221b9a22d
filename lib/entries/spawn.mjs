// What `import … from 'fast-resolve/spawn'` gives: the names that CommonJS exports, of which `installed` changes. Copied to dist/.
import spawn from './spawn.js';

export const { install, uninstall } = spawn;
export let { installed } = spawn;
spawn.internals.onChange((value) => {
  installed = value;
});
export default spawn;
