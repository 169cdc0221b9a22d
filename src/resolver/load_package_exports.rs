//! `LOAD_PACKAGE_EXPORTS(X, DIR)`

use super::Resolver;
use crate::cache::{Id, Step};
use crate::exports::{TargetContext, package_exports_resolve};
use crate::specifier::Specifier;

impl Resolver<'_> {
    /// `LOAD_PACKAGE_EXPORTS(X, DIR)`
    pub(super) fn load_package_exports(&self, specifier: &Specifier<'_>, directory: Id) -> Step {
        // 1. Try to interpret X as a combination of NAME and SUBPATH.
        let Some(package) = specifier.package else {
            // 2. If X does not match this pattern or DIR/NAME/package.json is not a file, return.
            return Ok(None);
        };
        let package_directory = self.facts.resolve(directory, package.name);
        self.facts.begin_at("LOAD_PACKAGE_EXPORTS", package_directory);
        // 3. Parse DIR/NAME/package.json, and look for "exports" field.
        let package_json = self.read_package(package_directory)?;
        // 4. If "exports" is null or undefined, return.
        let Some(exports) = package_json
            .as_ref()
            .and_then(|package_json| package_json.exports.as_ref())
        else {
            return Ok(None);
        };
        // 5. let MATCH = PACKAGE_EXPORTS_RESOLVE(pathToFileURL(DIR/NAME), "." + SUBPATH, "exports", conditions)
        let package_path = self.facts.path(package_directory);
        let context = TargetContext {
            package: &package_path,
            base: None,
            conditions: self.conditions,
            policy: self.options.policy,
            is_url_wanted: self.is_url_wanted,
            resolve_bare: None,
        };
        let subpath = format!(".{}", package.rest);
        self.facts.begin("PACKAGE_EXPORTS_RESOLVE", &subpath);
        let target = package_exports_resolve(&context, &subpath, exports)?;
        // 6. RESOLVE_ESM_MATCH(MATCH)
        self.resolve_esm_match(&target, &package_path).map(Some)
    }
}
