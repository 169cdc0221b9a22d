// Bundles two modules.
import { build } from 'vite';

const modules = {
  'virtual:main': "import { a } from 'virtual:a'; console.log(a);",
  'virtual:a': 'export const a = 1;',
};
const { output } = await build({
  configFile: false,
  logLevel: 'silent',
  root: import.meta.dirname,
  build: { write: false, rollupOptions: { input: 'virtual:main' } },
  plugins: [
    {
      name: 'modules',
      resolveId: (id) => (id in modules ? `\0${id}` : null),
      load: (id) => modules[id.slice(1)] ?? null,
    },
  ],
});
console.log(output[0].code.trim());
