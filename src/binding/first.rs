//! What the addon gives when it is loaded: the functions that a program needs which starts again, and one that gives all others. To make
//! all functions and classes takes as long as loading the addon, and most programs have no use for them.
//!
//! The addon tells Node of this itself, by what older addons are registered with. Where there is no such thing, and in a thread that loads it
//! once more, Node calls what Node-API has for it, and everything is there at once.

use std::ffi::c_void;
use std::ptr;

use napi::bindgen_prelude::Object;
use napi::{Env, JsValue, sys};
use napi_derive::napi;

use super::{
    VERSION, does_snapshot_hold_c_callback, early, enter_directory_c_callback, keep_code_c_callback,
    read_code_c_callback, resolve_c_callback, start,
};

pub(super) type Callback = unsafe extern "C" fn(sys::napi_env, sys::napi_callback_info) -> sys::napi_value;

const FUNCTIONS: [(&str, Callback); 6] = [
    ("readCode", read_code_c_callback),
    ("enterDirectory", enter_directory_c_callback),
    ("resolve", resolve_c_callback),
    ("doesSnapshotHold", does_snapshot_hold_c_callback),
    ("keepCode", keep_code_c_callback),
    ("complete", complete_c_callback),
];

napi::ctor::declarative::ctor! {
    #[ctor(unsafe)]
    fn tell_node() {
        // SAFETY: the name ends with a NUL; what is called has this type in every Node that has it.
        let register = unsafe { libc::dlsym(libc::RTLD_DEFAULT, c"napi_module_register".as_ptr()) };
        if register.is_null() {
            return;
        }
        let register = unsafe { std::mem::transmute::<*mut c_void, unsafe extern "C" fn(*mut sys::napi_module)>(register) };
        let module = sys::napi_module {
            nm_version: 1,
            nm_flags: 0,
            nm_filename: c"first.rs".as_ptr(),
            nm_register_func: Some(give_first),
            nm_modname: c"fast_resolve".as_ptr(),
            nm_priv: ptr::null_mut(),
            reserved: [ptr::null_mut(); 4],
        };
        // SAFETY: Node keeps it as long as the process lives.
        unsafe { register(Box::leak(Box::new(module))) };
    }
}

unsafe extern "C" fn give_first(env: sys::napi_env, exports: sys::napi_value) -> sys::napi_value {
    for (name, callback) in FUNCTIONS.into_iter().chain(early::FUNCTIONS).chain(start::FUNCTIONS) {
        let mut function = ptr::null_mut();
        let length = name.len() as isize;
        unsafe {
            sys::napi_create_function(
                env,
                name.as_ptr().cast(),
                length,
                Some(callback),
                ptr::null_mut(),
                &raw mut function,
            );
            let mut key = ptr::null_mut();
            sys::napi_create_string_utf8(env, name.as_ptr().cast(), length, &raw mut key);
            sys::napi_set_property(env, exports, key, function);
        }
    }
    unsafe {
        let mut value = ptr::null_mut();
        sys::napi_create_string_utf8(env, VERSION.as_ptr().cast(), VERSION.len() as isize, &raw mut value);
        sys::napi_set_named_property(env, exports, c"VERSION".as_ptr(), value);
    }
    exports
}

unsafe extern "C" {
    fn napi_register_module_v1(env: sys::napi_env, exports: sys::napi_value) -> sys::napi_value;
}

/// Gives the rest.
#[napi(catch_unwind, no_export)]
pub fn complete(env: Env, exports: Object) {
    unsafe { napi_register_module_v1(env.raw(), exports.raw()) };
}
