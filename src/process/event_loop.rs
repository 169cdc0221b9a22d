//! One thread that waits for descriptors: those of children (`reaper`), and whatever else is watched off the JavaScript
//! thread. It starts with the first of them, and lives as long as the process.

use std::collections::HashMap;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use rustix::event::epoll::EventFlags;
use rustix::event::epoll::{self, CreateFlags, Event, EventData};
use rustix::io::Errno;

use super::thread::start_thread;

/// Events taken at once.
const BATCH: usize = 64;

/// What is done when a watched descriptor is ready, on the loop's thread. It must not wait for anything.
pub trait Handler: Send + Sync {
    /// Says whether to go on watching.
    fn ready(&self, events: EventFlags) -> Watching;
}

/// Whether a descriptor is watched any longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watching {
    /// It is.
    On,
    /// The handler is forgotten. The descriptor has to be closed or [removed](EventLoop::remove), unless it was watched for
    /// one event ([`EventFlags::ONESHOT`]).
    Over,
}

/// Stands for one watched descriptor. Never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Token(u64);

/// The thread's view of what it waits for.
pub struct EventLoop {
    epoll: OwnedFd,
    handlers: Mutex<HashMap<u64, Arc<dyn Handler>>>,
    next_token: AtomicU64,
}

impl EventLoop {
    /// The loop of this process, which this starts if need be.
    ///
    /// # Errors
    /// What the kernel says if there are too many descriptors or threads. The next caller tries again.
    pub fn shared() -> Result<&'static Self, Errno> {
        static SHARED: Mutex<Option<&'static EventLoop>> = Mutex::new(None);
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(existing) = *shared {
            return Ok(existing);
        }
        let event_loop = Arc::new(Self {
            epoll: epoll::create(CreateFlags::CLOEXEC)?,
            handlers: Mutex::default(),
            next_token: AtomicU64::new(0),
        });
        let own = Arc::clone(&event_loop);
        start_thread("fr-events", move || own.run())?;
        // The thread never ends, and so never gives up its share.
        // SAFETY: the share that `into_raw` gives up is never taken back, so the loop is never freed.
        let event_loop: &'static Self = unsafe { &*Arc::into_raw(event_loop) };
        *shared = Some(event_loop);
        Ok(event_loop)
    }

    /// Watches a descriptor. It has to stay open until it is removed, or the handler has said that watching is over.
    ///
    /// # Errors
    /// `EEXIST` if it is watched already, `ENOMEM`, `ENOSPC`, `EPERM` for a file that is always ready.
    pub fn add(
        &self,
        descriptor: BorrowedFd<'_>,
        events: EventFlags,
        handler: Arc<dyn Handler>,
    ) -> Result<Token, Errno> {
        let token = Token(self.next_token.fetch_add(1, Ordering::Relaxed));
        // The handler is there before the first event can be.
        self.lock().insert(token.0, handler);
        let added = epoll::add(&self.epoll, descriptor, EventData::new_u64(token.0), events);
        if let Err(errno) = added {
            self.lock().remove(&token.0);
            return Err(errno);
        }
        Ok(token)
    }

    /// Changes what is waited for; arms a descriptor again that was watched for one event.
    ///
    /// # Errors
    /// `ENOENT` if it is not watched.
    pub fn modify(&self, descriptor: BorrowedFd<'_>, token: Token, events: EventFlags) -> Result<(), Errno> {
        epoll::modify(&self.epoll, descriptor, EventData::new_u64(token.0), events)
    }

    /// Watches a descriptor no more. A call of its handler may be under way.
    pub fn remove(&self, descriptor: BorrowedFd<'_>, token: Token) {
        self.lock().remove(&token.0);
        // A descriptor that is not watched needs no removing.
        let _ = epoll::delete(&self.epoll, descriptor);
    }

    fn run(&self) {
        let mut events = Vec::with_capacity(BATCH);
        loop {
            events.clear();
            if epoll::wait(&self.epoll, rustix::buffer::spare_capacity(&mut events), None).is_err() {
                // EINTR, which is all that can come of a descriptor that stays open.
                continue;
            }
            for event in &events {
                self.dispatch(event);
            }
        }
    }

    fn dispatch(&self, event: &Event) {
        let token = event.data.u64();
        // One of this batch may have removed another.
        let Some(handler) = self.lock().get(&token).cloned() else {
            return;
        };
        let flags = event.flags;
        // A handler that panics is at fault; the others must not suffer for it.
        let watching = catch_unwind(AssertUnwindSafe(|| handler.ready(flags))).unwrap_or(Watching::Over);
        if watching == Watching::Over {
            self.lock().remove(&token);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Arc<dyn Handler>>> {
        self.handlers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
