//! Strings on their way: in, without an allocation where one is short; and out, as quickly as what is in it allows.

use std::ptr;

use napi::bindgen_prelude::{FromNapiValue, ToNapiValue, TypeName, ValidateNapiValue};
use napi::{Result, Status, ValueType, check_status, sys};

/// Most requests are shorter.
const SHORT: usize = 128;

/// The UTF-8 of a JavaScript string.
pub enum Text {
    /// The bytes, and how many they are.
    Short([u8; SHORT], usize),
    /// All others.
    Long(String),
}

impl Text {
    /// The text; empty if V8 should have written something that is not UTF-8.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Short(bytes, length) => bytes
                .get(..*length)
                .and_then(|bytes| std::str::from_utf8(bytes).ok())
                .unwrap_or(""),
            Self::Long(text) => text,
        }
    }
}

impl TypeName for Text {
    fn type_name() -> &'static str {
        "String"
    }
    fn value_type() -> ValueType {
        ValueType::String
    }
}

impl ValidateNapiValue for Text {}

impl FromNapiValue for Text {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        let mut bytes = [0; SHORT];
        let mut length = 0;
        // SAFETY: `env` and `value` are the caller's, who got them from Node-API; at most `SHORT` bytes are written, the last of which is
        // a NUL.
        let status = unsafe {
            sys::napi_get_value_string_utf8(env, value, ptr::from_mut(&mut bytes).cast(), SHORT, &raw mut length)
        };
        if status == sys::Status::napi_string_expected {
            return Err(napi::Error::new(Status::StringExpected, "a string is expected"));
        }
        check_status!(status)?;
        // A character has at most four bytes, and none is written in part: with fewer than four left, there may be more of them.
        if length + 4 < SHORT {
            return Ok(Self::Short(bytes, length));
        }
        // SAFETY: as above.
        unsafe { String::from_napi_value(env, value) }.map(Self::Long)
    }
}

/// A string for JavaScript. Most paths are ASCII, and need not be decoded.
pub struct TextOut(pub String);

impl TypeName for TextOut {
    fn type_name() -> &'static str {
        "String"
    }
    fn value_type() -> ValueType {
        ValueType::String
    }
}

impl ToNapiValue for TextOut {
    unsafe fn to_napi_value(env: sys::napi_env, Self(text): Self) -> Result<sys::napi_value> {
        let create = if text.is_ascii() {
            sys::napi_create_string_latin1
        } else {
            sys::napi_create_string_utf8
        };
        let mut value = ptr::null_mut();
        let length = isize::try_from(text.len()).unwrap_or(isize::MAX);
        // SAFETY: `env` is the caller's, who got it from Node-API; the text is as long as is said, and is copied.
        check_status!(unsafe { create(env, text.as_ptr().cast(), length, &raw mut value) })?;
        Ok(value)
    }
}
