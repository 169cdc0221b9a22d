//! `LOAD_PACKAGE_IMPORTS(X, DIR)`

use super::{Parent, Resolver, Step};
use crate::error::{Doubt, ResolveError};
use crate::exports::{TargetContext, package_imports_resolve};
use crate::specifier::Specifier;

impl Resolver<'_> {
    /// `LOAD_PACKAGE_IMPORTS(X, DIR)`
    pub(super) fn load_package_imports(&self, specifier: &Specifier<'_>, parent: &Parent) -> Step {
        // 1. Find the closest package scope SCOPE to DIR. 2. If no scope was found, return.
        let Some(scope) = self.lookup_package_scope(parent.ancestors())? else {
            return Ok(None);
        };
        // 3. If the SCOPE/package.json "imports" is null or undefined, return.
        let Some(imports) = &scope.package_json.imports else {
            return Ok(None);
        };
        // Node 20 takes a directory such as `my_node_modules` for the end of the walk.
        let mut walk = parent
            .ancestors()
            .iter()
            .take_while(|directory| directory.as_str().len() >= scope.directory.as_str().len());
        if walk.any(|directory| directory.file_name().ends_with("node_modules")) {
            self.doubt(Doubt::PackageJson)?;
        }
        // 4. let MATCH = PACKAGE_IMPORTS_RESOLVE(X, pathToFileURL(SCOPE), conditions)
        let context = TargetContext {
            package: &scope.directory,
            base: Some(parent.filename.as_str()),
            conditions: &self.options.conditions,
            policy: self.options.policy,
            resolve_bare: Some(&|target| {
                self.package_resolve(target, &scope).map_err(|error| match error {
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
        self.resolve_esm_match(target, &scope.directory).map(Some)
    }
}
