//! The children of one JavaScript thread: `lib/spawn/` has the other side.

use std::collections::HashMap;
use std::os::fd::{AsRawFd, FromRawFd, IntoRawFd, OwnedFd};
use std::sync::{Arc, Mutex, PoisonError};

use napi::bindgen_prelude::{Function, Int32ArraySlice};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Status, check_status, sys};
use napi_derive::napi;
use rustix::net::{AddressFamily, SocketFlags, SocketType};

use super::request::{PIPE, at, command, count, flag, number};
use crate::process::{Child, Command, Errno, Exit, Stdio, reaper, signal, spawn, spawner, uv_handle};

/// Where the descriptors begin in a request of the seam's.
const STDIO: usize = at::COMMON;
/// Where the answer has the pid.
const PID: usize = at::ID;
/// The answer where Node has to do it.
const NOT_UNDERSTOOD: i32 = 1;

/// How a child ended: its id, its code or -1, its signal or 0, and an errno or 0.
type JsExit = [i32; 4];
type Notify = ThreadsafeFunction<(), (), Vec<i32>, Status, false, true>;

/// What waits to be told to the JavaScript thread. The function is weak: it does not keep the thread alive by itself.
struct Exits {
    waiting: Arc<Mutex<Vec<JsExit>>>,
    notify: Notify,
}

impl Exits {
    fn add(&self, exit: JsExit) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push(exit);
        // One call takes all that wait. It fails when the thread is going away, and then nobody is left to be told.
        if waiting.len() == 1 {
            self.notify.call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
    }
}

/// The children of one JavaScript thread.
#[napi(js_name = "Children")]
pub struct JsChildren {
    exits: Arc<Exits>,
    children: HashMap<i32, Child>,
}

#[napi]
impl JsChildren {
    /// `on_exits` is called with the ends of children, four numbers each: id, code or -1, signal or 0, errno or 0.
    ///
    /// # Errors
    /// Those of Node-API.
    #[napi(constructor, catch_unwind)]
    pub fn new(on_exits: Function<Vec<i32>, ()>) -> napi::Result<Self> {
        let waiting: Arc<Mutex<Vec<JsExit>>> = Arc::default();
        let taken = Arc::clone(&waiting);
        let notify = on_exits
            .build_threadsafe_function::<()>()
            .weak::<true>()
            .build_callback(move |_| {
                let mut waiting = taken.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(std::mem::take(&mut *waiting).concat())
            })?;
        Ok(Self {
            exits: Arc::new(Exits { waiting, notify }),
            children: HashMap::new(),
        })
    }

    /// Starts a child. `strings` are the file, the directory, the arguments and the environment, with NUL bytes between them.
    /// `request` describes the rest, and gets the pid and the parent's ends of pipes (or -1). 0, or an errno below 0: there
    /// may be pipes even so, as with libuv. 1 if the strings are not what a system call takes: nothing was done.
    #[napi(catch_unwind)]
    pub fn spawn(&mut self, strings: String, mut request: Int32ArraySlice) -> i32 {
        // SAFETY: JavaScript waits for this call, so that nobody else uses the array's memory.
        let request = unsafe { request.as_mut() };
        let Ok(command) = command(strings, request) else {
            return NOT_UNDERSTOOD;
        };
        match self.try_spawn(command, request) {
            Ok(()) => 0,
            Err(errno) => -errno.raw_os_error(),
        }
    }

    /// Sends a signal to a child. 0, or an errno below 0.
    #[napi(catch_unwind)]
    #[must_use]
    pub fn kill(&self, id: i32, signal: i32) -> i32 {
        self.signal(id, signal, signal::kill)
    }

    /// Sends a signal to the group that a child leads, also after its end. 0, or an errno below 0.
    #[napi(catch_unwind)]
    #[must_use]
    pub fn kill_group(&self, id: i32, signal: i32) -> i32 {
        self.signal(id, signal, signal::kill_group)
    }

    /// Lets the kernel give the number of a child that has ended to another process.
    #[napi(catch_unwind)]
    pub fn release(&self, id: i32) {
        if let Some(child) = self.children.get(&id) {
            child.release();
        }
    }

    /// Forgets a child: it can't be signalled any more.
    #[napi(catch_unwind)]
    pub fn forget(&mut self, id: i32) {
        self.children.remove(&id);
    }

    /// Keeps the thread alive for what is still to be told.
    ///
    /// # Errors
    /// Those of Node-API.
    #[napi(js_name = "ref", catch_unwind)]
    pub fn refer(&self, env: Env) -> napi::Result<()> {
        // SAFETY: the function was made for this environment, in whose thread this is, and lives as long as `self`.
        check_status!(unsafe { sys::napi_ref_threadsafe_function(env.raw(), self.exits.notify.raw()) })
    }

