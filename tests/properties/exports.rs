//! Whatever `exports` and `imports` say, the answer lies in the package.

use std::cell::RefCell;

use fast_resolve::error::SpecifierFault;
use fast_resolve::exports::{
    TargetContext, TargetUrl, package_exports_resolve, package_imports_resolve, resolve_target_url,
};
use fast_resolve::package_json::Target;
use fast_resolve::path::is_normalised;
use fast_resolve::{AbsolutePath, Policy, ResolveError};
use proptest::prelude::*;

use crate::config::cases;
use crate::target::{CONDITIONS, entries, is_inside, package, policy, target, text_after};

fn resolve_exports(
    package: &AbsolutePath,
    policy: Policy,
    exports: &Target,
    subpath: &str,
) -> Result<AbsolutePath, ResolveError> {
    let context = TargetContext {
        package,
        base: None,
        conditions: &CONDITIONS.map(str::to_owned),
        policy,
        is_url_wanted: false,
        resolve_bare: None,
    };
    package_exports_resolve(&context, subpath, exports)
}

/// The answer, and the bare names that were asked for.
fn resolve_imports(
    package: &AbsolutePath,
    policy: Policy,
    imports: &[(Box<str>, Target)],
    request: &str,
    slash_imports: Option<bool>,
) -> (Result<AbsolutePath, ResolveError>, Vec<String>) {
    let asked = RefCell::new(Vec::new());
    let resolve_bare = |name: &str| {
        asked.borrow_mut().push(name.to_owned());
        Ok(elsewhere())
    };
    let context = TargetContext {
        package,
        base: Some("/parent.js"),
        conditions: &CONDITIONS.map(str::to_owned),
        policy,
        is_url_wanted: false,
        resolve_bare: Some(&resolve_bare),
    };
    let answer = package_imports_resolve(&context, request, imports, slash_imports);
    (answer, asked.into_inner())
}

fn elsewhere() -> AbsolutePath {
    AbsolutePath::new("/elsewhere/file").unwrap()
}

fn exports() -> impl Strategy<Value = Target> {
    prop_oneof![
        1 => target(),
        3 => entries("./").prop_map(Target::Object),
    ]
}

fn subpath() -> impl Strategy<Value = String> {
    prop_oneof![1 => Just(".".to_owned()), 4 => text_after("./")]
}

/// Whether a segment is `.`, `..` or `node_modules`, in capitals or percent-encoded: one letter of it after the other, as
/// in Node's regular expression.
fn has_forbidden_segment(text: &str) -> bool {
    text.split(['/', '\\']).any(|segment| {
        [".", "..", "node_modules"].into_iter().any(|forbidden| {
            let mut rest = segment;
            forbidden.chars().all(|letter| {
                let lower = format!("%{:02x}", u32::from(letter));
                let upper = format!("%{:02x}", u32::from(letter.to_ascii_uppercase()));
                let length = [letter.to_string(), lower, upper].into_iter().find_map(|spelling| {
                    let start = rest.get(..spelling.len())?;
                    start.eq_ignore_ascii_case(&spelling).then_some(spelling.len())
                });
                rest = length.and_then(|length| rest.get(length..)).unwrap_or("/");
                length.is_some()
            }) && rest.is_empty()
        })
    })
}

