/**
 * A plugin for rollup that finds modules as Node and browsers' bundlers do, in the place of `@rollup/plugin-node-resolve`: its options
 * have the same names, and lead to the same files.
 *
 * ```js
 * // rollup.config.mjs
 * import commonjs from '@rollup/plugin-commonjs';
 * import { fastResolve } from 'fast-resolve/rollup';
 *
 * export default { input: 'src/main.js', output: { dir: 'out' }, plugins: [fastResolve({ browser: true }), commonjs()] };
 * ```
 *
 * It differs from that in this:
 *
 * - `"sideEffects": []` says that no module of a package has any.
 * - What `exports` lead to and is not there is not found, and so external, with rollup's warning.
 * - Folders in `exports` (`"./lib/": "./lib/"`), which Node has not known since version 17, lead nowhere.
 * - `"./a"` in a `browser` field is `./a`, and `./a` with an extension that was not written; not `./a.js` where that was written.
 * - `node:test` and what else exists by its full name alone is a core module.
 *
 * Vite resolves by itself before it asks such plugins.
 */

/** All of them are optional; an undefined one counts as left out. */
export interface FastResolvePluginOptions {
  /**
   * Whether it is for browsers: `browser` fields of package.json replace main files, modules and core modules, and the condition
   * `browser` holds. The same as `'browser'` first in `mainFields`.
   * @default false
   */
  browser?: boolean;
  /**
   * Packages that are always looked for in `rootDir`, so that there is one of them; or a function that says so of a request.
   * @default []
   */
  dedupe?: readonly string[] | ((request: string) => boolean);
  /**
   * Conditions of `exports` and `imports` that hold, besides `default`, `module`, `import` or `require`, and one of `development` and
   * `production`, as `NODE_ENV` says, unless one of these is given.
   * @default []
   */
  exportConditions?: readonly string[];
  /**
   * Extensions to try, in order.
   * @default ['.mjs', '.js', '.json', '.node']
   */
  extensions?: readonly string[];
  /**
   * Whether `sideEffects` of the package.json in `rootDir` do not count.
   * @default false
   */
  ignoreSideEffectsForRoot?: boolean;
  /** A directory: what lies elsewhere is left to other plugins. */
  jail?: string;
  /**
   * Fields of package.json that name the main file, in order.
   * @default ['module', 'main']
   */
  mainFields?: readonly string[];
  /**
   * Names of the directories that packages lie in, from that of the module upwards.
   * @default ['node_modules']
   */
  moduleDirectories?: readonly string[];
  /**
   * Directories in which packages are looked for after those.
   * @default []
   */
  modulePaths?: readonly string[];
  /**
   * Whether files without `import` and `export` are left to other plugins.
   * @default false
   */
  modulesOnly?: boolean;
  /**
   * Whether the name of a core module means that, and not a package of this name; or a function that says so of a request. Left out, it is
   * as true, and a package of this name is worth a warning.
   */
  preferBuiltins?: boolean | ((request: string) => boolean);
  /**
   * Names of packages, or expressions that they match: all others are external. An empty list means all. A function says it of a name.
   * @default []
   */
  resolveOnly?: readonly (string | RegExp)[] | ((name: string) => boolean);
  /**
   * Where entries are looked for, and packages of `dedupe`. Default: the working directory.
   */
  rootDir?: string;
}

/** A plugin, as rollup 4 takes it. */
export interface FastResolvePlugin {
  name: 'fast-resolve';
  /** Reads the options of the build: its entries, and whether it keeps links. */
  buildStart(options: unknown): void;
  resolveId: {
    order: 'post';
    /** The file that a request leads to, or `null` where it is left to other plugins. */
    // biome-ignore lint/suspicious/noExplicitAny: rollup's own types are not required here.
    handler(source: string, importer: string | undefined, options: any): Promise<any>;
  };
  /** The text of the empty module that stands for what `browser: false` leaves out. */
  load(id: string): string | null;
}

/**
 * Makes the plugin.
 *
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if the options are no object.
 * @throws {TypeError} `ERR_INVALID_ARG_VALUE` if one is unknown, `mainFields` is empty, or `moduleDirectories` has a path.
 */
export function fastResolve(options?: FastResolvePluginOptions): FastResolvePlugin;
