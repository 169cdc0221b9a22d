//! Puts a handle of libuv back on the list of its loop.
//!
//! libuv 1.52 takes the handle of a spawn that fails early off the list of its loop at once, and once more when it has been
//! closed. By then its neighbours on the list may be gone, so that this writes to memory that is somebody else's. Here the
//! handle is put back, right after it was told to close: then the second time is right.
//!
//! Nobody outside of Node can get hold of the handle, but libuv links the handles that are to be closed, latest first: a handle
//! of our own that is closed next leads to it.

use std::ffi::{c_int, c_uint, c_void};
use std::mem::{MaybeUninit, transmute};
use std::ptr::{NonNull, addr_of_mut};

use once_cell::sync::OnceCell;

use super::symbol;

/// What all handles begin with. libuv keeps this for all of its first version, since programs hold handles by value.
#[repr(C)]
pub(super) struct Handle {
    pub(super) data: *mut c_void,
    event_loop: *mut c_void,
    kind: c_int,
    close_callback: *mut c_void,
    links: Links,
    of_kind: [*mut c_void; 4],
    next_closing: *mut Handle,
    flags: c_uint,
}

#[repr(C)]
struct Links {
    next: *mut Links,
    previous: *mut Links,
}

const UV_IDLE: c_int = 6;
const UV_PROCESS: c_int = 10;

/// Room for the largest handle there is, several times.
#[repr(C, align(8))]
pub(super) struct Room(MaybeUninit<[u8; ROOM]>);
pub(super) const ROOM: usize = 1024;

impl Room {
    /// Room for a handle, filled with zeroes. It is given back as a box of this type.
    pub(super) fn for_handle() -> *mut Handle {
        Box::into_raw(Box::new(Self(MaybeUninit::zeroed()))).cast()
    }
}

/// The functions of the libuv that this program has.
struct Libuv {
    handle_size: unsafe extern "C" fn(c_int) -> usize,
    idle_init: unsafe extern "C" fn(*mut c_void, *mut Handle) -> c_int,
    close: unsafe extern "C" fn(*mut Handle, unsafe extern "C" fn(*mut Handle)),
}

impl Libuv {
    fn get() -> Option<&'static Self> {
        static LIBUV: OnceCell<Option<Libuv>> = OnceCell::new();
        LIBUV.get_or_init(Self::find).as_ref()
    }

    fn find() -> Option<Self> {
        let [handle_size, idle_init, close] = [c"uv_handle_size", c"uv_idle_init", c"uv_close"].map(symbol::find);
        // SAFETY: these are their types in every libuv of the first version.
        let libuv = unsafe {
            Self {
                handle_size: transmute::<NonNull<c_void>, unsafe extern "C" fn(c_int) -> usize>(handle_size?),
                idle_init: transmute::<NonNull<c_void>, unsafe extern "C" fn(*mut c_void, *mut Handle) -> c_int>(
                    idle_init?,
                ),
                close: transmute::<NonNull<c_void>, unsafe extern "C" fn(*mut Handle, unsafe extern "C" fn(*mut Handle))>(
                    close?,
                ),
            }
        };
        // SAFETY: it only looks at its argument.
        let size = unsafe { (libuv.handle_size)(UV_IDLE) };
        (size_of::<Handle>()..=ROOM).contains(&size).then_some(libuv)
    }

    /// A handle that has just been told to close. It frees itself.
    ///
    /// # Safety
    /// This is the thread of that loop, and the loop is alive.
    unsafe fn closing_handle(&self, event_loop: *mut c_void) -> Option<*mut Handle> {
        let handle = Room::for_handle();
        // SAFETY: there is room for a handle of this kind, which stays where it is until libuv is done with it.
        unsafe {
            if (self.idle_init)(event_loop, handle) != 0 {
                free(handle);
                return None;
            }
            (self.close)(handle, free);
        }
        Some(handle)
    }
}

unsafe extern "C" fn free(handle: *mut Handle) {
    // SAFETY: `closing_handle` made it of a box, and libuv calls back once, with nothing left to do.
    drop(unsafe { Box::from_raw(handle.cast::<Room>()) });
}

/// Whether [`relink_closing_process`] can do its work with this libuv: tried with two handles of our own, which nobody can have
/// taken off the list.
///
/// # Safety
/// This is the thread of that loop, and the loop is alive.
#[must_use]
pub unsafe fn can_relink(event_loop: *mut c_void) -> bool {
    let Some(libuv) = Libuv::get() else { return false };
    // SAFETY: as is asked of the caller. Both handles live until the loop turns, and the fields that are read were set by libuv
    // if they are where they are taken to be; if not, they lie within the room of the handle, and are nothing but compared.
    unsafe {
        let (Some(first), Some(second)) = (libuv.closing_handle(event_loop), libuv.closing_handle(event_loop)) else {
            return false;
        };
        (*first).event_loop == event_loop
            && (*first).kind == UV_IDLE
            && (*second).next_closing == first
            // They came on the list one after the other.
            && (*first).links.next == addr_of_mut!((*second).links)
            && (*second).links.previous == addr_of_mut!((*first).links)
    }
}

/// Puts the handle of a process back on the list of its loop, if it was taken off. To be called right after it was told to
/// close. Whether it is on the list now.
///
/// # Safety
/// This is the thread of that loop, the loop is alive, [`can_relink`] has said that it can be done, and nothing but these two
/// things has been done since the handle was set up: it was taken off the list, and told to close.
#[must_use]
pub unsafe fn relink_closing_process(event_loop: *mut c_void) -> bool {
    let Some(libuv) = Libuv::get() else { return false };
    // SAFETY: as is asked of the caller. What closes stays where it is until the loop turns, and so do the neighbours that a
    // handle had a moment ago.
    unsafe {
        let Some(own) = libuv.closing_handle(event_loop) else {
            return false;
        };
        let process = (*own).next_closing;
        if process.is_null() || (*process).kind != UV_PROCESS || (*process).event_loop != event_loop {
            return false;
        }
        let links = addr_of_mut!((*process).links);
        if (*(*links).previous).next == links && (*(*links).next).previous == links {
            return true;
        }
        let before = addr_of_mut!((*own).links);
        let after = (*before).next;
        (*links).previous = before;
        (*links).next = after;
        (*before).next = links;
        (*after).previous = links;
    }
    true
}
