//! `clone` with the parent's memory shared, and the parent's thread stopped, until the child is a program of its own. No page
//! table is copied, so it costs the same whatever the parent's size is.
//!
//! What the child does in between, in the parent's memory, is in `in_child`.

use std::ffi::{c_int, c_void};
use std::sync::atomic::{AtomicI32, Ordering};

use rustix::io::Errno;

use super::announcement::take_back_announcement;
use super::clone::{clone, wait_for};
use super::dumpable::keep_dumpable;
use super::in_child::{Plan, become_program};
use super::slots::{Slot, slots};
use crate::process::child::Child;
use crate::process::command::{Command, Stdio};
use crate::process::errno::errno_of;
use crate::process::facilities::Facilities;

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
    // SAFETY: `run` makes system calls only, and takes the plan, which lives until this has returned.
    let mut start = || unsafe { clone(run, (&raw mut plan).cast(), facilities.pidfd) };
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

extern "C" fn run(plan: *mut c_void) -> c_int {
    // SAFETY: `spawn` gives the address of its plan, which lives until `clone` has returned there; its thread is stopped
    // meanwhile, so nobody else uses it.
    let plan = unsafe { &mut *plan.cast::<Plan<'_>>() };
    // SAFETY: this is the child, and it does nothing else.
    let errno = unsafe { become_program(plan) };
    plan.errno.store(errno, Ordering::Relaxed);
    127
}
