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
    /// `LOOKUP_PACKAGE_SCOPE`, beginning with `start` itself.
    pub(super) fn lookup_package_scope(&self, start: &AbsolutePath) -> Result<Option<PackageScope>, ResolveError> {
        // 1. Let scopeURL be url. 2. While scopeURL is not the root of the file system,
        for directory in start.ancestors() {
            // 2.2. If scopeURL ends in a "node_modules" path segment, return null.
            if directory.file_name() == "node_modules" {
                return Ok(None);
            }
            let fact = self.facts.scope_package_json(&directory);
            // Nodes differ in whether a package.json in the root of the file system counts.
            if directory.as_str() == "/" && !matches!(fact, PackageJsonFact::Absent | PackageJsonFact::NoFile) {
                self.doubt(Doubt::PackageJson)?;
            }
            // 2.3. Let pjsonURL be the resolution of "package.json" within scopeURL.
            // 2.4. If the file at pjsonURL exists, return scopeURL.
            if let Some(package_json) = self.fields(&directory, fact)? {
                return Ok(Some(PackageScope {
                    directory,
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
                Ok(None)
            }
            PackageJsonFact::Malformed => {
                self.doubt(Doubt::PackageJson)?;
                Err(ResolveError::InvalidPackageConfig {
                    package_json: directory.child("package.json").into_string(),
                    reason: ConfigFault::Malformed,
                    base: None,
                })
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
