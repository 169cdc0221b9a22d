//! `LOAD_AS_DIRECTORY(X)`

use super::Resolver;
use crate::cache::{Id, Step};
use crate::error::{Doubt, ResolveError};

impl Resolver<'_> {
    /// `LOAD_AS_DIRECTORY(X)`, where X is a directory.
    pub(super) fn load_as_directory(&self, directory: Id) -> Step {
        self.facts.begin_at("LOAD_AS_DIRECTORY", directory);
        // 1. If X/package.json is a file, a. parse X/package.json, and look for "main" field.
        let package_json = self.read_package(directory)?;
        let main = package_json
            .as_ref()
            .and_then(|package_json| package_json.main.as_deref());
        let Some(main) = main.filter(|main| !main.is_empty()) else {
            // 1.b. If "main" is a falsy value, GOTO 2. 2. LOAD_INDEX(X)
            return self.load_index(directory);
        };
        if main.contains('\0') {
            self.doubt(Doubt::PackageJson)?;
            return self.load_index(directory);
        }
        // 1.c. let M = X + (json main field)
        let target = self.facts.resolve(directory, main);
        // 1.d. LOAD_AS_FILE(M)
        if let Some(file) = self.load_as_file(target, self.facts.entry_type(target))? {
            return Ok(Some(file));
        }
        // 1.e. LOAD_INDEX(M)
        if let Some(file) = self.load_index(target)? {
            return Ok(Some(file));
        }
        // 1.f. LOAD_INDEX(X) DEPRECATED
        let Some(file) = self.load_index(directory)? else {
            // 1.g. THROW "not found"
            return Err(ResolveError::MainNotFound {
                missing: self.facts.path(directory).resolve(main).into_string(),
                package_json: self.package_json_of(directory),
            });
        };
        // Node prints a warning here (DEP0128).
        self.doubt(Doubt::Warning)?;
        Ok(Some(file))
    }
}
