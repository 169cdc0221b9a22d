// rollup with either plugin.

import fs from 'node:fs';
import path from 'node:path';
import { requirePublished, requireTool } from './tools.mjs';

/** The plugin that is meant, and the one whose place it takes. */
export const plugins = {
  ours: (options) => requirePublished('fast-resolve/rollup').fastResolve(options),
  theirs: (options) => requireTool('@rollup/plugin-node-resolve').nodeResolve(options),
};

/** What a bundle of these inputs is made of: the name and the text of each file, and what was warned of. */
export async function bundle(whose, options, { input, ...rollupOptions }) {
  const warnings = [];
  const build = await requireTool('rollup').rollup({
    input,
    plugins: [plugins[whose](options), requireTool('@rollup/plugin-commonjs')(), requireTool('@rollup/plugin-json')()],
    onLog: (_level, { code, message }) => warnings.push([code, message]),
    ...rollupOptions,
  });
  const { output } = await build.generate({ format: 'es' });
  await build.close();
  return {
    files: output.map(({ fileName, code, source }) => [fileName, code ?? String(source)]),
    modules: build.watchFiles.length,
    warnings: warnings.map(([code]) => code).sort(),
  };
}

/** What rollup resolves these requests to: [request, importer] each. */
export async function resolveAll(whose, options, root, requests, rollupOptions = {}) {
  const answers = [];
  const asking = {
    name: 'asking',
    async buildStart() {
      for (const [request, importer, resolveOptions] of requests) {
        const found = await this.resolve(request, importer && path.join(root, importer), resolveOptions);
        const id = found?.id
          .replaceAll('\0node-resolve:empty.js', '\0empty')
          .replaceAll('\0fast-resolve:empty', '\0empty');
        answers.push(
          found === null
            ? { request, importer, id: null }
            : { request, importer, id, external: found.external, moduleSideEffects: found.moduleSideEffects },
        );
      }
    },
  };
  const warnings = [];
  const entry = path.join(root, 'entry.js');
  if (!fs.existsSync(entry)) fs.writeFileSync(entry, 'export default 1;\n');
  const build = await requireTool('rollup').rollup({
    input: entry,
    plugins: [asking, plugins[whose](options)],
    onLog: (_level, { code, pluginCode, message }) => warnings.push([code, pluginCode, message]),
    ...rollupOptions,
  });
  await build.close();
  return { answers, warnings: warnings.filter(([code]) => code !== 'EMPTY_BUNDLE') };
}
