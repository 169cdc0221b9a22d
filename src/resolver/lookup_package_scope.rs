//! `LOOKUP_PACKAGE_SCOPE(url)` and reading one package.json.

use std::sync::Arc;

use super::Resolver;
use crate::cache::{Found, Id, PackageJsonFact};
use crate::error::{ConfigFault, Doubt, ResolveError};
use crate::package_json::PackageJson;

/// No request has a NUL.
const PACKAGE_JSON_ABOVE: &str = "\0package.json";

/// The closest directory with a package.json.
pub(super) struct PackageScope {
    pub directory: Id,
    pub package_json: Arc<PackageJson>,
}

impl Resolver<'_> {
    /// `LOOKUP_PACKAGE_SCOPE`, in a directory and those above it.
    pub(super) fn lookup_package_scope(&self, start: Id) -> Result<Option<PackageScope>, ResolveError> {
        // Deviation, as in later Nodes: one that can't be read is an error, of which the last on the way is told, and after any
        // that is malformed.
        let mut unreadable = None;
        let scope = self.walk_to_package_scope(start, &mut unreadable)?;
        unreadable.map_or(Ok(scope), Err)
    }

    /// Some Nodes take a directory such as `my_node_modules` for the end of the walk.
    pub(super) fn check_walk(&self, start: Id, scope: Option<&PackageScope>) -> Result<(), ResolveError> {
        let end = scope.map(|scope| scope.directory);
        for directory in self.facts.ancestors(start) {
            if self.facts.is_named(directory, "node_modules") {
                break;
            }
            if self.facts.is_name_ending(directory, "node_modules") {
                self.doubt(Doubt::PackageJson)?;
            }
            if Some(directory) == end {
                break;
            }
        }
        Ok(())
    }

    fn walk_to_package_scope(
        &self,
        start: Id,
        unreadable: &mut Option<ResolveError>,
    ) -> Result<Option<PackageScope>, ResolveError> {
        let mut scope = Some(start);
        // 1. Let scopeURL be url. 2. While scopeURL is not the root of the file system,
        while let Some(below) = scope {
            // 2.3. Let pjsonURL be the resolution of "package.json" within scopeURL.
            let found = self.facts.once(below, PACKAGE_JSON_ABOVE, &mut || {
                let path = self.package_json_above(below);
                Ok(path.map(|path| Found { path, is_target: false }))
            });
            // 2.2. If scopeURL ends in a "node_modules" path segment, return null.
            let Some(Found { path: directory, .. }) = found? else {
                return Ok(None);
            };
            let fact = self.facts.package_json(directory);
            scope = self.facts.parent(directory);
            // Nodes differ in whether a package.json in the root of the file system counts.
            if scope.is_none() && !matches!(fact, PackageJsonFact::Absent | PackageJsonFact::NoFile) {
                self.doubt(Doubt::PackageJson)?;
            }
            if self.options.unreadable_is_error && matches!(fact, PackageJsonFact::Unknown) {
                self.doubt(Doubt::FileSystem)?;
                *unreadable = Some(self.invalid_package_config(directory, ConfigFault::Unreadable));
                continue;
            }
            // 2.4. If the file at pjsonURL exists, return scopeURL.
            if let Some(package_json) = self.fields(directory, fact)? {
                return Ok(Some(PackageScope {
                    directory,
                    package_json,
                }));
            }
        }
        // 3. Return null.
        Ok(None)
    }

    /// The nearest directory in which something has the name of a package.json; the root, where there is none.
    fn package_json_above(&self, start: Id) -> Option<Id> {
        for directory in self.facts.ancestors(start) {
            if self.facts.is_named(directory, "node_modules") {
                return None;
            }
            let fact = self.facts.package_json(directory);
            let is_root = self.facts.parent(directory).is_none();
            if is_root || !matches!(fact, PackageJsonFact::Absent | PackageJsonFact::NoFile) {
                return Some(directory);
            }
        }
        None
    }

    /// The fields of the package.json in a directory; `None` where there is none.
    pub(super) fn read_package(&self, directory: Id) -> Result<Option<Arc<PackageJson>>, ResolveError> {
        self.fields(directory, self.facts.package_json(directory))
    }

    fn fields(&self, directory: Id, fact: PackageJsonFact) -> Result<Option<Arc<PackageJson>>, ResolveError> {
        match fact {
            PackageJsonFact::Absent | PackageJsonFact::NoFile => Ok(None),
            PackageJsonFact::Unknown => {
                self.doubt(Doubt::FileSystem)?;
                if self.options.unreadable_is_error {
                    Err(self.invalid_package_config(directory, ConfigFault::Unreadable))
                } else {
                    Ok(None)
                }
            }
            PackageJsonFact::Malformed => {
                self.doubt(Doubt::PackageJson)?;
                Err(self.invalid_package_config(directory, ConfigFault::Malformed))
            }
            PackageJsonFact::Present(package_json) => {
                if package_json.is_odd {
                    self.doubt(Doubt::PackageJson)?;
                }
                Ok(Some(package_json))
            }
        }
    }

    fn invalid_package_config(&self, directory: Id, reason: ConfigFault) -> ResolveError {
        ResolveError::InvalidPackageConfig {
            package_json: self.package_json_of(directory),
            reason,
            base: None,
        }
    }

    /// The path of the package.json of a directory, as errors name it.
    pub(super) fn package_json_of(&self, directory: Id) -> String {
        self.facts.path(directory).child("package.json").into_string()
    }
}
