//! `PACKAGE_EXPORTS_RESOLVE(packageURL, subpath, exports, conditions)`

use super::package_target_resolve::{MatchedKey, package_target_resolve};
use super::pattern_key_compare::best_match;
use super::{TargetContext, TargetResult};
use crate::error::{ConfigFault, Doubt, ResolveError};
use crate::package_json::Target;
use crate::path::AbsolutePath;
use crate::runtime::Policy;

/// Finds the path that `exports` gives a subpath (`.` or `./…`); it need not exist.
///
/// # Errors
/// Every error of the specification's step.
pub fn package_exports_resolve(
    context: &TargetContext<'_>,
    subpath: &str,
    exports: &Target,
) -> Result<AbsolutePath, ResolveError> {
    // 1. If exports is an Object with both a key starting with "." and a key not starting with ".", throw an Invalid
    // Package Configuration error.
    let resolved = match exports {
        Target::Object(entries) if !is_conditional_sugar(context, entries)? => {
            // 3. Otherwise, if exports is an Object and all keys of exports start with ".", then
            package_imports_exports_resolve(context, subpath, entries)?
        }
        // Node 20 takes a boolean or a number for an object without keys.
        Target::Other(_) | Target::Null => TargetResult::Undefined,
        // 2. If subpath is equal to ".", then mainExport is exports, or its "." property.
        main_export if subpath == "." => package_target_resolve(
            context,
            main_export,
            MatchedKey {
                key: subpath,
                pattern_match: None,
            },
        )?,
        Target::Object(_) | Target::String(_) | Target::Array(_) => TargetResult::Undefined,
    };
    match resolved {
        TargetResult::Path(path) => Ok(path),
        // 4. Throw a Package Path Not Exported error.
        TargetResult::Undefined | TargetResult::Null => Err(ResolveError::PackagePathNotExported {
            package: context.package_directory(),
            subpath: subpath.to_owned(),
            base: context.base(),
        }),
    }
}

/// Whether the keys are conditions rather than subpaths.
fn is_conditional_sugar(context: &TargetContext<'_>, entries: &[(Box<str>, Target)]) -> Result<bool, ResolveError> {
    let mut are_conditions = entries.iter().map(|(key, _)| !key.starts_with('.'));
    let first = are_conditions.next().unwrap_or(false);
    if are_conditions.any(|is_condition| is_condition != first) {
        return Err(ResolveError::InvalidPackageConfig {
            package_json: context.package_json(),
            reason: ConfigFault::MixedKeys,
            base: context.base(),
        });
    }
    Ok(first)
}

