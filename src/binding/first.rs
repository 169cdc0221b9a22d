//! What the addon gives when it is loaded: the functions that a program needs which starts again, and one that gives all others. To make all
//! functions and classes takes as long as loading the file, and most programs have no use for them.
//!
//! The addon tells Node of this by itself, in the way of older addons. Where there is no such way, and where a thread loads it once more, Node
//! calls what `napi` has for it, and everything is there at once.

use std::ptr;

use napi::bindgen_prelude::Object;
use napi::{Callback, Env, JsValue, sys};
use napi_derive::napi;

use super::{
    VERSION, does_snapshot_hold_c_callback, early, enter_directory_c_callback, holds_c_callback, keep_code_c_callback,
    read_code_c_callback, resolve_c_callback, start,
};

const FUNCTIONS: [(&str, Callback); 7] = [
    ("readCode", read_code_c_callback),
    ("enterDirectory", enter_directory_c_callback),
    ("resolve", resolve_c_callback),
    ("holds", holds_c_callback),
    ("doesSnapshotHold", does_snapshot_hold_c_callback),
    ("keepCode", keep_code_c_callback),
    ("complete", complete_c_callback),
];

napi::ctor::declarative::ctor! {
    #[ctor(unsafe)]
    fn tell_node() {
        // SAFETY: the name ends with a NUL. Who is found by it has been `napi_module_register` in every Node that has it.
        let register = unsafe {
            let found = libc::dlsym(libc::RTLD_DEFAULT, c"napi_module_register".as_ptr());
            std::mem::transmute::<*mut libc::c_void, Option<unsafe extern "C" fn(*mut sys::napi_module)>>(found)
        };
        let Some(register) = register else { return };
        let module = Box::new(sys::napi_module {
            nm_version: 1,
            nm_flags: 0,
            nm_filename: c"first.rs".as_ptr(),
            nm_register_func: Some(give_first),
            nm_modname: c"fast_resolve".as_ptr(),
            nm_priv: ptr::null_mut(),
            reserved: [ptr::null_mut(); 4],
        });
        // SAFETY: it is of the version that it says, and lives as long as the process.
        unsafe { register(Box::leak(module)) };
    }
}

unsafe extern "C" fn give_first(env: sys::napi_env, exports: sys::napi_value) -> sys::napi_value {
    let functions = FUNCTIONS.into_iter().chain(early::FUNCTIONS).chain(start::FUNCTIONS);
    let mut given = functions.map(|(name, callback)| set(env, exports, name, function(env, name, callback)?));
    // Where something has failed, there is no version, and JavaScript does not use what has none.
    if given.all(|set| set.is_some()) {
        set_version(env, exports);
    }
    exports
}

fn set_version(env: sys::napi_env, exports: sys::napi_value) -> Option<()> {
    set(env, exports, "VERSION", string(env, VERSION)?)
}

fn function(env: sys::napi_env, name: &str, callback: Callback) -> Option<sys::napi_value> {
    let mut value = ptr::null_mut();
    let (text, length) = (name.as_ptr().cast(), name.len().cast_signed());
    // SAFETY: `env` is what Node calls `give_first` with; the name is as long as is said.
    let status =
        unsafe { sys::napi_create_function(env, text, length, Some(callback), ptr::null_mut(), &raw mut value) };
    (status == sys::Status::napi_ok).then_some(value)
}

fn string(env: sys::napi_env, text: &str) -> Option<sys::napi_value> {
    let mut value = ptr::null_mut();
    // SAFETY: as above.
    let status =
        unsafe { sys::napi_create_string_utf8(env, text.as_ptr().cast(), text.len().cast_signed(), &raw mut value) };
    (status == sys::Status::napi_ok).then_some(value)
}

fn set(env: sys::napi_env, exports: sys::napi_value, name: &str, value: sys::napi_value) -> Option<()> {
    let key = string(env, name)?;
    // SAFETY: as above; key and value were made for this `env`, just now.
    let status = unsafe { sys::napi_set_property(env, exports, key, value) };
    (status == sys::Status::napi_ok).then_some(())
}

unsafe extern "C" {
    /// Of `napi`: what Node calls elsewhere.
    fn napi_register_module_v1(env: sys::napi_env, exports: sys::napi_value) -> sys::napi_value;
}

/// Gives everything.
#[napi(catch_unwind, no_export)]
pub fn complete(env: Env, exports: Object) {
    // SAFETY: both are Node's, which calls this; it is what Node itself would call.
    unsafe { napi_register_module_v1(env.raw(), exports.raw()) };
}
