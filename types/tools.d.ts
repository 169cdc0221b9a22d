import type { Believe, Resolve, ResolveImport } from '../index.js';

/** What stands for a name: a request, or `false` for an empty module. Several are tried in order. */
export type AliasValue = string | false | null | readonly (string | false | null | undefined)[];

/**
 * A field of package.json by its name, or by the names of the objects that it lies in and its own (`['path', 'to', 'field']`).
 */
export type PackageField = string | readonly string[];

/**
 * Options of resolution for tools, with the names that oxc-resolver 11 and enhanced-resolve 5 have for them. They count for
 * {@link ToolResolver}; the defaults are those of oxc-resolver unless said otherwise.
 */
export interface ToolOptions {
  /**
   * Requests that are replaced before anything is looked for. A key matches a request that is it or begins with it and `/`; one that ends
   * in `$` only the request that is the rest of it; the `*` in one stands for any text, which replaces the `*` in its value. The first key
   * that matches decides: where none of its values leads anywhere, nothing does. Also enhanced-resolve's list of
   * `{ name, alias, onlyModule }`.
   * @default {}
   */
  alias?:
    | { readonly [name: string]: AliasValue }
    | readonly { readonly name: string; readonly alias: AliasValue; readonly onlyModule?: boolean }[];
  /**
   * The same for requests that were not found. An error of a package (a path that it does not export) is no such request.
   * @default {}
   */
  fallback?: ToolOptions['alias'];
  /**
   * Fields that replace files and requests of their own package, as `browser` does (https://github.com/defunctzombie/package-browser-field-spec).
   * @default []
   */
  aliasFields?: PackageField | readonly PackageField[];
  /**
   * Conditions of `exports` and `imports` that hold, besides `default`. The other name of `conditions`; where both are given, they have
   * to agree.
   * @default []
   */
  conditionNames?: readonly string[];
  /**
   * By what an extension that a request has is replaced, as `{ '.js': ['.ts', '.js'] }`: in order. A file with the extension that is asked
   * for counts only if that is in the list. What a package names as its main file is meant as it stands.
   * @default {}
   */
  extensionAlias?: { readonly [extension: string]: string | readonly string[] };
  /**
   * Whether a file is found only with one of `extensions` added. (oxc-resolver's numbers are taken, too: 0 for the default, 1, 2.)
   * @default whether `extensions` has an empty text
   */
  enforceExtension?: boolean | 0 | 1 | 2;
  /**
   * Whether a request names a file as it is: no extension is added, and no directory is looked into. The main file of a package is found
   * in any case.
   * @default false
   */
  fullySpecified?: boolean;
  /**
   * Names of the file that stands for its directory.
   * @default ['index'], as Node has it: only with an extension
   */
  mainFiles?: readonly string[];
  /**
   * Fields that are read as `exports`. The first that a package has decides.
   * @default ['exports']
   */
  exportsFields?: PackageField | readonly PackageField[];
  /**
   * Fields that are read as `imports`. The first that a package has decides.
   * @default ['imports']
   */
  importsFields?: PackageField | readonly PackageField[];
  /**
   * Where packages are looked for: names of directories, in the directory of the module that asks and in those above it; and absolute
   * paths. Names that stand behind one another are looked for together, from one directory up to the next (as in enhanced-resolve).
   * @default ['node_modules']
   */
  modules?: string | readonly string[];
  /**
   * Whether the absolute paths in NODE_PATH are added to `modules`; they are read when the resolver is made.
   * @default true
   */
  nodePath?: boolean;
  /**
   * Absolute paths in which requests that begin with `/` are looked for first.
   * @default []
   */
  roots?: readonly string[];
  /**
   * What a file's path has to be, links followed: in each directory (absolute path), and matched by each regular expression. What is not,
   * is taken for a file that is not there.
   * @default []
   */
  restrictions?: readonly (string | RegExp | { readonly path: string } | { readonly regex: string })[];
  /**
   * Whether a directory is wanted, and no file.
   * @default false
   */
  resolveToContext?: boolean;
  /**
   * Whether a name is looked for in the directory of the module that asks before it is one of a package.
   * @default false
   */
  preferRelative?: boolean;
  /**
   * Whether a request that begins with `/` is an absolute path before it is one in `roots`.
   * @default false
   */
  preferAbsolute?: boolean;
  /**
   * Whether links are followed. `preserveSymlinks` is the opposite; where both are given, they have to agree.
   * @default true
   */
  symlinks?: boolean;
  /**
   * Whether core modules are answered as such (`builtin`), as the running Node knows them, and whatever begins with `node:`.
   * @default false
   */
  builtinModules?: boolean;
  /**
   * Whether `moduleType` is told.
   * @default false
   */
  moduleType?: boolean;
  /**
   * TypeScript's config, of which `paths`, `baseUrl` and `rootDirs` count, with what it extends: a file, or the directory of a tsconfig.json (a
   * relative path is one in the working directory). With `references: 'auto'`, a config that it references counts for the files that
   * that one covers. `'auto'`: for `resolveFile` and `resolveDts` the nearest that covers the file, or references one that does, else the
   * nearest; for `sync`, the nearest. Not for modules in `node_modules`.
   * @default none
   */
  tsconfig?: 'auto' | { readonly configFile: string; readonly references?: 'auto' };
  /**
   * Whether packages are looked for by the manifest of Yarn's Plug'n'Play: the nearest `.pnp.cjs`, whose data is read and never run. Files
   * in archives have the paths that Yarn gives them (`/…/cache/a.zip/node_modules/a/index.js`).
   * @default whether the program runs under it
   */
  yarnPnp?: boolean;
  /**
   * Whether a JSON file has declarations, for `resolveDts`.
   * @default true
   */
  resolveJsonModule?: boolean;
  /**
   * The version of TypeScript that `typesVersions` and `types@{range}` are about, for `resolveDts`.
   * @default '7.0'
   */
  typescriptVersion?: string;
  /**
   * Whether the `exports` of a package count for a path that leads to its directory, where its main fields lead nowhere.
   * @default false
   */
  allowPackageExportsInDirectoryResolve?: boolean;
}

