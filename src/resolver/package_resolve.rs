//! `PACKAGE_RESOLVE(packageSpecifier, parentURL)`: the ES module algorithm, for bare targets of `imports` and for `import`.

use super::Resolver;
use super::lookup_package_scope::PackageScope;
use crate::cache::Id;
use crate::error::{Doubt, ResolveError, SpecifierFault};
use crate::exports::{
    TargetContext, TargetUrl, is_kept_by_url, is_plain_directory, package_exports_resolve, resolve_target_url,
};
use crate::format::Format;
use crate::package_json::PackageJson;
use crate::path::AbsolutePath;
use crate::runtime::Policy;

/// What the legacy main resolution appends to `main`, and tries without it.
const MAIN_SUFFIXES: [&str; 7] = ["", ".js", ".json", ".node", "/index.js", "/index.json", "/index.node"];
const INDEX_FILES: [&str; 3] = ["index.js", "index.json", "index.node"];

/// Who asks for a package.
struct Asker<'a> {
    /// The file that Node's errors name.
    base: &'a AbsolutePath,
    /// Its directory.
    directory: Id,
    /// The path of that.
    path: &'a AbsolutePath,
    /// Its package.
    scope: Option<&'a PackageScope>,
}

impl Resolver<'_> {
    /// `PACKAGE_RESOLVE`, where the package.json of `scope` asks.
    pub(super) fn package_resolve(
        &self,
        target: &str,
        scope: &PackageScope,
        scope_path: &AbsolutePath,
    ) -> Result<AbsolutePath, ResolveError> {
        // 2.-3. If packageSpecifier is a Node.js builtin module name, return "node:" + packageSpecifier.
        match self.options.builtins.as_ref().map(|builtins| builtins.contains(target)) {
            Some(false) => {}
            Some(true) => return Err(ResolveError::BuiltinTarget),
            None => self.doubt(Doubt::Runtime)?,
        }
        let asker = Asker {
            // The package.json asks, not the module.
            base: &scope_path.child("package.json"),
            directory: scope.directory,
            path: scope_path,
            scope: Some(scope),
        };
        self.resolve_package(target, &asker)
    }

    /// `PACKAGE_RESOLVE(packageSpecifier, parentURL)`, where a module asks. Core modules (steps 2 and 3) are the caller's.
    pub(super) fn esm_package_resolve(&self, specifier: &str, directory: Id) -> Result<AbsolutePath, ResolveError> {
        let scope = self.lookup_package_scope(directory)?;
        self.check_walk(directory, scope.as_ref())?;
        let asker = Asker {
            base: &self.file_in(directory),
            directory,
            path: &self.facts.path(directory),
            scope: scope.as_ref(),
        };
        self.resolve_package(specifier, &asker)
    }

    fn resolve_package(&self, target: &str, asker: &Asker<'_>) -> Result<AbsolutePath, ResolveError> {
        self.facts.begin("PACKAGE_RESOLVE", target);
        let Asker {
            base,
            directory,
            path,
            scope,
        } = asker;
        // 2.-6. Let packageName be the first segment of packageSpecifier, with its scope.
        let Some((name, subpath)) = parse_package_name(target) else {
            return Err(ResolveError::InvalidModuleSpecifier {
                specifier: target.to_owned(),
                reason: SpecifierFault::NotAPackageName,
                base: Some(base.as_str().to_owned()),
            });
        };
        // The name becomes part of a URL, as the subpath does.
        let place = resolve_target_url(path, name);
        let is_plain = is_plain_directory(path) && place == TargetUrl::Path(path.child(name));
        if !is_plain {
            self.doubt(Doubt::Url)?;
        }
        // 8.-9. Let selfUrl be the result of PACKAGE_SELF_RESOLVE(packageName, packageSubpath, parentURL).
        if let Some(scope) = scope
            && let Some(exports) = &scope.package_json.exports
            && scope.package_json.name.as_deref() == Some(name)
        {
            self.facts.begin("PACKAGE_SELF_RESOLVE", &subpath);
            let package = self.facts.path(scope.directory);
            return package_exports_resolve(&self.exports_context(&package, base), &subpath, exports);
        }
        // 10. While parentURL is not the file system root,
        for directory in self.facts.ancestors(*directory) {
            // 10.1. Let packageURL be the URL resolution of "node_modules/" concatenated with packageName.
            let package = self.facts.resolve(self.facts.resolve(directory, "node_modules"), name);
            // 10.3. If the folder at packageURL does not exist, continue the loop.
            if self.is_directory(package) {
                return self.resolve_in_package(package, &subpath, base);
            }
        }
        // 11. Throw a Module Not Found error.
        Err(ResolveError::EsmModuleNotFound {
            missing: name.to_owned(),
            is_package: true,
            base: base.as_str().to_owned(),
        })
    }

    fn resolve_in_package(
        &self,
        directory: Id,
        subpath: &str,
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
            self.facts.begin("PACKAGE_EXPORTS_RESOLVE", subpath);
            return package_exports_resolve(&self.exports_context(package, base), subpath, exports);
        }
        // 10.6. Otherwise, if packageSubpath is equal to ".", then return the URL resolution of main.
        if subpath == "." {
            // It becomes part of a URL, too: Node 20 takes a space at its end for none.
            let main = package_json
                .as_ref()
                .and_then(|package_json| package_json.main.as_deref());
            if main.is_some_and(|main| !is_kept_by_url(main)) {
                self.doubt(Doubt::Url)?;
            }
            let main = self
                .legacy_main_resolve(package, package_json.as_deref())
                .ok_or_else(|| ResolveError::EsmModuleNotFound {
                    missing: main_of(package, package_json.as_deref()).into_string(),
                    is_package: true,
                    base: base.as_str().to_owned(),
                })?;
            self.check_legacy_main(&main, package, package_json.as_deref())?;
            return Ok(main);
        }
        if self.is_url_wanted && !is_kept_by_url(subpath) {
            self.doubt(Doubt::Url)?;
        }
        // 10.7. Otherwise, return the URL resolution of packageSubpath in packageURL.
        match resolve_target_url(package, subpath) {
            TargetUrl::Path(path) => Ok(path),
            TargetUrl::EncodedSeparator | TargetUrl::Unsure => {
                self.doubt(Doubt::Url)?;
                Err(ResolveError::EsmModuleNotFound {
                    missing: package.child(subpath.trim_start_matches("./")).into_string(),
                    is_package: false,
                    base: base.as_str().to_owned(),
                })
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

    /// Node prints a warning (DEP0151) where an ES module is not what `main` names to the letter.
    fn check_legacy_main(
        &self,
        found: &AbsolutePath,
        package: &AbsolutePath,
        package_json: Option<&PackageJson>,
    ) -> Result<(), ResolveError> {
        if self.options.policy == Policy::Specification {
            return Ok(());
        }
        // Node looks the format up in any case, and throws where a package.json on the way is malformed.
        let format = self.esm_file_format(self.facts.id(found))?;
        let main = package_json.and_then(|package_json| package_json.main.as_deref());
        let is_exact = main.map(|main| package.resolve(main)).as_ref() == Some(found);
        if format == Format::Module && !is_exact {
            return Err(ResolveError::Unsure(Doubt::Warning));
        }
        Ok(())
    }

    fn exports_context<'a>(&'a self, package: &'a AbsolutePath, base: &'a AbsolutePath) -> TargetContext<'a> {
        TargetContext {
            package,
            base: Some(base.as_str()),
            conditions: self.conditions,
            policy: self.options.policy,
            is_url_wanted: self.is_url_wanted,
            resolve_bare: None,
        }
    }
}

/// What Node's errors name where no main file is there.
fn main_of(package: &AbsolutePath, package_json: Option<&PackageJson>) -> AbsolutePath {
    match package_json.and_then(|package_json| package_json.main.as_deref()) {
        Some(main) => package.resolve(main),
        None => package.child("index.js"),
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
