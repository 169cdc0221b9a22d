// What is not used, and how words are spelled: `npm run house`, and part of `npm run check`.
import { execFileSync } from 'node:child_process';
import { root } from './paths.mjs';
import { ensureInstalled, run } from './setup.mjs';

const modules = 'tools/house/node_modules';

ensureInstalled();
ensureInstalled('tools/house');
// Files and packages that nothing asks for, and requests that lead nowhere.
run(process.execPath, [`${modules}/knip/bin/knip.js`, '--config', 'tools/house/knip.json', '--no-progress']);
// In English, as written in England. Words of ours stand in tools/house/words.txt.
const texts = [
  '*.cjs',
  '*.cts',
  '*.js',
  '*.md',
  '*.mjs',
  '*.mts',
  '*.rs',
  '*.toml',
  '*.ts',
  '*.yml',
  '.ci/*',
  'package.json',
];
const files = execFileSync('git', ['ls-files', '--', ...texts], { cwd: root });
run(
  process.execPath,
  [
    ...[`${modules}/cspell/bin.mjs`, 'lint', '--config', 'tools/house/cspell.json', '--file-list', 'stdin'],
    ...['--no-progress', '--quiet'],
  ],
  { input: files, stdio: ['pipe', 'inherit', 'inherit'] },
);
