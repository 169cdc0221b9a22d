//! One of a command's outputs, read by the event loop.

use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};

use rustix::io::Errno;

use super::outbox::Gathered;
use crate::process::event_loop::{EventFlags, EventLoop, Token};

/// What a pipe holds unless it is told otherwise. Most commands write less, and cost no more memory than they write.
const PIPE_SIZE: usize = 64 * 1024;
/// For a command that writes more: fewer and longer turns for both sides.
const LARGE_PIPE_SIZE: usize = 1024 * 1024;
/// Bytes that are read before other commands have their turn.
const TURN: usize = 1024 * 1024;
/// The memory that is asked for at a time, unless there is more than that already: above 32 MiB, the C library has it of the
/// kernel in any case.
const STEP: usize = 64 * LARGE_PIPE_SIZE;
/// Bytes that are handed over before somebody has to read them.
const WINDOW: usize = 256 * 1024;

/// What came of reading.
pub(super) enum Progress {
    /// There will be more.
    Open,
    /// There is more than is gathered; the rest is read and thrown away.
    Full,
    /// All was read.
    Over,
}

/// The reading end of a pipe and what came out of it.
#[derive(Default)]
pub(super) struct Output {
    /// None if there never was one, or all was read.
    pipe: Option<(OwnedFd, Token)>,
    /// None if nothing is gathered.
    gathered: Option<Gathered>,
    limit: usize,
    is_discarding: bool,
    is_large: bool,
    /// Bytes that were handed over and not read yet.
    unread: usize,
    is_paused: bool,
}

impl Output {
    /// Reads what comes out of a pipe: to be gathered up to a limit, or to be handed over if there is none.
    pub(super) fn open(pipe: OwnedFd, token: Token, limit: Option<usize>) -> Self {
        let gathered = limit.map(|_| Gathered {
            bytes: Vec::new(),
            is_ascii: true,
        });
        Self {
            pipe: Some((pipe, token)),
            gathered,
            limit: limit.unwrap_or(usize::MAX),
            ..Self::default()
        }
    }

