//! [`Specifier`] against the statements of Node's loader, written down once more without its shortcuts.

use fast_resolve::specifier::{Kind, PackageSpecifier, Specifier};
use proptest::prelude::*;

use crate::config::cases;

fn request() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => Just("/"),
        3 => Just("."),
        2 => Just(".."),
        2 => Just("@"),
        3 => Just("a"),
        1 => Just("#"),
        1 => Just("\\"),
        1 => Just("%"),
        1 => Just("\n"),
        1 => Just("\u{2028}"),
        1 => Just("é"),
        1 => Just("\u{1f600}"),
    ];
    prop_oneof![
        4 => proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat()),
        1 => ".{0,20}",
    ]
}

/// What `/^((?:@[^/\\%]+\/)?[^./\\%][^/\\%]*)(\/.*)?$/` captures: of all ways to split the text, a regular expression
/// prefers those with a scope, and then those with the longer name.
fn naive_package(text: &str) -> Option<(&str, &str)> {
    let ends: Vec<usize> = text
        .char_indices()
        .map(|(index, _)| index)
        .chain([text.len()])
        .rev()
        .collect();
    for with_scope in [true, false] {
        for &end in &ends {
            let (name, rest) = text.split_at(end);
            let is_name = if with_scope {
                is_scoped_name(name)
            } else {
                is_plain_name(name)
            };
            if is_name && is_rest(rest) {
                return Some((name, rest));
            }
        }
    }
    None
}

fn is_scoped_name(name: &str) -> bool {
    let Some((scope, name)) = name.split_once('/') else {
        return false;
    };
    scope.len() > 1 && scope.starts_with('@') && !scope.contains(['\\', '%']) && is_plain_name(name)
}

fn is_plain_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', '%'])
}

fn is_rest(rest: &str) -> bool {
    rest.is_empty()
        || (rest.starts_with('/')
            && rest
                .chars()
                .all(|c| !matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')))
}

/// `Module._resolveLookupPaths` and the first characters that `_resolveFilename` and `_findPath` look at.
fn naive_kind(request: &str) -> Kind {
    let units: Vec<u16> = request.encode_utf16().collect();
    let is = |index: usize, character: char| units.get(index) == Some(&u16::try_from(u32::from(character)).unwrap());
    let is_looked_up = !is(0, '.') || (units.len() > 1 && !is(1, '.') && !is(1, '/'));
    match (is(0, '/'), is(0, '#'), is_looked_up) {
        (true, _, _) => Kind::Absolute,
        (_, true, _) => Kind::Import,
        (_, _, true) => Kind::Bare,
        _ => Kind::Relative,
    }
}

/// `trailingSlash` of `Module._findPath`.
fn naive_trailing_slash(request: &str) -> bool {
    let last_segment = request.rsplit('/').next().unwrap();
    !request.is_empty() && (last_segment.is_empty() || last_segment == "." || last_segment == "..")
}

proptest! {
    #![proptest_config(cases(1024))]

    #[test]
    fn names_are_those_of_nodes_pattern(request in request()) {
        let package = PackageSpecifier::parse(&request).map(|package| (package.name, package.rest));
        prop_assert_eq!(package, naive_package(&request));
    }

    #[test]
    fn parses_as_nodes_loader_does(request in request()) {
        let specifier = Specifier::parse(&request);
        prop_assert_eq!(specifier.text, request.as_str());
        prop_assert_eq!(specifier.kind, naive_kind(&request));
        prop_assert_eq!(specifier.has_trailing_slash, naive_trailing_slash(&request));
        let package = specifier.package.map(|package| (package.name, package.rest));
        let expected = if request.starts_with('/') { None } else { naive_package(&request) };
        prop_assert_eq!(package, expected);
    }

    #[test]
    fn a_name_never_leads_up_or_down(request in request()) {
        if let Some(package) = Specifier::parse(&request).package {
            let segments: Vec<_> = package.name.split('/').collect();
            prop_assert!(segments.len() <= 2);
            prop_assert!(segments.iter().all(|segment| !matches!(*segment, "" | "." | "..")));
        }
    }
}
