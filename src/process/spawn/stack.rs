//! Stacks for children that share their parent's memory, which would overwrite what the parent has on its own.

use std::ffi::c_void;
use std::ptr::NonNull;
use std::sync::{Mutex, PoisonError};

use rustix::io::Errno;

use crate::process::errno::last_errno;

/// Ample: the deepest frame of `in_child` holds a buffer of a kilobyte.
const SIZE: usize = 64 * 1024;
/// Below the stack, so that an overflow would be a fault and not damage.
const GUARD: usize = 64 * 1024;
/// More than this many children at one moment are rare.
const KEPT: usize = 4;

static UNUSED: Mutex<Vec<Stack>> = Mutex::new(Vec::new());

/// Memory for one child, for as long as it shares the parent's.
pub struct Stack(NonNull<c_void>);

// SAFETY: the memory belongs to the value alone, whichever thread has it.
unsafe impl Send for Stack {}

impl Stack {
    /// One that was used before, or a new one.
    pub fn take() -> Result<Self, Errno> {
        let unused = UNUSED.lock().unwrap_or_else(PoisonError::into_inner).pop();
        unused.map_or_else(Self::map, Ok)
    }

    /// For the next child. The last one must be done with it.
    pub fn give_back(self) {
        let mut unused = UNUSED.lock().unwrap_or_else(PoisonError::into_inner);
        if unused.len() < KEPT {
            unused.push(self);
        }
    }

    /// Its end, where it begins to be used; aligned as any platform wants it.
    pub fn top(&self) -> *mut c_void {
        // SAFETY: the mapping is that long, so this is the place right behind it.
        unsafe { self.0.as_ptr().byte_add(GUARD + SIZE) }
    }

    fn map() -> Result<Self, Errno> {
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_STACK | libc::MAP_NORESERVE;
        // SAFETY: a new mapping of anonymous memory, at a place of the kernel's choice, changes no other memory.
        let memory = unsafe { libc::mmap(std::ptr::null_mut(), GUARD + SIZE, protection, flags, -1, 0) };
        if memory == libc::MAP_FAILED {
            return Err(last_errno());
        }
        let stack = NonNull::new(memory).map(Self).ok_or(Errno::NOMEM)?;
        // SAFETY: the beginning of the mapping that was just made.
        if unsafe { libc::mprotect(stack.0.as_ptr(), GUARD, libc::PROT_NONE) } != 0 {
            return Err(last_errno());
        }
        Ok(stack)
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        // SAFETY: the mapping is the value's own, and nobody uses it any more.
        unsafe {
            libc::munmap(self.0.as_ptr(), GUARD + SIZE);
        }
    }
}
