//! Starting a child: `linux` where `clone` shares memory, else `posix`.

mod dumpable;
mod in_child;
mod linux;
mod posix;
mod stack;

use std::os::fd::{BorrowedFd, OwnedFd, RawFd};

use rustix::io::Errno;

use super::child::Child;
use super::command::{Command, Stdio};
use super::facilities::Facilities;

pub(super) use linux::shares_memory;

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

/// Says that a child is not there after all: see [`Command::announced_to`]. Its number has to be its own still.
pub fn take_back_announcement(announced_to: Option<RawFd>, pid: i32) {
    if let Some(descriptor) = announced_to {
        // SAFETY: who had the child announced keeps the descriptor open. If the reader has gone, nobody has to know.
        let reader = unsafe { BorrowedFd::borrow_raw(descriptor) };
        let _ = rustix::io::write(reader, format!("- {pid}\n").as_bytes());
    }
}

/// Another descriptor of the same, to announce a child that is started later: see [`Command::announced_to`].
///
/// # Errors
/// `EBADF` if there is no such descriptor, `EMFILE` if there can be no more.
pub fn keep_announced_to(descriptor: RawFd) -> Result<OwnedFd, Errno> {
    // SAFETY: the call does nothing to the descriptor, and fails where there is none.
    rustix::io::fcntl_dupfd_cloexec(unsafe { BorrowedFd::borrow_raw(descriptor) }, 0)
}

/// What is to be one of the child's descriptors.
#[derive(Clone, Copy)]
struct Slot {
    /// The parent's; -1 if there is none.
    source: RawFd,
    is_shared: bool,
}

/// There are three at least.
fn slots(stdio: &[Stdio]) -> Vec<Slot> {
    let mut slots: Vec<Slot> = stdio
        .iter()
        .map(|stdio| match *stdio {
            Stdio::Ignore => (-1, false),
            Stdio::Pipe(source) => (source, false),
            Stdio::Inherit(source) => (source, true),
        })
        .map(|(source, is_shared)| Slot { source, is_shared })
        .collect();
    while slots.len() < 3 {
        slots.push(Slot {
            source: -1,
            is_shared: false,
        });
    }
    slots
}
