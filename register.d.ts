/** A preload: `node -r fast-resolve/register app.js`. `FAST_RESOLVE=0` in the environment turns it off. */
export {};
