/**
 * A preload: `node -r fast-resolve/spawn/register app.js`. In the environment:
 *
 * - `FAST_RESOLVE_SPAWN=0` turns it off, and so does `FAST_RESOLVE=0`.
 */
export {};