/** What was found. */
export interface FoundModule {
  /** The absolute path of the file, links followed unless `symlinks` is false. */
  path: string;
  /** What stands behind the path: empty, or `?` and `#` with what follows them. */
  query: string;
  /** The package.json of the package that the file belongs to; undefined where there is none. */
  packageJsonPath: string | undefined;
  /** ESM_FILE_FORMAT in Node's documentation; undefined where it can't be told by name and package.json, or was not asked for. */
  moduleType: 'module' | 'commonjs' | 'json' | 'wasm' | 'addon' | undefined;
  error?: undefined;
  code?: undefined;
  builtin?: undefined;
  ignored?: undefined;
}

/** Why nothing was found. */
export interface NoModule {
  /** In words that may change. */
  error: string;
  /**
   * `MODULE_NOT_FOUND`, the code of Node's error about a package (`ERR_PACKAGE_PATH_NOT_EXPORTED` …), `FAST_RESOLVE_IGNORED`,
   * `FAST_RESOLVE_BUILTIN`, `FAST_RESOLVE_TSCONFIG` where a tsconfig.json can't be loaded, or `FAST_RESOLVE_RECURSION` where aliases lead in
   * a circle.
   */
  code: string;
  /** A core module (`builtinModules`): its name with `node:`, and whether it was asked for by that. */
  builtin?: { resolved: string; isRuntimeModule: boolean };
  /** The path that is an empty module: `false` in `alias`, `fallback` or a field such as `browser`. */
  ignored?: string;
  path?: undefined;
  query?: undefined;
  packageJsonPath?: undefined;
  moduleType?: undefined;
}

/** What a request leads to. Nothing is thrown where it leads nowhere. */
export type ModuleResult = FoundModule | NoModule;

/** Sets that what was looked at is added to, as enhanced-resolve's `resolveContext`; for watchers. */
export interface ResolveContext {
  /** Files and directories that are there, and links on the way. */
  fileDependencies?: {
    /** Is called with each path. */
    add(path: string): unknown;
  };
  /** Paths where nothing is. */
  missingDependencies?: {
    /** Is called with each path. */
    add(path: string): unknown;
  };
}

/**
 * Resolution for tools: bundlers, linters, test runners. The algorithm is enhanced-resolve's, over Node's for `exports` and `imports`;
 * docs/tools.md says where it differs. What is not in the options does not count: the running Node is not asked.
 */