    /// Keeps the thread alive no longer.
    ///
    /// # Errors
    /// Those of Node-API.
    #[napi(catch_unwind)]
    pub fn unref(&self, env: Env) -> napi::Result<()> {
        // SAFETY: as above.
        check_status!(unsafe { sys::napi_unref_threadsafe_function(env.raw(), self.exits.notify.raw()) })
    }

    fn try_spawn(&mut self, command: Command, request: &mut [i32]) -> Result<(), Errno> {
        let id = number(request, at::ID)?;
        let flags = number(request, at::FLAGS)?;
        let end = STDIO + count(request, at::STDIO_COUNT)?;
        let kinds = request.get_mut(STDIO..end).ok_or(Errno::INVAL)?;
        let mut pipes = Vec::with_capacity(kinds.len());
        let stdio = stdio(kinds, &mut pipes)?;
        // Before there is a child that nobody could wait for.
        reaper::start()?;

        let child = if flags & flag::LASTING_THREAD == 0 {
            spawn(&command, &stdio)
        } else {
            spawner::spawn_and_wait(command, stdio)
        };
        let child = child.and_then(|child| self.watch(id, child));
        // The parent's ends are opened whether or not there is a child at the others, as libuv does it.
        for (kind, pipe) in kinds.iter_mut().zip(pipes) {
            *kind = pipe.map_or(-1, |[own, _]| own.into_raw_fd());
        }
        let pid = child?;
        *request.get_mut(PID).ok_or(Errno::INVAL)? = pid;
        Ok(())
    }

    fn watch(&mut self, id: i32, child: Child) -> Result<i32, Errno> {
        let exits = Arc::clone(&self.exits);
        let watched = reaper::watch(&child, move |_, exit, _| {
            exits.add(match exit {
                Exit::Code(code) => [id, code, 0, 0],
                Exit::Signal(signal) => [id, -1, signal, 0],
                Exit::Lost => [id, -1, 0, Errno::CHILD.raw_os_error()],
            });
        });
        if let Err(errno) = watched {
            // Nobody would ever hear of it.
            signal::kill(&child, libc::SIGKILL)?;
            child.wait()?;
            return Err(errno);
        }
        let pid = child.pid();
        self.children.insert(id, child);
        Ok(pid)
    }

    fn signal(&self, id: i32, signal: i32, send: fn(&Child, i32) -> Result<(), Errno>) -> i32 {
        let Some(child) = self.children.get(&id) else {
            return -Errno::SRCH.raw_os_error();
        };
        send(child, signal).map_or_else(|errno| -errno.raw_os_error(), |()| 0)
    }
}

/// Whether handles of libuv can be put back on the list that libuv takes them off too early.
///
/// # Errors
/// Those of Node-API.
#[napi(catch_unwind)]
pub fn can_relink(env: Env) -> napi::Result<bool> {
    let event_loop = env.get_uv_event_loop()?;
    // SAFETY: it is the loop of the thread that this is called in.
    Ok(unsafe { uv_handle::can_relink(event_loop.cast()) })
}

/// Puts the handle of a process that was just told to close back on the list. `lib/spawn/handles.js` has asked `canRelink` before,
/// and calls this at once after `close`, which it calls at once after the spawn that failed.
///
/// # Errors
/// Those of Node-API.
#[napi(catch_unwind)]
pub fn relink_closing_process(env: Env) -> napi::Result<bool> {
    let event_loop = env.get_uv_event_loop()?;
    // SAFETY: it is the loop of the thread that this is called in, and JavaScript has done what is asked of it.
    Ok(unsafe { uv_handle::relink_closing_process(event_loop.cast()) })
}

/// Closes a descriptor that a spawn gave, and that could not be handed on.
#[napi(catch_unwind)]
pub fn close_descriptor(descriptor: i32) {
    if descriptor >= 0 {
        // SAFETY: JavaScript gives back what it got from `spawn` and has not handed to anybody.
        drop(unsafe { OwnedFd::from_raw_fd(descriptor) });
    }
}

/// What is to stand behind each descriptor. Pipes are made, as libuv makes them: both ends block, and the parent's will be
/// changed by whoever opens it. They are marked as none until there is something at the other end.
fn stdio(kinds: &mut [i32], pipes: &mut Vec<Option<[OwnedFd; 2]>>) -> Result<Vec<Stdio>, Errno> {
    let mut stdio = Vec::with_capacity(kinds.len());
    for kind in kinds {
        let pipe = if *kind == PIPE { Some(make_pipe()?) } else { None };
        stdio.push(match &pipe {
            Some([_, theirs]) => Stdio::Pipe(theirs.as_raw_fd()),
            None if *kind < 0 => Stdio::Ignore,
            None => Stdio::Inherit(*kind),
        });
        pipes.push(pipe);
        *kind = -1;
    }
    Ok(stdio)
}

fn make_pipe() -> Result<[OwnedFd; 2], Errno> {
    let (own, theirs) = rustix::net::socketpair(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
    Ok([own, theirs])
}
