//! Has the event loop of a thread, which is Node's libuv, watch a descriptor: by a poll handle, and a check handle that is started
//! when the descriptor is ready. So the callback runs after everything else that this turn of the loop has heard of, and before
//! the turn's immediates: where libuv itself tells of signals, and so of the ends of children.

use std::cell::{Cell, RefCell};
use std::ffi::{CStr, c_int, c_void};
use std::mem::transmute;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::ptr::NonNull;

use once_cell::sync::OnceCell;

use super::symbol;
use super::uv_handle::{Handle, ROOM, Room};

const UV_CHECK: c_int = 2;
const UV_POLL: c_int = 8;
const UV_READABLE: c_int = 1;

type Callback = unsafe extern "C" fn(*mut Handle);
type PollCallback = unsafe extern "C" fn(*mut Handle, c_int, c_int);

// The types that these functions have in every libuv of the first version.
type HandleSize = unsafe extern "C" fn(c_int) -> usize;
type PollInit = unsafe extern "C" fn(*mut c_void, *mut Handle, c_int) -> c_int;
type PollStart = unsafe extern "C" fn(*mut Handle, c_int, PollCallback) -> c_int;
type CheckInit = unsafe extern "C" fn(*mut c_void, *mut Handle) -> c_int;
type CheckStart = unsafe extern "C" fn(*mut Handle, Callback) -> c_int;
type CheckStop = unsafe extern "C" fn(*mut Handle) -> c_int;
type Reference = unsafe extern "C" fn(*mut Handle);
type Close = unsafe extern "C" fn(*mut Handle, Callback);

/// The functions of the libuv that this program has.
struct Libuv {
    poll_init: PollInit,
    poll_start: PollStart,
    check_init: CheckInit,
    check_start: CheckStart,
    check_stop: CheckStop,
    reference: Reference,
    unreference: Reference,
    close: Close,
}

/// A function of libuv's, which has this type.
macro_rules! function {
    ($name:literal, $kind:ty) => {{
        let name: &CStr = $name;
        // SAFETY: the types above are those of the functions of these names.
        unsafe { transmute::<NonNull<c_void>, $kind>(symbol::find(name)?) }
    }};
}

impl Libuv {
    fn get() -> Option<&'static Self> {
        static LIBUV: OnceCell<Option<Libuv>> = OnceCell::new();
        LIBUV.get_or_init(Self::find).as_ref()
    }

    fn find() -> Option<Self> {
        let handle_size = function!(c"uv_handle_size", HandleSize);
        for kind in [UV_CHECK, UV_POLL] {
            // SAFETY: it only looks at its argument.
            let size = unsafe { handle_size(kind) };
            if !(size_of::<Handle>()..=ROOM).contains(&size) {
                return None;
            }
        }
        Some(Self {
            poll_init: function!(c"uv_poll_init", PollInit),
            poll_start: function!(c"uv_poll_start", PollStart),
            check_init: function!(c"uv_check_init", CheckInit),
            check_start: function!(c"uv_check_start", CheckStart),
            check_stop: function!(c"uv_check_stop", CheckStop),
            reference: function!(c"uv_ref", Reference),
            unreference: function!(c"uv_unref", Reference),
            close: function!(c"uv_close", Close),
        })
    }
}

/// Both handles, and what is to be done. They lead here by their `data`, and own it until both are closed.
struct Watched {
    libuv: &'static Libuv,
    poll: *mut Handle,
    check: *mut Handle,
    ready: Box<dyn Fn()>,
    open_handles: Cell<u8>,
    on_closed: RefCell<Option<Box<dyn FnOnce()>>>,
}

/// A descriptor that is watched by the loop of this thread. It does not keep the loop alive, unless it is told to.
pub struct Watch(NonNull<Watched>);

