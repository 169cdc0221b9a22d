//! package.json files: the one of a directory, the nearest, and that of the package that a file belongs to.

use std::sync::Arc;

use super::EnhancedResolver;
use crate::cache::{Found, Id, PackageJsonFact};
use crate::error::{ConfigFault, ResolveError};
use crate::package_json::{PackageJson, PackageType, Target};

/// No request has a NUL.
const NEAREST: &str = "\0nearest package.json";
const PACKAGE: &str = "\0package";

/// A directory and what its package.json says.
type Package = (Id, Arc<PackageJson>);

impl EnhancedResolver<'_> {
    /// The package.json of a directory, if there is one.
    pub(super) fn package_json(&self, directory: Id) -> Result<Option<Arc<PackageJson>>, ResolveError> {
        let reason = match self.facts.package_json(directory) {
            PackageJsonFact::Present(package_json) => return Ok(Some(package_json)),
            PackageJsonFact::Absent | PackageJsonFact::NoFile => return Ok(None),
            PackageJsonFact::Unknown => ConfigFault::Unreadable,
            PackageJsonFact::Malformed => ConfigFault::Malformed,
        };
        Err(ResolveError::InvalidPackageConfig {
            package_json: self.facts.path(directory).child("package.json").into_string(),
            reason,
            base: None,
        })
    }

    /// The nearest package.json, in a directory or above it.
    pub(super) fn description_file(&self, directory: Id) -> Result<Option<Package>, ResolveError> {
        let Some(path) = self.nearest_package(directory)? else {
            return Ok(None);
        };
        Ok(self.package_json(path)?.map(|package_json| (path, package_json)))
    }

    /// The directory of the nearest package.json, whatever that says.
    pub(super) fn nearest_package(&self, directory: Id) -> Result<Option<Id>, ResolveError> {
        let nearest = self.facts.once(directory, NEAREST, &mut || {
            let nearest = self
                .facts
                .ancestors(directory)
                .find(|path| self.has_package_json(*path));
            Ok(nearest.map(|path| Found { path, is_target: false }))
        })?;
        Ok(nearest.map(|found| found.path))
    }

    /// The directory of the package that a file belongs to: in `node_modules`, the one with a package.json that lies highest, and else the
    /// nearest.
    pub(super) fn package_of(&self, file: Id) -> Result<Option<Id>, ResolveError> {
        let start = if self.options.resolve_to_context {
            Some(file)
        } else {
            self.facts.parent(file)
        };
        let Some(start) = start else { return Ok(None) };
        let found = self.facts.once(start, PACKAGE, &mut || {
            let found = self.package_from(start);
            Ok(found.map(|path| Found { path, is_target: false }))
        })?;
        Ok(found.map(|found| found.path))
    }

    fn package_from(&self, start: Id) -> Option<Id> {
        let is_end = |directory: &Id| self.facts.is_named(*directory, "node_modules");
        let mut above = self.facts.ancestors(start);
        let mut packages = above
            .clone()
            .take_while(|directory| !is_end(directory))
            .filter(|directory| self.has_package_json(*directory));
        // What lies above the nearest one counts in `node_modules` only.
        if above.any(|directory| is_end(&directory)) {
            packages.last()
        } else {
            packages.next()
        }
    }

    fn has_package_json(&self, directory: Id) -> bool {
        self.facts.package_json(directory).is_there()
    }

    /// `LOOKUP_PACKAGE_SCOPE(url)`: the nearest package.json, which does not lie above `node_modules`.
    pub(super) fn package_scope(&self, directory: Id) -> Result<Option<Package>, ResolveError> {
        let Some(package) = self.description_file(directory)? else {
            return Ok(None);
        };
        let mut between = self.facts.ancestors(directory).take_while(|path| *path != package.0);
        let is_beyond = between.any(|path| self.facts.is_named(path, "node_modules"));
        Ok((!is_beyond).then_some(package))
    }

    /// `ESM_FILE_FORMAT(url)`
    pub(super) fn module_type(&self, file: Id) -> Result<Option<&'static str>, ResolveError> {
        let ends_in = |endings: &[&str]| endings.iter().any(|ending| self.facts.is_name_ending(file, ending));
        if ends_in(&[".mjs", ".mts"]) {
            return Ok(Some("module"));
        }
        if ends_in(&[".cjs", ".cts"]) {
            return Ok(Some("commonjs"));
        }
        for (ending, module_type) in [(".json", "json"), (".wasm", "wasm"), (".node", "addon")] {
            if ends_in(&[ending]) {
                return Ok(Some(module_type));
            }
        }
        if !ends_in(&[".js", ".ts"]) {
            return Ok(None);
        }
        let package = match self.facts.parent(file) {
            Some(directory) => self.package_scope(directory)?,
            None => None,
        };
        Ok(package.and_then(|(_, package_json)| match package_json.package_type {
            PackageType::Module => Some("module"),
            PackageType::CommonJs => Some("commonjs"),
            PackageType::None => None,
        }))
    }
}

impl PackageJson {
    /// A field that was asked for, by the names of the objects that it lies in and its own.
    #[must_use]
    pub fn other(&self, path: &[String]) -> Option<&Target> {
        let (first, within) = path.split_first()?;
        within.iter().try_fold(self.field(first)?, |object, name| match object {
            Target::Object(entries) => entries.iter().find(|(key, _)| **key == **name).map(|(_, value)| value),
            _ => None,
        })
    }

    /// The same, of one that lies in no object.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Target> {
        let mut fields = self.others.iter();
        fields.find(|(field, _)| **field == *name).map(|(_, value)| value)
    }
}
