//! What the running Node was started with, as JavaScript sees it.

use std::cell::RefCell;

use napi_derive::napi;

use super::first::Callback;
use crate::fs::OsFileSystem;
use crate::internals;
use crate::start::{self, StartOptions, Told};

/// What is given when the addon is loaded.
pub(super) const FUNCTIONS: [(&str, Callback); 2] = [
    ("startOptions", start_options_c_callback),
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

/// What the running Node tells of how it was started.
#[napi(object, object_to_js = false)]
pub struct JsTold {
    /// `process.execArgv`
    pub exec_argv: Vec<String>,
    /// Whether no program can have changed that yet.
    pub is_original: bool,
    /// The command line as the kernel had it earlier, if it was read.
    pub command_line: Option<String>,
    /// The variable `NODE_OPTIONS` as it is now.
    pub node_options: Option<String>,
    /// The same of `NODE_PRESERVE_SYMLINKS`.
    pub preserve_symlinks: Option<String>,
    /// Whether `require` takes ES modules.
    pub is_require_of_modules: bool,
}

/// The options of this thread's Node. What was told first counts.
#[napi(catch_unwind)]
#[must_use]
pub fn start_options(told: JsTold) -> JsStartOptions {
    let find = || {
        let told = Told {
            exec_argv: told.exec_argv,
            is_original: told.is_original,
            command_line: told.command_line,
            node_options: told.node_options,
            preserve_symlinks: told.preserve_symlinks,
            is_require_of_modules: told.is_require_of_modules,
        };
        start::start_options(&OsFileSystem, &told)
    };
    FOUND.with_borrow_mut(|found| JsStartOptions::from(&*found.get_or_insert_with(find)))
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
