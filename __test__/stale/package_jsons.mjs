// What the package.json files of the model say. All are of one size, so that an edit in place never shows in the size.

const SIZE = 512;

const NAMES = ['plain', 'exporting', '@scope/part', 'linked', 'self-named', undefined];

const MAINS = ['./main.js', 'main', 'lib', './lib/util', './missing', 'sub.json', undefined, undefined];

const EXPORTS = [
  './main.js',
  { '.': './index.js', './sub': './sub.js', './*': './lib/*.js' },
  { '.': './main.js', './sub': './sub.json', './package.json': './package.json' },
  { '.': { special: './sub.js', default: './main.js' }, './sub': { special: './lib/util.js', require: './sub.js' } },
  { '.': { import: './missing.js', require: './lib/index.js' }, './lib/*': './lib/*.js', './lib/util': null },
  { '.': ['./missing.js', './index.js'], './sub': './missing.js' },
  { './sub': './sub.js' },
  { '.': '../outside.js' },
];

const IMPORTS = [
  { '#util': './util.js', '#dep': 'plain', '#lib/*': './lib/*.js' },
  { '#util': { special: './file.js', default: './data.json' }, '#dep': 'exporting/sub' },
  { '#util': './missing.js', '#dep': '@scope/part', '#lib/util': './util.js' },
];

/** The text of a package.json, any of some thousands. */
export function drawPackageJson(random, name = random.pick(NAMES)) {
  if (random.chance(0.02)) return '{ "name": '.padEnd(SIZE);
  const fields = {
    name: random.chance(0.8) ? name : random.pick(NAMES),
    main: random.pick(MAINS),
    exports: random.chance(0.55) ? random.pick(EXPORTS) : undefined,
    imports: random.chance(0.4) ? random.pick(IMPORTS) : undefined,
    type: random.chance(0.3) ? random.pick(['module', 'module', 'commonjs']) : undefined,
  };
  return JSON.stringify(fields).padEnd(SIZE);
}