    /// The events to watch for. Where bytes are handed over, each is asked for, so that a pipe that nobody reads is silent.
    pub(super) fn events(is_streamed: bool) -> EventFlags {
        if is_streamed {
            EventFlags::IN | EventFlags::ONESHOT
        } else {
            EventFlags::IN
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.pipe.is_some()
    }

    /// Reads on, but keeps nothing: the command may still have to write something before it ends.
    pub(super) fn discard(&mut self, event_loop: &EventLoop) {
        self.is_discarding = true;
        if self.is_paused {
            self.rearm(event_loop);
        }
    }

    pub(super) fn close(&mut self, event_loop: &EventLoop) {
        if let Some((pipe, token)) = self.pipe.take() {
            event_loop.remove(pipe.as_fd(), token);
        }
    }

    /// What was gathered so far.
    pub(super) fn gathered(&self) -> &[u8] {
        self.gathered.as_ref().map_or(&[], |gathered| &gathered.bytes)
    }

    pub(super) fn take_gathered(&mut self) -> Option<Gathered> {
        let mut gathered = self.gathered.take();
        // It may live long. Memory at the end of a large block is given back without a copy.
        if let Some(gathered) = gathered.as_mut().filter(|_| self.is_large) {
            gathered.bytes.shrink_to_fit();
        }
        gathered
    }

    /// Takes what there is now.
    pub(super) fn gather(&mut self) -> Progress {
        let mut turn = 0;
        while turn < TURN {
            match self.read_once() {
                Ok(0) => return Progress::Over,
                Ok(length) => {
                    turn += length;
                    if !self.is_discarding && self.gathered_length() > self.limit {
                        self.truncate();
                        return Progress::Full;
                    }
                    if length < PIPE_SIZE {
                        break;
                    }
                    self.enlarge();
                }
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => break,
                // There is no memory for more than this.
                Err(Errno::NOMEM) if !self.is_discarding => {
                    self.is_discarding = true;
                    return Progress::Full;
                }
                // Nothing else can come of a pipe; if it does, nothing more will.
                Err(_) => return Progress::Over,
            }
        }
        Progress::Open
    }

    /// Takes one piece to be handed over; an empty one at the end, `None` if there is nothing now.
    pub(super) fn read_chunk(&mut self) -> Option<Vec<u8>> {
        let (pipe, _) = self.pipe.as_ref()?;
        let mut chunk = Vec::with_capacity(PIPE_SIZE);
        loop {
            match rustix::io::read(pipe, rustix::buffer::spare_capacity(&mut chunk)) {
                Ok(_) => break,
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return None,
                Err(_) => return Some(Vec::new()),
            }
        }
        if self.is_discarding && !chunk.is_empty() {
            return None;
        }
        self.unread += chunk.len();
        // A short piece may wait long for somebody to read it.
        if chunk.len() < PIPE_SIZE / 2 {
            chunk.shrink_to_fit();
        }
        Some(chunk)
    }

    /// Asks for the next piece, unless enough are unread.
    pub(super) fn ask(&mut self, event_loop: &EventLoop) {
        self.is_paused = self.unread >= WINDOW && !self.is_discarding;
        if !self.is_paused {
            self.rearm(event_loop);
        }
    }

    /// So many bytes were read.
    pub(super) fn resume(&mut self, bytes: usize, event_loop: &EventLoop) {
        self.unread = self.unread.saturating_sub(bytes);
        if self.is_paused {
            self.ask(event_loop);
        }
    }

    fn rearm(&mut self, event_loop: &EventLoop) {
        self.is_paused = false;
        if let Some((pipe, token)) = &self.pipe {
            // It is watched for as long as it is open, so that there is nothing that could fail.
            let _ = event_loop.modify(pipe.as_fd(), *token, Self::events(true));
        }
    }

    #[expect(
        clippy::large_stack_arrays,
        reason = "the thread of the event loop has a large stack, and does nothing deep"
    )]
    fn read_once(&mut self) -> Result<usize, Errno> {
        let Some((pipe, _)) = &self.pipe else {
            return Ok(0);
        };
        let gathered = self.gathered.as_mut().filter(|_| !self.is_discarding);
        match gathered {
            Some(gathered) if self.is_large => {
                let start = gathered.bytes.len();
                make_room(&mut gathered.bytes)?;
                let length = rustix::io::read(pipe, rustix::buffer::spare_capacity(&mut gathered.bytes))?;
                gathered.is_ascii &= gathered.bytes.get(start..).is_some_and(<[u8]>::is_ascii);
                Ok(length)
            }
            gathered => {
                let mut scratch = [MaybeUninit::uninit(); PIPE_SIZE];
                let (bytes, _) = rustix::io::read(pipe, &mut scratch)?;
                if let Some(gathered) = gathered {
                    gathered.is_ascii &= bytes.is_ascii();
                    gathered.bytes.reserve_exact(bytes.len());
                    gathered.bytes.extend_from_slice(bytes);
                }
                Ok(bytes.len())
            }
        }
    }

    /// The pipe was full, so that there may be much to come.
    fn enlarge(&mut self) {
        if self.is_large || self.is_discarding {
            return;
        }
        self.is_large = true;
        if let Some((pipe, _)) = &self.pipe {
            // A user may have only so much of it; a pipe of the usual size does as well.
            let _ = rustix::pipe::fcntl_setpipe_size(pipe, LARGE_PIPE_SIZE);
        }
    }

    fn gathered_length(&self) -> usize {
        self.gathered().len()
    }

    fn truncate(&mut self) {
        self.is_discarding = true;
        if let Some(gathered) = &mut self.gathered {
            gathered.bytes.truncate(self.limit);
            gathered.is_ascii = gathered.bytes.is_ascii();
        }
    }
}

/// Sees to it that a large pipe can be emptied at once. Memory that is asked for costs nothing until it is written to; so much of it
/// lies by itself, and grows and shrinks without a copy.
fn make_room(bytes: &mut Vec<u8>) -> Result<(), Errno> {
    if bytes.capacity() - bytes.len() >= LARGE_PIPE_SIZE {
        return Ok(());
    }
    let reserved = bytes.try_reserve_exact(bytes.len().max(STEP));
    reserved
        .or_else(|_| bytes.try_reserve_exact(LARGE_PIPE_SIZE))
        .map_err(|_| Errno::NOMEM)
}
