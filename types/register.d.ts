/**
 * A preload: `node -r fast-resolve/register app.js`. In the environment:
 *
 * - `FAST_RESOLVE=0` turns it off;
 * - `FAST_RESOLVE_WAIT=<n>` says how many requests Node answers before the hook is loaded where there is no snapshot of the program
 *   (32, where an import counts as four; 0: none): programs that ask for fewer do not pay for loading it. Where there is one, the preload loads it;
 * - `FAST_RESOLVE_LOG=resolve` prints each request as a line on stderr;
 * - `FAST_RESOLVE_IMPORT=0` leaves `import` to Node, `1` has the hook for it in place all the time;
 * - `FAST_RESOLVE_SPAWN=1` does what `fast-resolve/spawn/register` does, too;
 * - `FAST_RESOLVE_CACHE=<directory>` says where snapshots are kept (with a slash: `./cache`), `FAST_RESOLVE_CACHE=0` that
 *   there are none;
 * - `FAST_RESOLVE_TRUST=1` has the snapshot believed without a look at the disk, `FAST_RESOLVE_TRUST=install` what of it lies in a
 *   `node_modules` whose record of the installation is as it was (docs/caching.md).
 */
export {};
