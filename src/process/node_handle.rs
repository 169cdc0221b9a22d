//! Leads from an object of Node's, in JavaScript, to the handle of libuv's behind it.
//!
//! No public interface does. V8 lets whoever has an object read what was stored in it; that there is a handle, and how far from
//! what was stored, is learned from an object whose handle was found on another way.

use std::ffi::{CStr, c_int, c_void};
use std::mem::transmute;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicUsize, Ordering};

use once_cell::sync::OnceCell;

use super::symbol;
use super::uv_handle::{self, Handle};

/// Where Node stores the address of its own part of an object.
const SLOT: c_int = 1;
/// Node's own part of an object is not larger; handles lie within.
const LARGEST: usize = 1024;
const UNKNOWN: usize = usize::MAX;

/// How far a handle lies from the address that is stored: the same for all objects of a class, and there is one class here.
static DISTANCE: AtomicUsize = AtomicUsize::new(UNKNOWN);

type CountFields = unsafe extern "C" fn(*mut c_void) -> c_int;
type ReadField = unsafe extern "C" fn(*mut c_void, c_int) -> *mut c_void;
/// Later versions of V8 want to be told of what kind the pointer is, and look at it only where pointers have kinds.
type ReadFieldOfKind = unsafe extern "C" fn(*mut c_void, c_int, u16) -> *mut c_void;

/// Methods of V8's `Object`. Their names say of what types their arguments are.
struct V8 {
    count_fields: CountFields,
    read_field: Read,
}

enum Read {
    Plain(ReadField),
    OfKind(ReadFieldOfKind),
}

const COUNT: &CStr = c"_ZNK2v86Object18InternalFieldCountEv";
const READ: &CStr = c"_ZN2v86Object38SlowGetAlignedPointerFromInternalFieldEi";
const READ_OF_KIND: &CStr = c"_ZN2v86Object38SlowGetAlignedPointerFromInternalFieldEit";

impl V8 {
    fn get() -> Option<&'static Self> {
        static V8: OnceCell<Option<V8>> = OnceCell::new();
        V8.get_or_init(Self::find).as_ref()
    }

    fn find() -> Option<Self> {
        let count_fields = symbol::find(COUNT)?;
        // SAFETY: these are the types of the methods that have these names.
        unsafe {
            let read_field = match symbol::find(READ) {
                Some(read) => Read::Plain(transmute::<NonNull<c_void>, ReadField>(read)),
                None => Read::OfKind(transmute::<NonNull<c_void>, ReadFieldOfKind>(symbol::find(
                    READ_OF_KIND,
                )?)),
            };
            Some(Self {
                count_fields: transmute::<NonNull<c_void>, CountFields>(count_fields),
                read_field,
            })
        }
    }

    /// The address that is stored in an object.
    ///
    /// # Safety
    /// `object` is the place of a handle scope that holds an object of Node's: this is what values of Node-API are.
    unsafe fn read(&self, object: *mut c_void) -> Option<usize> {
        // SAFETY: as is asked of the caller. A field that is not there would end the process.
        let address = unsafe {
            if (self.count_fields)(object) <= SLOT {
                return None;
            }
            match self.read_field {
                Read::Plain(read) => read(object, SLOT),
                Read::OfKind(read) => read(object, SLOT, 0),
            }
        };
        (!address.is_null()).then_some(address as usize)
    }
}

/// Learns where handles lie, from an object whose handle was just told to close, and puts that back on the list of its loop. Whether
/// [`relink`] can do its work with other objects.
///
/// # Safety
/// As for `uv_handle::find_closing_process`, of the handle behind `object`, which is a value of Node-API.
#[must_use]
pub unsafe fn learn(event_loop: *mut c_void, object: *mut c_void) -> bool {
    // SAFETY: as is asked of the caller.
    let (handle, address) = unsafe {
        let Some(handle) = uv_handle::find_closing_process(event_loop) else {
            return false;
        };
        let Some(address) = V8::get().and_then(|v8| v8.read(object)) else {
            return false;
        };
        (handle as usize, address)
    };
    let distance = handle.wrapping_sub(address);
    if distance == 0 || distance > LARGEST {
        return false;
    }
    match DISTANCE.compare_exchange(UNKNOWN, distance, Ordering::Relaxed, Ordering::Relaxed) {
        Ok(_) => true,
        Err(known) => known == distance,
    }
}

/// Puts the handle behind an object back on the list of its loop. Whether it is on the list now.
///
/// # Safety
/// As for `uv_handle::relink_process`, of the handle behind `object`, which is a value of Node-API, and of the class that
/// [`learn`] has learned from.
#[must_use]
pub unsafe fn relink(event_loop: *mut c_void, object: *mut c_void) -> bool {
    let distance = DISTANCE.load(Ordering::Relaxed);
    if distance == UNKNOWN {
        return false;
    }
    // SAFETY: as is asked of the caller.
    unsafe {
        V8::get()
            .and_then(|v8| v8.read(object))
            .is_some_and(|address| uv_handle::relink_process(event_loop, (address + distance) as *mut Handle))
    }
}
