/**
 * A function that resolves requests as `require.resolve` does.
 */
export interface Resolve {
  /**
   * The file that `require(request)` would load in a module in `fromDir`: the answer of
   * `createRequire(path.join(fromDir, 'any.js')).resolve(request)` in the running Node, string for string.
   *
   * Follows "All together" in Node's documentation of CommonJS modules, as the running Node implements it.
   *
   * @param request A core module (`fs`, `node:fs`), a path (`./a`, `../a`, `/a`), a name (`pkg`, `@scope/pkg/file`), or a
   *   name in the `imports` of the package (`#a`).
   * @param fromDir An absolute path. It need not exist.
   * @returns The request itself for a core module, else an absolute path: the real path, unless symbolic links are to be
   *   preserved.
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if an argument is not a string.
   * @throws {TypeError} `ERR_INVALID_ARG_VALUE` if `fromDir` is not absolute.
   * @throws {Error} Node's error where there is no answer, with Node's fields (`path`, `requestPath` …); `requireStack` is
   *   `[]`, since no module asks. Its `code` is one of `MODULE_NOT_FOUND`, `ERR_PACKAGE_PATH_NOT_EXPORTED`,
   *   `ERR_PACKAGE_IMPORT_NOT_DEFINED`, `ERR_INVALID_PACKAGE_TARGET`, `ERR_INVALID_PACKAGE_CONFIG`,
   *   `ERR_INVALID_MODULE_SPECIFIER`, or whatever the running Node throws.
   */
  (request: string, fromDir: string): string;

  /**
   * The directories that are searched for a request, as `require.resolve.paths` tells them.
   *
   * @param request As for resolving.
   * @param fromDir An absolute path. It need not exist.
   * @returns The directories in order, or `null` for a core module.
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` as for resolving.
   */
  paths(request: string, fromDir: string): string[] | null;
}

/** What {@link createResolver} takes. An option that is left out, or undefined, is as in the running Node. */
export interface ResolverOptions {
  /** Conditions of `exports` and `imports` that hold, besides `default`. Their order does not matter. */
  conditions?: readonly string[];
  /** Extensions to try, in order; without `/` and NUL. Default: the keys of `Module._extensions`. */
  extensions?: readonly string[];
  /**
   * Fields of package.json; the first that is a non-empty string names the main file.
   * @default ['main']
   */
  mainFields?: readonly string[];
  /** Whether the answer is the path as it was found, instead of the real path. Default: as `--preserve-symlinks` says. */
  preserveSymlinks?: boolean;
  /** Absolute paths to search after the `node_modules` directories, in place of NODE_PATH and the global folders. */
  paths?: readonly string[];
  /**
   * Whether a core module is answered by its name. Without, `fs` is looked for in `node_modules`.
   * @default true
   */
  builtins?: boolean;
  /**
   * Whether every answer is worked out anew, as a Node would answer that starts now. Nothing is remembered but the contents
   * of package.json files, whose stamps are compared at each use. For tools that run while files change.
   * @default false
   */
  fresh?: boolean;
}

/** What {@link createResolver} gives. */
export interface Resolver {
  /** Resolves with the options of this resolver. */
  readonly resolve: Resolve;
}

/**
 * Resolves with the options of the running Node.
 *
 * What was found is remembered: an answer is what this process's Node would say, or what a Node would say that starts now
 * (docs/caching.md).
 */
export const resolve: Resolve;

/**
 * Makes a resolver with options of its own. With no option at all, or `fresh: false` alone, it is {@link resolve}; with
 * `fresh: true` alone it has the options of the running Node, and asks Node as {@link resolve} does.
 *
 * It remembers what it found, in the process and not on the disk.
 *
 * There is no Node that could be asked for other options than its own, so that such a resolver follows the documented
 * algorithm to its end: it prints no deprecation warnings, takes a malformed package.json for
 * `ERR_INVALID_PACKAGE_CONFIG` on every Node, and words its errors as Node does.
 *
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if the options or one of them are of the wrong type.
 * @throws {TypeError} `ERR_INVALID_ARG_VALUE` if an option is unknown, a path is relative, or an extension has a `/`.
 * @throws {Error} `FAST_RESOLVE_ADDON_UNAVAILABLE` if there are other options than `fresh` and the addon can't be loaded here.
 */
