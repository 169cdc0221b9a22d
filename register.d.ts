/**
 * A preload: `node -r fast-resolve/register app.js`. In the environment:
 *
 * - `FAST_RESOLVE=0` turns it off;
 * - `FAST_RESOLVE_WAIT=<n>` says how many requests Node answers before the hook is loaded (32; 0: none): programs that ask for
 *   fewer do not pay for loading it;
 * - `FAST_RESOLVE_CACHE=<directory>` says where the snapshot is kept, `FAST_RESOLVE_CACHE=0` that there is none;
 * - `FAST_RESOLVE_TRUST=1` has the snapshot believed without a look at the disk (docs/caching.md).
 */
export {};
