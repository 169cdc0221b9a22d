//! Random targets, keys and subpaths for `exports` and `imports`, made of the pieces that paths and URLs trip over.

use fast_resolve::package_json::Target;
use fast_resolve::{AbsolutePath, Policy};
use proptest::prelude::*;

pub const CONDITIONS: [&str; 2] = ["node", "require"];

const PIECES: [&str; 40] = [
    "%2*",
    ".%2*",
    "/..?",
    "/.#",
    "a",
    "b",
    "lib",
    ".js",
    "x",
    "/",
    "/",
    "/",
    "//",
    "\\",
    ".",
    "..",
    "./",
    "../",
    "*",
    "*",
    "%2e",
    "%2E",
    "%2f",
    "%5c",
    "%",
    "%2",
    "e",
    "2e",
    "%00",
    "%41",
    "node_modules",
    "n%6fde_modules",
    "node_mod",
    "?",
    "#",
    " ",
    ":",
    "\t",
    "é",
    "@s",
];

/// A few pieces in a row.
pub fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES.as_slice()), 0..7).prop_map(|pieces| pieces.concat())
}

/// `prefix` and a few pieces.
pub fn text_after(prefix: &'static str) -> impl Strategy<Value = String> {
    text().prop_map(move |text| format!("{prefix}{text}"))
}

/// A target with conditions, lists and values of the wrong type.
pub fn target() -> impl Strategy<Value = Target> {
    let string = prop_oneof![6 => text_after("./"), 1 => text_after("../"), 1 => text_after("/"), 3 => text()];
    let leaf = prop_oneof![
        8 => string.prop_map(|text| Target::String(text.into())),
        1 => Just(Target::Null),
        1 => prop::sample::select(["1", "true", "-0.5"].as_slice()).prop_map(|text| Target::Other(text.into())),
    ];
    let conditions: &[&str] = &[
        "node",
        "require",
        "default",
        "import",
        "",
        "0",
        "1.5",
        "4294967295",
        ".",
    ];
    let condition = prop::sample::select(conditions);
    leaf.prop_recursive(3, 12, 4, move |inner| {
        let entry = (condition.clone(), inner.clone()).prop_map(|(key, target)| (key.into(), target));
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Target::Array),
            prop::collection::vec(entry, 0..4).prop_map(Target::Object),
        ]
    })
}

/// An object whose keys begin with `prefix`.
pub fn entries(prefix: &'static str) -> impl Strategy<Value = Vec<(Box<str>, Target)>> {
    let key = prop_oneof![
        1 => Just(prefix.trim_end_matches('/').to_owned()),
        3 => Just(format!("{prefix}*")),
        4 => text_after(prefix),
    ];
    prop::collection::vec((key, target()).prop_map(|(key, target)| (key.into(), target)), 0..5)
}

pub fn policy() -> impl Strategy<Value = Policy> {
    prop_oneof![Just(Policy::AskNode), Just(Policy::Specification)]
}

/// Directories of packages, ordinary and not.
pub fn package() -> impl Strategy<Value = AbsolutePath> {
    let paths: &[&str] = &[
        "/p",
        "/app/node_modules/p",
        "/node_modules/@s/p",
        "/a*b/p",
        "/50%/p",
        "/%41",
        "/a\\b",
        "/c d",
        "/q?r#s",
    ];
    prop::sample::select(paths).prop_map(|path| AbsolutePath::new(path).unwrap())
}

pub fn is_inside(package: &AbsolutePath, path: &AbsolutePath) -> bool {
    path == package
        || path
            .as_str()
            .strip_prefix(package.as_str())
            .is_some_and(|rest| rest.starts_with('/'))
}
