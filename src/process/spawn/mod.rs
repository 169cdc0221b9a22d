//! Starting a child: `linux` where `clone` shares memory, else `posix`.

mod announcement;
mod clone;
mod dumpable;
mod in_child;
mod linux;
mod posix;
mod slots;
mod stack;

use rustix::io::Errno;

use super::child::Child;
use super::command::{Command, Stdio};
use super::facilities::Facilities;

pub use announcement::{keep_announced_to, take_back_announcement};
pub(super) use clone::shares_memory;

/// Starts a child from the calling thread, which waits until the child is the new program (or could not become it).
///
/// The descriptors of `stdio` become 0, 1, 2 …; every other one is closed in the child. Signal handlers and the signal mask
/// are as in a new process.
///
/// # Errors
/// What libuv gives: `ENOENT`, `EACCES`, `ENOTDIR`, `E2BIG`, `ETXTBSY`, `EMFILE`, `EAGAIN`, `ENOMEM`, `EPERM`, `EBADF` …
pub fn spawn(command: &Command, stdio: &[Stdio]) -> Result<Child, Errno> {
    spawn_with(command, stdio, Facilities::here())
}

/// As [`spawn`], with these facilities, and not what the kernel has.
///
/// # Errors
/// As [`spawn`]; `ENOSYS` for what `posix_spawn` can't do.
pub fn spawn_with(command: &Command, stdio: &[Stdio], facilities: Facilities) -> Result<Child, Errno> {
    if facilities.clone {
        linux::spawn(command, stdio, facilities)
    } else {
        posix::spawn(command, stdio, facilities)
    }
}
