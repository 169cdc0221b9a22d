/**
 * Child processes without `fork(2)`: `child_process.spawn`, `exec`, `execFile`, `fork`, cluster and whatever stands on them
 * take as long in a process of many gigabytes as in a small one. Only the system call behind them is replaced; options,
 * streams, messages, events and errors are Node's.
 */

/**
 * Puts the spawn in place, for this thread. Children that run already stay as they are.
 *
 * @returns Whether it is in place. It is not on another platform than Linux, where the addon can't be loaded, under the
 * permission model, where a tool has replaced Node's own before, or where a later libuv does not allow it. Where it is in
 * place, but the kernel can't do it, Node starts children.
 */
export function install(): boolean;

/** Puts Node's own back, even if somebody patched on top. Children that run are waited for as before. */
export function uninstall(): void;

/** Whether it is in place in this thread. */
export const installed: boolean;
