//! One command that runs: what is known of it, and when it is over.
//!
//! It is over when the process has ended and all that it wrote was read, as Node has it: whoever else holds its pipes is
//! waited for. Where it was told to end, the whole of its group has to be gone, too (`waiting_for_group`). Some time after all
//! of the group was killed, nobody is waited for who only holds its pipes: he has left the group.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::io::Errno;

use super::deadlines::{Deadlines, Due, Key};
use super::input::Input;
use super::live::Live;
use super::outbox::{Ended, Ending, Event, Outbox};
use super::output::Output;
use super::request::{Limits, Request};
use super::waiting_for_group::{GroupWait, Look};
use crate::process::event_loop::EventLoop;
use crate::process::{Child, Exit, ResourceUsage, signal};

const SIGKILL: i32 = 9;

/// How long after SIGKILL a command's pipes may stay open.
const LINGER: Duration = Duration::from_secs(1);

/// What there is to do when a time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    /// It took too long.
    TimeOut,
    /// It was told to end, and has had its time for that.
    ForceKill,
    /// Whoever holds its pipes now is none of its group.
    LetGo,
    /// Its group may have gone.
    LookForGroup,
}

/// A command from its start to its end.
pub(super) struct Run {
    pub(super) id: u32,
    pub(super) limits: Limits,
    pub(super) is_streamed: bool,
    is_text: bool,
    pub(super) is_start_told: bool,
    pub(super) outbox: Arc<Outbox>,
    state: Mutex<State>,
}

pub(super) struct State {
    /// There is no event loop before there is a process.
    pub(super) event_loop: Option<&'static EventLoop>,
    pub(super) deadlines: Option<&'static Deadlines>,
    pub(super) child: Option<Child>,
    /// That of the process, as long as anybody asks; 0 before there is one.
    pub(super) pid: i32,
    pub(super) started: Option<Instant>,
    pub(super) input: Input,
    pub(super) stdout: Output,
    pub(super) stderr: Output,
    pub(super) live_stdout: Live,
    pub(super) live_stderr: Live,
    /// What there is to do, and when.
    tasks: Vec<(Key, Task)>,
    exit: Option<(Exit, ResourceUsage)>,
    pub(super) ending: Ending,
    /// Whether SIGKILL was asked for, which nobody can refuse.
    pub(super) is_killed: bool,
    /// Whether that was so long ago that nobody is waited for who holds its pipes.
    is_let_go: bool,
    group: GroupWait,
    pub(super) is_over: bool,
}

impl Run {
    pub(super) fn new(id: u32, request: &Request, outbox: Arc<Outbox>) -> Arc<Self> {
        Arc::new(Self {
            id,
            limits: request.limits,
            is_streamed: request.is_streamed,
            is_text: request.is_text,
            is_start_told: request.is_start_told,
            outbox,
            state: Mutex::new(State {
                event_loop: None,
                deadlines: None,
                child: None,
                pid: 0,
                started: None,
                input: Input::new(request.is_input_open),
                stdout: Output::default(),
                stderr: Output::default(),
                live_stdout: Live::default(),
                live_stderr: Live::default(),
                tasks: Vec::new(),
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

    pub(super) fn set_deadline(self: &Arc<Self>, state: &mut State, after: Duration, task: Task) {
        // Without a process there are none.
        if let Some(deadlines) = state.deadlines {
            let client = Arc::downgrade(self);
            state.tasks.push((deadlines.set(after, client), task));
        }
    }

    fn kill_locked(self: &Arc<Self>, state: &mut State) {
        state.is_killed = true;
        // They are told once more, and may go soon.
        state.group = GroupWait::default();
        state.take_task(|_, task| task == Task::LookForGroup);
        self.send(state, SIGKILL);
        self.set_deadline(state, LINGER, Task::LetGo);
    }

    fn send(&self, state: &State, number: i32) {
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

    /// Whether the group goes on without its leader, which has ended. If it does, this is asked again in a while.
    fn is_group_alive(self: &Arc<Self>, state: &mut State) -> bool {
        let Some(child) = state.child.clone().filter(|_| self.limits.kill_tree) else {
            return false;
        };
        // Who is never to be forced is not waited for either: it might be for ever.
        if self.limits.force_kill_after.is_none() && !state.is_killed {
            return false;
        }
        if state.tasks.iter().any(|(_, task)| *task == Task::LookForGroup) {
            return true;
        }
        match state.group.look(&child, state.is_killed) {
            Look::Gone => false,
            Look::Ended => {
                // Whoever started while we looked is ended now, at the latest.
                self.send(state, SIGKILL);
                false
            }
            Look::Again(after) => {
                self.set_deadline(state, after, Task::LookForGroup);
                true
            }
        }
    }

    /// Tells what was gathered since the last time, to whoever asks.
    pub(super) fn show_new(&self, state: &mut State) {
        if let Some(bytes) = state.live_stdout.take_new(state.stdout.gathered()) {
            self.outbox.post(Event::Shown(self.id, false, bytes));
        }
        if let Some(bytes) = state.live_stderr.take_new(state.stderr.gathered()) {
            self.outbox.post(Event::Shown(self.id, true, bytes));
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
            for (key, _) in state.tasks.drain(..) {
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
        self.show_new(state);
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

impl Due for Run {
    fn due(self: Arc<Self>, key: Key) {
        let mut state = self.lock();
        match state.take_task(|other, _| other == key) {
            // It was cancelled in the meantime.
            None => return,
            Some(Task::TimeOut) => self.terminate_locked(&mut state, Ending::Timeout, false),
            Some(Task::ForceKill) => self.kill_locked(&mut state),
            Some(Task::LetGo) => state.let_go(),
            // It is done by all that follows.
            Some(Task::LookForGroup) => {}
        }
        self.finish_if_over(&mut state);
    }
}

impl State {
    fn take_task(&mut self, is_it: impl Fn(Key, Task) -> bool) -> Option<Task> {
        let place = self.tasks.iter().position(|(key, task)| is_it(*key, *task))?;
        let (key, task) = self.tasks.swap_remove(place);
        if let Some(deadlines) = self.deadlines {
            deadlines.cancel(key);
        }
        Some(task)
    }

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
