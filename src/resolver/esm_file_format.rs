//! `ESM_FILE_FORMAT(url)`

use super::Resolver;
use crate::error::{Doubt, ResolveError};
use crate::package_json::PackageType;
use crate::path::AbsolutePath;

/// How a module is to be loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// An ES module.
    Module,
    /// A `CommonJS` module.
    CommonJs,
    /// Node finds out by the syntax when it has read the file.
    Detected,
}

impl Format {
    /// Its letter in an answer.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::Module => 'm',
            Self::CommonJs => 'c',
            Self::Detected => 'd',
        }
    }
}

impl Resolver<'_> {
    /// `ESM_FILE_FORMAT(url)`, for the extensions that mean the same in every Node.
    pub(super) fn esm_file_format(&self, path: &AbsolutePath) -> Result<Format, ResolveError> {
        match path.file_name().rsplit_once('.') {
            // A name that begins with its only dot has no extension.
            Some(("", _)) => Err(ResolveError::Unsure(Doubt::Runtime)),
            // 2. If url ends in ".mjs", return "module".
            Some((_, "mjs")) => Ok(Format::Module),
            // 3. If url ends in ".cjs", return "commonjs".
            Some((_, "cjs")) => Ok(Format::CommonJs),
            Some((_, "js")) => self.format_by_package(path),
            // 4.-6. ".json", ".wasm", ".node", TypeScript and the rest differ between Nodes.
            _ => Err(ResolveError::Unsure(Doubt::Runtime)),
        }
    }

    /// The format of a `.js` file by the `type` of its package.
    fn format_by_package(&self, path: &AbsolutePath) -> Result<Format, ResolveError> {
        let Some(directory) = path.parent() else {
            return Err(ResolveError::Unsure(Doubt::Parent));
        };
        let ancestors: Vec<_> = directory.ancestors().collect();
        // 7. Let packageURL be the result of LOOKUP_PACKAGE_SCOPE(url).
        let scope = self.lookup_package_scope(&ancestors)?;
        self.check_walk(&ancestors, scope.as_ref())?;
        // 8.-11. Let packageType be the "type" of its package.json.
        let package_type = scope.map_or(PackageType::None, |scope| scope.package_json.package_type);
        Ok(match package_type {
            PackageType::Module => Format::Module,
            PackageType::CommonJs => Format::CommonJs,
            // 12. If packageType is null, it is found out by the syntax.
            PackageType::None => Format::Detected,
        })
    }
}
