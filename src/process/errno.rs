//! The error of the last system call.

use rustix::io::Errno;

/// What the C library says; to be asked right after a call that failed.
pub fn last_errno() -> Errno {
    errno_of(std::io::Error::last_os_error().raw_os_error().unwrap_or(0))
}

/// A number that the kernel gave. Anything else stands for the error that has no other meaning here.
pub fn errno_of(number: i32) -> Errno {
    if (1..4096).contains(&number) {
        Errno::from_raw_os_error(number)
    } else {
        Errno::NOTRECOVERABLE
    }
}
