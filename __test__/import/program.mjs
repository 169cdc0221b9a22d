// A program for `testBoot`, with modules of all kinds beside it.

import Module from 'node:module';

import { only } from '../boot/programs.mjs';

const needs = { met: Module.registerHooks !== undefined, reason: 'module.registerHooks' };

/** The smallest module of WebAssembly. */
const WASM = Buffer.from('0061736d01000000', 'hex');

/** What each program finds beside it. */
const MODULES = {
  'package.json':
    '{"name":"self","type":"module","exports":{"./*":"./*.mjs"},"imports":{"#dep":"./dep.mjs","#package":"package"}}',
  'dep.mjs': 'export default "dep";',
  'typed.js': 'export default "typed";',
  'common.cjs': 'exports.name = "common"; exports.dep = require("./other.cjs");',
  'other.cjs': 'module.exports = "other";',
  'data.json': '{"value":"json"}',
  'text.txt': 'text',
  'empty.wasm': WASM,
  'typeless/package.json': '{}',
  'typeless/detected.js': 'export default "detected";',
  'typeless/common.js': 'module.exports = "typeless";',
  'dir/index.js': 'export default 1;',
  'node_modules/package/package.json': '{"exports":{"import":"./i.mjs","require":"./r.cjs"}}',
  'node_modules/package/i.mjs': 'export default "import";',
  'node_modules/package/r.cjs': 'module.exports = "require";',
  'node_modules/custom/package.json': '{"exports":{"custom":"./custom.mjs","default":"./default.mjs"}}',
  'node_modules/custom/custom.mjs': 'export default "custom";',
  'node_modules/custom/default.mjs': 'export default "default";',
  'node_modules/legacy/package.json': '{"main":"./lib/main"}',
  'node_modules/legacy/lib/main.js': 'module.exports = "legacy";',
  'node_modules/indexed/index.js': 'module.exports = "indexed";',
  'node_modules/warned/package.json': '{"type":"module","main":"lib"}',
  'node_modules/warned/lib.js': 'export default "warned";',
  'node_modules/hidden/package.json': '{"exports":{"./open":"./open.mjs","./closed":null,"./wrong":"../wrong.mjs"}}',
  'node_modules/hidden/open.mjs': 'export default "open";',
  'node_modules/malformed/package.json': '{',
  'links/link.mjs': { link: '../real/target.mjs' },
  'real/target.mjs': 'import beside from "./beside.mjs"; export default beside;',
  'real/beside.mjs': 'export default "beside the file";',
  'links/beside.mjs': 'export default "beside the link";',
};

/** Room for all frames: those of the hooks are some more. */
const STACKS = '--stack-trace-limit=100';

/** A program, `app.mjs` if it says nothing else, that is expected to do with each preload what it does without. */
export const program = (title, source, stdout, { files, options = [], ...rest } = {}) => ({
  title,
  args: ['app.mjs'],
  nodeArguments: [STACKS, ...options, '<hook>'],
  preloads: only('register', 'register at once', 'both'),
  isRunAgain: true,
  needs,
  stdout,
  ...rest,
  files: { ...MODULES, ...(source === undefined ? {} : { 'app.mjs': source }), ...files },
});
