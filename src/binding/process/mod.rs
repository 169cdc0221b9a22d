//! Child processes, as JavaScript sees them.

#[cfg(target_os = "linux")]
mod commands;
#[cfg(target_os = "linux")]
mod external_text;
#[cfg(target_os = "linux")]
mod request;
#[cfg(target_os = "linux")]
mod seam;
mod shared_memory;
#[cfg(target_os = "linux")]
mod thread_children;

use napi_derive::napi;

#[cfg(target_os = "linux")]
pub use commands::JsCommands;
#[cfg(target_os = "linux")]
pub use seam::JsChildren;
pub use shared_memory::{JsSharedMemory, detach, end_with_parent, kill_own_group};

/// Runs a file in place of this program; what is told is why it can't. `args` begin with the program's name; `env`: `NAME=value`.
#[cfg(target_os = "linux")]
#[napi(catch_unwind)]
#[must_use]
pub fn exec(file: String, args: Vec<String>, env: Vec<String>) -> String {
    crate::process::exec::exec(&file, &args, &env).to_string()
}

/// How children are started here: `clone`, `posix_spawn`, or `none` where only Node can do it.
#[napi(catch_unwind)]
#[must_use]
pub fn spawn_mechanism() -> &'static str {
    crate::process::mechanism().name()
}
