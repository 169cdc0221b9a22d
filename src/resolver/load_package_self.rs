//! `LOAD_PACKAGE_SELF(X, DIR)`

use super::Resolver;
use crate::cache::{Id, Step};
use crate::exports::{TargetContext, package_exports_resolve};
use crate::specifier::Specifier;

impl Resolver<'_> {
    /// `LOAD_PACKAGE_SELF(X, DIR)`
    pub(super) fn load_package_self(&self, specifier: &Specifier<'_>, asking: Id) -> Step {
        self.facts.begin_at("LOAD_PACKAGE_SELF", asking);
        // 1. Find the closest package scope SCOPE to DIR. 2. If no scope was found, return.
        let Some(scope) = self.lookup_package_scope(asking)? else {
            return Ok(None);
        };
        // 3. If the SCOPE/package.json "exports" is null or undefined, return.
        let (Some(exports), Some(name)) = (&scope.package_json.exports, scope.package_json.name.as_deref()) else {
            return Ok(None);
        };
        // 4. If the SCOPE/package.json "name" is not the first segment of X, return.
        let Some(rest) = specifier
            .text
            .strip_prefix(name)
            .filter(|rest| rest.is_empty() || rest.starts_with('/'))
        else {
            return Ok(None);
        };
        // 5. let MATCH = PACKAGE_EXPORTS_RESOLVE(pathToFileURL(SCOPE), "." + X.slice("name".length), "exports", …)
        let package = self.facts.path(scope.directory);
        let filename = self.file_in(asking);
        let context = TargetContext {
            package: &package,
            base: Some(filename.as_str()),
            conditions: self.conditions,
            policy: self.options.policy,
            is_url_wanted: self.is_url_wanted,
            resolve_bare: None,
        };
        let subpath = format!(".{rest}");
        self.facts.begin("PACKAGE_EXPORTS_RESOLVE", &subpath);
        let target = package_exports_resolve(&context, &subpath, exports)?;
        // 6. RESOLVE_ESM_MATCH(MATCH)
        self.resolve_esm_match(&target, &package).map(Some)
    }
}
