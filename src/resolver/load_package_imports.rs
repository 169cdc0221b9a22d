//! `LOAD_PACKAGE_IMPORTS(X, DIR)`

use super::Resolver;
use crate::cache::{Id, Step};
use crate::error::ResolveError;
use crate::exports::{TargetContext, package_imports_resolve};
use crate::path::AbsolutePath;
use crate::specifier::Specifier;

impl Resolver<'_> {
    /// `LOAD_PACKAGE_IMPORTS(X, DIR)`
    pub(super) fn load_package_imports(&self, specifier: &Specifier<'_>, asking: Id) -> Step {
        match self.package_imports_resolve(specifier.text, asking) {
            // 5. RESOLVE_ESM_MATCH(MATCH)
            Ok(Some((target, package))) => self.resolve_esm_match(&target, &package).map(Some),
            Ok(None) => Ok(None),
            // Node names the request, not the target that was not found.
            Err(ResolveError::EsmModuleNotFound { .. }) => Err(ResolveError::TargetNotFound {
                missing: specifier.text.to_owned(),
                package_json: None,
            }),
            Err(error) => Err(error),
        }
    }

    /// What the `imports` of the closest package give a name, and the directory of the package; `None` where there are no `imports`.
    pub(super) fn package_imports_resolve(
        &self,
        name: &str,
        asking: Id,
    ) -> Result<Option<(AbsolutePath, AbsolutePath)>, ResolveError> {
        self.facts.begin("PACKAGE_IMPORTS_RESOLVE", name);
        // 1. Find the closest package scope SCOPE to DIR. 2. If no scope was found, return.
        let Some(scope) = self.lookup_package_scope(asking)? else {
            return Ok(None);
        };
        // 3. If the SCOPE/package.json "imports" is null or undefined, return.
        let Some(imports) = &scope.package_json.imports else {
            return Ok(None);
        };
        self.check_walk(asking, Some(&scope))?;
        // 4. let MATCH = PACKAGE_IMPORTS_RESOLVE(X, pathToFileURL(SCOPE), conditions)
        let package = self.facts.path(scope.directory);
        let filename = self.file_in(asking);
        let context = TargetContext {
            package: &package,
            base: Some(filename.as_str()),
            conditions: self.conditions,
            policy: self.options.policy,
            is_url_wanted: self.is_url_wanted,
            resolve_bare: Some(&|target| self.package_resolve(target, &scope, &package)),
        };
        let target = package_imports_resolve(&context, name, imports, self.options.slash_imports)?;
        Ok(Some((target, package)))
    }
}
