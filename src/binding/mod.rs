//! The only place that names `napi`. It converts, and never decides.

#![expect(clippy::needless_pass_by_value, reason = "Node-API hands over owned strings")]

mod failure;
mod memory;
mod options;
mod process;
mod start;

use napi::bindgen_prelude::Either3;
use napi_derive::napi;

pub use failure::JsResolveFailure;
pub use memory::{
    JsSnapshotStats, JsStats, clear_cache, generation, invalidate, save_snapshots, shares_generation, stats,
};
pub use options::{JsResolveOptions, JsSnapshotOptions};
pub use process::{JsSharedMemory, detach, end_with_parent, kill_own_group};

pub use process::spawn_mechanism;
pub use start::{JsStartOptions, start_options};
#[cfg(target_os = "linux")]
pub use process::{JsChildren, JsCommands};

use crate::cache::{new_memory, write_at_exit};
use crate::error::{Doubt, ResolveError};
use crate::fs::{FileSystem, OsFileSystem};
use crate::path::AbsolutePath;
use crate::resolver::RememberingResolver;
use crate::runtime::{Policy, ResolveOptions};

/// Node has to be asked.
const UNSURE: u32 = 0;
/// There is nothing of that name anywhere.
const NOT_FOUND: u32 = 1;

/// A path, [`UNSURE`] or [`NOT_FOUND`], or (where there is no Node to ask) the facts of an error.
type JsResolution = Either3<String, u32, JsResolveFailure>;

/// Whether this platform has a file system of ours.
#[napi(catch_unwind)]
#[must_use]
pub fn is_supported() -> bool {
    OsFileSystem.is_supported()
}

/// Resolves with one set of options and remembers the answers, for one thread.
///
/// JavaScript numbers its turns, so that what was seen in one is believed in it, and its answers, so that it can ask whether one
/// still holds. Those of the snapshot come first.
#[napi(js_name = "Resolver")]
pub struct JsResolver {
    policy: Policy,
    resolver: RememberingResolver,
}

#[napi]
impl JsResolver {
    /// Takes the options as `lib/` has validated them.
    ///
    /// # Errors
    /// An option that `lib/` should not have let through.
    #[napi(constructor, catch_unwind)]
    pub fn new(options: JsResolveOptions) -> napi::Result<Self> {
        let file = options.snapshot.as_ref().and_then(JsSnapshotOptions::file);
        let believe = options.believe()?;
        let options = ResolveOptions::try_from(options)?;
        let policy = options.policy;
        if file.is_some() {
            write_at_exit();
        }
        let memory = new_memory(&OsFileSystem, &options.main_fields, believe, file);
        Ok(Self {
            policy,
            resolver: RememberingResolver::new(options, memory),
        })
    }

    /// What the running Node tells only when it is asked: names that `require` takes without `node:`, and whether `#/name` may be
    /// a key of `imports`. Without it, some requests that begin with `#` are left to Node.
    #[napi(catch_unwind)]
    pub fn set_facts_for_imports(&mut self, builtins: Vec<String>, slash_imports: Option<bool>) {
        let options = self.resolver.options_mut();
        options.builtins = Some(builtins.into_iter().collect());
        options.slash_imports = slash_imports;
    }

    /// The answers of the snapshot, as JSON: `[[directory, [request, …], [path, …]], …]`, numbered in this order; null if there is
    /// none.
    #[napi(catch_unwind)]
    #[must_use]
    pub fn snapshot_json(&self) -> Option<String> {
        self.resolver.memory().snapshot_json().map(str::to_owned)
    }

    /// How many answers the snapshot has.
    #[napi(catch_unwind)]
    #[must_use]
    pub fn snapshot_length(&self) -> u32 {
        self.resolver.memory().snapshot_len()
    }

    /// Whether they are believed without a look.
    #[napi(catch_unwind)]
    #[must_use]
    pub fn is_snapshot_trusted(&self) -> bool {
        self.resolver.memory().is_snapshot_trusted()
    }

    /// Resolves a request of the module with this file name, in a turn; the answer gets this number.
    #[napi(catch_unwind)]
    #[must_use]
    pub fn resolve(&self, request: String, filename: String, turn: u32, number: u32) -> JsResolution {
        // Node takes the file name as it is, so that one that is not normalised leads elsewhere.
        let parent = AbsolutePath::new(&filename).filter(|parent| parent.as_str() == filename);
        self.answer(&request, parent, turn, number)
    }

    /// The same, of a module in this directory.
    #[napi(catch_unwind)]
    #[must_use]
    pub fn resolve_from(&self, request: String, directory: String, turn: u32, number: u32) -> JsResolution {
        let parent = AbsolutePath::new(&directory).map(|directory| directory.child("any.js"));
        self.answer(&request, parent, turn, number)
    }

    /// Whether the answer of this number is what the algorithm would find now.
    #[napi(catch_unwind)]
    #[must_use]
    pub fn holds(&self, number: u32, turn: u32) -> bool {
        self.resolver.memory().holds(number, turn)
    }

    /// Whether Node would have kept the answer of this number.
    #[napi(catch_unwind)]
    #[must_use]
    pub fn is_kept_by_node(&self, number: u32) -> bool {
        self.resolver.memory().is_kept_by_node(number)
    }

    /// Forgets all answers.
    #[napi(catch_unwind)]
    pub fn forget_answers(&self) {
        self.resolver.memory().forget_answers();
    }

    /// What the answer of this number rests on, one line each; null if there is none.
    #[napi(catch_unwind)]
    #[must_use]
    pub fn reasons(&self, number: u32) -> Option<Vec<String>> {
        self.resolver.memory().reasons(number)
    }

    fn answer(&self, request: &str, parent: Option<AbsolutePath>, turn: u32, number: u32) -> JsResolution {
        let Some(parent) = parent else {
            return self.failed(ResolveError::Unsure(Doubt::Parent));
        };
        // Lone surrogates arrive as the replacement character. Node would know the difference.
        let may_be_changed = request.contains('\u{fffd}') || parent.as_str().contains('\u{fffd}');
        if may_be_changed && self.policy == Policy::AskNode {
            return self.failed(ResolveError::Unsure(Doubt::Request));
        }
        match self.resolver.resolve(request, &parent, (turn, number)) {
            Ok(path) => Either3::A(path),
            Err(error) => self.failed(error),
        }
    }

    fn failed(&self, error: ResolveError) -> JsResolution {
        if error == ResolveError::ModuleNotFound {
            return Either3::B(NOT_FOUND);
        }
        match (self.policy, JsResolveFailure::try_from(error)) {
            (Policy::Specification, Ok(failure)) => Either3::C(failure),
            _ => Either3::B(UNSURE),
        }
    }
}
