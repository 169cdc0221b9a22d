//! The ends of one thread's children, behind a descriptor that is readable while there are some to be told.
//!
//! The thread's own event loop watches that descriptor. What a child wrote, and the end of its pipes, was ready before its end
//! was: the loop hears of both in this order, as no thread beside it could tell it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};
use rustix::event::{EventfdFlags, Timespec, eventfd};
use rustix::io::Errno;

use super::child::Child;
use super::exit::Exit;
use super::reaper;

/// Ends taken at once.
const BATCH: usize = 64;
/// In place of a child's number: there is something in [`News`].
const NEWS: u64 = u64::MAX;
const AT_ONCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };

/// A child that has ended.
pub struct Ended {
    /// The number that it was given, counted in the order in which children were added.
    pub sequence: u64,
    /// The child, which was not waited for yet.
    pub child: Child,
    /// How it ended.
    pub exit: Exit,
}

/// See the [module](self).
pub struct Ends {
    epoll: OwnedFd,
    news: Arc<News>,
    living: RefCell<HashMap<u64, Child>>,
    /// What was found among the news in the turn before.
    heard: RefCell<Vec<(u64, Exit)>>,
}

/// What other threads tell: of children without a descriptor, and of such as are traced by a debugger.
struct News {
    eventfd: OwnedFd,
    ends: Mutex<Vec<(u64, Exit)>>,
}

impl News {
    fn tell(&self, sequence: u64, exit: Exit) {
        let mut ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        ends.push((sequence, exit));
        drop(ends);
        self.make_readable();
    }

    fn make_readable(&self) {
        // It can't be full: it is set to 0 each time that somebody looks.
        let _ = rustix::io::write(&self.eventfd, &1_u64.to_ne_bytes());
    }

    fn take(&self) -> Vec<(u64, Exit)> {
        // Before the list is taken: what comes after is told by another event. Nothing to read is as good.
        let _ = rustix::io::read(&self.eventfd, &mut [0_u8; 8]);
        std::mem::take(&mut *self.ends.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Ends {
    /// No children yet.
    ///
    /// # Errors
    /// `EMFILE`, `ENFILE`, `ENOMEM`.
    pub fn new() -> Result<Self, Errno> {
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        let eventfd = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        epoll::add(&epoll, &eventfd, EventData::new_u64(NEWS), EventFlags::IN)?;
        Ok(Self {
            epoll,
            news: Arc::new(News {
                eventfd,
                ends: Mutex::default(),
            }),
            living: RefCell::default(),
            heard: RefCell::default(),
        })
    }

    /// Readable while there are ends to be taken.
    #[must_use]
    pub fn descriptor(&self) -> BorrowedFd<'_> {
        self.epoll.as_fd()
    }

    /// Looks out for the end of a child. Its number has to be higher than those before.
    ///
    /// # Errors
    /// `ENOMEM`, `ENOSPC`; `EMFILE` or `EAGAIN` for one without a descriptor. Nobody waits for the child then.
    pub fn add(&self, sequence: u64, child: &Child) -> Result<(), Errno> {
        self.living.borrow_mut().insert(sequence, child.clone());
        let added = match child.pidfd() {
            Some(pidfd) => epoll::add(&self.epoll, pidfd, EventData::new_u64(sequence), ONE_EVENT),
            None => self.have_told(sequence, child),
        };
        added.inspect_err(|_| drop(self.living.borrow_mut().remove(&sequence)))
    }

    /// The ends that there are, in the order in which the children were added: that in which libuv looks for them.
    #[must_use]
    pub fn take(&self) -> Vec<Ended> {
        let mut found = Vec::new();
        let mut has_news = false;
        let mut events: Vec<Event> = Vec::with_capacity(BATCH);
        loop {
            events.clear();
            match epoll::wait(&self.epoll, rustix::buffer::spare_capacity(&mut events), Some(&AT_ONCE)) {
                Err(Errno::INTR) => continue,
                // Nothing else can come of a descriptor that stays open.
                Err(_) => break,
                Ok(_) => {}
            }
            for event in &events {
                match event.data.u64() {
                    NEWS => has_news = true,
                    sequence => found.extend(self.look_at(sequence)),
                }
            }
            if events.len() < BATCH {
                break;
            }
        }
        if has_news {
            found.extend(self.take_news());
        }
        found.sort_unstable_by_key(|(sequence, _)| *sequence);
        let mut living = self.living.borrow_mut();
        found
            .into_iter()
            .filter_map(|(sequence, exit)| {
                let child = living.remove(&sequence)?;
                Some(Ended { sequence, child, exit })
            })
            .collect()
    }

    /// The thread goes, and its children stay: somebody else waits for them.
    pub fn hand_over(&self) {
        for child in std::mem::take(&mut *self.living.borrow_mut()).into_values() {
            // Without memory or a thread for that, what is left of the child stays as long as the process.
            let _ = reaper::watch(&child, |_, _, _| {});
        }
    }

    /// Ready: mostly that is an end.
    fn look_at(&self, sequence: u64) -> Option<(u64, Exit)> {
        let child = self.living.borrow().get(&sequence).cloned()?;
        match child.try_wait() {
            Ok(Some((exit, _))) => Some((sequence, exit)),
            // The debugger that traces it comes first.
            Ok(None) if self.have_told(sequence, &child).is_ok() => None,
            _ => Some((sequence, Exit::Lost)),
        }
    }

    fn have_told(&self, sequence: u64, child: &Child) -> Result<(), Errno> {
        let news = Arc::clone(&self.news);
        reaper::watch(child, move |_, exit, _| news.tell(sequence, exit))
    }

    /// What a thread tells may come in a turn that has looked for events before the child's last words: it is given out in the
    /// next one.
    fn take_news(&self) -> Vec<(u64, Exit)> {
        let news = self.news.take();
        if !news.is_empty() {
            self.news.make_readable();
        }
        self.heard.replace(news)
    }
}

const ONE_EVENT: EventFlags = EventFlags::IN.union(EventFlags::ONESHOT);
