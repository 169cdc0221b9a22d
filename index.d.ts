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

/** What an `import` leads to. */
export interface ImportResolution {
  /** The URL of the module: `file:` with the real path, unless symbolic links are to be preserved, or `node:` and a core module. */
  url: string;
  /**
   * What Node takes it for: `'module'`, `'commonjs'`, `'json'`, `'builtin'`, or what else the running Node knows (`'wasm'`,
   * `'addon'`, `'module-typescript'` …). `null` where Node finds out when it has read the file: by the syntax (a `.js` file whose
   * package.json has no `type`), or by what comes with it (`data:`).
   */
  format: string | null;
}

/**
 * Resolves as an `import` of a specifier in a module does.
 *
 * @param specifier What stands in the `import`: a path (`./a.js`, with its extension), a name (`pkg`, `@scope/pkg/file`), a name in the
 *   `imports` of the package (`#a`), a core module, or a URL.
 * @param parent The module that imports: an absolute path, or a URL (as `import.meta.url` is). It need not exist.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if `specifier` is not a string, or `parent` neither a string nor a URL.
 * @throws {TypeError} `ERR_INVALID_ARG_VALUE` if `parent` is neither a URL nor an absolute path.
 * @throws {Error} Node's error where there is no answer. Its `code` is one of `ERR_MODULE_NOT_FOUND`, `ERR_UNSUPPORTED_DIR_IMPORT`,
 *   `ERR_PACKAGE_PATH_NOT_EXPORTED`, `ERR_PACKAGE_IMPORT_NOT_DEFINED`, `ERR_INVALID_PACKAGE_TARGET`, `ERR_INVALID_PACKAGE_CONFIG`,
 *   `ERR_INVALID_MODULE_SPECIFIER`, or whatever the running Node throws.
 * @throws {Error} `FAST_RESOLVE_ADDON_UNAVAILABLE` if the addon can't be loaded and Node is older than 22.15: such a Node can't be asked.
 */
export type ResolveImport = (specifier: string, parent: string | URL) => ImportResolution;

/**
 * What is given without a look at the disk. A turn is the time from when JavaScript gets control to when it gives control back to
 * the event loop, and 250 ms at most.
 *
 * - `'turn'`: what was looked at in this turn. In a later one, each directory and package.json that an answer rests on is looked at
 *   once, to see that it is as it was.
 * - `'until-invalidated'`: what was looked at, until {@link invalidate} or {@link clearCache} says that it has changed; nothing is
 *   looked at twice. For watchers and bundlers, which know what changes.
 * - `'nothing'`: every answer is worked out anew. Only what a package.json says is kept, and its stamp compared at each use.
 *
 * That nothing was found is never believed, except by a resolver with `'until-invalidated'` and other options than the running Node's.
 */
export type Believe = 'turn' | 'until-invalidated' | 'nothing';

