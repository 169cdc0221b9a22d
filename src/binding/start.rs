//! What the running Node was started with, as JavaScript sees it.

use napi_derive::napi;

use crate::fs::OsFileSystem;
use crate::start::{self, Told};

/// The options that resolution depends on.
#[napi(object, object_from_js = false)]
pub struct JsStartOptions {
    /// The user's conditions.
    pub conditions: Vec<String>,
    /// Whether links stay as they are.
    pub preserve_symlinks: bool,
    /// Whether Node finds out the format of files that do not tell it.
    pub are_formats_usual: bool,
    /// Whether they are all that resolution depends on.
    pub is_known: bool,
}

/// The options of this thread's Node, from `process.execArgv`, whether no program can have changed that yet, the command line as the
/// kernel had it earlier (if it was read), and the variables `NODE_OPTIONS` and `NODE_PRESERVE_SYMLINKS` as they are now.
#[napi(catch_unwind)]
#[must_use]
pub fn start_options(
    exec_argv: Vec<String>,
    is_original: bool,
    command_line: Option<String>,
    node_options: Option<String>,
    preserve_symlinks: Option<String>,
) -> JsStartOptions {
    let told = Told {
        exec_argv,
        is_original,
        command_line,
        node_options,
        preserve_symlinks,
    };
    let options = start::start_options(&OsFileSystem, &told);
    JsStartOptions {
        conditions: options.conditions,
        preserve_symlinks: options.preserve_symlinks,
        are_formats_usual: options.are_formats_usual,
        is_known: options.is_known,
    }
}
