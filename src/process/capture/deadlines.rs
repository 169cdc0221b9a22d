//! When something has to be done. One timer of the kernel stands for all of it.

use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
};

use crate::process::event_loop::{EventFlags, EventLoop, Handler, Watching};

/// Who is told that a time has come.
pub(super) trait Due: Send + Sync {
    fn due(self: Arc<Self>, key: Key);
}

/// What a deadline is known by. The number keeps those apart that are at the same time.
pub(super) type Key = (Instant, u64);

struct Deadline {
    key: Key,
    client: Weak<dyn Due>,
}

/// The deadlines of all sessions.
pub(super) struct Deadlines {
    timer: OwnedFd,
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    /// The last is the first to come. Few are far away from the others, and commands that run are few.
    sorted: Vec<Deadline>,
    next_number: u64,
}

impl Deadlines {
    /// The ones of this process.
    ///
    /// # Errors
    /// What the kernel says if there are too many descriptors or threads. The next caller tries again.
    pub(super) fn shared() -> Result<&'static Self, Errno> {
        static SHARED: Mutex<Option<&'static Deadlines>> = Mutex::new(None);
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(existing) = *shared {
            return Ok(existing);
        }
        let event_loop = EventLoop::shared()?;
        let flags = TimerfdFlags::CLOEXEC | TimerfdFlags::NONBLOCK;
        let deadlines = Arc::new(Self {
            timer: timerfd_create(TimerfdClockId::Monotonic, flags)?,
            entries: Mutex::default(),
        });
        let handler: Arc<dyn Handler> = Arc::clone(&deadlines) as Arc<dyn Handler>;
        event_loop.add(deadlines.timer.as_fd(), EventFlags::IN, handler)?;
        // Watched for as long as the process lives, and so never freed.
        let deadlines: &'static Self = Box::leak(Box::new(deadlines));
        *shared = Some(deadlines);
        Ok(deadlines)
    }

    pub(super) fn set(&self, after: Duration, client: Weak<dyn Due>) -> Key {
        let now = Instant::now();
        let mut entries = self.lock();
        entries.next_number += 1;
        let key = (now + after, entries.next_number);
        let place = entries.place_of(key);
        entries.sorted.insert(place, Deadline { key, client });
        if place + 1 == entries.sorted.len() {
            self.arm(now, &entries);
        }
        key
    }

    /// The timer is left as it is: it may go off for nothing.
    pub(super) fn cancel(&self, key: Key) {
        let mut entries = self.lock();
        let place = entries.place_of(key);
        if entries.sorted.get(place).is_some_and(|deadline| deadline.key == key) {
            entries.sorted.remove(place);
        }
    }

    fn arm(&self, now: Instant, entries: &Entries) {
        let Some(Deadline { key: (at, _), .. }) = entries.sorted.last() else {
            return;
        };
        // Zero would turn the timer off.
        let wait = at.saturating_duration_since(now).max(Duration::from_nanos(1));
        let value = Itimerspec {
            it_interval: Timespec { tv_sec: 0, tv_nsec: 0 },
            it_value: Timespec {
                tv_sec: i64::try_from(wait.as_secs()).unwrap_or(i64::MAX),
                tv_nsec: wait.subsec_nanos().into(),
            },
        };
        // A valid time for a timer that is open: there is nothing that could fail.
        let _ = timerfd_settime(&self.timer, TimerfdTimerFlags::empty(), &value);
    }

    fn take_due(&self) -> Vec<Deadline> {
        let now = Instant::now();
        let mut entries = self.lock();
        let place = entries.place_of((now, u64::MAX));
        let due = entries.sorted.split_off(place);
        self.arm(now, &entries);
        due
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entries {
    /// Where a deadline stands, or would stand: behind all that come later.
    fn place_of(&self, key: Key) -> usize {
        self.sorted.partition_point(|deadline| deadline.key > key)
    }
}

impl Handler for Deadlines {
    fn ready(&self, _events: EventFlags) -> Watching {
        let mut count = [0; 8];
        // How often it went off does not matter, nor that somebody has set it anew in the meantime.
        let _ = rustix::io::read(&self.timer, &mut count);
        for Deadline { key, client } in self.take_due().into_iter().rev() {
            if let Some(client) = client.upgrade() {
                client.due(key);
            }
        }
        Watching::On
    }
}
