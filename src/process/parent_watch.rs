//! Ends a worker, and all that it has started, when its parent is gone, however busy the worker is.
//!
//! A signal at the parent's death reaches the worker alone, and leaves its children. So a thread waits for the other end of
//! the pipe to be closed, which the system does for a parent that can't do it any more.

use std::io;

/// Watches the pipe on this descriptor from now on. When its other end is closed, the process has `grace` milliseconds to
/// end by itself; then its process group is killed if it leads one, else the process.
///
/// # Errors
/// What the system says; `Unsupported` where there are no process groups.
pub fn end_with_parent(descriptor: i32, grace: u64) -> io::Result<()> {
    platform::end_with_parent(descriptor, grace)
}

/// Kills the process group that this process leads, and the process itself with it; else only the process.
pub fn kill_own_group() {
    platform::kill_own_group();
}

#[cfg(unix)]
mod platform {
    use std::io;
    use std::os::fd::BorrowedFd;
    use std::thread;
    use std::time::Duration;

    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::process::{Signal, getpgrp, getpid, kill_current_process_group, kill_process};

    const STACK: usize = 64 * 1024;

    pub fn end_with_parent(descriptor: i32, grace: u64) -> io::Result<()> {
        if descriptor < 0 {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        // SAFETY: it is borrowed for the length of this call, in which nothing closes it.
        let pipe = unsafe { BorrowedFd::borrow_raw(descriptor) };
        // One of our own, which nobody closes: the number of the other may come to mean something else.
        let pipe = rustix::io::fcntl_dupfd_cloexec(pipe, 0)?;
        let watch = move || {
            // Asked for nothing, `poll` still tells of a closed end.
            let mut watched = [PollFd::new(&pipe, PollFlags::empty())];
            while let Ok(0) | Err(rustix::io::Errno::INTR) = poll(&mut watched, None) {}
            thread::sleep(Duration::from_millis(grace));
            kill_own_group();
        };
        thread::Builder::new()
            .name("parent-watch".to_owned())
            .stack_size(STACK)
            .spawn(watch)?;
        #[cfg(target_os = "linux")]
        // From now on the thread sees to it, and takes the children along.
        rustix::process::set_parent_process_death_signal(None)?;
        Ok(())
    }

    pub fn kill_own_group() {
        // A process may always kill itself, so that there is no failure to speak of.
        if getpgrp() == getpid() {
            let _ = kill_current_process_group(Signal::KILL);
        } else {
            let _ = kill_process(getpid(), Signal::KILL);
        }
    }
}

#[cfg(not(unix))]
mod platform {
    use std::io;

    pub fn end_with_parent(_descriptor: i32, _grace: u64) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub fn kill_own_group() {
        std::process::abort();
    }
}
