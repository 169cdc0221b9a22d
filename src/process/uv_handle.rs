//! Puts a handle of libuv back on the list of its loop.
//!
//! libuv 1.52 takes the handle of a spawn that fails early off the list of its loop at once, and once more when it has been
//! closed. By then its neighbours on the list may be gone, so that this writes to memory that is somebody else's. Here the
//! handle is put back, right after the spawn: then the second time is right, and until then it is a handle as any other.
//!
//! Nobody outside of Node can get hold of the handle of a child. But libuv links the handles that are to be closed, latest first: a
//! handle of our own that is closed next leads to one that was closed for this purpose, and that one to the others (`node_handle.rs`).

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

#[derive(Clone, Copy)]
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

/// Whether handles are as they are taken to be here, with this libuv: tried with two handles of our own, which nobody can have
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

/// The handle of a process that was told to close just now, back on the list if it was taken off.
///
/// # Safety
/// This is the thread of that loop, the loop is alive, [`can_relink`] has said that handles are as they are taken to be, and nothing
/// but these two things has been done since the handle was set up: it was taken off the list, and told to close.
#[must_use]
pub(super) unsafe fn find_closing_process(event_loop: *mut c_void) -> Option<*mut Handle> {
    // SAFETY: as is asked of the caller. What closes stays where it is until the loop turns, and so do the neighbours that a
    // handle had a moment ago.
    unsafe {
        let own = Libuv::get()?.closing_handle(event_loop)?;
        let process = (*own).next_closing;
        if process.is_null() || !is_process(process, event_loop) {
            return None;
        }
        let links = addr_of_mut!((*process).links);
        if !is_between_neighbours(links) {
            // Ours has come on the list in the meantime: in the place that was the process's.
            let before = addr_of_mut!((*own).links);
            insert(links, before, (*before).next);
        }
        Some(process)
    }
}

/// Puts the handle of a process back on the list of its loop, if it was taken off. Whether it is on the list now.
///
/// # Safety
/// This is the thread of that loop, the loop is alive, [`can_relink`] has said that handles are as they are taken to be, and nothing
/// but this has been done since the handle was set up: it was taken off the list.
#[must_use]
pub(super) unsafe fn relink_process(event_loop: *mut c_void, process: *mut Handle) -> bool {
    // SAFETY: as is asked of the caller. Its neighbours are those that it had a moment ago.
    unsafe {
        if !is_process(process, event_loop) {
            return false;
        }
        let links = addr_of_mut!((*process).links);
        if is_between_neighbours(links) {
            return true;
        }
        let Links { next, previous } = *links;
        if (*previous).next != next || (*next).previous != previous {
            return false;
        }
        insert(links, previous, next);
    }
    true
}

/// # Safety
/// The links and those that they lead to are alive.
unsafe fn is_between_neighbours(links: *mut Links) -> bool {
    // SAFETY: as is asked of the caller.
    unsafe { (*(*links).previous).next == links && (*(*links).next).previous == links }
}

/// # Safety
/// The links are alive, and those between which they are to be are neighbours on a list.
unsafe fn insert(links: *mut Links, previous: *mut Links, next: *mut Links) {
    // SAFETY: as is asked of the caller.
    unsafe {
        *links = Links { next, previous };
        (*previous).next = links;
        (*next).previous = links;
    }
}

/// # Safety
/// There is a handle, or memory that may be read for one.
unsafe fn is_process(handle: *mut Handle, event_loop: *mut c_void) -> bool {
    // SAFETY: as is asked of the caller.
    unsafe { (*handle).kind == UV_PROCESS && (*handle).event_loop == event_loop }
}
