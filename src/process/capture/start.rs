//! Starting a command, on the spawner's thread.

use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};
use std::sync::Arc;
use std::time::Instant;

use rustix::io::Errno;
use rustix::pipe::{PipeFlags, pipe_with};

use super::deadlines::Deadlines;
use super::outbox::{Ending, Event};
use super::output::Output;
use super::pipes::{Pipe, Watch};
use super::request::{Request, Stream};
use super::run::{Run, State, Task};
use crate::process::event_loop::EventLoop;
use crate::process::{Mechanism, Stdio, mechanism, reaper, signal, spawn, take_back_announcement};

const SIGKILL: i32 = 9;

/// Starts the command, unless it was cancelled in the meantime.
pub(super) fn launch(run: &Arc<Run>, request: Request) {
    if run.lock().ending != Ending::Own {
        run.failed(None);
    } else if let Err(errno) = try_launch(run, request) {
        run.failed(Some(errno));
    }
}

fn try_launch(run: &Arc<Run>, mut request: Request) -> Result<(), Errno> {
    // Whatever could fail comes first: a process that nobody can wait for must not be started.
    let event_loop = EventLoop::shared()?;
    let deadlines = Deadlines::shared()?;
    let mut pipes = Pipes::open(&request.stdio)?;
    request.command.has_own_group |= request.limits.kill_tree;
    request.command.announced_to = request.announced_to.as_ref().map(AsRawFd::as_raw_fd);
    if !request.limits.is_detached && mechanism() == Mechanism::Clone {
        // Only `clone` can do this. The thread lives as long as the process.
        request.command.parent_death_signal = Some(SIGKILL);
    }
    // Not under the lock: JavaScript must not wait for this.
    let started = Instant::now();
    let child = spawn(&request.command, &pipes.stdio)?;
    pipes.theirs.clear();
    let mut state = run.lock();
    state.event_loop = Some(event_loop);
    state.deadlines = Some(deadlines);
    // The only one on this thread, which may come to its end later than the command does.
    state.pid = child.pid();
    state.child = Some(child);
    state.started = Some(started);
    if let Err(errno) = connect(run, &mut state, pipes, &mut request, event_loop) {
        give_up(&mut state, event_loop, request.command.announced_to);
        return Err(errno);
    }
    if run.is_start_told {
        // The event loop tells nothing before this: it waits for the lock.
        run.outbox.post(Event::Started(run.id, state.pid));
    }
    if let Some(timeout) = request.limits.timeout {
        run.set_deadline(&mut state, timeout, Task::TimeOut);
    }
    if state.ending != Ending::Own {
        run.signal_locked(&mut state);
    }
    run.write_locked(&mut state);
    Ok(())
}

/// Has the event loop watch the process and its pipes.
fn connect(
    run: &Arc<Run>,
    state: &mut State,
    pipes: Pipes,
    request: &mut Request,
    event_loop: &EventLoop,
) -> Result<(), Errno> {
    let watch = |pipe| {
        Arc::new(Watch {
            run: Arc::clone(run),
            pipe,
        })
    };
    let limit = request.limits.max_buffer;
    if let Some(pipe) = pipes.stdout {
        let events = Output::events(request.is_streamed);
        let token = event_loop.add(pipe.as_fd(), events, watch(Pipe::Stdout))?;
        state.stdout = Output::open(pipe, token, (!request.is_streamed).then_some(limit));
    }
    if let Some(pipe) = pipes.stderr {
        let token = event_loop.add(pipe.as_fd(), Output::events(false), watch(Pipe::Stderr))?;
        state.stderr = Output::open(pipe, token, Some(limit));
    }
    if let Some(pipe) = pipes.stdin {
        // What was written before there was a process waits already.
        let early = std::mem::take(&mut state.input);
        state.input = early.connect(pipe, std::mem::take(&mut request.input));
        // Most inputs fit into the pipe, and are not waited for.
        run.write_locked(state);
        let events = state.input.events();
        if let Some((pipe, token)) = state.input.pipe() {
            *token = Some(event_loop.add(pipe.as_fd(), events, watch(Pipe::Stdin))?);
        }
    }
    let own = Arc::clone(run);
    let child = state.child.as_ref().ok_or(Errno::CHILD)?;
    reaper::watch(child, move |child, exit, usage| {
        // The run has one of its own, which has to be the last: it goes before its end is told.
        drop(child);
        own.exited(exit, usage);
    })
}

/// Nobody could be told of the process, so there must be none.
fn give_up(state: &mut State, event_loop: &EventLoop, announced_to: Option<RawFd>) {
    state.stdout.close(event_loop);
    state.stderr.close(event_loop);
    state.input.close(event_loop);
    state.pid = 0;
    if let Some(child) = state.child.take() {
        // It is a child of ours that was not waited for: there is nothing that could fail.
        let _ = signal::kill_group(&child, SIGKILL);
        let _ = child.wait();
        take_back_announcement(announced_to, child.pid());
    }
}

/// The pipes of a command.
#[derive(Default)]
struct Pipes {
    /// As the child is to have them.
    stdio: Vec<Stdio>,
    /// The child's ends, which this process closes as soon as the child has them.
    theirs: Vec<OwnedFd>,
    stdin: Option<OwnedFd>,
    stdout: Option<OwnedFd>,
    stderr: Option<OwnedFd>,
}

impl Pipes {
    fn open(streams: &[Stream]) -> Result<Self, Errno> {
        let mut pipes = Self::default();
        for (descriptor, stream) in streams.iter().enumerate() {
            let stdio = match *stream {
                Stream::Ignore => Stdio::Ignore,
                Stream::Inherit(descriptor) => Stdio::Inherit(descriptor),
                Stream::Pipe => Stdio::Pipe(pipes.open_one(descriptor)?),
            };
            pipes.stdio.push(stdio);
        }
        Ok(pipes)
    }

    /// Gives the child's end.
    fn open_one(&mut self, descriptor: usize) -> Result<i32, Errno> {
        let (reader, writer) = pipe_with(PipeFlags::CLOEXEC)?;
        let (ours, theirs, place) = match descriptor {
            0 => (writer, reader, &mut self.stdin),
            1 => (reader, writer, &mut self.stdout),
            2 => (reader, writer, &mut self.stderr),
            _ => return Err(Errno::INVAL),
        };
        rustix::io::ioctl_fionbio(&ours, true)?;
        *place = Some(ours);
        let number = theirs.as_raw_fd();
        self.theirs.push(theirs);
        Ok(number)
    }
}
