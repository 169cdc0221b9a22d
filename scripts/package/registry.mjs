// A registry of our packages alone, on this machine: package managers ask it what they would ask npm's.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

const digest = (algorithm, encoding, bytes) => createHash(algorithm).update(bytes).digest(encoding);

/**
 * @param {{ manifest: object, bytes: Buffer }[]} packages
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function startRegistry(packages) {
  const byName = new Map(packages.map((one) => [one.manifest.name, one]));
  const server = createServer((request, response) => {
    const [name, tarball] = decodeURIComponent(request.url.slice(1)).split('/-/');
    const found = byName.get(name);
    if (found === undefined) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not found"}');
    } else if (tarball === undefined) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(describe(found, url)));
    } else {
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(found.bytes);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}/`;
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { url, close };
}

/** What a registry says of a package that has one version. */
function describe({ manifest, bytes }, url) {
  const { name, version } = manifest;
  const dist = {
    tarball: `${url}${name}/-/${name}-${version}.tgz`,
    shasum: digest('sha1', 'hex', bytes),
    integrity: `sha512-${digest('sha512', 'base64', bytes)}`,
  };
  return {
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { ...manifest, _id: `${name}@${version}`, dist } },
    // Who waits a while before he takes a new version asks for these.
    time: { [version]: '2020-01-01T00:00:00.000Z', modified: '2020-01-01T00:00:00.000Z' },
  };
}
