//! Waiting for children: only for our own, by their descriptors, in the thread of the event loop. No handler of SIGCHLD.

use std::sync::{Arc, Mutex, PoisonError};

use rustix::io::Errno;

use super::child::Child;
use super::event_loop::{EventFlags, EventLoop, Handler, Watching};
use super::exit::{Exit, ResourceUsage};
use super::thread::start_thread;

type Callback = Box<dyn FnOnce(Child, Exit, ResourceUsage) + Send>;

/// Starts what waits for children, so that a child need not be started in vain.
///
/// # Errors
/// `EMFILE`, `ENFILE`, `EAGAIN`, `ENOMEM`.
pub fn start() -> Result<(), Errno> {
    EventLoop::shared().map(|_| ())
}

/// Calls back once, on another thread, when the child has ended. It is given the child: nobody else gets its number until
/// that and all other clones are dropped, or one of them is [released](Child::release).
///
/// # Errors
/// `EMFILE`, `EAGAIN`, `ENOMEM`, `ENOSPC`: the callback was dropped, and the child runs.
pub fn watch(child: &Child, callback: impl FnOnce(Child, Exit, ResourceUsage) + Send + 'static) -> Result<(), Errno> {
    let waiter = Waiter(Arc::new(Mutex::new(Some((child.clone(), Box::new(callback))))));
    match child.pidfd() {
        Some(pidfd) => EventLoop::shared()?.add(pidfd, ONE_EVENT, Arc::new(waiter)).map(|_| ()),
        // Without a descriptor there is nothing to wait for several at once: a thread for each.
        None => waiter.wait_in_thread(child.clone()),
    }
}

const ONE_EVENT: EventFlags = EventFlags::IN.union(EventFlags::ONESHOT);

/// One that waits for a child.
#[derive(Clone)]
struct Waiter(Arc<Mutex<Option<(Child, Callback)>>>);

impl Waiter {
    fn wait_in_thread(&self, child: Child) -> Result<(), Errno> {
        let waiter = self.clone();
        start_thread("fr-wait", move || {
            let end = child.wait();
            // The callback's is the only one from now on, so that the child goes when that lets it go.
            drop(child);
            waiter.finish(end);
        })
    }

    fn finish(&self, end: Result<Option<(Exit, ResourceUsage)>, Errno>) {
        let taken = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((child, callback)) = taken {
            let (exit, usage) = end.ok().flatten().unwrap_or((Exit::Lost, ResourceUsage::default()));
            callback(child, exit, usage);
        }
    }
}

impl Handler for Waiter {
    fn ready(&self, _events: EventFlags) -> Watching {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(child) = waiting.as_ref().map(|(child, _)| child.clone()) else {
            return Watching::Over;
        };
        drop(waiting);
        let end = child.try_wait();
        if end == Ok(None) {
            // Ready, but not to be waited for yet: the debugger that traces it comes first.
            if self.wait_in_thread(child).is_err() {
                self.finish(end);
            }
        } else {
            drop(child);
            self.finish(end);
        }
        Watching::Over
    }
}
