// ESLint with either plugin, and with either resolver.

import path from 'node:path';
import { requirePublished, requireTool, toolsModules } from './tools.mjs';

const RULES = [
  ...[
    'default',
    'export',
    'extensions',
    'named',
    'namespace',
    'no-cycle',
    'no-duplicates',
    'no-extraneous-dependencies',
  ],
  ...['no-self-import', 'no-unresolved', 'no-relative-packages', 'order'],
];
const PARSER = '@typescript-eslint/parser';
const EXTENSIONS = ['.ts', '.mts', '.cts', '.tsx', '.d.ts'];

const OURS = 'fast-resolve/eslint';
const THEIRS = path.join(toolsModules, 'eslint-import-resolver-typescript');

/** Resolvers of eslint-plugin-import-x. */
export const resolvers = {
  ours: () => requirePublished(OURS).createFastResolver(),
  theirs: () => requireTool('eslint-import-resolver-typescript').createTypeScriptImportResolver(),
};

/** By plugin: its name, and what of the settings names the resolver. */
const PLUGINS = {
  'import-x': {
    module: 'eslint-plugin-import-x',
    prefix: 'import-x',
    ours: () => ({ 'import-x/resolver-next': [resolvers.ours()] }),
    theirs: () => ({ 'import-x/resolver-next': [resolvers.theirs()] }),
  },
  'import-x, by name': {
    module: 'eslint-plugin-import-x',
    prefix: 'import-x',
    ours: () => ({ 'import-x/resolver': { [OURS]: {} } }),
    theirs: () => ({ 'import-x/resolver': { [THEIRS]: {} } }),
  },
  import: {
    module: 'eslint-plugin-import',
    prefix: 'import',
    ours: () => ({ 'import/resolver': { [OURS]: {} } }),
    theirs: () => ({ 'import/resolver': { [THEIRS]: {} } }),
  },
};

export const pluginNames = Object.keys(PLUGINS);

/** An ESLint of a workspace. `whose` is `ours`, `theirs`, or settings. */
export function createLinter(root, pluginName, whose, rules = RULES) {
  const { ESLint } = requireTool('eslint');
  const { module, prefix, ...settings } = PLUGINS[pluginName];
  const plugin = requireTool(module);
  return new ESLint({
    cwd: root,
    overrideConfigFile: true,
    overrideConfig: [
      {
        files: EXTENSIONS.map((extension) => `**/*${extension}`),
        languageOptions: { parser: requireTool(PARSER) },
        linterOptions: { reportUnusedDisableDirectives: 'off' },
        plugins: { [prefix]: plugin.default ?? plugin },
        settings: {
          [`${prefix}/parsers`]: { [requireTool.resolve(PARSER)]: EXTENSIONS },
          [`${prefix}/extensions`]: [...EXTENSIONS, '.js', '.jsx'],
          ...(typeof whose === 'string' ? settings[whose]() : whose),
        },
        rules: Object.fromEntries(rules.map((rule) => [`${prefix}/${rule}`, 'error'])),
      },
    ],
  });
}

/** What a linter says of files: `file:line:column rule: message`. */
export async function findingsOf(linter, root, patterns) {
  const results = await linter.lintFiles(patterns);
  return results
    .flatMap(({ filePath, messages }) =>
      messages
        // Comments in real sources turn off rules of plugins that are not there.
        .filter(({ ruleId, message }) => ruleId === null || !message.startsWith('Definition for rule'))
        .map(({ line, column, ruleId, message }) => {
          return `${path.relative(root, filePath)}:${line}:${column} ${ruleId}: ${message}`;
        }),
    )
    .sort();
}