/// A few segments, many of them forbidden.
fn segments() -> impl Strategy<Value = String> {
    let piece = [
        "a",
        "/",
        "/",
        "\\",
        ".",
        "%2e",
        "%2E",
        "node_modules",
        "Node_MODULES",
        "n%6Fd%65_modules",
        "%4eode%5Fmodules",
    ];
    let piece = prop::sample::select(piece.to_vec());
    prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(cases(2048))]

    #[test]
    fn a_target_with_a_forbidden_segment_is_invalid(target in segments()) {
        let package = AbsolutePath::new("/p").unwrap();
        let exports = Target::String(format!("./{target}").into());
        let answer = resolve_exports(&package, Policy::Specification, &exports, ".");
        let is_invalid = matches!(answer, Err(ResolveError::InvalidPackageTarget { .. }));
        let has_empty_segment = target.split(['/', '\\']).any(str::is_empty);
        prop_assert!(is_invalid == has_forbidden_segment(&target) || (is_invalid && has_empty_segment), "{:?}", answer);
    }

    #[test]
    fn a_match_with_a_forbidden_segment_is_invalid(subpath in segments()) {
        let package = AbsolutePath::new("/p").unwrap();
        let exports = Target::Object(vec![("./*".into(), Target::String("./*".into()))]);
        let answer = resolve_exports(&package, Policy::Specification, &exports, &format!("./{subpath}"));
        let is_invalid = matches!(answer, Err(ResolveError::InvalidModuleSpecifier { .. }));
        prop_assert_eq!(is_invalid, has_forbidden_segment(&subpath), "{:?}", answer);
    }

    #[test]
    fn exports_lead_nowhere_outside_of_the_package(
        package in package(), policy in policy(), exports in exports(), subpath in subpath(),
    ) {
        let answer = resolve_exports(&package, policy, &exports, &subpath);
        if let Ok(path) = &answer {
            prop_assert!(is_inside(&package, path), "{path:?} for {}", exports.to_json());
            prop_assert!(is_normalised(path.as_str()));
        }
        prop_assert!(policy == Policy::AskNode || !matches!(answer, Err(ResolveError::Unsure(_))));
        prop_assert_eq!(&resolve_exports(&package, policy, &exports, &subpath), &answer);
    }

    #[test]
    fn imports_lead_into_the_package_or_to_a_bare_name(
        package in package(),
        policy in policy(),
        imports in entries("#"),
        request in text_after("#"),
        slash_imports in any::<Option<bool>>(),
    ) {
        let (answer, asked) = resolve_imports(&package, policy, &imports, &request, slash_imports);
        if let Ok(path) = &answer {
            let is_elsewhere = !asked.is_empty() && *path == elsewhere();
            prop_assert!(is_elsewhere || is_inside(&package, path), "{path:?}");
        }
        prop_assert!(asked.len() <= 1, "the first bare name counts");
        prop_assert_eq!(resolve_imports(&package, policy, &imports, &request, slash_imports), (answer, asked));
    }

    #[test]
    fn what_is_no_name_of_imports_is_refused(
        imports in entries("#"), name in text_after("#/"), slash_imports in any::<bool>(), is_alone in any::<bool>(),
    ) {
        let package = AbsolutePath::new("/p").unwrap();
        let request = if is_alone { "#" } else { name.as_str() };
        let (answer, _) = resolve_imports(&package, Policy::Specification, &imports, request, Some(slash_imports));
        let is_refused = is_alone || !slash_imports || request.ends_with('/');
        let reason = match answer {
            Err(ResolveError::InvalidModuleSpecifier { reason, .. }) => Some(reason),
            _ => None,
        };
        prop_assert_eq!(reason == Some(SpecifierFault::NotAnImportsName), is_refused);
    }

    #[test]
    fn the_directory_of_the_package_makes_no_difference(package in package(), exports in exports(), subpath in subpath()) {
        let below = |package: &AbsolutePath| {
            let answer = resolve_exports(package, Policy::Specification, &exports, &subpath);
            let path = answer.map_err(|error| error.code())?;
            Ok(path.as_str().strip_prefix(package.as_str()).map(str::to_owned))
        };
        let expected: Result<_, Option<&str>> = below(&AbsolutePath::new("/p").unwrap());
        prop_assert_eq!(below(&package), expected);
    }

    #[test]
    fn only_plain_targets_of_exports_give_an_answer(package in package(), target in "[a-z./@#:*]{0,8}", subpath in "[a-z/]{1,4}") {
        // Neither a bare name, nor a URL, nor a path that begins otherwise than with "./" is ever followed.
        let exports = Target::Object(vec![("./*".into(), Target::String(target.as_str().into()))]);
        let answer = resolve_exports(&package, Policy::Specification, &exports, &format!("./{subpath}"));
        prop_assert!(target.starts_with("./") || answer.is_err());
    }

    #[test]
    fn conditions_that_do_not_hold_change_nothing(
        package in package(), policy in policy(), target in target(), other in target(), subpath in subpath(),
    ) {
        let with_key = |entries: Vec<(&str, &Target)>| {
            let entries = entries.into_iter().map(|(key, target)| (key.into(), target.clone())).collect();
            Target::Object(vec![(subpath.as_str().into(), Target::Object(entries))])
        };
        let alone = with_key(vec![("default", &target)]);
        let after_another = with_key(vec![("import", &other), ("default", &target)]);
        let before_another = with_key(vec![("default", &target), ("node", &Target::Null)]);
        let answer = resolve_exports(&package, policy, &alone, &subpath);
        prop_assert_eq!(&resolve_exports(&package, policy, &after_another, &subpath), &answer);
        if answer.is_ok() {
            prop_assert_eq!(resolve_exports(&package, policy, &before_another, &subpath), answer);
        }
    }

    #[test]
    fn a_url_that_can_be_placed_stays_below_the_package(package in package(), relative in text_after("./")) {
        let has_dots = relative.split(['/', '\\', '?', '#']).skip(1).any(|segment| {
            matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..")
        });
        if let TargetUrl::Path(path) = resolve_target_url(&package, &relative) {
            prop_assert!(has_dots || is_inside(&package, &path), "{path:?}");
            prop_assert!(is_normalised(path.as_str()));
        }
    }
}
