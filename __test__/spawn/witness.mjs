// Sees whose children are started, by what their handles look like.

import { subscribe } from 'node:diagnostics_channel';

/** Counts from now on: those of the seam, and those of Node. One that could not be started is nobody's. */
export function countChildren() {
  const children = { ours: 0, nodes: 0 };
  subscribe('child_process', ({ process: child }) => {
    const handle = child._handle;
    // Once the spawn that is under way is over.
    queueMicrotask(() => {
      if (handle.pid === undefined) return;
      if (isOurs(handle)) children.ours++;
      else children.nodes++;
    });
  });
  return children;
}

/** Node's methods are those of the prototype that makes handles; the seam's stand on another above it. */
export function isOurs(handle) {
  return !Function.prototype.toString.call(handle.kill).includes('[native code]');
}
