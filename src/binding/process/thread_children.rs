//! Who the children of a JavaScript thread are, and how that thread hears of their ends: from its own event loop.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::rc::Rc;

use napi::bindgen_prelude::{Function, JsValue};
use napi::{Env, Error, Status, check_status, sys};

use crate::process::ends::{Ended, Ends};
use crate::process::uv_watch::Watch;
use crate::process::{Child, Errno, Exit};

/// The children of this thread. Nothing is left of it when the thread has ended.
pub struct ThreadChildren(Rc<Shared>);

struct Shared {
    env: sys::napi_env,
    event_loop: *mut c_void,
    on_exit: sys::napi_ref,
    watched: RefCell<Option<Watched>>,
    /// Whether what is watched is to keep the thread alive.
    is_needed: Cell<bool>,
    outlive_thread: bool,
    /// Those that may be signalled, by id.
    children: RefCell<HashMap<i32, Child>>,
    /// Those whose ends are to be told, by their numbers in the order of their starts.
    awaited: RefCell<HashMap<u64, Awaited>>,
    next_sequence: Cell<u64>,
}

/// What takes descriptors.
struct Watched {
    ends: Ends,
    watch: Watch,
}

#[derive(Clone, Copy)]
struct Awaited {
    id: i32,
    /// Whether it can be signalled when it has ended, since it leads a group.
    is_kept: bool,
}

impl ThreadChildren {
    /// None yet. See `JsChildren::new`.
    pub fn new(env: Env, on_exit: Function<(i32, i32, i32, i32), ()>, outlive_thread: bool) -> napi::Result<Self> {
        let event_loop = env.get_uv_event_loop()?;
        let mut reference = ptr::null_mut();
        // SAFETY: the function belongs to the call under way.
        check_status!(unsafe { sys::napi_create_reference(env.raw(), on_exit.raw(), 1, &raw mut reference) })?;
        let shared = Rc::new(Shared {
            env: env.raw(),
            event_loop: event_loop.cast(),
            on_exit: reference,
            watched: RefCell::default(),
            is_needed: Cell::new(false),
            outlive_thread,
            children: RefCell::default(),
            awaited: RefCell::default(),
            next_sequence: Cell::new(0),
        });
        let created = Self(shared);
        let started = created.start(env);
        if started.is_err() {
            // SAFETY: it was made above, and nobody will use it any more.
            unsafe { sys::napi_delete_reference(env.raw(), reference) };
        }
        started.map(|()| created)
    }

    /// Has the loop watch for ends until the thread ends.
    fn start(&self, env: Env) -> napi::Result<()> {
        self.open()
            .map_err(|errno| Error::new(Status::GenericFailure, errno.to_string()))?;
        let data = Rc::into_raw(Rc::clone(&self.0));
        // SAFETY: the hook takes back the share that it is given, once.
        let status = unsafe {
            sys::napi_add_async_cleanup_hook(env.raw(), Some(close), data.cast_mut().cast(), ptr::null_mut())
        };
        if status != sys::Status::napi_ok {
            // SAFETY: nobody else has this share.
            drop(unsafe { Rc::from_raw(data) });
            self.let_go();
        }
        check_status!(status)
    }

    /// Has the loop watch, if it does not: before a child is started.
    ///
    /// # Errors
    /// `EMFILE`, `ENFILE`, `ENOMEM`; `ENOSYS` if this libuv can't watch a descriptor.
    pub fn open(&self) -> Result<(), Errno> {
        let mut watched = self.0.watched.borrow_mut();
        if watched.is_some() {
            return Ok(());
        }
        let ends = Ends::new()?;
        let told = Rc::clone(&self.0);
        let tell = move || {
            // A panic must not get into libuv, which is no Rust. Whoever had it has told of it on stderr.
            let _ = catch_unwind(AssertUnwindSafe(|| told.tell()));
        };
        // SAFETY: this is the thread of that loop, which outlives the hook of `start`. The descriptor stays open until the watch is
        // closed, by `let_go` or by the hook.
        let watch = unsafe { Watch::start(self.0.event_loop, ends.descriptor(), Box::new(tell)) };
        let watch = watch.ok_or(Errno::NOSYS)?;
        watch.keep_alive(self.0.is_needed.get());
        *watched = Some(Watched { ends, watch });
        Ok(())
    }

    /// Lets go of the descriptors, as long as no end is awaited.
    pub fn let_go(&self) {
        if !self.0.awaited.borrow().is_empty() {
            return;
        }
        if let Some(Watched { ends, watch }) = self.0.watched.take() {
            watch.close(Box::new(|| {}));
            // libuv polls a descriptor no more as soon as its handle was told to close.
            drop(ends);
        }
    }

    /// A child that was started. `is_kept`: it can be signalled until it is [forgotten](Self::forget), not only until its end.
    pub fn add(&self, id: i32, child: Child, is_kept: bool) -> Result<(), Errno> {
        let sequence = self.0.next_sequence.get();
        let watched = self.0.watched.borrow();
        watched.as_ref().ok_or(Errno::BADF)?.ends.add(sequence, &child)?;
        self.0.next_sequence.set(sequence + 1);
        self.0.awaited.borrow_mut().insert(sequence, Awaited { id, is_kept });
        self.0.children.borrow_mut().insert(id, child);
        Ok(())
    }

