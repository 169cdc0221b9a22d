//! When a process changes its user or group, the kernel makes its memory one that is not dumped: no core file, no debugger of
//! the new user, and the files in /proc are root's. A child that still runs in its parent's memory does this to its parent, too.

use std::ffi::c_long;
use std::sync::{Mutex, PoisonError};

use rustix::process::{Gid, Uid, getegid, geteuid};

/// What `PR_SET_DUMPABLE` takes. The kernel itself also knows 2, which it sets where the system is configured so.
const SETTABLE: [i32; 2] = [0, 1];
/// A variadic argument has to have the width that the kernel reads.
const NONE: c_long = 0;

/// Starts a child that may change its user or group, and then makes this process what it was before.
///
/// One at a time: a second one would take what the first has made of it for what it was; and while a child that is somebody
/// else's still has this memory, nobody may make it one that its new user can look into.
pub fn keep_dumpable<T>(start: impl FnOnce() -> T) -> T {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let (before, user) = (get(), user());
    let started = start();
    // A process that has given up rights itself meanwhile is not to be dumped, either.
    if SETTABLE.contains(&before) && get() != before && self::user() == user {
        set(before);
    }
    started
}

fn user() -> (Uid, Gid) {
    (geteuid(), getegid())
}

fn get() -> i32 {
    // SAFETY: the call takes numbers only.
    unsafe { libc::prctl(libc::PR_GET_DUMPABLE, NONE, NONE, NONE, NONE) }
}

fn set(value: i32) {
    // SAFETY: the call takes numbers only. It fails for no value that can be set.
    unsafe { libc::prctl(libc::PR_SET_DUMPABLE, c_long::from(value), NONE, NONE, NONE) };
}
