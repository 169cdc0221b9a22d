// Asks for each import of a recording, for the first time and again, and prints the nanoseconds of each as JSON. Before that, each is loaded
// and has answered one request in another tree, as where `require` is measured (lib/children/replay.cjs).
//
//   node --experimental-import-meta-resolve resolve.mjs <kind> <recording> <a directory with prime.mjs>
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [kind, file, primeDirectory] = process.argv.slice(2);
const require = createRequire(import.meta.url);

const asked = JSON.parse(fs.readFileSync(file))
  .filter(([parentURL, , url, , attributes]) => parentURL !== null && attributes === 0 && url.startsWith('file:'))
  .map(([parentURL, specifier, url]) => ({
    parentURL,
    specifier,
    url,
    directory: path.dirname(fileURLToPath(parentURL)),
  }));

const createOxc = () => {
  const { ResolverFactory } = require('oxc-resolver');
  const resolver = new ResolverFactory({
    conditionNames: ['node', 'import', 'module-sync', 'node-addons'],
    extensions: ['.js', '.json', '.node'],
  });
  return ({ directory, specifier }) => resolver.sync(directory, specifier).path;
};

const createOurs = () => {
  const { resolveImport } = require('../../index.js');
  return ({ specifier, parentURL }) => resolveImport(specifier, parentURL).url;
};

const ask = {
  'fast-resolve': createOurs,
  'import.meta.resolve':
    () =>
    ({ specifier, parentURL }) =>
      import.meta.resolve(specifier, parentURL),
  'oxc-resolver': createOxc,
}[kind]();

const isSame = (answer, url) => answer === url || answer === fileURLToPath(url);

const pass = () => {
  const start = process.hrtime.bigint();
  for (let index = 0; index < asked.length; index++) ask(asked[index]);
  return Number(process.hrtime.bigint() - start) / asked.length;
};

const primeCaller = path.join(primeDirectory, 'caller.mjs');
ask({ parentURL: pathToFileURL(primeCaller).href, specifier: './prime.mjs', directory: primeDirectory });
const cold = pass();
const wrong = asked.filter((each) => !isSame(ask(each), each.url));
if (wrong.length > 0 && kind === 'fast-resolve') throw new Error(`otherwise than Node: ${JSON.stringify(wrong)}`);
for (let round = 0; round < 20; round++) pass();
const again = Array.from({ length: 5 }, pass);
console.log(JSON.stringify({ cold, hot: Math.min(...again), wrong: wrong.length }));