    /// One that may be signalled.
    pub fn get(&self, id: i32) -> Option<Child> {
        self.0.children.borrow().get(&id).cloned()
    }

    pub fn forget(&self, id: i32) {
        self.0.children.borrow_mut().remove(&id);
    }

    pub fn keep_alive(&self, is_needed: bool) {
        self.0.is_needed.set(is_needed);
        if let Some(Watched { watch, .. }) = self.0.watched.borrow().as_ref() {
            watch.keep_alive(is_needed);
        }
    }
}

impl Shared {
    /// Tells of all ends there are. As with libuv, all have been waited for when the first is told.
    fn tell(&self) {
        let taken = self.watched.borrow().as_ref().map(|Watched { ends, .. }| ends.take());
        let ended: Vec<_> = taken
            .into_iter()
            .flatten()
            .filter_map(|ended| self.settle(ended))
            .collect();
        for (id, exit) in ended {
            if !self.call(id, exit) {
                // The thread is being ended: nobody is left to be told.
                return;
            }
            // Whoever heard of it has signalled the group that it led, before Linux 6.9 by its number, and may have had it
            // forgotten: then nothing is left of it already.
            if let Some(child) = self.children.borrow().get(&id) {
                child.release();
            }
        }
    }

    fn settle(&self, Ended { sequence, child, exit }: Ended) -> Option<(i32, Exit)> {
        let Awaited { id, is_kept } = self.awaited.borrow_mut().remove(&sequence)?;
        if !is_kept {
            child.release();
            self.children.borrow_mut().remove(&id);
        }
        Some((id, exit))
    }

    /// Whether JavaScript was called, whatever came of it.
    fn call(&self, id: i32, exit: Exit) -> bool {
        let numbers = match exit {
            Exit::Code(code) => [id, code, 0, 0],
            Exit::Signal(signal) => [id, -1, signal, 0],
            Exit::Lost => [id, -1, 0, Errno::CHILD.raw_os_error()],
        };
        let env = self.env;
        let mut scope = ptr::null_mut();
        // SAFETY: the environment is alive until the hook has run that closes the watch, and this is its thread, called by its
        // event loop.
        unsafe {
            if sys::napi_open_handle_scope(env, &raw mut scope) != sys::Status::napi_ok {
                return false;
            }
            let is_called = self.call_in_scope(numbers);
            sys::napi_close_handle_scope(env, scope);
            is_called
        }
    }

    /// # Safety
    /// The environment is alive, this is its thread, and a handle scope is open.
    unsafe fn call_in_scope(&self, numbers: [i32; 4]) -> bool {
        let env = self.env;
        let (mut function, mut receiver, mut result) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
        let mut arguments = [ptr::null_mut(); 4];
        // SAFETY: as is asked of the caller; all results have a place.
        unsafe {
            if sys::napi_get_reference_value(env, self.on_exit, &raw mut function) != sys::Status::napi_ok
                // It is the asynchronous resource of the call: one that nobody else knows.
                || sys::napi_create_object(env, &raw mut receiver) != sys::Status::napi_ok
            {
                return false;
            }
            for (argument, number) in arguments.iter_mut().zip(numbers) {
                if sys::napi_create_int32(env, number, argument) != sys::Status::napi_ok {
                    return false;
                }
            }
            // Next ticks and microtasks run after it, as after any callback of Node's.
            let status = sys::napi_make_callback(
                env,
                ptr::null_mut(),
                receiver,
                function,
                arguments.len(),
                arguments.as_ptr(),
                &raw mut result,
            );
            match status {
                sys::Status::napi_ok => true,
                sys::Status::napi_pending_exception => self.report_exception(),
                _ => false,
            }
        }
    }

    /// Makes what a listener has thrown an uncaught exception. Whether the thread goes on.
    ///
    /// # Safety
    /// As for [`Shared::call_in_scope`].
    unsafe fn report_exception(&self) -> bool {
        let mut exception = ptr::null_mut();
        // SAFETY: as is asked of the caller.
        unsafe {
            sys::napi_get_and_clear_last_exception(self.env, &raw mut exception) == sys::Status::napi_ok
                && sys::napi_fatal_exception(self.env, exception) == sys::Status::napi_ok
        }
    }
}

/// The thread ends.
unsafe extern "C" fn close(hook: sys::napi_async_cleanup_hook_handle, data: *mut c_void) {
    // SAFETY: `ThreadChildren::new` has given this share away, and the hook runs once.
    let shared = unsafe { Rc::from_raw(data.cast::<Shared>()) };
    let remove = move || {
        // SAFETY: Node waits for this, once.
        unsafe {
            sys::napi_remove_async_cleanup_hook(hook);
        }
    };
    match shared.watched.take() {
        Some(Watched { ends, watch }) => {
            if shared.outlive_thread {
                ends.hand_over();
            }
            watch.close(Box::new(remove));
        }
        None => remove(),
    }
}
