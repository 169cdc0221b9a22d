//! `PACKAGE_TARGET_RESOLVE(packageURL, target, patternMatch, isImports, conditions)`

use super::invalid_segments::{InvalidSegments, invalid_segments};
use super::target_url::{TargetUrl, is_kept_by_url, is_plain_directory, resolve_target_url};
use super::{TargetContext, TargetResult};
use crate::error::{ConfigFault, Doubt, ResolveError, SpecifierFault};
use crate::package_json::{Target, quote};
use crate::runtime::Policy;

/// The key that led to a target, and what its `*` stands for.
#[derive(Clone, Copy)]
pub struct MatchedKey<'a> {
    /// The key of `exports` or `imports`.
    pub key: &'a str,
    /// What the `*` of the key stands for; `None` for a key without.
    pub pattern_match: Option<&'a str>,
}

/// Finds what a target leads to.
pub fn package_target_resolve(
    context: &TargetContext<'_>,
    target: &Target,
    matched: MatchedKey<'_>,
) -> Result<TargetResult, ResolveError> {
    match target {
        // 1. If target is a String, then
        Target::String(text) => resolve_string(context, text, matched),
        // 2. Otherwise, if target is a non-null Object, then
        Target::Object(entries) => resolve_conditions(context, entries, matched),
        // 3. Otherwise, if target is an Array, then
        Target::Array(items) => resolve_array(context, items, matched),
        // 4. Otherwise, if target is null, return null.
        Target::Null => Ok(TargetResult::Null),
        // 5. Otherwise throw an Invalid Package Target error.
        Target::Other(text) => Err(invalid_package_target(context, text, matched)),
    }
}

fn resolve_string(
    context: &TargetContext<'_>,
    target: &str,
    matched: MatchedKey<'_>,
) -> Result<TargetResult, ResolveError> {
    // 1.1. If target does not start with "./", then
    let Some(below_package) = target.strip_prefix("./") else {
        return resolve_elsewhere(context, target, matched);
    };
    // 1.2. If target split on "/" or "\" contains any "", ".", "..", or "node_modules" segments after the first "."
    // segment, case insensitive and including percent encoded variants, throw an Invalid Package Target error.
    // Deviation, as in Node: "" only prints a warning.
    match invalid_segments(below_package) {
        InvalidSegments::None => {}
        InvalidSegments::Deprecated => warn(context)?,
        InvalidSegments::Invalid => return Err(invalid_package_target(context, &quote(target), matched)),
    }
    // 1.3.-1.4. Let resolvedTarget be the URL resolution of the concatenation of packageURL and target.
    let Some(pattern_match) = matched.pattern_match else {
        // 1.5. If patternMatch is null, return resolvedTarget.
        return place(context, target, matched);
    };
    // 1.6. If patternMatch split on "/" or "\" contains any "", ".", "..", or "node_modules" segments …, throw an
    // Invalid Module Specifier error. Deviation as above.
    match invalid_segments(pattern_match) {
        InvalidSegments::None => {}
        InvalidSegments::Deprecated => warn(context)?,
        InvalidSegments::Invalid => return Err(not_a_match(context, pattern_match, matched.key)),
    }
    // Node replaces every "*" of the whole URL, that of the package's path included.
    if context.policy == Policy::AskNode && context.package.as_str().contains('*') {
        return Err(ResolveError::Unsure(Doubt::Url));
    }
    // 1.7. Return the URL resolution of resolvedTarget with every instance of "*" replaced with patternMatch.
    place(context, &target.replace('*', pattern_match), matched)
}

/// 1.1. A target that does not start with `./`.
fn resolve_elsewhere(
    context: &TargetContext<'_>,
    target: &str,
    matched: MatchedKey<'_>,
) -> Result<TargetResult, ResolveError> {
    // 1.1.1. If isImports is false, or if target begins with "../" or "/", or if target is a valid URL, then throw an
    // Invalid Package Target error.
    let Some(resolve_bare) = context.resolve_bare else {
        return Err(invalid_package_target(context, &quote(target), matched));
    };
    if target.starts_with("../") || target.starts_with('/') {
        return Err(invalid_package_target(context, &quote(target), matched));
    }
    if target.contains(':') {
        return match context.policy {
            Policy::AskNode => Err(ResolveError::Unsure(Doubt::Url)),
            Policy::Specification => Err(invalid_package_target(context, &quote(target), matched)),
        };
    }
    // 1.1.2.-1.1.3. Return PACKAGE_RESOLVE(target with every instance of "*" replaced by patternMatch, packageURL + "/").
    let bare = matched
        .pattern_match
        .map_or_else(|| target.to_owned(), |text| target.replace('*', text));
    resolve_bare(&bare).map(TargetResult::Path)
}

