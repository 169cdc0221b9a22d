//! Functions that not every program, C library or Node has: looked for when they are needed, since an addon that named one would
//! not load where it is missing.

use std::ffi::{CStr, c_void};
use std::ptr::NonNull;

/// What the program or one of its libraries has under this name.
#[must_use]
pub fn find(name: &CStr) -> Option<NonNull<c_void>> {
    // SAFETY: the name ends in a NUL byte.
    NonNull::new(unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) })
}
