// The bill of materials: the crates that are linked into the addon, as CycloneDX. Of npm's packages, what is published needs none.

import { execFileSync } from 'node:child_process';
import { root } from '../paths.mjs';
import { PLATFORMS } from './platforms.mjs';

/** @returns {object} For every platform together. */
export function makeSbom(manifest) {
  const metadata = JSON.parse(
    execFileSync(
      'cargo',
      [
        ...['metadata', '--format-version', '1', '--locked'],
        ...PLATFORMS.flatMap(({ target }) => ['--filter-platform', target]),
      ],
      { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'inherit'] },
    ),
  );
  const crates = linkedCrates(metadata);
  const purl = `pkg:npm/${manifest.name}@${manifest.version}`;
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { type: 'library', 'bom-ref': purl, name: manifest.name, version: manifest.version, purl } },
    components: crates.map(({ name, version, license }) => ({
      type: 'library',
      'bom-ref': `pkg:cargo/${name}@${version}`,
      name,
      version,
      // Cargo's older way to write "or".
      ...(license ? { licenses: [{ expression: license.replaceAll('/', ' OR ') }] } : {}),
      purl: `pkg:cargo/${name}@${version}`,
    })),
  };
}

/** All that the crate needs when it runs: neither what only builds or tests it, nor what is run by the compiler. */
function linkedCrates({ packages, resolve }) {
  const byId = new Map(packages.map((one) => [one.id, one]));
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const reached = new Set([resolve.root]);
  for (const id of reached) {
    for (const { pkg, dep_kinds: kinds } of nodes.get(id).deps) {
      const isMacro = byId.get(pkg).targets.some(({ kind }) => kind.includes('proc-macro'));
      if (!isMacro && kinds.some(({ kind }) => kind === null)) reached.add(pkg);
    }
  }
  reached.delete(resolve.root);
  const byName = (left, right) => (left.name < right.name ? -1 : Number(left.name > right.name));
  return [...reached].map((id) => byId.get(id)).sort(byName);
}
