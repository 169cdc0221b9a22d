//! A command's standard input, written by the event loop as fast as the command reads.

use std::collections::VecDeque;
use std::os::fd::{AsFd, OwnedFd};

use rustix::io::Errno;

use crate::process::event_loop::{EventFlags, EventLoop, Token};

/// Bytes that wait before the writer is asked to wait, too.
const WINDOW: usize = 256 * 1024;

/// What came of writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// Nothing to tell.
    Some,
    /// The writer was asked to wait, and need not wait any longer.
    Drained,
    /// The command reads no more.
    Closed,
}

/// The writing end of a pipe and what is still to go into it.
#[derive(Default)]
pub(super) struct Input {
    /// None if there never was one, or nothing more is to be written. No token while it is not watched.
    pipe: Option<(OwnedFd, Option<Token>)>,
    waiting: VecDeque<Vec<u8>>,
    /// How much of the first of these is written.
    written: usize,
    waiting_bytes: usize,
    is_writer_waiting: bool,
    /// Whether more may come.
    is_writer_open: bool,
}

impl Input {
    /// Nothing is to be written yet; more may come.
    pub(super) fn new(is_writer_open: bool) -> Self {
        Self {
            is_writer_open,
            ..Self::default()
        }
    }

    /// There is a pipe. What it is to carry first comes before what came in the meantime.
    pub(super) fn connect(mut self, pipe: OwnedFd, first: Vec<u8>) -> Self {
        self.pipe = Some((pipe, None));
        if !first.is_empty() {
            self.waiting_bytes += first.len();
            self.waiting.push_front(first);
        }
        self
    }

    pub(super) fn is_open(&self) -> bool {
        self.pipe.is_some()
    }

    /// Something more to write; says whether the writer may go on at once.
    pub(super) fn push(&mut self, bytes: Vec<u8>) -> bool {
        if !self.is_writer_open {
            return false;
        }
        if !bytes.is_empty() {
            self.waiting_bytes += bytes.len();
            self.waiting.push_back(bytes);
        }
        self.is_writer_waiting = self.waiting_bytes >= WINDOW;
        !self.is_writer_waiting
    }

    /// Nothing more follows.
    pub(super) fn end(&mut self) {
        self.is_writer_open = false;
    }

    /// Writes what the pipe takes, and closes it when that was all.
    pub(super) fn write(&mut self, event_loop: &EventLoop) -> Written {
        while let (Some((pipe, _)), Some(bytes)) = (&self.pipe, self.waiting.front()) {
            match rustix::io::write(pipe, bytes.get(self.written..).unwrap_or_default()) {
                Ok(length) => {
                    self.written += length;
                    self.waiting_bytes = self.waiting_bytes.saturating_sub(length);
                    if self.written >= bytes.len() {
                        self.waiting.pop_front();
                        self.written = 0;
                    }
                }
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return Written::Some,
                // EPIPE: the command reads no more, which is its own affair.
                Err(_) => {
                    self.close(event_loop);
                    return Written::Closed;
                }
            }
        }
        if !self.is_writer_open {
            self.close(event_loop);
        }
        if std::mem::take(&mut self.is_writer_waiting) {
            Written::Drained
        } else {
            Written::Some
        }
    }

    /// What to wait for: room, if there is something to write. That the other end is closed is told in any case.
    pub(super) fn events(&self) -> EventFlags {
        if self.waiting.is_empty() {
            EventFlags::ONESHOT
        } else {
            EventFlags::OUT | EventFlags::ONESHOT
        }
    }

    /// The descriptor and its place in the event loop, while it is open.
    pub(super) fn pipe(&mut self) -> Option<&mut (OwnedFd, Option<Token>)> {
        self.pipe.as_mut()
    }

    pub(super) fn close(&mut self, event_loop: &EventLoop) {
        self.waiting = VecDeque::new();
        self.waiting_bytes = 0;
        self.is_writer_open = false;
        if let Some((pipe, Some(token))) = self.pipe.take() {
            event_loop.remove(pipe.as_fd(), token);
        }
    }
}
