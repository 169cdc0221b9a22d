//! Strings for system calls.

use std::ffi::{CStr, c_char};

use rustix::io::Errno;

/// Strings as C wants them: one block of bytes, and pointers into it with a null pointer at the end.
#[derive(Debug)]
pub struct CStrings {
    /// Never touched again, since the pointers lead here.
    _block: Box<[u8]>,
    pointers: Vec<*const c_char>,
}

// SAFETY: the block belongs to the value alone and never changes, so any thread may read it through the pointers, and moving
// the value leaves the block where it is.
unsafe impl Send for CStrings {}
// SAFETY: as above: nothing is ever written.
unsafe impl Sync for CStrings {}

impl CStrings {
    /// `EINVAL` if one of them has a NUL byte within.
    pub fn new(strings: &[&[u8]]) -> Result<Self, Errno> {
        let mut block = Vec::with_capacity(strings.iter().map(|string| string.len() + 1).sum());
        for string in strings {
            block.extend_from_slice(string);
            block.push(0);
        }
        Self::of_block(block, strings.len())
    }

    /// Strings that each end in a NUL byte. `EINVAL` if there are not `count` of them.
    pub fn of_block(block: Vec<u8>, count: usize) -> Result<Self, Errno> {
        let block = block.into_boxed_slice();
        let mut pointers = Vec::with_capacity(count + 1);
        for string in block.split_inclusive(|byte| *byte == 0) {
            if string.last() != Some(&0) {
                return Err(Errno::INVAL);
            }
            pointers.push(string.as_ptr().cast::<c_char>());
        }
        if pointers.len() != count {
            return Err(Errno::INVAL);
        }
        pointers.push(std::ptr::null());
        Ok(Self {
            _block: block,
            pointers,
        })
    }

    /// What `execve` takes.
    pub fn as_ptr(&self) -> *const *const c_char {
        self.pointers.as_ptr()
    }

    /// The pointers, without the null at the end.
    pub fn pointers(&self) -> &[*const c_char] {
        self.pointers.split_last().map_or(&[], |(_, pointers)| pointers)
    }

    /// The first string.
    pub fn first(&self) -> *const c_char {
        self.pointers.first().copied().unwrap_or(std::ptr::null())
    }

    /// The value of the first `NAME=value`, which is the one that `getenv` gives.
    pub fn variable(&self, name: &[u8]) -> Option<&[u8]> {
        self.pointers().iter().find_map(|pointer| {
            // SAFETY: each pointer leads to a string in the block that ends in a NUL byte, and the block lives as long as self.
            let pair = unsafe { CStr::from_ptr(*pointer) }.to_bytes();
            pair.strip_prefix(name)?.strip_prefix(b"=")
        })
    }
}
