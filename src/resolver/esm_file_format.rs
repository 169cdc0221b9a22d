//! `ESM_FILE_FORMAT(url)`

use super::Resolver;
use crate::cache::Id;
use crate::error::{Doubt, ResolveError};
use crate::format::Format;
use crate::package_json::PackageType;

impl Resolver<'_> {
    /// `ESM_FILE_FORMAT(url)`
    pub(super) fn esm_file_format(&self, path: Id) -> Result<Format, ResolveError> {
        let file = self.facts.path(path);
        let extension = match file.file_name().rsplit_once('.') {
            // A name that begins with its only dot has no extension.
            None | Some(("", _)) => None,
            Some((_, extension)) => Some(extension),
        };
        match extension {
            // 2. If url ends in ".mjs", return "module".
            Some("mjs") => return Ok(Format::Module),
            // 3. If url ends in ".cjs", return "commonjs".
            Some("cjs") => return Ok(Format::CommonJs),
            Some("js") => return self.format_by_package(path),
            _ => {}
        }
        // The rest differs between Nodes.
        self.doubt(Doubt::Runtime)?;
        Ok(match extension {
            // 4.-6. ".json", ".wasm", ".node".
            Some("json") => Format::Json,
            Some("wasm") => Format::Wasm,
            Some("node") => Format::Addon,
            Some(_) => Format::Unknown,
            // Without an extension, it is what the package says, or the syntax.
            None => self.format_by_package(path)?,
        })
    }

    /// The format of a `.js` file by the `type` of its package.
    fn format_by_package(&self, path: Id) -> Result<Format, ResolveError> {
        let Some(directory) = self.facts.parent(path) else {
            return Err(ResolveError::Unsure(Doubt::Parent));
        };
        // 7. Let packageURL be the result of LOOKUP_PACKAGE_SCOPE(url).
        let scope = self.lookup_package_scope(directory)?;
        self.check_walk(directory, scope.as_ref())?;
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