/// `PACKAGE_IMPORTS_EXPORTS_RESOLVE(matchKey, matchObj, packageURL, isImports, conditions)`
pub fn package_imports_exports_resolve(
    context: &TargetContext<'_>,
    match_key: &str,
    match_object: &[(Box<str>, Target)],
) -> Result<TargetResult, ResolveError> {
    let ends_in_slash = match_key.ends_with('/');
    // 2. If matchKey is a key of matchObj and does not contain "*", then
    if !ends_in_slash
        && !match_key.contains('*')
        && let Some((key, target)) = match_object.iter().find(|(key, _)| key.as_ref() == match_key)
    {
        return package_target_resolve(
            context,
            target,
            MatchedKey {
                key,
                pattern_match: None,
            },
        );
    }
    // 1. If matchKey ends in "/", return null. Deviation, as in Node: it may match a pattern, with a warning (DEP0155).
    let has_prefix = |key: &str| {
        key.split_once('*')
            .is_some_and(|(prefix, _)| match_key.starts_with(prefix))
    };
    if ends_in_slash && context.policy == Policy::AskNode && match_object.iter().any(|(key, _)| has_prefix(key)) {
        return Err(ResolveError::Unsure(Doubt::Warning));
    }
    // 3.-4. Let expansionKeys be the list of keys of matchObj containing only a single "*", sorted by
    // PATTERN_KEY_COMPARE. The first that matches counts.
    let Some((key, pattern_match)) = best_match(match_object.iter().map(|(key, _)| key.as_ref()), match_key) else {
        // 5. Return null.
        return Ok(TargetResult::Null);
    };
    let Some((_, target)) = match_object.iter().find(|(candidate, _)| candidate.as_ref() == key) else {
        return Ok(TargetResult::Null);
    };
    package_target_resolve(
        context,
        target,
        MatchedKey {
            key,
            pattern_match: Some(pattern_match),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package_json::{PackageFields, PackageJson};
    use proptest::prelude::*;

    const CONDITIONS: [&str; 2] = ["node", "require"];

    fn resolve_with(policy: Policy, exports: &str, subpath: &str) -> Result<String, ResolveError> {
        let json = format!("{{\"exports\":{exports}}}");
        let package_json =
            PackageJson::parse(json.as_bytes(), &PackageFields::default()).map_err(|_| ResolveError::ModuleNotFound)?;
        let conditions = CONDITIONS.map(str::to_owned);
        let package = AbsolutePath::new("/p").unwrap();
        let context = TargetContext {
            package: &package,
            base: None,
            conditions: &conditions,
            policy,
            is_url_wanted: false,
            resolve_bare: None,
        };
        let exports = package_json.exports.unwrap_or(Target::Null);
        package_exports_resolve(&context, subpath, &exports).map(AbsolutePath::into_string)
    }

    fn resolve(exports: &str, subpath: &str) -> Result<String, &'static str> {
        resolve_with(Policy::AskNode, exports, subpath).map_err(|error| error.code().unwrap_or("unsure"))
    }

    #[test]
    fn resolves_as_the_specification_says() {
        const NOT_EXPORTED: Result<&str, &str> = Err("ERR_PACKAGE_PATH_NOT_EXPORTED");
        const INVALID_TARGET: Result<&str, &str> = Err("ERR_INVALID_PACKAGE_TARGET");
        const INVALID_CONFIG: Result<&str, &str> = Err("ERR_INVALID_PACKAGE_CONFIG");
        const UNSURE: Result<&str, &str> = Err("unsure");
        for (exports, subpath, expected) in [
            (r#""./a""#, ".", Ok("/p/a")),
            (r#""./a""#, "./a", NOT_EXPORTED),
            (r#"{".":"./a","./b":"./c"}"#, "./b", Ok("/p/c")),
            (r#"{"import":"./a","require":"./b"}"#, ".", Ok("/p/b")),
            (r#"{"default":"./a","require":"./b"}"#, ".", Ok("/p/a")),
            (r#"{"node":{"import":"./a"},"default":"./b"}"#, ".", Ok("/p/b")),
            (r#"{"node":null,"default":"./b"}"#, ".", NOT_EXPORTED),
            (r#"{"./*":"./lib/*.js"}"#, "./a/b", Ok("/p/lib/a/b.js")),
            (r#"{"./*":"./*/*"}"#, "./a", Ok("/p/a/a")),
            (r#"{"./*":"./*","./x/*":null}"#, "./x/a", NOT_EXPORTED),
            (r#"{"./*":"./*"}"#, "./../a", Err("ERR_INVALID_MODULE_SPECIFIER")),
            (r#"{"./*":"./*"}"#, "./a/", UNSURE),
            (r#"{"./*":"./*"}"#, "./a//b", UNSURE),
            (r#"["./a","./b"]"#, ".", Ok("/p/a")),
            (r#"["a","./b"]"#, ".", Ok("/p/b")),
            (r#"[null,"a"]"#, ".", INVALID_TARGET),
            (r#"["a",null]"#, ".", NOT_EXPORTED),
            ("[]", ".", NOT_EXPORTED),
            ("[1]", ".", INVALID_TARGET),
            (r#""a""#, ".", INVALID_TARGET),
            (r#""./../a""#, ".", INVALID_TARGET),
            (r#""./node_modules/a""#, ".", INVALID_TARGET),
            (r#""./a//b""#, ".", UNSURE),
            (r#"{".":"./a","b":"./c"}"#, ".", INVALID_CONFIG),
            (r#"{"0":"./a"}"#, ".", INVALID_CONFIG),
            (r#"{"1.5":"./a"}"#, ".", UNSURE),
            (r#"{"01":"./a","default":"./b"}"#, ".", Ok("/p/b")),
            ("{}", ".", NOT_EXPORTED),
            ("false", ".", NOT_EXPORTED),
        ] {
            assert_eq!(
                resolve(exports, subpath).as_deref().map_err(|code| *code),
                expected,
                "{exports} {subpath}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_answer_lies_outside_of_the_package(
            key in "\\./[a-z*]{0,4}",
            target in "(\\./)?[a-z./\\\\%2e5cf*_n?# ]{0,16}",
            subpath in "\\.(/[a-z./\\\\%2e5cf*_n?# ]{0,16})?",
            specification in any::<bool>(),
        ) {
            let policy = if specification { Policy::Specification } else { Policy::AskNode };
            let exports = format!("{{{}:{}}}", crate::package_json::quote(&key), crate::package_json::quote(&target));
            if let Ok(path) = resolve_with(policy, &exports, &subpath) {
                prop_assert!(path == "/p" || path.starts_with("/p/"), "{}", path);
            }
        }
    }
}
