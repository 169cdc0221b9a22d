//! The end of a search: `RESOLVE_ESM_MATCH(MATCH)` and real paths.

use super::Resolver;
use crate::cache::RealPath;
use crate::error::{Doubt, ResolveError};
use crate::path::AbsolutePath;

impl Resolver<'_> {
    /// `RESOLVE_ESM_MATCH(MATCH)`
    pub(super) fn resolve_esm_match(
        &self,
        target: AbsolutePath,
        package: &AbsolutePath,
    ) -> Result<AbsolutePath, ResolveError> {
        // 1. let RESOLVED_PATH = fileURLToPath(MATCH)
        // 2. If the file at RESOLVED_PATH exists, load RESOLVED_PATH as its extension format.
        if self.is_file(&target) {
            return self.finish(target);
        }
        // 3. THROW "not found"
        Err(ResolveError::TargetNotFound {
            missing: target.into_string(),
            package_json: Some(package.child("package.json").into_string()),
        })
    }

    /// The answer for a file that was found: its real path, unless links are to be preserved.
    pub(super) fn finish(&self, path: AbsolutePath) -> Result<AbsolutePath, ResolveError> {
        if self.options.preserve_symlinks {
            return Ok(path);
        }
        match self.facts.real_path(&path) {
            RealPath::Path(real) => Ok(real),
            RealPath::Unknown => self.doubt(Doubt::FileSystem).and(Err(ResolveError::ModuleNotFound)),
            RealPath::NotUtf8 => self.doubt(Doubt::Encoding).and(Err(ResolveError::ModuleNotFound)),
        }
    }
}