fn resolve_conditions(
    context: &TargetContext<'_>,
    entries: &[(Box<str>, Target)],
    matched: MatchedKey<'_>,
) -> Result<TargetResult, ResolveError> {
    // 2.1. If target contains any index property keys, throw an Invalid Package Configuration error.
    for (key, _) in entries {
        match array_index(key) {
            ArrayIndex::No => {}
            ArrayIndex::Unsure if context.policy == Policy::AskNode => {
                return Err(ResolveError::Unsure(Doubt::PackageJson));
            }
            ArrayIndex::Yes | ArrayIndex::Unsure => {
                return Err(ResolveError::InvalidPackageConfig {
                    package_json: context.package_json(),
                    reason: ConfigFault::NumericKeys,
                    base: context.base(),
                });
            }
        }
    }
    // 2.2. For each property p of target, in object insertion order as,
    for (key, value) in entries {
        // 2.2.1. If p equals "default" or conditions contains an entry for p, then
        if key.as_ref() != "default" && !context.conditions.iter().any(|condition| **condition == **key) {
            continue;
        }
        // 2.2.1.1.-2.2.1.3. If resolved is undefined, continue the loop; otherwise return it.
        match package_target_resolve(context, value, matched)? {
            TargetResult::Undefined => {}
            resolved => return Ok(resolved),
        }
    }
    // 2.3. Return undefined.
    Ok(TargetResult::Undefined)
}

fn resolve_array(
    context: &TargetContext<'_>,
    items: &[Target],
    matched: MatchedKey<'_>,
) -> Result<TargetResult, ResolveError> {
    // 3.1. If _target.length is zero, return null.
    let mut last = if items.is_empty() {
        Ok(TargetResult::Null)
    } else {
        Ok(TargetResult::Undefined)
    };
    // 3.2. For each item targetValue in target, do
    for item in items {
        // 3.2.1. Let resolved be the result of PACKAGE_TARGET_RESOLVE, continuing the loop on any Invalid Package Target
        // error.
        match package_target_resolve(context, item, matched) {
            Err(error @ ResolveError::InvalidPackageTarget { .. }) => last = Err(error),
            Err(error) => return Err(error),
            // 3.2.2. If resolved is undefined, continue the loop.
            Ok(TargetResult::Undefined) => {}
            Ok(TargetResult::Null) => last = Ok(TargetResult::Null),
            // 3.2.3. Return resolved.
            Ok(resolved) => return Ok(resolved),
        }
    }
    // 3.3. Return or throw the last fallback resolution null return or error.
    last
}

fn place(context: &TargetContext<'_>, relative: &str, matched: MatchedKey<'_>) -> Result<TargetResult, ResolveError> {
    let is_plain = is_plain_directory(context.package) && (!context.is_url_wanted || is_kept_by_url(relative));
    if context.policy == Policy::AskNode && !is_plain {
        return Err(ResolveError::Unsure(Doubt::Url));
    }
    match resolve_target_url(context.package, relative) {
        TargetUrl::Path(path) => Ok(TargetResult::Path(path)),
        TargetUrl::EncodedSeparator => Err(ResolveError::InvalidModuleSpecifier {
            specifier: format!(
                "file://{}",
                context.package.child(relative.trim_start_matches("./")).as_str()
            ),
            reason: SpecifierFault::EncodedSeparator,
            base: context.base(),
        }),
        TargetUrl::Unsure => match context.policy {
            Policy::AskNode => Err(ResolveError::Unsure(Doubt::Url)),
            Policy::Specification => Err(invalid_package_target(context, &quote(relative), matched)),
        },
    }
}

fn warn(context: &TargetContext<'_>) -> Result<(), ResolveError> {
    match context.policy {
        Policy::AskNode => Err(ResolveError::Unsure(Doubt::Warning)),
        Policy::Specification => Ok(()),
    }
}

fn invalid_package_target(context: &TargetContext<'_>, target: &str, matched: MatchedKey<'_>) -> ResolveError {
    ResolveError::InvalidPackageTarget {
        package: context.package_directory(),
        key: matched.key.to_owned(),
        target: target.to_owned(),
        is_import: context.is_import(),
        base: context.base(),
    }
}

fn not_a_match(context: &TargetContext<'_>, pattern_match: &str, pattern: &str) -> ResolveError {
    ResolveError::InvalidModuleSpecifier {
        specifier: pattern.replacen('*', pattern_match, 1),
        reason: SpecifierFault::NotAMatch {
            pattern: pattern.to_owned(),
            is_import: context.is_import(),
            package_json: context.package_json(),
        },
        base: context.base(),
    }
}

enum ArrayIndex {
    Yes,
    No,
    /// A fraction or an exponent: whether it is one depends on how JavaScript prints the number.
    Unsure,
}

/// Node's `isArrayIndex`: the text of a number from 0 to 2³² - 2, as JavaScript prints it. (Fractions count.)
fn array_index(key: &str) -> ArrayIndex {
    if !key.starts_with(|first: char| first.is_ascii_digit()) {
        return ArrayIndex::No;
    }
    match key.parse::<u32>() {
        Ok(number) if number < u32::MAX && number.to_string() == key => ArrayIndex::Yes,
        Err(_) if key.parse::<f64>().is_ok() && key.contains(['.', 'e', 'E']) => ArrayIndex::Unsure,
        _ => ArrayIndex::No,
    }
}
