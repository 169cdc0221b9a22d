//! Threads of our own.

use rustix::io::Errno;

/// Starts a thread that takes no signals: those of the process are for its other threads.
///
/// # Errors
/// `EAGAIN` if there can be no more.
pub(super) fn start_thread(name: &str, body: impl FnOnce() + Send + 'static) -> Result<(), Errno> {
    let body = move || {
        block_signals();
        body();
    };
    match std::thread::Builder::new().name(name.to_owned()).spawn(body) {
        Ok(_) => Ok(()),
        Err(error) => Err(Errno::from_io_error(&error).unwrap_or(Errno::AGAIN)),
    }
}

fn block_signals() {
    // SAFETY: an all-zero set is a valid place for the first call to fill, and the second reads it.
    unsafe {
        let mut all: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&raw mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, std::ptr::null_mut());
    }
}
