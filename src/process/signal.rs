//! Signals for children, which never reach another process that got a child's number.

use rustix::io::Errno;

use super::child::Child;
use super::errno::last_errno;
use super::facilities::Facilities;
use super::pidfd::{PROCESS_GROUP, send_signal};

/// Sends a signal to a child. One that has ended, but is still held, takes it and does nothing, as with `kill`.
///
/// # Errors
/// `ESRCH` if it is gone, `EINVAL` if there is no such signal, `EPERM` if it runs as somebody else.
pub fn kill(child: &Child, signal: i32) -> Result<(), Errno> {
    if child.pidfd().is_some() {
        return send(child, signal, 0);
    }
    // Nobody waits for it in the meantime.
    child.while_known(|pid| kill_number(pid, signal))
}

/// Sends a signal to all of the group that a child leads, also after the child itself has ended; to the child alone if it
/// leads none.
///
/// A group outlives its leader. Where the kernel can't find it by the leader's descriptor (before Linux 6.9), its number is
/// certain only until the leader was released: hold the [`Child`] for as long as the group may have to be signalled.
///
/// # Errors
/// `ESRCH` if nobody is left, or if the leader was released and the kernel is old; otherwise as [`kill`].
pub fn kill_group(child: &Child, signal: i32) -> Result<(), Errno> {
    if !child.has_own_group() {
        return kill(child, signal);
    }
    if child.pidfd().is_some() && Facilities::here().group_signal {
        return send(child, signal, PROCESS_GROUP);
    }
    child.while_known(|pid| kill_number(-pid, signal))
}

fn send(child: &Child, signal: i32, flags: u32) -> Result<(), Errno> {
    let Some(pidfd) = child.pidfd() else {
        return Err(Errno::SRCH);
    };
    send_signal(pidfd, signal, flags)
}

fn kill_number(number: i32, signal: i32) -> Result<(), Errno> {
    // SAFETY: the call takes numbers only.
    if unsafe { libc::kill(number, signal) } == 0 {
        return Ok(());
    }
    Err(last_errno())
}
