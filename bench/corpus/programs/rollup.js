// Bundles two virtual modules; the parser is an optional native package, one for each platform.
const { rollup } = require('rollup');

const sources = {
  entry: "import { double } from 'double'; export default double(21);",
  double: 'export const double = (value) => value * 2; export const unused = 1;',
};
const virtualModules = {
  name: 'virtual-modules',
  resolveId: (id) => (id in sources ? id : null),
  load: (id) => sources[id] ?? null,
};

const main = async () => {
  const bundle = await rollup({ input: 'entry', plugins: [virtualModules] });
  const { output } = await bundle.generate({ format: 'cjs' });
  process.stdout.write(output[0].code);
  await bundle.close();
};

main();
