//! `PACKAGE_RESOLVE(packageSpecifier, parentURL)`: the ES module algorithm, for bare targets of `imports`.

use super::Resolver;
use super::lookup_package_scope::PackageScope;
use crate::cache::Id;
use crate::error::{Doubt, ResolveError, SpecifierFault};
use crate::exports::{TargetContext, TargetUrl, is_plain_directory, package_exports_resolve, resolve_target_url};
use crate::package_json::PackageJson;
use crate::path::AbsolutePath;

/// What the legacy main resolution appends to `main`, and tries without it.
const MAIN_SUFFIXES: [&str; 7] = ["", ".js", ".json", ".node", "/index.js", "/index.json", "/index.node"];
const INDEX_FILES: [&str; 3] = ["index.js", "index.json", "index.node"];

impl Resolver<'_> {
    /// `PACKAGE_RESOLVE`, where the package.json of `scope` asks.
    pub(super) fn package_resolve(
        &self,
        target: &str,
        scope: &PackageScope,
        scope_path: &AbsolutePath,
    ) -> Result<AbsolutePath, ResolveError> {
        // The package.json asks, not the module.
        let base = scope_path.child("package.json");
        // 2.-3. If packageSpecifier is a Node.js builtin module name, return "node:" + packageSpecifier.
        match self.options.builtins.as_ref().map(|builtins| builtins.contains(target)) {
            Some(false) => {}
            Some(true) => return Err(ResolveError::BuiltinTarget),
            None => self.doubt(Doubt::Runtime)?,
        }
        // 2.-6. Let packageName be the first segment of packageSpecifier, with its scope.
        let Some((name, subpath)) = parse_package_name(target) else {
            return Err(ResolveError::InvalidModuleSpecifier {
                specifier: target.to_owned(),
                reason: SpecifierFault::NotAPackageName,
                base: Some(base.into_string()),
            });
        };
        // The name becomes part of a URL, as the subpath does.
        let place = resolve_target_url(scope_path, name);
        let is_plain = is_plain_directory(scope_path) && place == TargetUrl::Path(scope_path.child(name));
        if !is_plain {
            self.doubt(Doubt::Url)?;
        }
        // 8.-9. Let selfUrl be the result of PACKAGE_SELF_RESOLVE(packageName, packageSubpath, parentURL).
        if let Some(exports) = &scope.package_json.exports
            && scope.package_json.name.as_deref() == Some(name)
        {
            return package_exports_resolve(&self.exports_context(scope_path, &base), &subpath, exports);
        }
        // 10. While parentURL is not the file system root,
        for directory in self.ancestors(scope.directory) {
            // 10.1. Let packageURL be the URL resolution of "node_modules/" concatenated with packageName.
            let package = self.facts.resolve(self.facts.resolve(directory, "node_modules"), name);
            // 10.3. If the folder at packageURL does not exist, continue the loop.
            if self.is_directory(package) {
                return self.resolve_in_package(package, &subpath, target, &base);
            }
        }
        // 11. Throw a Module Not Found error.
        Err(not_found(target))
    }

    fn resolve_in_package(
        &self,
        directory: Id,
        subpath: &str,
        target: &str,
        base: &AbsolutePath,
    ) -> Result<AbsolutePath, ResolveError> {
        // 10.4. Let pjson be the result of READ_PACKAGE_JSON(packageURL).
        let package_json = self.read_package(directory)?;
        let package = &self.facts.path(directory);
        // 10.5. If pjson is not null and pjson.exports is not null or undefined, then
        if let Some(exports) = package_json
            .as_ref()
            .and_then(|package_json| package_json.exports.as_ref())
        {
            return package_exports_resolve(&self.exports_context(package, base), subpath, exports);
        }
        // 10.6. Otherwise, if packageSubpath is equal to ".", then return the URL resolution of main.
        if subpath == "." {
            // Node looks up the type of the file that it finds, and may print a warning (DEP0151).
            self.doubt(Doubt::Warning)?;
            return self
                .legacy_main_resolve(package, package_json.as_deref())
                .ok_or_else(|| not_found(target));
        }
        // 10.7. Otherwise, return the URL resolution of packageSubpath in packageURL.
        match resolve_target_url(package, subpath) {
            TargetUrl::Path(path) => Ok(path),
            TargetUrl::EncodedSeparator | TargetUrl::Unsure => {
                self.doubt(Doubt::Url)?;
                Err(not_found(target))
            }
        }
    }

    /// Node's `legacyMainResolve`.
    fn legacy_main_resolve(&self, package: &AbsolutePath, package_json: Option<&PackageJson>) -> Option<AbsolutePath> {
        if let Some(main) = package_json.and_then(|package_json| package_json.main.as_deref()) {
            for suffix in MAIN_SUFFIXES {
                let candidate = package.resolve(&format!("{main}{suffix}"));
                if self.is_file(self.facts.id(&candidate)) {
                    return Some(candidate);
                }
            }
        }
        INDEX_FILES
            .iter()
            .map(|name| package.child(name))
            .find(|path| self.is_file(self.facts.id(path)))
    }

    fn exports_context<'a>(&'a self, package: &'a AbsolutePath, base: &'a AbsolutePath) -> TargetContext<'a> {
        TargetContext {
            package,
            base: Some(base.as_str()),
            conditions: &self.options.conditions,
            policy: self.options.policy,
            resolve_bare: None,
        }
    }
}

/// Node's `parsePackageName`.
fn parse_package_name(target: &str) -> Option<(&str, String)> {
    let name_end = if let Some(scoped) = target.strip_prefix('@') {
        let scope_end = scoped.find('/')? + 2;
        target
            .get(scope_end..)?
            .find('/')
            .map_or(target.len(), |index| index + scope_end)
    } else {
        target.find('/').unwrap_or(target.len())
    };
    let (name, rest) = target.split_at_checked(name_end)?;
    let is_valid = !name.is_empty() && !name.starts_with('.') && !name.contains(['%', '\\']);
    is_valid.then(|| (name, format!(".{rest}")))
}

fn not_found(target: &str) -> ResolveError {
    ResolveError::TargetNotFound {
        missing: target.to_owned(),
        package_json: None,
    }
}
