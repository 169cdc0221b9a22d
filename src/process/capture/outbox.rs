//! What JavaScript is to hear. It is woken once, however much there is until it comes and takes it all.

use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::io::Errno;

use crate::process::{Exit, ResourceUsage};

/// News of a command, which is known by the number that it was started with.
#[derive(Debug)]
pub enum Event {
    /// A piece of its standard output, which counts as unread until [`super::Session::resume`].
    Chunk(u32, Vec<u8>),
    /// There is a process, of this number. Told where the request asks for it.
    Started(u32, i32),
    /// A piece of what is gathered of an output (its standard error, if the flag says so), for [`super::Session::show`].
    Shown(u32, bool, Vec<u8>),
    /// There is room for more input.
    Drained(u32),
    /// It reads no more input.
    InputClosed(u32),
    /// It could not be signalled, and is waited for.
    KillFailed(u32, Errno),
    /// It is over. Nothing follows.
    Ended(u32, Box<Ended>),
}

/// How a command went.
#[derive(Debug)]
pub struct Ended {
    /// Why there was no process, if there was none.
    pub errno: Option<Errno>,
    /// 0 if there was none.
    pub pid: i32,
    /// How the process ended, if there was one.
    pub exit: Option<(Exit, ResourceUsage)>,
    /// What ended it.
    pub ending: Ending,
    /// As it was said at the start.
    pub is_text: bool,
    /// What it wrote, where that was gathered.
    pub stdout: Option<Gathered>,
    /// The same for its standard error.
    pub stderr: Option<Gathered>,
    /// From its start to its end.
    pub duration: Duration,
}

/// What was gathered of an output.
#[derive(Debug, Default)]
pub struct Gathered {
    /// All of it, as far as the limit allowed.
    pub bytes: Vec<u8>,
    /// Whether all of them are ASCII, so that no text has to be decoded.
    pub is_ascii: bool,
}

/// What ended a command. JavaScript knows these by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Itself, or somebody else.
    Own = 0,
    /// The time limit.
    Timeout = 1,
    /// The caller.
    Canceled = 2,
    /// More on its standard output than is gathered.
    StdoutFull = 3,
    /// More on its standard error than is gathered.
    StderrFull = 4,
}

/// Holds the news of one session.
pub(super) struct Outbox {
    wake: Box<dyn Fn() + Send + Sync>,
    contents: Mutex<Contents>,
}

#[derive(Default)]
struct Contents {
    events: Vec<Event>,
    is_closed: bool,
}

impl Outbox {
    pub(super) fn new(wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            wake: Box::new(wake),
            contents: Mutex::default(),
        }
    }

    pub(super) fn post(&self, event: Event) {
        let mut contents = self.lock();
        if contents.is_closed {
            return;
        }
        contents.events.push(event);
        let is_first = contents.events.len() == 1;
        drop(contents);
        if is_first {
            (self.wake)();
        }
    }

    pub(super) fn take(&self) -> Vec<Event> {
        mem::take(&mut self.lock().events)
    }

    /// Nobody will come any more.
    pub(super) fn close(&self) {
        let mut contents = self.lock();
        contents.is_closed = true;
        contents.events = Vec::new();
    }

    fn lock(&self) -> MutexGuard<'_, Contents> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
