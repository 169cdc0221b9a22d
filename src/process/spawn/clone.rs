//! The one call of `clone`, and whether it does here what it is to do.

use std::ffi::{c_int, c_void};
use std::os::fd::{FromRawFd, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::io::Errno;

use super::stack::Stack;
use crate::process::errno::last_errno;

const SHARED: c_int = libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD;
const ALL_SIGNALS: u64 = u64::MAX;

/// Whether what a child writes is the parent's memory, and the parent waits for it. Some emulators make a plain fork of it.
pub fn shares_memory() -> bool {
    let flag = AtomicBool::new(false);
    // SAFETY: it makes no call at all, and the flag lives until this has returned.
    let Ok((pid, _)) = (unsafe { clone(raise, (&raw const flag).cast_mut().cast(), false) }) else {
        return false;
    };
    let is_shared = flag.load(Ordering::Relaxed);
    wait_for(pid);
    is_shared
}

extern "C" fn raise(flag: *mut c_void) -> c_int {
    // SAFETY: `shares_memory` gives the address of a flag that lives until `clone` has returned there.
    unsafe { &*flag.cast::<AtomicBool>() }.store(true, Ordering::Relaxed);
    0
}

/// Runs a function as a child, on a stack of its own, with all signals blocked: a handler that ran in the child would run in
/// the parent's memory.
///
/// # Safety
/// `body` makes system calls only, and the argument leads to what it takes, which lives until this returns.
pub unsafe fn clone(
    body: extern "C" fn(*mut c_void) -> c_int,
    argument: *mut c_void,
    wants_pidfd: bool,
) -> Result<(i32, Option<OwnedFd>), Errno> {
    let stack = Stack::take()?;
    let mut pidfd: c_int = -1;
    let flags = if wants_pidfd {
        SHARED | libc::CLONE_PIDFD
    } else {
        SHARED
    };
    let mask = set_mask(ALL_SIGNALS);
    // SAFETY: the stack is large enough and nobody else's; `body` makes system calls only; both pointers lead to values that live until this returns, and by then the child uses this memory no more
    // (CLONE_VFORK), or never did (an emulator's fork).
    let pid = unsafe { libc::clone(body, stack.top(), flags, argument, &raw mut pidfd) };
    let pid = if pid == -1 { Err(last_errno()) } else { Ok(pid) };
    set_mask(mask);
    stack.give_back();
    let pid = pid?;
    // SAFETY: with CLONE_PIDFD the kernel has stored a new descriptor, which nobody else knows.
    let pidfd = (pidfd >= 0).then(|| unsafe { OwnedFd::from_raw_fd(pidfd) });
    Ok((pid, pidfd))
}

/// The kernel's mask: the C library would leave out the signals that it uses itself.
fn set_mask(mask: u64) -> u64 {
    let mut before: u64 = 0;
    // SAFETY: both pointers lead to masks of the size that is given, on 64-bit platforms the kernel's own.
    unsafe {
        libc::syscall(
            libc::SYS_rt_sigprocmask,
            libc::SIG_SETMASK,
            &raw const mask,
            &raw mut before,
            size_of::<u64>(),
        );
    }
    before
}

/// Of a child that has ended or is about to.
pub fn wait_for(pid: i32) {
    loop {
        // SAFETY: a null pointer asks for no details. The number is certainly the child's, which nobody has waited for.
        let waited = unsafe { libc::waitpid(pid, std::ptr::null_mut(), 0) };
        if waited != -1 || std::io::Error::last_os_error().raw_os_error() != Some(libc::EINTR) {
            return;
        }
    }
}