/** What {@link createResolver} takes. An option that is left out, or undefined, is as in the running Node. */
export interface ResolverOptions {
  /** Conditions of `exports` and `imports` that hold, besides `default`, for `require` and `import` alike. Their order does not matter. */
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

/** What {@link createResolver} gives. */
export interface Resolver {
  /** Resolves with the options of this resolver. */
  readonly resolve: Resolve;
  /**
   * The same for `import`, with those options that say something of it: `conditions` (left out: `import`, `node` …), `preserveSymlinks`,
   * `builtins` and `believe`. The module that imports is a path or a `file:` URL.
   */
  readonly resolveImport: ResolveImport;
  /**
   * Where the declarations of a module are, as TypeScript finds them with `moduleResolution: "bundler"`: TypeScript, a declaration file,
   * or a JSON file. `file` is the absolute path of the module that asks.
   *
   * An answer has the real path of what was found, and that of the package.json of its package, if there is one; `query` is empty, and
   * `moduleType` is told where the option of that name is set. What is not found is no exception but an answer with the message and the
   * code of an error: `MODULE_NOT_FOUND` where there is nothing, or JavaScript alone; `FAST_RESOLVE_RECURSION` where `imports` lead in a
   * circle.
   *
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` if `file` is no absolute path or `request` no string.
   * @throws {Error} `FAST_RESOLVE_ADDON_UNAVAILABLE` if the addon can't be loaded here.
   */
  readonly resolveDts: (
    file: string,
    request: string,
  ) =>
    | {
        path: string;
        query: string;
        packageJsonPath: string | undefined;
        moduleType: 'module' | 'commonjs' | 'json' | undefined;
      }
    | { error: string; code: string };
}

/**
 * Resolves with the options of the running Node.
 *
 * What was found is remembered: an answer is what a Node would say that had started at some moment of this turn of JavaScript
 * (docs/caching.md). What is not found, the running Node looks for, and throws its error.
 */
export const resolve: Resolve;

/**
 * What an `import` in a module leads to, as the running Node would resolve it (ESM_RESOLVE in Node's documentation of ES modules). What
 * the core does not find, or is not sure of, Node is asked for; in Nodes that can't be asked (before 22.15), the core follows the
 * documented algorithm to its end.
 *
 * What was found is remembered as for {@link resolve}. Resolve hooks that others have registered by `module.registerHooks` are not
 * asked where the core answers; where somebody has called `module.register`, Node answers everything.
 */
export const resolveImport: ResolveImport;

/** What {@link explain} takes. */
export interface ExplainOptions {
  /**
   * Who asks: `require` or `import`.
   * @default 'require'
   */
  kind?: 'require' | 'import';
  /** Conditions in place of those of the running Node, as {@link ResolverOptions.conditions}. */
  conditions?: readonly string[];
}

/** What was looked at in a step. */
export interface ExplainedLook {
  /** An absolute path. */
  path: string;
  /** What is there. Of a package.json that was read: `'present'`, `'absent'`, `'malformed'` or `'unreadable'`. */
  found: 'file' | 'directory' | 'absent' | 'link' | 'present' | 'malformed' | 'unreadable';
  /** Of a link, or of a path with links on the way: the path without them. */
  real?: string;
}

/** A step of Node's algorithm. */
export interface ExplainedStep {
  /** As in Node's documentation: `LOAD_AS_FILE`, `PACKAGE_EXPORTS_RESOLVE` … */
  name: string;
  /** What it is about: mostly a path, or the part of the request that is worked out. */
  subject: string;
  /** In order. */
  looked: ExplainedLook[];
}

/** How a request is worked out, and what comes of it. */
export interface Explanation {
  request: string;
  /** The directory of the module that asks. */
  from: string;
  kind: 'require' | 'import';
  /** As {@link resolve} answers, or the `url` of {@link resolveImport}; `null` where there is none. */
  answer: string | null;
  /** The `format` of {@link resolveImport}; `null` for `require`. */
  format: string | null;
  /** What {@link resolve} or {@link resolveImport} throws; `null` where there is an answer. */
  error: { code: string | null; message: string } | null;
  /** In order; none for a core module. */
  steps: ExplainedStep[];
  /** Why the core leaves the request to Node, or `null`: the steps end where that was found out. */
  leftToNode: string | null;
  /**
   * Where the answer of {@link resolve} or {@link resolveImport} would come from now: kept by an earlier process, found before in this one,
   * worked out, the name of a core module, or Node's own. What is remembered has to be proved first.
   */
  source: 'snapshot' | 'memory' | 'core' | 'builtin' | 'node';
  /**
   * What has to be unchanged in a later turn, or in the next process, for the answer to be given again, one line each: the stamp of a
   * directory (`directory`; `real directory` where it must be no link), or of a package.json and so what it says (`contents`, by its
   * directory). `null` where there is no answer of the core, or nothing can prove it.
   */
  proofs: string[] | null;
  /** Where nothing is found: up to three names that differ in two letters at most. */
  nearest: string[];
  /** Where a package does not export what was asked for: the keys of its `exports`. */
  exported: string[];
}

/**
 * Tells how a request is worked out. Nothing is answered from memory.
 *
 * @param from The module that asks, or a directory: an absolute path, or a `file:` URL. A path that does not exist is that of a module.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` for arguments that are not as described.
 * @throws {Error} `FAST_RESOLVE_ADDON_UNAVAILABLE` where `conditions` are given and there is no addon.
 */
export function explain(request: string, from: string | URL, options?: ExplainOptions): Explanation;

/**
 * Makes a resolver with options of its own. With no option at all, or `believe: 'turn'` alone, it is {@link resolve}; with another
 * `believe` alone it has the options of the running Node, and asks Node as {@link resolve} does.
 *
 * It remembers what it found, in the thread and not on the disk. What it did not find it looks for once more, as in a new turn, before
 * it throws.
 *
 * There is no Node that could be asked for other options than its own, so that such a resolver follows the documented
 * algorithm to its end: it prints no deprecation warnings, takes a malformed package.json for
 * `ERR_INVALID_PACKAGE_CONFIG` on every Node, and words its errors as Node does.
 *
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if the options or one of them are of the wrong type.
 * @throws {TypeError} `ERR_INVALID_ARG_VALUE` if an option is unknown, a path is relative, an extension has a `/`, `believe` is none
 *   of the three, or `fresh` disagrees with it.
 * @throws {Error} `FAST_RESOLVE_ADDON_UNAVAILABLE` if there are other options than `believe` and `fresh` and the addon can't be loaded
 *   here.
 */
export function createResolver(options?: ResolverOptions): Resolver;

/** What {@link install} takes. */
export interface InstallOptions {
  /**
   * What the hook gives without a look at the disk, in this thread. What others have entered in `Module._pathCache` remains Node's
   * to give. Left out, or undefined, it stays as it was; at first, and after {@link uninstall}, it is `'turn'`.
   */
  believe?: Believe;
  /** The old name of `believe: 'nothing'`; `false` is that of `'turn'`. Where both are given, they have to agree. */
  fresh?: boolean;
}

/**
 * Lets the Rust core answer under `Module._resolveFilename` in this thread: for `require`, `require.resolve` and all that
 * rest on them. What it is not sure of goes to the function that was there before.
 *
 * It answers for `import`, `import()` and `import.meta.resolve`, too, by a hook of `module.registerHooks` (Node 22.15, 23.5 and later).
 * Where the program's main module is an ES module, that is in place at once, elsewhere from the next `import()` on; after 16 calls of
 * `require` in a row it is out until the next one. (FAST_RESOLVE_IMPORT=1: always in place; 0: never.) It steps aside where others have
 * registered hooks before, which it would hide, or call `module.register`.
 *
 * Without effect where it is in place already, where the addon can't be loaded, and where Node resolves in a way of its own
 * (permission model, Yarn PnP, watch mode, Windows; see docs/differences.md). Where it is in place already, `believe` counts
 * from then on.
 *
 * What it answers is not entered in `Module._pathCache`: in a later turn, an answer is what a Node would say that starts then. Only
 * where a file that was found is gone, Node repeats what it would have kept.
 *
 * Should anything go wrong in it, Node resolves from then on, and one `FastResolveWarning` says so.
 *
 * @returns Whether the hook is in place.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if the options or one of them are of the wrong type.
 * @throws {TypeError} `ERR_INVALID_ARG_VALUE` if an option is unknown, `believe` is none of the three, or `fresh` disagrees with it.
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
 * was nothing there. It ends the turn: what else was looked at is proved again before it is believed. Other threads hear of it in
 * their next turn. What is in `Module._pathCache` stays.
 *
 * @param path An absolute path. It need not exist, and is normalised as `path.resolve` does.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if it is not a string.
 * @throws {TypeError} `ERR_INVALID_ARG_VALUE` if it is not absolute.
 */
export function invalidate(path: string): void;

/**
 * Forgets everything that is remembered in this process, in all threads and for all options, gives back the memory that it took,
 * and ends the turn. The snapshot on the disk stays until a process writes a new one. What is in `Module._pathCache` stays.
 */
export function clearCache(): void;

/**
 * What listeners of the channel `fast-resolve:resolve` of `node:diagnostics_channel` get of each request: of `require` and `import` where
 * the hook is in place, of {@link resolve} and {@link resolveImport}, and of the resolvers of {@link createResolver}.
 */
export interface ResolveMessage {
  readonly kind: 'require' | 'import' | 'resolve' | 'resolveImport';
  readonly request: string;
  /**
   * The file, directory or URL that asks; undefined for what Node itself asks for, as the program. (Before `module.registerHooks`, in Node 20,
   * an `import` is not told; of one that fails, what Node asks for to word its error is, as a `require`.)
   */
  readonly from: string | undefined;
  /** The path, the URL, or the name of a core module; undefined if there is none. */
  readonly answer: string | undefined;
  /** What was thrown instead. */
  readonly error: unknown;
  /**
   * `snapshot`: kept by an earlier process; `memory`: found before in this one; `core`: worked out; `builtin`: a core module; `node`: Node
   * was asked.
   */
  readonly source: 'snapshot' | 'memory' | 'core' | 'builtin' | 'node';
  /** Milliseconds. */
  readonly duration: number;
}

/** What {@link stats} gives: counts since the process began, of all threads and all options together unless said otherwise. */
export interface Stats {
  /** Answers that were repeated. */
  readonly hits: {
    /** By JavaScript of this thread, from what it holds itself; whether the core had to prove it or not. */
    readonly thread: number;
    /** By the core, which had proved that they hold. */
    readonly process: number;
    /** Of a snapshot, found to hold one by one; or all of them, where all were found to hold at once. */
    readonly snapshot: number;
  };
  /** Requests that were worked out, those that failed included. */
  readonly misses: number;
  /**
   * System calls that the core made to resolve, and to find out with which options Node was started; those for the snapshot's own file
   * are not counted.
   */
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
    /** Directories and package.json files that its answers rest on: a turn looks at no more; 0 unless it is used. */
    readonly proofs: number;
  };
  /** The hook in this thread. */
  readonly hook: {
    /**
     * `answering`; `aside`: it is in place, and leaves everything to Node; `off`: it is not in place.
     */
    readonly state: 'answering' | 'aside' | 'off';
    /** Why requests do not reach the core, in words that may change; null where they do, or where nobody has installed it. */
    readonly reason: string | null;
    /** Whether `import` reaches the core as well, now or from the next `import()` on. */
    readonly imports: boolean;
  };
}

/** Numbers of what was asked and what is held. Where the addon can't be loaded, all are 0, and snapshot and hook are `off`. */
export function stats(): Stats;
