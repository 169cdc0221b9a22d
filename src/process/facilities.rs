//! What this kernel can do for children, asked once. Everything has a fallback, and every fallback can be forced, so that it
//! is tested where the kernel is new.

use std::os::fd::{AsRawFd, BorrowedFd};
use std::sync::OnceLock;

use rustix::io::Errno;

use super::errno::last_errno;
use super::mechanism::Mechanism;
use super::pidfd::{PROCESS_GROUP, open, send_signal};
use super::spawn::shares_memory;

/// Names of facilities, separated by commas, that are not to be used: what an older kernel would not have.
const VARIABLE: &str = "FAST_RESOLVE_SPAWN_WITHOUT";

/// What may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent of each other")]
pub struct Facilities {
    /// A clone that shares memory until the child is a program of its own.
    pub clone: bool,
    /// Descriptors that stand for a process: made by `clone`, waited for by `epoll` and `waitid` (Linux 5.4).
    pub pidfd: bool,
    /// Marking all descriptors from a number on at once (Linux 5.11).
    pub close_range: bool,
    /// Signals for a process group through the descriptor of its leader (Linux 6.9).
    pub group_signal: bool,
}

impl Facilities {
    /// What this process may use.
    #[must_use]
    pub fn here() -> Self {
        static HERE: OnceLock<Facilities> = OnceLock::new();
        *HERE.get_or_init(|| {
            let unwanted = std::env::var(VARIABLE).unwrap_or_default();
            let may = |name: &str| !unwanted.split(',').any(|other| other == name);
            let own_pidfd = open(std::process::id().cast_signed()).ok().filter(|_| may("pidfd"));
            let own_pidfd = own_pidfd.as_ref().map(std::os::fd::AsFd::as_fd);
            Self {
                clone: may("clone") && shares_memory(),
                pidfd: own_pidfd.is_some_and(can_wait_for),
                close_range: may("close_range"),
                group_signal: may("group_signal") && own_pidfd.is_some_and(can_signal_group),
            }
        })
    }
}

/// How children are started here.
#[must_use]
pub fn mechanism() -> Mechanism {
    if Facilities::here().clone {
        Mechanism::Clone
    } else {
        Mechanism::PosixSpawn
    }
}

/// This process is not its own child, which a kernel that knows the question says so.
fn can_wait_for(pidfd: BorrowedFd<'_>) -> bool {
    let id = pidfd.as_raw_fd().unsigned_abs();
    // SAFETY: a null pointer asks for no details; the descriptor is open.
    let result = unsafe { libc::waitid(libc::P_PIDFD, id, std::ptr::null_mut(), libc::WEXITED | libc::WNOHANG) };
    result == -1 && last_errno() == Errno::CHILD
}

/// A kernel that does not know the question refuses it (`EINVAL`); one that does may find nobody (`ESRCH`), since this process need
/// not lead a group.
fn can_signal_group(pidfd: BorrowedFd<'_>) -> bool {
    matches!(send_signal(pidfd, 0, PROCESS_GROUP), Ok(()) | Err(Errno::SRCH))
}
