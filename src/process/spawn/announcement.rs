//! Children that are said to be there: see [`Command::announced_to`](crate::process::Command::announced_to).

use std::os::fd::{BorrowedFd, OwnedFd, RawFd};

use rustix::io::Errno;

/// Says that a child is there, of one that could not say it itself.
pub(super) fn announce(announced_to: Option<RawFd>, pid: i32) {
    tell(announced_to, '+', pid);
}

/// Says that a child is not there after all. Its number has to be its own still.
pub fn take_back_announcement(announced_to: Option<RawFd>, pid: i32) {
    tell(announced_to, '-', pid);
}

fn tell(announced_to: Option<RawFd>, change: char, pid: i32) {
    if let Some(descriptor) = announced_to {
        // SAFETY: who has the child announced keeps the descriptor open. If the reader has gone, nobody has to know.
        let reader = unsafe { BorrowedFd::borrow_raw(descriptor) };
        let _ = rustix::io::write(reader, format!("{change} {pid}\n").as_bytes());
    }
}

/// Another descriptor of the same, to announce a child that is started later.
///
/// # Errors
/// `EBADF` if there is no such descriptor, `EMFILE` if there can be no more.
pub fn keep_announced_to(descriptor: RawFd) -> Result<OwnedFd, Errno> {
    // SAFETY: the call does nothing to the descriptor, and fails where there is none.
    rustix::io::fcntl_dupfd_cloexec(unsafe { BorrowedFd::borrow_raw(descriptor) }, 0)
}
