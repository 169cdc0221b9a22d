//! A thread that starts children and lives as long as the process. A parent-death signal comes when the *thread* ends that
//! started the child, and a thread of a pool or of a worker may end at any time.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use rustix::io::Errno;

use super::child::Child;
use super::command::{Command, Stdio};
use super::spawn::spawn;
use super::thread::start_thread;

type Job = Box<dyn FnOnce() + Send>;

/// What the thread has to do, and whether there is one.
struct Jobs {
    waiting: VecDeque<Job>,
    has_thread: bool,
}

static JOBS: Mutex<Jobs> = Mutex::new(Jobs {
    waiting: VecDeque::new(),
    has_thread: false,
});
static ADDED: Condvar = Condvar::new();

/// Has a job done by the thread, after those that were given to it before.
///
/// # Errors
/// `EAGAIN` if there can be no thread: the job was dropped.
pub fn run(job: impl FnOnce() + Send + 'static) -> Result<(), Errno> {
    let mut jobs = lock(&JOBS);
    if !jobs.has_thread {
        start_thread("fr-spawn", work)?;
        jobs.has_thread = true;
    }
    jobs.waiting.push_back(Box::new(job));
    ADDED.notify_one();
    Ok(())
}

/// Spawns a command from the thread, and waits until that is done: its parent-death signal comes when the process ends.
///
/// # Errors
/// As [`spawn`]; `EAGAIN` also if there can be no thread.
pub fn spawn_and_wait(command: Command, stdio: Vec<Stdio>) -> Result<Child, Errno> {
    let answer = Arc::new((Mutex::new(None), Condvar::new()));
    let own = Arc::clone(&answer);
    run(move || {
        *lock(&own.0) = Some(spawn(&command, &stdio));
        own.1.notify_one();
    })?;
    let mut child = lock(&answer.0);
    loop {
        if let Some(child) = child.take() {
            return child;
        }
        child = answer.1.wait(child).unwrap_or_else(PoisonError::into_inner);
    }
}

fn work() {
    let mut jobs = lock(&JOBS);
    loop {
        if let Some(job) = jobs.waiting.pop_front() {
            drop(jobs);
            // A job that panics is at fault; the thread has to live.
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
            jobs = lock(&JOBS);
        } else {
            jobs = ADDED.wait(jobs).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
