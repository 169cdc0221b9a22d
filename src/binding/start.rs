//! What the running Node was started with, as JavaScript sees it.

use std::cell::RefCell;

#[cfg(target_os = "linux")]
use napi::Callback;
use napi_derive::napi;

use crate::fs::OsFileSystem;
use crate::internals;
use crate::start::{self, StartOptions, Told, split_list};

/// What is given when the addon is loaded.
#[cfg(target_os = "linux")]
pub(super) const FUNCTIONS: [(&str, Callback); 2] = [
    ("tellStart", tell_start_c_callback),
    ("areNodesOwn", are_nodes_own_c_callback),
];

thread_local! {
    /// As they were found when this was first asked: a program may change later what tells of them.
    static FOUND: RefCell<Option<StartOptions>> = const { RefCell::new(None) };
}

/// The options that resolution depends on.
#[napi(object, object_from_js = false)]
pub struct JsStartOptions {
    /// The conditions that hold for `require`, besides `default`.
    pub require_conditions: Vec<String>,
    /// The same for `import`.
    pub import_conditions: Vec<String>,
    /// Whether links stay as they are.
    pub preserve_symlinks: bool,
    /// Whether Node finds out the format of files that do not tell it.
    pub are_formats_usual: bool,
    /// Whether they are all that resolution depends on.
    pub is_known: bool,
}

/// `process.execArgv` can't have been changed by any program yet.
const IS_ORIGINAL: u32 = 1;
/// `require` takes ES modules.
const IS_REQUIRE_OF_MODULES: u32 = 2;

/// Has the running Node tell how it was started; whether that is all that resolution depends on. What was told first counts.
///
/// `exec_argv`: that many words, with a NUL between one and the next. `node_options` and `preserve_symlinks`: the variables as they are now.
/// `command_line`: as the kernel had it earlier, if it was read.
/// Where the words are not so many, one has a NUL in it, and nothing is known.
#[napi(catch_unwind)]
#[must_use]
pub fn tell_start(
    exec_argv: String,
    count: u32,
    flags: u32,
    node_options: Option<String>,
    preserve_symlinks: Option<String>,
    command_line: Option<String>,
) -> bool {
    let find = || {
        let told = Told {
            exec_argv: split_list(&exec_argv, count)?,
            is_original: flags & IS_ORIGINAL != 0,
            command_line,
            node_options,
            preserve_symlinks,
            is_require_of_modules: flags & IS_REQUIRE_OF_MODULES != 0,
        };
        Some(start::start_options(&OsFileSystem, &told))
    };
    FOUND.with_borrow_mut(|found| found.get_or_insert_with(|| find().unwrap_or_default()).is_known)
}

/// The options of this thread's Node, once it has told them.
#[napi(catch_unwind)]
#[must_use]
pub fn start_options() -> Option<JsStartOptions> {
    known_options().as_ref().map(JsStartOptions::from)
}

impl From<&StartOptions> for JsStartOptions {
    fn from(options: &StartOptions) -> Self {
        Self {
            require_conditions: options.conditions_of("require"),
            import_conditions: options.conditions_of("import"),
            preserve_symlinks: options.preserve_symlinks,
            are_formats_usual: options.are_formats_usual,
            is_known: options.is_known,
        }
    }
}

/// Those that were found, once that was asked.
pub(super) fn known_options() -> Option<StartOptions> {
    FOUND.with_borrow(Clone::clone)
}

/// Whether functions of Node's loader are Node's own, by their texts, with a NUL between one and the next.
#[napi(catch_unwind)]
#[must_use]
pub fn are_nodes_own(texts: String) -> bool {
    internals::are_nodes_own(&texts.split('\0').collect::<Vec<_>>())
}
