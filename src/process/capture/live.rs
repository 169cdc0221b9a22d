//! What a command writes, shown as it comes to whoever wants to see it. It is gathered all the same, so that it can be shown from its
//! beginning, whenever that is asked for; and there is no more of it than is gathered.

use std::sync::Arc;

use super::outbox::Event;
use super::pipes::Pipe;
use super::run::{Run, State};

/// How many of an output's bytes were shown; `None` where nobody has asked.
#[derive(Default)]
pub(super) struct Live {
    stdout: Option<usize>,
    stderr: Option<usize>,
}

impl Run {
    /// Shows what an output has written so far, and from now on. After the command's end there is nothing left to show: all of it was
    /// told.
    pub(super) fn show(self: &Arc<Self>, pipe: Pipe) {
        let mut state = self.lock();
        state.live.shown(pipe).get_or_insert(0);
        self.show_new(&mut state);
    }

    /// Shows what was gathered since the last time.
    pub(super) fn show_new(&self, state: &mut State) {
        for pipe in [Pipe::Stdout, Pipe::Stderr] {
            if let Some(bytes) = state.take_new(pipe) {
                self.outbox.post(Event::Shown(self.id, pipe == Pipe::Stderr, bytes));
            }
        }
    }
}

impl State {
    fn take_new(&mut self, pipe: Pipe) -> Option<Vec<u8>> {
        let shown = self.live.shown(pipe).as_mut()?;
        let output = if pipe == Pipe::Stderr {
            &self.stderr
        } else {
            &self.stdout
        };
        let new = output.gathered().get(*shown..).filter(|bytes| !bytes.is_empty())?;
        *shown += new.len();
        Some(new.to_vec())
    }
}

impl Live {
    fn shown(&mut self, pipe: Pipe) -> &mut Option<usize> {
        if pipe == Pipe::Stderr {
            &mut self.stderr
        } else {
            &mut self.stdout
        }
    }
}
