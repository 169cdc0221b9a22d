//! The answers of a snapshot, for the preload, which gives them before the rest of the hook is loaded: as little as may be is asked of
//! JavaScript, which is compiled anew in each process.

#[cfg(target_os = "linux")]
use napi::Callback;
use napi::bindgen_prelude::{Buffer, Either};
use napi_derive::napi;

use super::options::{JsResolveOptions, JsSnapshotOptions};
use super::start::known_options;
use super::{JsResolver, JsSnapshotAnswers, Slot, new_slot, read_code, with_resolver};
use crate::cache::snapshot;
use crate::fs::{FileSystem, OsFileSystem};
use crate::path::is_normalised;
use crate::start::split_list;

/// What is given when the addon is loaded.
#[cfg(target_os = "linux")]
pub(super) const FUNCTIONS: [(&str, Callback); 2] = [
    ("openSnapshot", open_snapshot_c_callback),
    ("takeAnswers", take_answers_c_callback),
];

/// Reads a file in a directory; whether it is a snapshot that may be used, or what V8 made of the hook's text of this key, if the snapshot has
/// that. If that is wanted, a thread looks meanwhile at what its answers rest on.
#[napi(catch_unwind)]
#[must_use]
pub fn open_snapshot(directory: String, name: String, looks: bool, key: String) -> Either<Buffer, bool> {
    let file_system: Option<&'static dyn FileSystem> = if looks { Some(&OsFileSystem) } else { None };
    let is_open = OsFileSystem.is_supported() && snapshot::open(file_system, directory.as_ref(), &name);
    let code = if is_open { read_code(directory, name, key) } else { None };
    code.map_or(Either::B(is_open), Either::A)
}

/// What can be answered at once.
#[napi(object, object_from_js = false)]
pub struct JsEarlyAnswers {
    /// The resolver's number.
    pub resolver: u32,
    /// Whether all of the snapshot's answers hold.
    pub holds: bool,
    /// The snapshot's answers.
    pub answers: JsSnapshotAnswers,
}

/// The answers of the snapshot that was opened, in the turn in which that was; null if there are none for these options.
///
/// `extensions`: the keys of `Module._extensions`. `global_paths`: the global folders. Of both, so many, with a NUL between one and the
/// next. `origin`: what `parse_origin` takes.
///
/// # Errors
/// Options that are none.
#[napi(catch_unwind)]
pub fn take_answers(
    extensions: String,
    count: u32,
    global_paths: String,
    count_of_paths: u32,
    origin: String,
    turn: u32,
) -> napi::Result<Option<JsEarlyAnswers>> {
    let lists = (
        split_list(&extensions, count),
        split_list(&global_paths, count_of_paths),
    );
    let (Some(start), (Some(extensions), Some(global_paths)), Some(snapshot)) =
        (known_options(), lists, parse_origin(&origin))
    else {
        return Ok(None);
    };
    let is_odd = |extension: &String| extension.contains(['/', '\u{fffd}']);
    if extensions.iter().any(is_odd) || !global_paths.iter().all(|path| is_normalised(path)) {
        return Ok(None);
    }
    let number = new_slot(JsResolveOptions {
        conditions: start.conditions_of("require"),
        import_conditions: Some(start.conditions_of("import")),
        extensions,
        main_fields: vec!["main".to_owned()],
        preserve_symlinks: start.preserve_symlinks,
        global_paths,
        slash_imports: None,
        unreadable_is_error: None,
        ask_node: true,
        builtins: None,
        believe: "turn".to_owned(),
        snapshot: Some(snapshot),
    })?;
    let resolver = JsResolver(number);
    let take = |slot: &mut Slot| {
        let mut memory = slot.resolver.memory();
        memory.take_looks(turn);
        let holds = memory.does_snapshot_hold(turn);
        JsSnapshotAnswers::of(&memory).map(|answers| JsEarlyAnswers {
            resolver: number,
            holds,
            answers,
        })
    };
    let taken = with_resolver(number, take).flatten();
    if taken.is_some() {
        // It is used by its number.
        std::mem::forget(resolver);
    }
    Ok(taken)
}

/// What the snapshot of the program's first options is for: the program, Node, the directory, and, each with `=` before it if there is one,
/// `NODE_PATH`, `HOME` and `FAST_RESOLVE_TRUST`; with a NUL between one and the next.
fn parse_origin(text: &str) -> Option<JsSnapshotOptions> {
    let parts: Vec<_> = text.split('\0').collect();
    let [program, node, directory, node_path, home, trust] = parts.try_into().ok()?;
    let given = |text: &str| text.strip_prefix('=').map(str::to_owned);
    Some(JsSnapshotOptions {
        directory: Some(directory.to_owned()),
        start: None,
        user_cache: None,
        program: program.to_owned(),
        is_first: true,
        node: node.to_owned(),
        node_path: given(node_path),
        home: given(home),
        trust: given(trust),
    })
}
