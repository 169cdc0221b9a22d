//! The children of one JavaScript thread: `lib/spawn/` has the other side.

use std::os::fd::{AsRawFd, IntoRawFd, OwnedFd};

use napi::Env;
use napi::bindgen_prelude::{Array, FromNapiValue, Function, Int32ArraySlice, JsObjectValue, JsValue, Object, Unknown};
use napi_derive::napi;
use rustix::net::{AddressFamily, SocketFlags, SocketType};

use super::request::{PIPE, at, command, count, flag, number};
use super::thread_children::ThreadChildren;
use crate::process::{
    Child, Command, Errno, Stdio, node_handle, signal, spawn, spawner, take_back_announcement, uv_handle,
};

/// Where the descriptors begin in a request of the seam's.
const STDIO: usize = at::COMMON;
/// Where the answer has the pid, or 0 if there is no child.
const PID: usize = at::ID;
/// The answer where Node has to do it.
const NOT_UNDERSTOOD: i32 = 1;

/// The children of one JavaScript thread.
#[napi(js_name = "Children")]
pub struct JsChildren {
    thread: ThreadChildren,
}

/// The parent's ends of pipes, in the order of the descriptors.
type Pipes = Vec<OwnedFd>;

#[napi]
impl JsChildren {
    /// `on_exit` is called with the end of each child: id, code or -1, signal or 0, errno or 0. `outlive_thread`: whether
    /// somebody has to wait for children that live when the thread ends.
    ///
    /// # Errors
    /// Those of Node-API; if there are too many descriptors; if this libuv can't watch any.
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env, on_exit: Function<(i32, i32, i32, i32), ()>, outlive_thread: bool) -> napi::Result<Self> {
        ThreadChildren::new(env, on_exit, outlive_thread).map(|thread| Self { thread })
    }

    /// Starts a child. `strings` are the file, the directory, the arguments and the environment, with NUL bytes between them.
    /// `request` describes the rest, and gets the pid, or 0. `handles` are those that are to open the parent's ends of the pipes; that
    /// is done here, since the thread may be ended in between, and nobody would close them. 0, or an errno below 0: the pipes
    /// are open even so, as with libuv. 1 if Node has to do it, and nothing was done.
    ///
    /// It does not fail once there is a child: nobody would know of it.
    #[napi(catch_unwind)]
    #[must_use]
    pub fn spawn(&self, strings: String, mut request: Int32ArraySlice, handles: Array) -> i32 {
        // SAFETY: JavaScript waits for this call, and the slice is done with when handles are called.
        let request = unsafe { request.as_mut() };
        let Ok(command) = command(strings, request) else {
            return NOT_UNDERSTOOD;
        };
        let mut pipes = Pipes::new();
        let result = match self.try_spawn(command, request, &mut pipes) {
            Ok(()) => 0,
            // Node's children take fewer descriptors. It may need those that are held here.
            Err(Errno::MFILE | Errno::NFILE) => {
                self.thread.let_go();
                return NOT_UNDERSTOOD;
            }
            Err(errno) => -errno.raw_os_error(),
        };
        let mut error = 0;
        for (index, pipe) in (0..).zip(pipes) {
            // None of Node's handles throws, unless the program has recursed too deep.
            let opened = open(&handles, index, pipe).unwrap_or_else(|_| -Errno::NOMEM.raw_os_error());
            if error == 0 {
                error = opened;
            }
        }
        if error == 0 { result } else { error }
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

    /// Forgets a child: it can't be signalled any more.
    #[napi(catch_unwind)]
    pub fn forget(&self, id: i32) {
        self.thread.forget(id);
    }

    /// Whether to keep the thread alive for what is still to be told.
    #[napi(catch_unwind)]
    pub fn keep_alive(&self, is_needed: bool) {
        self.thread.keep_alive(is_needed);
    }

    fn try_spawn(&self, command: Command, request: &mut [i32], own: &mut Pipes) -> Result<(), Errno> {
        self.thread.open()?;
        let id = number(request, at::ID)?;
        *request.get_mut(PID).ok_or(Errno::INVAL)? = 0;
        let flags = number(request, at::FLAGS)?;
        let end = STDIO + count(request, at::STDIO_COUNT)?;
        let kinds = request.get(STDIO..end).ok_or(Errno::INVAL)?;
        // The child's ends are closed when it has them.
        let mut theirs = Pipes::new();
        let stdio = stdio(kinds, own, &mut theirs)?;
        let is_kept = command.has_own_group;
        let announced_to = command.announced_to;
        let child = if flags & flag::LASTING_THREAD == 0 {
            spawn(&command, &stdio)
        } else {
            spawner::spawn_and_wait(command, stdio)
        }?;
        let pid = child.pid();
        if let Err(errno) = self.thread.add(id, child.clone(), is_kept) {
            // Nobody would ever hear of it. It may have started others by now.
            signal::kill_group(&child, libc::SIGKILL)?;
            child.wait()?;
            take_back_announcement(announced_to, pid);
            return Err(errno);
        }
        *request.get_mut(PID).ok_or(Errno::INVAL)? = pid;
        Ok(())
    }

    fn signal(&self, id: i32, signal: i32, send: fn(&Child, i32) -> Result<(), Errno>) -> i32 {
        let Some(child) = self.thread.get(id) else {
            return -Errno::SRCH.raw_os_error();
        };
        send(&child, signal).map_or_else(|errno| -errno.raw_os_error(), |()| 0)
    }
}

