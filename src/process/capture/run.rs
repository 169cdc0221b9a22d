//! One command that runs: what is known of it, and when it is over.
//!
//! It is over when the process has ended and all that it wrote was read, as Node has it: whoever else holds its pipes is
//! waited for. Where it was told to end, the whole of its group has to be gone, too (`waiting_for_group`). Some time after all
//! of the group was killed, nobody is waited for who only holds its pipes: he has left the group.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::io::Errno;

use super::deadlines::{Deadlines, Key, Task};
use super::input::Input;
use super::outbox::{Ended, Ending, Event, Outbox};
use super::output::Output;
use super::request::{Limits, Request};
use super::waiting_for_group::GroupWait;
use crate::process::event_loop::EventLoop;
use crate::process::{Child, Exit, ResourceUsage, signal};

const SIGKILL: i32 = 9;

/// How long after SIGKILL a command's pipes may stay open.
const LINGER: Duration = Duration::from_secs(1);

/// A command from its start to its end.
pub(super) struct Run {
    pub(super) id: u32,
    pub(super) limits: Limits,
    pub(super) is_streamed: bool,
    is_text: bool,
    pub(super) outbox: Arc<Outbox>,
    state: Mutex<State>,
}

pub(super) struct State {
    /// There is no event loop before there is a process.
    pub(super) event_loop: Option<&'static EventLoop>,
    pub(super) deadlines: Option<&'static Deadlines>,
    pub(super) child: Option<Child>,
    pub(super) started: Option<Instant>,
    pub(super) input: Input,
    pub(super) stdout: Output,
    pub(super) stderr: Output,
    pub(super) keys: Vec<Key>,
    exit: Option<(Exit, ResourceUsage)>,
    pub(super) ending: Ending,
    /// Whether SIGKILL was asked for, which nobody can refuse.
    pub(super) is_killed: bool,
    /// Whether that was so long ago that nobody is waited for who holds its pipes.
    is_let_go: bool,
    pub(super) group: GroupWait,
    pub(super) is_over: bool,
}

