// A tree with one thing of each kind that an answer can rest on.

const json = (value) => ({ json: value });

export const PROJECT = {
  'package.json': json({ name: 'project', exports: './main.js', imports: { '#inner': './lib/inner.js' } }),
  'main.js': '',
  'lib/inner.js': '',
  'lib/linked.js': { link: 'inner.js' },
  'lib/data.json': '{}',
  'lib/dangling.js': { link: '../target.js' },
  'lib/dangling.json': '{}',
  'node_modules/plain/package.json': json({ main: './lib/entry' }),
  'node_modules/plain/lib/entry.js': '',
  'node_modules/mapped/package.json': json({ exports: { '.': './entry.js', './*': './files/*.js' } }),
  'node_modules/mapped/entry.js': '',
  'node_modules/mapped/files/one.js': '',
};

/** [request, directory, answer]; each is found in a way of its own. */
const ROWS = [
  ['./inner', 'lib', 'lib/inner.js'],
  ['./data', 'lib', 'lib/data.json'],
  ['./linked', 'lib', 'lib/inner.js'],
  ['plain', 'lib', 'node_modules/plain/lib/entry.js'],
  ['plain/lib/entry', 'lib', 'node_modules/plain/lib/entry.js'],
  ['mapped', 'lib', 'node_modules/mapped/entry.js'],
  ['mapped/one', '', 'node_modules/mapped/files/one.js'],
  ['#inner', '', 'lib/inner.js'],
  ['project', 'lib', 'main.js'],
  ['./dangling', 'lib', 'lib/dangling.json'],
];

const below = (root, name) => (name === '' ? root : `${root}/${name}`);

/** What is asked in a project, and what the answers are. */
export const requestsIn = (root) => ROWS.map(([request, directory]) => [request, below(root, directory)]);
export const answersIn = (root) => ROWS.map(([, , answer]) => `${root}/${answer}`);
