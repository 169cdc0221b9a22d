//! `LOOKUP_PACKAGE_SCOPE(url)` and reading one package.json.

use std::sync::Arc;

use super::Resolver;
use crate::cache::PackageJsonFact;
use crate::error::{ConfigFault, Doubt, ResolveError};
use crate::package_json::PackageJson;
use crate::path::AbsolutePath;

/// The closest directory with a package.json.
pub(super) struct PackageScope {
    pub directory: AbsolutePath,
    pub package_json: Arc<PackageJson>,
}

impl Resolver<'_> {
    /// `LOOKUP_PACKAGE_SCOPE`, in a directory and those above it.
    pub(super) fn lookup_package_scope(
        &self,
        ancestors: &[AbsolutePath],
    ) -> Result<Option<PackageScope>, ResolveError> {
        // Deviation, as in later Nodes: one that can't be read is an error, of which the last on the way is told, and after any
        // that is malformed.
        let mut unreadable = None;
        let scope = self.walk_to_package_scope(ancestors, &mut unreadable)?;
        unreadable.map_or(Ok(scope), Err)
    }

    /// Some Nodes take a directory such as `my_node_modules` for the end of the walk.
    pub(super) fn check_walk(
        &self,
        ancestors: &[AbsolutePath],
        scope: Option<&PackageScope>,
    ) -> Result<(), ResolveError> {
        let end = scope.map_or(0, |scope| scope.directory.as_str().len());
        let mut walk = ancestors
            .iter()
            .take_while(|directory| directory.as_str().len() >= end && directory.file_name() != "node_modules");
        if walk.any(|directory| directory.file_name().ends_with("node_modules")) {
            self.doubt(Doubt::PackageJson)?;
        }
        Ok(())
    }

    fn walk_to_package_scope(
        &self,
        ancestors: &[AbsolutePath],
        unreadable: &mut Option<ResolveError>,
    ) -> Result<Option<PackageScope>, ResolveError> {
        // 1. Let scopeURL be url. 2. While scopeURL is not the root of the file system,
        for directory in ancestors {
            // 2.2. If scopeURL ends in a "node_modules" path segment, return null.
            if directory.file_name() == "node_modules" {
                return Ok(None);
            }
            let fact = self.facts.package_json(directory);
            // Nodes differ in whether a package.json in the root of the file system counts.
            if directory.as_str() == "/" && !matches!(fact, PackageJsonFact::Absent | PackageJsonFact::NoFile) {
                self.doubt(Doubt::PackageJson)?;
            }
            if self.options.unreadable_is_error && matches!(fact, PackageJsonFact::Unknown) {
                self.doubt(Doubt::FileSystem)?;
                *unreadable = Some(invalid_package_config(directory, ConfigFault::Unreadable));
                continue;
            }
            // 2.3. Let pjsonURL be the resolution of "package.json" within scopeURL.
            // 2.4. If the file at pjsonURL exists, return scopeURL.
            if let Some(package_json) = self.fields(directory, fact)? {
                return Ok(Some(PackageScope {
                    directory: directory.clone(),
                    package_json,
                }));
            }
        }
        // 3. Return null.
        Ok(None)
    }

    /// The fields of the package.json in a directory; `None` where there is none.
    pub(super) fn read_package(&self, directory: &AbsolutePath) -> Result<Option<Arc<PackageJson>>, ResolveError> {
        self.fields(directory, self.facts.package_json(directory))
    }

    fn fields(
        &self,
        directory: &AbsolutePath,
        fact: PackageJsonFact,
    ) -> Result<Option<Arc<PackageJson>>, ResolveError> {
        match fact {
            PackageJsonFact::Absent | PackageJsonFact::NoFile => Ok(None),
            PackageJsonFact::Unknown => {
                self.doubt(Doubt::FileSystem)?;
                if self.options.unreadable_is_error {
                    Err(invalid_package_config(directory, ConfigFault::Unreadable))
                } else {
                    Ok(None)
                }
            }
            PackageJsonFact::Malformed => {
                self.doubt(Doubt::PackageJson)?;
                Err(invalid_package_config(directory, ConfigFault::Malformed))
            }
            PackageJsonFact::Present(package_json) => {
                if package_json.is_odd {
                    self.doubt(Doubt::PackageJson)?;
                }
                Ok(Some(package_json))
            }
        }
    }
}

fn invalid_package_config(directory: &AbsolutePath, reason: ConfigFault) -> ResolveError {
    ResolveError::InvalidPackageConfig {
        package_json: directory.child("package.json").into_string(),
        reason,
        base: None,
    }
}
