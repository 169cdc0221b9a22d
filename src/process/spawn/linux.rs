//! `clone` with the parent's memory shared, and the parent's thread stopped, until the child is a program of its own. No page
//! table is copied, so it costs the same whatever the parent's size is.
//!
//! What the child does in between, in the parent's memory, is in `in_child`.

use std::ffi::{c_int, c_void};
use std::os::fd::{FromRawFd, OwnedFd};
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

use rustix::io::Errno;

use super::dumpable::keep_dumpable;
use super::in_child::{Plan, become_program};
use super::stack::Stack;
use super::{Slot, slots, take_back_announcement};
use crate::process::child::Child;
use crate::process::command::{Command, Stdio};
use crate::process::errno::{errno_of, last_errno};
use crate::process::facilities::Facilities;

const SHARED: c_int = libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD;
const ALL_SIGNALS: u64 = u64::MAX;

/// See [`super::spawn`].
pub fn spawn(command: &Command, stdio: &[Stdio], facilities: Facilities) -> Result<Child, Errno> {
    let mut slots: Vec<Slot> = slots(stdio);
    let mut shell_arguments = command.candidates.shell_arguments();
    let mut plan = Plan {
        errno: AtomicI32::new(0),
        slots: &mut slots,
        shell_arguments: &mut shell_arguments,
        command,
        // SAFETY: the call has no arguments.
        parent: unsafe { libc::getpid() },
        has_close_range: facilities.close_range,
    };
    let mut start = || clone(run, (&raw mut plan).cast(), facilities.pidfd);
    let (pid, pidfd) = if command.uid.is_some() || command.gid.is_some() {
        // Also where there is no program in the end: the user may have been changed by then.
        keep_dumpable(start)?
    } else {
        start()?
    };
    match plan.errno.load(Ordering::Relaxed) {
        0 => Ok(Child::new(pid, pidfd, command.is_detached || command.has_own_group)),
        errno => {
            take_back_announcement(command.announced_to, pid);
            wait_for(pid);
            Err(errno_of(errno))
        }
    }
}

/// Whether what a child writes is the parent's memory, and the parent waits for it. Some emulators make a plain fork of it.
pub fn shares_memory() -> bool {
    let flag = AtomicBool::new(false);
    let Ok((pid, _)) = clone(raise, (&raw const flag).cast_mut().cast(), false) else {
        return false;
    };
    let is_shared = flag.load(Ordering::Relaxed);
    wait_for(pid);
    is_shared
}

extern "C" fn run(plan: *mut c_void) -> c_int {
    // SAFETY: `spawn` gives the address of its plan, which lives until `clone` has returned there; its thread is stopped
    // meanwhile, so nobody else uses it.
    let plan = unsafe { &mut *plan.cast::<Plan<'_>>() };
    // SAFETY: this is the child, and it does nothing else.
    let errno = unsafe { become_program(plan) };
    plan.errno.store(errno, Ordering::Relaxed);
    127
}

extern "C" fn raise(flag: *mut c_void) -> c_int {
    // SAFETY: `shares_memory` gives the address of a flag that lives until `clone` has returned there.
    unsafe { &*flag.cast::<AtomicBool>() }.store(true, Ordering::Relaxed);
    0
}

/// Runs a function as a child, on a stack of its own, with all signals blocked: a handler that ran in the child would run in
/// the parent's memory.
fn clone(
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
    // SAFETY: the stack is large enough and nobody else's; `body` is one of the two functions above, which make system calls
    // only; both pointers lead to values that live until this returns, and by then the child uses this memory no more
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
fn wait_for(pid: i32) {
    loop {
        // SAFETY: a null pointer asks for no details. The number is certainly the child's, which nobody has waited for.
        let waited = unsafe { libc::waitpid(pid, std::ptr::null_mut(), 0) };
        if waited != -1 || std::io::Error::last_os_error().raw_os_error() != Some(libc::EINTR) {
            return;
        }
    }
}