impl Watch {
    /// Calls back in each turn of the loop in which the descriptor is readable. `None` if this libuv can't do it.
    ///
    /// # Safety
    /// This is the thread of that loop. The descriptor stays open, and the loop alive, until [`Watch::close`] has called back.
    #[must_use]
    pub unsafe fn start(event_loop: *mut c_void, descriptor: BorrowedFd<'_>, ready: Box<dyn Fn()>) -> Option<Self> {
        let libuv = Libuv::get()?;
        let (poll, check) = (Room::for_handle(), Room::for_handle());
        // SAFETY: as is asked of the caller; there is room for both handles.
        let result = unsafe { (libuv.poll_init)(event_loop, poll, descriptor.as_raw_fd()) };
        if result != 0 {
            // SAFETY: libuv knows neither of the two.
            unsafe {
                free(poll);
                free(check);
            }
            return None;
        }
        let watched = Box::new(Watched {
            libuv,
            poll,
            check,
            ready,
            open_handles: Cell::new(2),
            on_closed: RefCell::default(),
        });
        let watched = NonNull::from(Box::leak(watched));
        // SAFETY: all handles and what they lead to live until they are closed. Neither call can fail for a fresh handle and a
        // descriptor that it was made for.
        unsafe {
            (libuv.check_init)(event_loop, check);
            (*poll).data = watched.as_ptr().cast();
            (*check).data = watched.as_ptr().cast();
            (libuv.unreference)(poll);
            (libuv.unreference)(check);
            (libuv.poll_start)(poll, UV_READABLE, on_readable);
        }
        Some(Self(watched))
    }

    /// Keeps the loop alive, or no longer.
    pub fn keep_alive(&self, is_needed: bool) {
        let watched = self.watched();
        // SAFETY: this is the thread of the loop, since the type can't leave it, and the handle is not closed.
        unsafe {
            if is_needed {
                (watched.libuv.reference)(watched.poll);
            } else {
                (watched.libuv.unreference)(watched.poll);
            }
        }
    }

    /// Watches no more, and calls back in a later turn of the loop when the descriptor may be closed.
    pub fn close(self, on_closed: Box<dyn FnOnce()>) {
        let watched = self.watched();
        *watched.on_closed.borrow_mut() = Some(on_closed);
        // SAFETY: as in `keep_alive`; nobody else closes them, and this is done once.
        unsafe {
            (watched.libuv.close)(watched.poll, on_handle_closed);
            (watched.libuv.close)(watched.check, on_handle_closed);
        }
    }

    fn watched(&self) -> &Watched {
        // SAFETY: it lives until both handles are closed, which takes this value.
        unsafe { self.0.as_ref() }
    }
}

unsafe extern "C" fn on_readable(poll: *mut Handle, _status: c_int, _events: c_int) {
    // SAFETY: `Watch::start` has set this, and it lives as long as its handles are not closed.
    unsafe {
        let watched: *const Watched = (*poll).data.cast();
        ((*watched).libuv.check_start)((*watched).check, on_check);
    }
}

unsafe extern "C" fn on_check(check: *mut Handle) {
    // SAFETY: as above. What is called may have all closed; that is finished in a later turn.
    unsafe {
        let watched: *const Watched = (*check).data.cast();
        ((*watched).libuv.check_stop)(check);
        ((*watched).ready)();
    }
}

unsafe extern "C" fn on_handle_closed(handle: *mut Handle) {
    // SAFETY: each of the two handles comes here once, with nothing left to do; the second one is the end of what both lead to.
    unsafe {
        let watched: *mut Watched = (*handle).data.cast();
        free(handle);
        let open_handles = (*watched).open_handles.get() - 1;
        (*watched).open_handles.set(open_handles);
        if open_handles == 0 {
            let watched = Box::from_raw(watched);
            if let Some(on_closed) = watched.on_closed.take() {
                on_closed();
            }
        }
    }
}

/// # Safety
/// It came of [`Room::for_handle`], and libuv knows it no more.
unsafe fn free(handle: *mut Handle) {
    // SAFETY: as is asked of the caller.
    drop(unsafe { Box::from_raw(handle.cast::<Room>()) });
}
