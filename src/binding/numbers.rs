//! Numbers that JavaScript hands over and gets back in one array of its own, which takes less than as many arguments.

use std::ptr;

use napi::bindgen_prelude::{FromNapiValue, TypeName, ValidateNapiValue};
use napi::{Result, Status, ValueType, check_status, sys};

/// A `Uint32Array` of JavaScript's, for the length of a call that runs no JavaScript.
pub struct Numbers {
    data: *mut u32,
    length: usize,
}

impl Numbers {
    /// Zero where there is none.
    #[must_use]
    pub fn get(&self, index: usize) -> u32 {
        if index < self.length {
            // SAFETY: `index` lies in the array, which JavaScript keeps as long as the call lasts; nobody else touches it meanwhile.
            unsafe { self.data.add(index).read() }
        } else {
            0
        }
    }

    /// Writes numbers from a place on; what has no place is left out.
    pub fn set(&mut self, start: usize, numbers: &[u32]) {
        for (index, number) in (start..self.length).zip(numbers) {
            // SAFETY: as above.
            unsafe { self.data.add(index).write(*number) };
        }
    }
}

impl TypeName for Numbers {
    fn type_name() -> &'static str {
        "Uint32Array"
    }
    fn value_type() -> ValueType {
        ValueType::Object
    }
}

impl ValidateNapiValue for Numbers {}

impl FromNapiValue for Numbers {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        let (mut kind, mut length, mut data) = (0, 0, ptr::null_mut());
        // SAFETY: `env` and `value` are the caller's, who got them from Node-API; what is not asked for is null.
        let status = unsafe {
            sys::napi_get_typedarray_info(
                env,
                value,
                &raw mut kind,
                &raw mut length,
                &raw mut data,
                ptr::null_mut(),
                ptr::null_mut(),
            )
        };
        check_status!(status)?;
        if kind != sys::TypedarrayType::uint32_array || data.is_null() {
            return Err(napi::Error::new(Status::InvalidArg, "a Uint32Array is expected"));
        }
        Ok(Self {
            data: data.cast(),
            length,
        })
    }
}
