//! A thread that starts children and lives as long as the process. A parent-death signal comes when the *thread* ends that
//! started the child, and a thread of a pool or of a worker may end at any time.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, PoisonError};

use rustix::io::Errno;

use super::child::Child;
use super::command::{Command, Stdio};
use super::spawn::spawn;

type Job = Box<dyn FnOnce() + Send>;

/// Has a job done by the thread, after those that were given to it before.
///
/// # Errors
/// `EAGAIN` if there can be no thread: the job was dropped.
pub fn run(job: impl FnOnce() + Send + 'static) -> Result<(), Errno> {
    static JOBS: Mutex<Option<Sender<Job>>> = Mutex::new(None);
    let mut jobs = JOBS.lock().unwrap_or_else(PoisonError::into_inner);
    let sender = match jobs.take() {
        Some(sender) => sender,
        None => start()?,
    };
    // The thread never ends, so that there is always somebody at the other end.
    let sent = sender.send(Box::new(job));
    *jobs = Some(sender);
    sent.map_err(|_| Errno::AGAIN)
}

/// Spawns a command from the thread, and waits until that is done: its parent-death signal comes when the process ends.
///
/// # Errors
/// As [`spawn`]; `EAGAIN` also if there can be no thread.
pub fn spawn_and_wait(command: Command, stdio: Vec<Stdio>) -> Result<Child, Errno> {
    let (sender, receiver) = channel();
    run(move || {
        // Whoever asked waits for exactly this.
        let _ = sender.send(spawn(&command, &stdio));
    })?;
    receiver.recv().unwrap_or(Err(Errno::AGAIN))
}

/// Starts a thread that takes no signals: those of the process are for its other threads.
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

fn start() -> Result<Sender<Job>, Errno> {
    let (sender, receiver) = channel::<Job>();
    start_thread("fr-spawn", move || {
        for job in receiver {
            // A job that panics is at fault; the thread has to live.
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
        }
    })?;
    Ok(sender)
}

fn block_signals() {
    // SAFETY: an all-zero set is a valid place for the first call to fill, and the second reads it.
    unsafe {
        let mut all: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&raw mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, std::ptr::null_mut());
    }
}