/// Hands a descriptor to a handle of Node's. 0, or the errno below 0 with which that refused it.
fn open(handles: &Array, index: u32, descriptor: OwnedFd) -> napi::Result<i32> {
    let Some(handle) = handles.get::<Object>(index)? else {
        return Ok(-Errno::INVAL.raw_os_error());
    };
    let open: Function<i32, Unknown> = handle.get_named_property("open")?;
    let result = open.apply(handle, descriptor.as_raw_fd())?;
    let value = result.value();
    // SAFETY: the value belongs to the call under way. Nothing is run for this, so that it can't fail if the thread is being
    // ended, when the handle has the descriptor already.
    let errno = unsafe { i32::from_napi_value(value.env, value.value) }.map_or(0, |errno| errno.min(0));
    if errno == 0 {
        // It is the handle's now.
        let _ = descriptor.into_raw_fd();
    }
    Ok(errno)
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

/// Puts the handle of a child that was just told to close back on the list, and learns from it where such handles lie: whether
/// `relinkProcess` can do its work. `lib/spawn/handles.js` has asked `canRelink` before, and calls this at once after `close`, which
/// it calls at once after the spawn that failed.
///
/// # Errors
/// Those of Node-API.
#[napi(catch_unwind)]
pub fn learn_process(env: Env, handle: Object) -> napi::Result<bool> {
    let event_loop = env.get_uv_event_loop()?;
    // SAFETY: it is the loop of the thread that this is called in, and JavaScript has done what is asked of it.
    Ok(unsafe { node_handle::learn(event_loop.cast(), handle.raw().cast()) })
}

/// Puts the handle of a child back on the list. `lib/spawn/handles.js` has asked `learnProcess` before, and calls this at once after
/// the spawn that failed.
///
/// # Errors
/// Those of Node-API.
#[napi(catch_unwind)]
pub fn relink_process(env: Env, handle: Object) -> napi::Result<bool> {
    let event_loop = env.get_uv_event_loop()?;
    // SAFETY: as above; the object is of the same class as the one that was learned from.
    Ok(unsafe { node_handle::relink(event_loop.cast(), handle.raw().cast()) })
}

/// What is to stand behind each descriptor. Pipes are made, as libuv makes them: both ends block, and the parent's will be
/// changed by whoever opens it.
fn stdio(kinds: &[i32], own: &mut Pipes, theirs: &mut Pipes) -> Result<Vec<Stdio>, Errno> {
    let mut stdio = Vec::with_capacity(kinds.len());
    for kind in kinds {
        stdio.push(match *kind {
            PIPE => {
                let flags = SocketFlags::CLOEXEC;
                let (ours, other) = rustix::net::socketpair(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
                let pipe = Stdio::Pipe(other.as_raw_fd());
                own.push(ours);
                theirs.push(other);
                pipe
            }
            kind if kind < 0 => Stdio::Ignore,
            descriptor => Stdio::Inherit(descriptor),
        });
    }
    Ok(stdio)
}
