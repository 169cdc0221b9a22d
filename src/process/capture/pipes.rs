//! What a run does with its pipes, when JavaScript or the event loop says so.

use std::os::fd::AsFd;
use std::sync::Arc;

use super::input::Written;
use super::outbox::{Ending, Event};
use super::output::Progress;
use super::run::{Run, State};
use crate::process::event_loop::{EventFlags, Handler, Watching};

/// Which of a command's pipes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pipe {
    Stdin,
    Stdout,
    Stderr,
}

/// What the event loop calls for one of a command's pipes.
pub(super) struct Watch {
    pub(super) run: Arc<Run>,
    pub(super) pipe: Pipe,
}

impl Handler for Watch {
    fn ready(&self, events: EventFlags) -> Watching {
        let mut state = self.run.lock();
        match self.pipe {
            Pipe::Stdin => self.run.feed(&mut state, events),
            Pipe::Stdout if self.run.is_streamed => self.run.hand_over(&mut state),
            pipe => self.run.gather(&mut state, pipe),
        }
        // Whatever is over was removed.
        Watching::On
    }
}

impl Run {
    /// More input; says whether there is room for more.
    pub(super) fn write(&self, bytes: Vec<u8>) -> bool {
        let mut state = self.lock();
        let may_go_on = state.input.push(bytes);
        self.write_locked(&mut state);
        may_go_on
    }

    /// No more input.
    pub(super) fn end_input(&self) {
        let mut state = self.lock();
        state.input.end();
        self.write_locked(&mut state);
    }

    /// So much of its output was read.
    pub(super) fn resume(&self, bytes: usize) {
        let mut state = self.lock();
        if let Some(event_loop) = state.event_loop {
            state.stdout.resume(bytes, event_loop);
        }
    }

    /// Shows what an output has written so far, and from now on. After the command's end there is nothing left to show: all of it was
    /// told.
    pub(super) fn show(&self, is_stderr: bool) {
        let mut state = self.lock();
        if is_stderr {
            state.live_stderr.start();
        } else {
            state.live_stdout.start();
        }
        self.show_new(&mut state);
    }

    /// Writes what there is to write, and waits for room if need be. Does nothing before there is a process.
    pub(super) fn write_locked(&self, state: &mut State) {
        let Some(event_loop) = state.event_loop else {
            return;
        };
        if !state.input.is_open() {
            return;
        }
        match state.input.write(event_loop) {
            Written::Some => {}
            Written::Drained => self.outbox.post(Event::Drained(self.id)),
            Written::Closed => self.outbox.post(Event::InputClosed(self.id)),
        }
        let events = state.input.events();
        if let Some((pipe, Some(token))) = state.input.pipe() {
            // It is watched for as long as it is open, so that there is nothing that could fail.
            let _ = event_loop.modify(pipe.as_fd(), *token, events);
        }
    }

    /// The command's end of its input has room, or is closed.
    fn feed(&self, state: &mut State, events: EventFlags) {
        let Some(event_loop) = state.event_loop else {
            return;
        };
        if events.contains(EventFlags::ERR) {
            // Somebody else may have closed it in the meantime, and then there is nothing more to tell.
            if state.input.is_open() {
                state.input.close(event_loop);
                self.outbox.post(Event::InputClosed(self.id));
            }
        } else {
            self.write_locked(state);
        }
    }

    fn gather(self: &Arc<Self>, state: &mut State, pipe: Pipe) {
        let Some(event_loop) = state.event_loop else {
            return;
        };
        let (output, full) = match pipe {
            Pipe::Stdout => (&mut state.stdout, Ending::StdoutFull),
            Pipe::Stderr | Pipe::Stdin => (&mut state.stderr, Ending::StderrFull),
        };
        let progress = output.gather();
        self.show_new(state);
        let output = match pipe {
            Pipe::Stdout => &mut state.stdout,
            Pipe::Stderr | Pipe::Stdin => &mut state.stderr,
        };
        match progress {
            Progress::Open => {}
            Progress::Full => self.terminate_locked(state, full, false),
            Progress::Over => {
                output.close(event_loop);
                self.finish_if_over(state);
            }
        }
    }

    fn hand_over(self: &Arc<Self>, state: &mut State) {
        let Some(event_loop) = state.event_loop else {
            return;
        };
        match state.stdout.read_chunk() {
            Some(chunk) if chunk.is_empty() => {
                state.stdout.close(event_loop);
                self.finish_if_over(state);
            }
            Some(chunk) => {
                self.outbox.post(Event::Chunk(self.id, chunk));
                state.stdout.ask(event_loop);
            }
            None => state.stdout.ask(event_loop),
        }
    }
}
