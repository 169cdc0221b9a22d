//! The only place that names `napi`. It converts, and never decides.

#![expect(clippy::needless_pass_by_value, reason = "Node-API hands over owned strings")]

mod failure;
mod memory;
mod options;
mod process;

use std::sync::Arc;

use napi::bindgen_prelude::Either4;
use napi_derive::napi;

pub use failure::JsResolveFailure;
pub use memory::{
    JsSnapshotStats, JsStats, clear_cache, generation, invalidate, note_earlier_answers, note_nodes_answer,
    save_snapshots, shares_generation, stats, thread_began,
};
pub use options::{JsResolveOptions, JsSnapshotOptions};
pub use process::{JsSharedMemory, detach, end_with_parent, kill_own_group};

pub use process::spawn_mechanism;
#[cfg(target_os = "linux")]
pub use process::{JsChildren, JsCommands};

use crate::cache::{Consultation, Fact, Moment, PackageJsons, Remembered, shared_memory};
use crate::error::{Doubt, ResolveError};
use crate::fs::{FileSystem, OsFileSystem};
use crate::path::AbsolutePath;
use crate::resolver::{RememberingResolver, Resolver};
use crate::runtime::{Policy, ResolveOptions};

/// Node has to be asked.
const UNSURE: u32 = 0;
/// There is nothing of that name anywhere.
const NOT_FOUND: u32 = 1;

/// A path that may be repeated, [`UNSURE`] or [`NOT_FOUND`], a path that has to be checked before it is repeated, or (where
/// there is no Node to ask) the facts of an error.
type JsResolution = Either4<String, u32, JsCheckedAnswer, JsResolveFailure>;

/// A path that Node would work out anew each time.
#[napi(object, object_from_js = false)]
pub struct JsCheckedAnswer {
    /// The path.
    pub path: String,
    /// What to call `stillHolds` with before it is repeated.
    pub id: u32,
    /// Whether Node keeps it, and looks only at something else before it repeats it.
    pub is_kept: bool,
}

/// Whether this platform has a file system of ours.
#[napi(catch_unwind)]
#[must_use]
pub fn is_supported() -> bool {
    OsFileSystem.is_supported()
}

/// Resolves with one set of options. What it remembers is shared by all threads of the process.
#[napi(js_name = "Resolver")]
pub struct JsResolver {
    policy: Policy,
    kind: ResolverKind,
}

/// With or without what is remembered.
type Resolve =
    fn(&RememberingResolver, &dyn FileSystem, &str, &AbsolutePath, Moment) -> Result<Remembered, ResolveError>;

/// Whether answers are remembered.
enum ResolverKind {
    Remembering(RememberingResolver),
    Fresh(ResolveOptions, Arc<PackageJsons>),
}

#[napi]
impl JsResolver {
    /// Takes the options as `lib/` has validated them.
    ///
    /// # Errors
    /// An option that `lib/` should not have let through.
    #[napi(constructor, catch_unwind)]
    pub fn new(options: JsResolveOptions) -> napi::Result<Self> {
        let is_fresh = options.is_fresh;
        let file = options.snapshot.as_ref().and_then(JsSnapshotOptions::file);
        let options = ResolveOptions::try_from(options)?;
        let policy = options.policy;
        let kind = if is_fresh {
            let package_jsons = PackageJsons::shared_fresh(&options.main_fields);
            ResolverKind::Fresh(options, package_jsons)
        } else {
            let memory = shared_memory(&options, file);
            ResolverKind::Remembering(RememberingResolver::new(options, memory))
        };
        Ok(Self { policy, kind })
    }

    /// Resolves a request of the module with this file name.
    #[napi(catch_unwind)]
    #[must_use]
    pub fn resolve(&self, request: String, filename: String) -> JsResolution {
        self.answer(&request, &filename, RememberingResolver::resolve)
    }

    /// Resolves a request of a module in this directory.
    #[napi(catch_unwind)]
    #[must_use]
    pub fn resolve_from(&self, request: String, directory: String) -> JsResolution {
        match AbsolutePath::new(&directory) {
            Some(directory) => self.answer(
                &request,
                directory.child("any.js").as_str(),
                RememberingResolver::resolve,
            ),
            None => self.failed(ResolveError::Unsure(Doubt::Parent)),
        }
    }

    /// The same as `resolve`, whatever is remembered.
    #[napi(catch_unwind)]
    #[must_use]
    pub fn resolve_anew(&self, request: String, filename: String) -> JsResolution {
        self.answer(&request, &filename, RememberingResolver::resolve_anew)
    }

    /// Whether an answer that has to be checked each time would be the same now.
    #[napi(catch_unwind)]
    #[must_use]
    pub fn still_holds(&self, id: u32) -> bool {
        match &self.kind {
            ResolverKind::Remembering(resolver) => resolver.still_holds(&OsFileSystem, id, thread_began()),
            ResolverKind::Fresh(..) => false,
        }
    }

    /// The facts behind an answer that is remembered now, one line each; null if it is not.
    #[napi(catch_unwind)]
    #[must_use]
    pub fn reasons(&self, request: String, filename: String) -> Option<Vec<String>> {
        let ResolverKind::Remembering(resolver) = &self.kind else {
            return None;
        };
        let facts = resolver.reasons(&request, &AbsolutePath::new(&filename)?)?;
        Some(facts.iter().map(Fact::to_string).collect())
    }

    fn answer(&self, request: &str, filename: &str, resolve: Resolve) -> JsResolution {
        // Lone surrogates arrive as the replacement character. Node would know the difference.
        let may_be_changed = request.contains('\u{fffd}') || filename.contains('\u{fffd}');
        if may_be_changed && self.policy == Policy::AskNode {
            return self.failed(ResolveError::Unsure(Doubt::Request));
        }
        // Node takes the file name as it is, so that one that is not normalised leads elsewhere.
        let Some(parent) = AbsolutePath::new(filename).filter(|parent| parent.as_str() == filename) else {
            return self.failed(ResolveError::Unsure(Doubt::Parent));
        };
        match &self.kind {
            ResolverKind::Remembering(resolver) => {
                match resolve(resolver, &OsFileSystem, request, &parent, thread_began()) {
                    Ok(Remembered { path, id: None, .. }) => Either4::A(path.to_string()),
                    Ok(Remembered {
                        path,
                        id: Some(id),
                        is_kept,
                    }) => Either4::C(JsCheckedAnswer {
                        path: path.to_string(),
                        id,
                        is_kept,
                    }),
                    Err(error) => self.failed(error),
                }
            }
            ResolverKind::Fresh(options, package_jsons) => {
                let facts = Consultation::new(&OsFileSystem, package_jsons);
                match Resolver::new(options, &facts).resolve(request, &parent) {
                    Ok(found) => Either4::A(found.path.into_string()),
                    Err(error) => self.failed(error),
                }
            }
        }
    }

    fn failed(&self, error: ResolveError) -> JsResolution {
        if error == ResolveError::ModuleNotFound {
            return Either4::B(NOT_FOUND);
        }
        match (self.policy, JsResolveFailure::try_from(error)) {
            (Policy::Specification, Ok(failure)) => Either4::D(failure),
            _ => Either4::B(UNSURE),
        }
    }
}
