//! Descriptors that stand for processes, which no other process gets after one that has ended.

use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use rustix::io::Errno;

use super::errno::last_errno;

/// Has [`send_signal`] reach the whole group (Linux 6.9).
pub(super) const PROCESS_GROUP: u32 = 1 << 2;

/// One for a process whose number is its own still: this one, or a child that nobody has waited for.
pub(super) fn open(pid: i32) -> Result<OwnedFd, Errno> {
    // SAFETY: the call takes numbers only; what it gives is a new descriptor that nobody else knows.
    unsafe {
        let descriptor = libc::syscall(libc::SYS_pidfd_open, pid, 0);
        match i32::try_from(descriptor) {
            Ok(descriptor) if descriptor >= 0 => Ok(OwnedFd::from_raw_fd(descriptor)),
            _ => Err(last_errno()),
        }
    }
}

/// Signal 0 is none: it only asks whether one could be sent.
pub(super) fn send_signal(pidfd: BorrowedFd<'_>, signal: i32, flags: u32) -> Result<(), Errno> {
    // SAFETY: the descriptor is open, and a null pointer stands for the details that the kernel fills in.
    let result = unsafe {
        libc::syscall(
            libc::SYS_pidfd_send_signal,
            pidfd.as_raw_fd(),
            signal,
            std::ptr::null::<libc::siginfo_t>(),
            flags,
        )
    };
    if result == 0 { Ok(()) } else { Err(last_errno()) }
}
