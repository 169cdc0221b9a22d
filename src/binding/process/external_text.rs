//! Long text that JavaScript reads where it is, instead of having a copy. Node-API can do that since version 10, and Node since
//! before that.

use std::ffi::{c_char, c_void};
use std::ptr::{self, NonNull};
use std::sync::OnceLock;

use napi::sys;

use crate::process::symbol;

/// `node_api_create_external_string_latin1`.
type Create = unsafe extern "C" fn(
    sys::napi_env,
    *mut c_char,
    usize,
    sys::napi_finalize,
    *mut c_void,
    *mut sys::napi_value,
    *mut bool,
) -> sys::napi_status;

/// The longest that is tried: no V8 that Node has ever had knows shorter strings only.
const LONGEST: usize = 256 * 1024 * 1024;

/// A string of these bytes, which are ASCII. Gives them back where that can't be.
pub fn create(env: sys::napi_env, bytes: Vec<u8>) -> Result<sys::napi_value, Vec<u8>> {
    let Some(create) = find().filter(|_| bytes.len() <= LONGEST) else {
        return Err(bytes);
    };
    let length = bytes.len();
    let owned = Box::into_raw(Box::new(bytes));
    let mut text = ptr::null_mut();
    let mut is_copied = false;
    // SAFETY: the bytes belong to the box, and stay where they are until `free` takes it, which Node calls once if this succeeds:
    // when the string is gone, or at once if it was copied.
    let status = unsafe {
        let start = (*owned).as_mut_ptr().cast();
        create(
            env,
            start,
            length,
            Some(free),
            owned.cast(),
            &raw mut text,
            &raw mut is_copied,
        )
    };
    if status == sys::Status::napi_ok {
        Ok(text)
    } else {
        // SAFETY: nothing came of the call, so that the box is still ours.
        Err(*unsafe { Box::from_raw(owned) })
    }
}

unsafe extern "C" fn free(_env: sys::napi_env, _bytes: *mut c_void, owned: *mut c_void) {
    // SAFETY: this is the box that `create` gave away, and it is given back once.
    drop(unsafe { Box::from_raw(owned.cast::<Vec<u8>>()) });
}

fn find() -> Option<Create> {
    static FOUND: OnceLock<Option<Create>> = OnceLock::new();
    *FOUND.get_or_init(|| {
        let function = symbol::find(c"node_api_create_external_string_latin1")?;
        // SAFETY: what Node has under this name is a function with these parameters.
        Some(unsafe { std::mem::transmute::<NonNull<c_void>, Create>(function) })
    })
}
