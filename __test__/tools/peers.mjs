// The resolvers that tools use today, asked with the same options.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { runExclusively } from '../../bench/lib/run-exclusively.mjs';
import { root as repository } from '../../scripts/paths.mjs';
import { ensureInstalled } from '../../scripts/setup.mjs';

const bench = path.join(repository, 'bench');
const requireFromBench = createRequire(path.join(bench, 'package.json'));

/** Installs the peers, once for all test processes. */
export const ensurePeers = () => runExclusively(path.join(bench, '.install.lock'), () => ensureInstalled('bench'));

const mapAliases = (aliases, map) =>
  aliases && Object.fromEntries(Object.entries(aliases).map(([name, values]) => [name, map(values)]));

/** oxc-resolver has `null` for an empty module. */
const forOxc = ({ alias, fallback, restrictions, enforceExtension, ...options }) => ({
  ...options,
  alias: mapAliases(alias, (values) => values.map((value) => (value === false ? null : value))),
  fallback: mapAliases(fallback, (values) => values.map((value) => (value === false ? null : value))),
  restrictions: restrictions?.map((restriction) => ({ path: restriction })),
  enforceExtension: enforceExtension === undefined ? undefined : enforceExtension ? 1 : 2,
});

/** enhanced-resolve has `false` alone. */
const forEnhanced = ({ alias, fallback, ...options }) => ({
  ...options,
  ...(alias && { alias: mapAliases(alias, ([first, ...others]) => (first === false ? false : [first, ...others])) }),
  ...(fallback && {
    fallback: mapAliases(fallback, ([first, ...others]) => (first === false ? false : [first, ...others])),
  }),
});

/** Functions that give a path with its query, 'ignored', or undefined. */
export function createPeers(options) {
  const { ResolverFactory } = requireFromBench('oxc-resolver');
  const enhancedResolve = requireFromBench('enhanced-resolve');
  const oxc = new ResolverFactory(forOxc(options));
  const enhanced = enhancedResolve.ResolverFactory.createResolver({
    extensions: ['.js', '.json', '.node'],
    ...forEnhanced(options),
    fileSystem: new enhancedResolve.CachedInputFileSystem(fs, 4000),
    useSyncFileSystemCalls: true,
  });
  return {
    'oxc-resolver': (directory, request) => {
      const result = oxc.sync(directory, request);
      return result.path ?? (result.error.startsWith('Path is ignored') ? 'ignored' : undefined);
    },
    'enhanced-resolve': (directory, request) => {
      try {
        const found = enhanced.resolveSync({}, directory, request);
        return found === false ? 'ignored' : found.replaceAll('\0', '');
      } catch {
        return undefined;
      }
    },
  };
}

/** The same of a result of ours. */
export const outcomeOf = ({ path: file, query, ignored }) => (file === undefined ? ignored && 'ignored' : file + query);
