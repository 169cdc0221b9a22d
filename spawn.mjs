import main from './dist/spawn.js';
import spawn from './spawn.js';

export const { install, uninstall } = spawn;
export let installed = spawn.installed;
main.onChange((value) => {
  installed = value;
});
export default spawn;
