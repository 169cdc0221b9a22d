//! A child of ours. Its number is its own for as long as somebody holds the [`Child`]: the kernel gives a number away only
//! after the child was waited for, and that is done when the last holder lets go, or says so.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::io::Errno;

use super::errno::last_errno;
use super::exit::{Exit, ResourceUsage};

/// A child, running or ended. Clones stand for the same one.
#[derive(Clone, Debug)]
pub struct Child(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    pid: i32,
    pidfd: Option<OwnedFd>,
    has_own_group: bool,
    /// Whether it was waited for, so that the number may be somebody else's.
    is_released: Mutex<bool>,
}

impl Child {
    pub(super) fn new(pid: i32, pidfd: Option<OwnedFd>, has_own_group: bool) -> Self {
        Self(Arc::new(Inner {
            pid,
            pidfd,
            has_own_group,
            is_released: Mutex::new(false),
        }))
    }

    /// Its number.
    #[must_use]
    pub fn pid(&self) -> i32 {
        self.0.pid
    }

    /// The descriptor that stands for it; none on old kernels.
    #[must_use]
    pub fn pidfd(&self) -> Option<BorrowedFd<'_>> {
        self.0.pidfd.as_ref().map(AsFd::as_fd)
    }

    /// Whether it leads a process group.
    #[must_use]
    pub fn has_own_group(&self) -> bool {
        self.0.has_own_group
    }

    /// Lets the kernel forget the child if it has ended: from now on its number may be another's. The last holder's going
    /// does the same.
    pub fn release(&self) {
        self.0.release();
    }

    /// How it ended, without letting it be forgotten; `None` while it runs.
    ///
    /// # Errors
    /// `ECHILD` if somebody else has waited for it.
    pub fn try_wait(&self) -> Result<Option<(Exit, ResourceUsage)>, Errno> {
        self.0.wait(libc::WNOWAIT | libc::WNOHANG)
    }

    /// As [`Child::try_wait`], but waits until it has ended.
    ///
    /// # Errors
    /// As [`Child::try_wait`].
    pub fn wait(&self) -> Result<Option<(Exit, ResourceUsage)>, Errno> {
        self.0.wait(libc::WNOWAIT)
    }

    /// Does something while the number is certainly this child's; `ESRCH` if it may not be any more.
    pub(super) fn while_known<T>(&self, action: impl FnOnce(i32) -> Result<T, Errno>) -> Result<T, Errno> {
        let is_released = self.0.lock();
        if *is_released {
            Err(Errno::SRCH)
        } else {
            action(self.0.pid)
        }
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, bool> {
        self.is_released.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn release(&self) {
        let mut is_released = self.lock();
        // ECHILD: somebody else has waited for it, so that its number is gone, too. A child that still runs stays known.
        if !*is_released && !matches!(self.wait(libc::WNOHANG), Ok(None)) {
            *is_released = true;
        }
    }

    /// The system call has a fifth argument that the C library does not know of: what was used.
    fn wait(&self, flags: i32) -> Result<Option<(Exit, ResourceUsage)>, Errno> {
        let (kind, id) = match &self.pidfd {
            Some(pidfd) => (libc::P_PIDFD, pidfd.as_raw_fd()),
            None => (libc::P_PID, self.pid),
        };
        loop {
            // SAFETY: all zeroes is a value of both structures, which hold numbers and null pointers.
            let (mut details, mut usage): (libc::siginfo_t, libc::rusage) = unsafe { std::mem::zeroed() };
            // SAFETY: both pointers lead to structures of the types that the call fills in, which live until it is over.
            let result = unsafe {
                libc::syscall(
                    libc::SYS_waitid,
                    kind,
                    id,
                    &raw mut details,
                    libc::WEXITED | flags,
                    &raw mut usage,
                )
            };
            if result == -1 {
                match last_errno() {
                    Errno::INTR => continue,
                    errno => return Err(errno),
                }
            }
            // SAFETY: the call succeeded, so the fields are those of a child's end, or zero.
            let (pid, status) = unsafe { (details.si_pid(), details.si_status()) };
            if pid == 0 {
                return Ok(None);
            }
            let exit = if details.si_code == libc::CLD_EXITED {
                Exit::Code(status)
            } else {
                Exit::Signal(status)
            };
            return Ok(Some((exit, ResourceUsage::from(&usage))));
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.release();
    }
}
