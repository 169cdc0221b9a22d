// The names that occur in the model's trees. They are few, so that what is changed is often what was asked for.

/** Directories that hold files of the program. */
export const LEVELS = ['', 'app', 'app/src', 'app/src/deep', 'elsewhere', 'packages/lib'];

const MODULE_FOLDERS = [
  'node_modules',
  'app/node_modules',
  'app/src/node_modules',
  'elsewhere/node_modules',
  'packages/node_modules',
];

/** Where NODE_PATH may lead. */
export const GLOBAL_FOLDERS = ['global-one', 'global-two'];

/** The home directory: Node looks into two folders in it. */
export const HOME = 'home';

const PACKAGES = ['plain', 'exporting', '@scope/part', 'linked'];

export const FOLDERS = [...MODULE_FOLDERS, ...GLOBAL_FOLDERS, `${HOME}/.node_modules`];

/** Every [directory, name] where a package may be installed. */
export const PACKAGE_PLACES = FOLDERS.flatMap((folder) => PACKAGES.map((name) => [`${folder}/${name}`, name]));

/** Files of a package, besides its package.json. */
export const PACKAGE_FILES = [
  'index.js',
  'main.js',
  'sub.js',
  'sub.json',
  'sub/index.js',
  'lib/index.js',
  'lib/util.js',
];

const LEVEL_FILES = [
  'file.js',
  'file.json',
  'file/index.js',
  'file',
  'util.js',
  'data.json',
  'util.extra',
  'lib/util.js',
];

const inside = (directory, name) => (directory === '' ? name : `${directory}/${name}`);

/** Every file that may be written, besides package.json files. */
export const FILE_PLACES = [
  ...LEVELS.flatMap((level) => LEVEL_FILES.map((name) => inside(level, name))),
  ...PACKAGE_PLACES.flatMap(([directory]) => PACKAGE_FILES.map((name) => `${directory}/${name}`)),
];

/** Every package.json that may be written, those between the levels, too. */
export const PACKAGE_JSON_PLACES = [
  ...LEVELS.flatMap((level) => [inside(level, 'package.json'), inside(level, 'file/package.json')]),
  ...MODULE_FOLDERS.map((folder) => `${folder}/package.json`),
  ...PACKAGE_PLACES.flatMap(([directory]) => [`${directory}/package.json`, `${directory}/lib/package.json`]),
];

/** Names that are links more often than files. */
export const LINK_PLACES = LEVELS.map((level) => inside(level, 'link'));

/** Where directories are put out of the way, with a link left in their place. */
export const MOVED_PLACES = [1, 2, 3, 4].map((number) => `elsewhere/moved-${number}`);

/** Everything that a link may lead to. */
export const LINK_TARGETS = [
  ...LEVELS.slice(1),
  ...PACKAGE_PLACES.map(([directory]) => directory),
  ...MODULE_FOLDERS,
  ...FILE_PLACES,
  ...MOVED_PLACES,
  ...LINK_PLACES,
];