export interface ToolResolver {
  /**
   * What `request` leads to in a module in `directory`.
   *
   * @param directory An absolute path. It need not exist.
   * @param context With it, the request is worked out anew, from what may be believed (`believe`), and what was looked at is told.
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` for arguments that are not as described.
   * @throws {Error} `FAST_RESOLVE_ADDON_UNAVAILABLE` if the addon can't be loaded here.
   */
  sync(directory: string, request: string, context?: ResolveContext): ModuleResult;
  /** The same in another thread; what is asked in one go is worked out together. It rejects with what `sync` throws. */
  async(directory: string, request: string): Promise<ModuleResult>;
  /** As `sync`, in the directory of a file, which need not exist. */
  resolveFile(file: string, request: string, context?: ResolveContext): ModuleResult;
  /**
   * Where the declarations of a module are, as TypeScript finds them with `moduleResolution: "bundler"`: TypeScript, a declaration file, or a
   * JSON file. `query` is empty. Where there is JavaScript alone, that is no answer (`MODULE_NOT_FOUND`). `types` is among the conditions, and
   * `import` unless `conditionNames` has `require` without it; of the other options, `symlinks`, `modules`, `paths`, `tsconfig`, `moduleType`,
   * `resolveJsonModule`, `typescriptVersion` and `believe` count.
   *
   * @param file The absolute path of the module that asks. It need not exist.
   * @throws As `sync`.
   */
  resolveDts(file: string, request: string): ModuleResult;
  /** As `sync` for each pair of a request and a directory, in one call. */
  resolveMany(requests: readonly (readonly [request: string, directory: string])[]): ModuleResult[];
}

/** Node's own algorithm, with options. */
export interface NodeResolver {
  /**
   * Resolves with the options of this resolver.
   *
   * @throws {Error} `FAST_RESOLVE_OPTION_NOT_OF_NODE` if there is an option of {@link ToolOptions} that Node's algorithm has no place for.
   */
  readonly resolve: Resolve;
  /**
   * The same for `import`, with those options that say something of it: `conditions` (left out: `import`, `node` …), `preserveSymlinks`,
   * `builtins` and `believe`. The module that imports is a path or a `file:` URL.
   */
  readonly resolveImport: ResolveImport;
}

/** What `createResolver` takes. */
export interface ResolverOptions extends ToolOptions {
  /**
   * Conditions of `exports` and `imports` that hold, besides `default`, for `require` and `import` alike. Their order does not matter.
   * Left out, those of the running Node hold for `resolve`, and none for `sync`.
   */
  conditions?: readonly string[];
  /** Extensions to try, in order; without `/` and NUL. Default: the keys of `Module._extensions`; for `sync`: `.js`, `.json`, `.node`. */
  extensions?: readonly string[];
  /**
   * Fields of package.json; for `resolve`, the first that is a non-empty string names the main file, for `sync` all are tried, in order.
   * Only `sync` takes names of nested fields.
   * @default ['main']
   */
  mainFields?: string | readonly PackageField[];
  /** Whether the answer is the path as it was found, instead of the real path. Default: as `--preserve-symlinks` says; for `sync`: false. */
  preserveSymlinks?: boolean;
  /** Absolute paths to search after the `node_modules` directories; for `resolve`, in place of NODE_PATH and the global folders. */
  paths?: readonly string[];
  /**
   * Whether `resolve` answers a core module by its name. Without, `fs` is looked for in `node_modules`.
   * @default true
   */
  builtins?: boolean;
  /**
   * What is given without a look at the disk.
   * @default 'turn'
   */
  believe?: Believe;
  /**
   * The old name of `believe: 'nothing'`; `false` is that of `'turn'`. Where both are given, they have to agree.
   * @default false
   */
  fresh?: boolean;
}

/** What `createResolver` gives. */
export interface Resolver extends NodeResolver, ToolResolver {
  /** A resolver with these options alone, as oxc-resolver's; it shares what is known of the disk where it can. */
  cloneWithOptions(options?: ResolverOptions): Resolver;
  /** Forgets what rests on this file, or on anything in this directory, in all threads: as `invalidate()` of the package. */
  invalidate(path: string): void;
  /** Forgets everything, in all threads: as `clearCache()` of the package. */
  clearCache(): void;
}
