//! The best of several keys with a `*`, against the specification's text taken literally.

use std::cmp::Ordering;

use fast_resolve::exports::{TargetContext, package_exports_resolve};
use fast_resolve::package_json::Target;
use fast_resolve::{AbsolutePath, Policy, ResolveError};
use proptest::prelude::*;

use crate::config::cases;

/// Keys of which several match one subpath. No segment of theirs is forbidden in a target.
fn key() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(["a", "b", "/", "*", "é", "\u{1f600}"].as_slice());
    prop::collection::vec(piece, 0..5).prop_map(|pieces| format!("./{}", pieces.concat()))
}

fn subpath() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(["a", "b", "/", "*", "é", "\u{1f600}"].as_slice());
    prop::collection::vec(piece, 1..7).prop_map(|pieces| format!("./{}", pieces.concat()))
}

/// Lengths are JavaScript's.
fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// `PATTERN_KEY_COMPARE(keyA, keyB)`, line by line.
fn naive_compare(key_a: &str, key_b: &str) -> Ordering {
    let base_length = |key: &str| length(key.split('*').next().unwrap());
    if base_length(key_a) > base_length(key_b) {
        return Ordering::Less;
    }
    if base_length(key_b) > base_length(key_a) {
        return Ordering::Greater;
    }
    if length(key_a) > length(key_b) {
        return Ordering::Less;
    }
    if length(key_b) > length(key_a) {
        return Ordering::Greater;
    }
    Ordering::Equal
}

/// `PACKAGE_IMPORTS_EXPORTS_RESOLVE`, steps 2 to 5: the index of the key, and what its `*` stands for.
fn naive_match(keys: &[String], subpath: &str) -> Option<(usize, Option<String>)> {
    if let Some(index) = keys.iter().position(|key| key == subpath && !key.contains('*')) {
        return Some((index, None));
    }
    let mut expansion_keys: Vec<&String> = keys.iter().filter(|key| key.matches('*').count() == 1).collect();
    expansion_keys.sort_by(|key_a, key_b| naive_compare(key_a, key_b));
    for expansion_key in expansion_keys {
        let star = expansion_key.find('*').unwrap();
        let (base, trailer) = (&expansion_key[..star], &expansion_key[star + 1..]);
        let is_match = subpath.starts_with(base)
            && subpath != base
            && (trailer.is_empty() || (subpath.ends_with(trailer) && length(subpath) >= length(expansion_key)));
        if is_match {
            let index = keys.iter().position(|key| key == expansion_key).unwrap();
            return Some((
                index,
                Some(subpath[base.len()..subpath.len() - trailer.len()].to_owned()),
            ));
        }
    }
    None
}

/// Resolves with one target for each key, so that the answer tells which key it was: `/p/k2/[match]-[match]`.
fn resolve(keys: &[String], subpath: &str) -> Result<String, ResolveError> {
    let entries = keys.iter().enumerate().map(|(index, key)| {
        let target = if key.contains('*') {
            format!("./k{index}/[*]-[*]")
        } else {
            format!("./k{index}")
        };
        (key.as_str().into(), Target::String(target.into()))
    });
    let context = TargetContext {
        package: &AbsolutePath::new("/p").unwrap(),
        base: None,
        conditions: &[],
        policy: Policy::Specification,
        is_url_wanted: false,
        resolve_bare: None,
    };
    package_exports_resolve(&context, subpath, &Target::Object(entries.collect())).map(AbsolutePath::into_string)
}

fn expected_path((index, pattern_match): (usize, Option<String>)) -> String {
    let path = match pattern_match {
        Some(pattern_match) => format!("/p/k{index}/[{pattern_match}]-[{pattern_match}]"),
        None => format!("/p/k{index}"),
    };
    AbsolutePath::new(&path).unwrap().into_string()
}

fn without_duplicates(keys: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for key in keys {
        if !kept.contains(&key) {
            kept.push(key);
        }
    }
    kept
}

proptest! {
    #![proptest_config(cases(2048))]

    #[test]
    fn the_most_specific_key_is_found(
        keys in prop::collection::vec(key(), 1..7).prop_map(without_duplicates),
        subpath in subpath().prop_filter("a subpath that ends in a slash is matched against the specification", |subpath| !subpath.ends_with('/')),
    ) {
        let expected = naive_match(&keys, &subpath).map(expected_path);
        prop_assert_eq!(resolve(&keys, &subpath).ok(), expected);
    }

    #[test]
    fn the_order_of_the_keys_does_not_matter(
        keys in prop::collection::vec(key(), 1..7).prop_map(without_duplicates),
        subpath in subpath(),
    ) {
        let index_of = |answer: Result<String, ResolveError>, keys: &[String]| {
            let digit = answer.ok()?.chars().find(char::is_ascii_digit)?.to_digit(10)?;
            keys.get(usize::try_from(digit).ok()?).cloned()
        };
        let reversed: Vec<String> = keys.iter().rev().cloned().collect();
        let key = index_of(resolve(&keys, &subpath), &keys);
        prop_assert_eq!(index_of(resolve(&reversed, &subpath), &reversed), key);
    }
}
