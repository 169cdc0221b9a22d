/** Jest's `resolver` option: `{ "resolver": "fast-resolve/jest-resolver" }`. */
declare const resolver: resolver.Resolver & { sync: resolver.Resolver };

declare namespace resolver {
  /** Answers with an absolute path, or whatever `defaultResolver` answers; throws what that one throws. */
  type Resolver = (request: string, options: ResolverOptions) => string;

  /** What jest passes to a resolver. */
  interface ResolverOptions {
    /** The directory to resolve from. */
    basedir: string;
    /** Conditions that `exports` may name. */
    conditions?: string[];
    /** Jest's own resolver, which answers whatever this one is not sure of. */
    defaultResolver: (request: string, options: ResolverOptions) => string;
    /** Jest's own resolver for `import`; jest 30 and later pass it. */
    defaultAsyncResolver?: (request: string, options: ResolverOptions) => Promise<string>;
    /** Extensions to try, in order. */
    extensions?: readonly string[];
    /** Names of directories to look in, usually `node_modules`. */
    moduleDirectory?: readonly string[];
    /** More directories to look in after those. */
    paths?: readonly string[];
    /** The root directory of the project. */
    rootDir?: string;
  }
}

export = resolver;