impl Run {
    pub(super) fn new(id: u32, request: &Request, outbox: Arc<Outbox>) -> Arc<Self> {
        Arc::new(Self {
            id,
            limits: request.limits,
            is_streamed: request.is_streamed,
            is_text: request.is_text,
            outbox,
            state: Mutex::new(State {
                event_loop: None,
                deadlines: None,
                child: None,
                started: None,
                input: Input::new(request.is_input_open),
                stdout: Output::default(),
                stderr: Output::default(),
                keys: Vec::new(),
                exit: None,
                ending: Ending::Own,
                is_killed: false,
                is_let_go: false,
                group: GroupWait::default(),
                is_over: false,
            }),
        })
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the command to end, or kills it.
    pub(super) fn terminate(self: &Arc<Self>, ending: Ending, is_forced: bool) {
        self.terminate_locked(&mut self.lock(), ending, is_forced);
    }

    pub(super) fn terminate_locked(self: &Arc<Self>, state: &mut State, ending: Ending, is_forced: bool) {
        if state.is_over || (state.ending != Ending::Own && !is_forced) {
            return;
        }
        if state.ending == Ending::Own {
            state.ending = ending;
        }
        state.is_killed |= is_forced;
        self.signal_locked(state);
    }

    /// Sends the signal that its state asks for. One that is not started yet gets it when it is.
    pub(super) fn signal_locked(self: &Arc<Self>, state: &mut State) {
        if state.child.is_none() {
            return;
        }
        if self.is_streamed
            && let Some(event_loop) = state.event_loop
        {
            state.stdout.discard(event_loop);
        }
        if state.is_killed || self.limits.kill_signal == SIGKILL {
            self.kill_locked(state);
        } else {
            self.send(state, self.limits.kill_signal);
            if let Some(after) = self.limits.force_kill_after {
                self.set_deadline(state, after, Task::ForceKill);
            }
        }
        self.finish_if_over(state);
    }

    /// The session is gone, and with it everybody who could be told.
    pub(super) fn abandon(self: &Arc<Self>) {
        if !self.limits.is_detached {
            self.terminate(Ending::Canceled, true);
        }
    }

    /// A deadline has come.
    pub(super) fn perform(self: &Arc<Self>, task: Task, key: Key) {
        let mut state = self.lock();
        if state.is_over {
            return;
        }
        state.keys.retain(|other| *other != key);
        match task {
            Task::TimeOut => self.terminate_locked(&mut state, Ending::Timeout, false),
            Task::ForceKill => self.kill_locked(&mut state),
            Task::LetGo => state.let_go(),
            Task::LookForGroup => state.group.look_again(key),
        }
        self.finish_if_over(&mut state);
    }

    /// The process has ended.
    pub(super) fn exited(self: &Arc<Self>, exit: Exit, usage: ResourceUsage) {
        let mut state = self.lock();
        state.exit = Some((exit, usage));
        self.finish_if_over(&mut state);
    }

    /// There is no process, and there will be none.
    pub(super) fn failed(&self, errno: Option<Errno>) {
        let mut state = self.lock();
        self.finish(&mut state, errno);
    }

    /// Gives what to know it by.
    pub(super) fn set_deadline(self: &Arc<Self>, state: &mut State, after: Duration, task: Task) -> Option<Key> {
        let key = state.deadlines?.set(after, self, task);
        state.keys.push(key);
        Some(key)
    }

    fn kill_locked(self: &Arc<Self>, state: &mut State) {
        state.is_killed = true;
        state.group.begin_anew();
        self.send(state, SIGKILL);
        self.set_deadline(state, LINGER, Task::LetGo);
    }

    pub(super) fn send(&self, state: &State, number: i32) {
        let Some(child) = &state.child else {
            return;
        };
        let sent = if self.limits.kill_tree {
            signal::kill_group(child, number)
        } else {
            signal::kill(child, number)
        };
        match sent {
            // It has gone by itself.
            Ok(()) | Err(Errno::SRCH) => {}
            // It has become somebody who is none of our business, and is waited for.
            Err(errno) => self.outbox.post(Event::KillFailed(self.id, errno)),
        }
    }

    pub(super) fn finish_if_over(self: &Arc<Self>, state: &mut State) {
        if state.exit.is_some() && state.ending != Ending::Own && !self.limits.kill_tree && !state.is_let_go {
            // Whoever else holds its pipes was not told to end, and is not waited for.
            state.let_go();
        }
        let is_process_over = state.exit.is_some() && !state.stdout.is_open() && !state.stderr.is_open();
        if state.is_over || !is_process_over {
            return;
        }
        if state.ending == Ending::Own || !self.is_group_alive(state) {
            self.finish(state, None);
        }
    }

    fn finish(&self, state: &mut State, errno: Option<Errno>) {
        if state.is_over {
            return;
        }
        state.is_over = true;
        state.close_outputs();
        if let Some(event_loop) = state.event_loop {
            state.input.close(event_loop);
        }
        if let Some(deadlines) = state.deadlines {
            for key in state.keys.drain(..) {
                deadlines.cancel(key);
            }
        }
        let mut pid = 0;
        if let Some(child) = state.child.take() {
            if errno.is_none() {
                pid = child.pid();
            }
            // Whoever hears of the end must find neither a zombie nor a descriptor: this is the last holder.
            child.release();
        }
        self.outbox.post(Event::Ended(
            self.id,
            Box::new(Ended {
                errno,
                pid,
                exit: state.exit,
                ending: state.ending,
                is_text: self.is_text,
                stdout: state.stdout.take_gathered(),
                stderr: state.stderr.take_gathered(),
                duration: state.started.map(|started| started.elapsed()).unwrap_or_default(),
            }),
        ));
    }
}

impl State {
    /// Waits for nobody but the process: what there is now is all that there will be.
    fn let_go(&mut self) {
        self.is_let_go = true;
        // A turn takes as much as a pipe holds. What came of it does not matter any more.
        let _ = (self.stdout.gather(), self.stderr.gather());
        self.close_outputs();
    }

    fn close_outputs(&mut self) {
        if let Some(event_loop) = self.event_loop {
            self.stdout.close(event_loop);
            self.stderr.close(event_loop);
        }
    }
}
