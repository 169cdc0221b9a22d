//! The end of a search: `RESOLVE_ESM_MATCH(MATCH)` and real paths.

use super::Resolver;
use crate::cache::{Found, Id, RealPath};
use crate::error::{Doubt, ResolveError};
use crate::path::AbsolutePath;

impl Resolver<'_> {
    /// `RESOLVE_ESM_MATCH(MATCH)`
    pub(super) fn resolve_esm_match(
        &self,
        target: &AbsolutePath,
        package: &AbsolutePath,
    ) -> Result<Found, ResolveError> {
        self.facts.begin("RESOLVE_ESM_MATCH", target.as_str());
        // 1. let RESOLVED_PATH = fileURLToPath(MATCH)
        // 2. If the file at RESOLVED_PATH exists, load RESOLVED_PATH as its extension format.
        let path = self.facts.id(target);
        if self.is_file(path) {
            return self.finish(path, true);
        }
        // 3. THROW "not found"
        Err(ResolveError::TargetNotFound {
            missing: target.as_str().to_owned(),
            package_json: Some(package.child("package.json").into_string()),
        })
    }

    /// A file that `LOAD_AS_FILE` or `LOAD_AS_DIRECTORY` found.
    pub(super) fn finish_file(&self, path: Id) -> Result<Found, ResolveError> {
        self.finish(path, false)
    }

    /// The answer for a file that was found: its real path, unless links are to be preserved.
    fn finish(&self, path: Id, is_target: bool) -> Result<Found, ResolveError> {
        let found = |path| Found { path, is_target };
        if self.options.preserve_symlinks {
            return Ok(found(path));
        }
        match self.facts.real_path(path) {
            RealPath::Path(real) => Ok(found(real)),
            RealPath::Unknown => self.doubt(Doubt::FileSystem).and(Err(ResolveError::ModuleNotFound)),
            RealPath::NotUtf8 => self.doubt(Doubt::Encoding).and(Err(ResolveError::ModuleNotFound)),
        }
    }
}
