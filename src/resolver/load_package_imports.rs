//! `LOAD_PACKAGE_IMPORTS(X, DIR)`

use super::Resolver;
use crate::cache::{Id, Step};
use crate::error::{Doubt, ResolveError};
use crate::exports::{TargetContext, package_imports_resolve};
use crate::specifier::Specifier;

impl Resolver<'_> {
    /// `LOAD_PACKAGE_IMPORTS(X, DIR)`
    pub(super) fn load_package_imports(&self, specifier: &Specifier<'_>, asking: Id) -> Step {
        // 1. Find the closest package scope SCOPE to DIR. 2. If no scope was found, return.
        let Some(scope) = self.lookup_package_scope(asking)? else {
            return Ok(None);
        };
        // 3. If the SCOPE/package.json "imports" is null or undefined, return.
        let Some(imports) = &scope.package_json.imports else {
            return Ok(None);
        };
        // Node 20 takes a directory such as `my_node_modules` for the end of the walk.
        let filename = self.file_in(asking);
        let package = self.facts.path(scope.directory);
        let mut walk = filename
            .ancestors()
            .skip(1)
            .take_while(|directory| directory.as_str().len() >= package.as_str().len());
        if walk.any(|directory| directory.file_name().ends_with("node_modules")) {
            self.doubt(Doubt::PackageJson)?;
        }
        // 4. let MATCH = PACKAGE_IMPORTS_RESOLVE(X, pathToFileURL(SCOPE), conditions)
        let context = TargetContext {
            package: &package,
            base: Some(filename.as_str()),
            conditions: &self.options.conditions,
            policy: self.options.policy,
            resolve_bare: Some(&|target| {
                self.package_resolve(target, &scope, &package)
                    .map_err(|error| match error {
                        // Node names the request, not the target that was not found.
                        ResolveError::TargetNotFound { package_json: None, .. } => ResolveError::TargetNotFound {
                            missing: specifier.text.to_owned(),
                            package_json: None,
                        },
                        other => other,
                    })
            }),
        };
        let target = package_imports_resolve(&context, specifier.text, imports, self.options.slash_imports)?;
        // 5. RESOLVE_ESM_MATCH(MATCH)
        self.resolve_esm_match(&target, &package).map(Some)
    }
}
