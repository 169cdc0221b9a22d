/**
 * Tells eslint-plugin-import and eslint-plugin-import-x where imports lead to, in projects with TypeScript and without.
 *
 * ```js
 * // eslint.config.mjs, with eslint-plugin-import-x
 * import { createFastResolver } from 'fast-resolve/eslint';
 *
 * export default [{ settings: { 'import-x/resolver-next': [createFastResolver()] } }];
 * ```
 *
 * ```js
 * // with eslint-plugin-import
 * export default [{ settings: { 'import/resolver': { 'fast-resolve/eslint': {} } } }];
 * ```
 */

import type { ResolverOptions } from '../index.js';

/**
 * Options of `createResolver`. Those that are left out are as eslint-import-resolver-typescript has them: `extensions` with `.ts`, `.tsx`,
 * `.d.ts` first, an `extensionAlias` by which `./a.js` is `a.ts`, `conditionNames` with `types` and `import`, `mainFields` with `types`,
 * and `believe: 'turn'`.
 */
export interface FastResolverOptions extends ResolverOptions {
  /**
   * Whether the types of a package that is not found are looked for in `@types`. Of one whose answer is JavaScript, they always are.
   * @default true
   */
  alwaysTryTypes?: boolean;
}

/** `path` is null for a core module, and for a module that is replaced by an empty one; what is not found has none. */
export type Resolved = { found: true; path: string | null } | { found: false; path?: undefined };

/** What `settings['import-x/resolver-next']` takes. */
export interface FastResolver {
  interfaceVersion: 3;
  name: 'fast-resolve';
  /**
   * The file that an import leads to.
   *
   * @param source What stands in the import.
   * @param file The file in which it stands; a relative path is one from the working directory.
   */
  resolve(source: string, file: string): Resolved;
}

/**
 * A resolver for eslint-plugin-import-x.
 *
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` for options that are not as described.
 */
export function createFastResolver(options?: FastResolverOptions): FastResolver;

/** The interface that eslint-plugin-import and `settings['import-x/resolver']` expect of a module that they load by its name. */
export const interfaceVersion: 2;

/**
 * For these plugins: resolves with the options that stand in the settings. Resolvers are kept, one for each set of options.
 *
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` for options that are not as described.
 */
export function resolve(source: string, file: string, options?: FastResolverOptions | null): Resolved;