export function createResolver(options?: ResolverOptions): Resolver;

/** What {@link install} takes. */
export interface InstallOptions {
  /**
   * Whether every answer of the hook is worked out anew, in this thread. Answers that Node itself entered in
   * `Module._pathCache` remain Node's to give. Left out, or undefined, it stays as it was; at first it is false.
   */
  fresh?: boolean;
}

/**
 * Lets the Rust core answer under `Module._resolveFilename` in this thread: for `require`, `require.resolve` and all that
 * rest on them. What it is not sure of goes to the function that was there before.
 *
 * Without effect where it is in place already, where the addon can't be loaded, and where Node resolves in a way of its own
 * (permission model, Yarn PnP, watch mode, Windows; see docs/differences.md). Where it is in place already, `fresh` counts
 * from then on.
 *
 * @returns Whether the hook is in place.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if the options or `fresh` are of the wrong type.
 * @throws {TypeError} `ERR_INVALID_ARG_VALUE` if an option is unknown.
 */
export function install(options?: InstallOptions): boolean;

/**
 * Takes the hook out again. Where someone has patched `Module._resolveFilename` on top of it, it stays and passes calls on.
 */
export function uninstall(): void;

/** Whether the hook is in place in this thread. */
export const installed: boolean;

/**
 * Forgets, in all threads and for all options, what rests on this file or on anything in this directory; also that there
 * was nothing there. Without effect where nothing rests on it. What the hook has entered in `Module._pathCache` is taken
 * back; what Node itself has entered there stays.
 *
 * @param path An absolute path. It need not exist, and is normalised as `path.resolve` does.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if it is not a string.
 * @throws {TypeError} `ERR_INVALID_ARG_VALUE` if it is not absolute.
 */
export function invalidate(path: string): void;

/**
 * Forgets everything that is remembered in this process, in all threads and for all options. The snapshot on the disk stays
 * until a process writes a new one. What Node itself keeps stays, as with {@link invalidate}.
 */
export function clearCache(): void;

/** What {@link stats} gives: counts since the process began, of all threads and all options together unless said otherwise. */
export interface Stats {
  /** Answers that were repeated. */
  readonly hits: {
    /** By this thread, from what it holds itself. */
    readonly thread: number;
    /** From what the process knows. An answer that the thread holds and that had to be looked at again counts in both. */
    readonly process: number;
    /** From a snapshot. */
    readonly snapshot: number;
  };
  /** Requests that were worked out, those that failed included; those of `fresh` are not counted. */
  readonly misses: number;
  /** System calls that the core made to resolve; those for the snapshot's own file are not counted. */
  readonly systemCalls: number;
  /** Answers that are held, those in snapshots included. */
  readonly entries: number;
  /** Bytes that the core holds for them, about. */
  readonly bytes: number;
  /** The snapshot for the options of the running Node; of several, one that is used. */
  readonly snapshot: {
    /**
     * `used`; `none`: there was no file when the process looked; `ignored`: there was one that may not be used; `off`: turned
     * off, without a place, or not asked for yet.
     */
    readonly state: 'used' | 'none' | 'ignored' | 'off';
    /** Why it is ignored, in words that may change; null otherwise. */
    readonly reason: string | null;
    /** The file, which need not exist; null if `state` is `off`. */
    readonly path: string | null;
    /** Answers in it; 0 unless it is used. */
    readonly entries: number;
    /** Bytes held for it; 0 unless it is used. */
    readonly bytes: number;
  };
}

/** Numbers of what was asked and what is held. Where the addon can't be loaded, all are 0 and the snapshot is `off`. */
export function stats(): Stats;
