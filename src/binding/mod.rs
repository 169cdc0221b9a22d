//! The only place that names `napi`. It converts, and never decides.

#![expect(clippy::needless_pass_by_value, reason = "Node-API hands over owned strings")]

mod failure;
mod options;

use std::sync::Arc;

use napi::bindgen_prelude::Either3;
use napi_derive::napi;

pub use failure::JsResolveFailure;
pub use options::JsResolveOptions;

use crate::cache::{FileSystemFacts, PackageJsons};
use crate::error::{Doubt, ResolveError};
use crate::fs::{FileSystem, OsFileSystem};
use crate::path::{AbsolutePath, is_normalised};
use crate::resolver::Resolver;
use crate::runtime::{Policy, ResolveOptions};

/// Node has to be asked.
const UNSURE: u32 = 0;
/// There is nothing of that name anywhere.
const NOT_FOUND: u32 = 1;

/// A path, [`UNSURE`], [`NOT_FOUND`], or (where there is no Node to ask) the facts of an error.
type JsResolution = Either3<String, u32, JsResolveFailure>;

/// Whether this platform has a file system of ours.
#[napi(catch_unwind)]
#[must_use]
pub fn is_supported() -> bool {
    OsFileSystem.is_supported()
}

/// Resolves with one set of options. What it reads of the disk is shared by all threads of the process.
#[napi(js_name = "Resolver")]
pub struct JsResolver {
    options: ResolveOptions,
    package_jsons: Arc<PackageJsons>,
}

#[napi]
impl JsResolver {
    /// Takes the options as `lib/` has validated them.
    ///
    /// # Errors
    /// An option that `lib/` should not have let through.
    #[napi(constructor, catch_unwind)]
    pub fn new(options: JsResolveOptions) -> napi::Result<Self> {
        let options = ResolveOptions::try_from(options)?;
        let package_jsons = PackageJsons::shared(&options.main_fields);
        Ok(Self { options, package_jsons })
    }

    /// Resolves a request of the module with this file name.
    #[napi(catch_unwind)]
    #[must_use]
    pub fn resolve(&self, request: String, filename: String) -> JsResolution {
        // Lone surrogates arrive as the replacement character. Node would know the difference.
        let may_be_changed = request.contains('\u{fffd}') || filename.contains('\u{fffd}');
        if may_be_changed && self.options.policy == Policy::AskNode {
            return self.answer(Err(ResolveError::Unsure(Doubt::Request)));
        }
        // Node takes the file name as it is, so that one that is not normalised leads elsewhere.
        let Some(parent) = AbsolutePath::new(&filename).filter(|_| is_normalised(&filename)) else {
            return self.answer(Err(ResolveError::Unsure(Doubt::Parent)));
        };
        let facts = FileSystemFacts {
            file_system: &OsFileSystem,
            package_jsons: &self.package_jsons,
        };
        self.answer(Resolver::new(&self.options, &facts).resolve(&request, &parent))
    }

    fn answer(&self, resolution: Result<AbsolutePath, ResolveError>) -> JsResolution {
        match resolution {
            Ok(path) => Either3::A(path.into_string()),
            Err(ResolveError::ModuleNotFound) => Either3::B(NOT_FOUND),
            Err(error) => match (self.options.policy, JsResolveFailure::try_from(error)) {
                (Policy::Specification, Ok(failure)) => Either3::C(failure),
                _ => Either3::B(UNSURE),
            },
        }
    }
}
