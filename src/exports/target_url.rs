//! A target as Node's URL parser would place it below the package.
//!
//! Node makes a `file:` URL of the package's directory, resolves the target against it and takes the path back out.
//! For nearly every target that is the target itself. This module says where it is not, without a URL parser.

use crate::path::AbsolutePath;

/// Where a target leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetUrl {
    /// A path.
    Path(AbsolutePath),
    /// The URL has `%2f` or `%5c`.
    EncodedSeparator,
    /// Only a URL parser can tell.
    Unsure,
}

/// Resolves `relative` against the directory of the package.
#[must_use]
pub fn resolve_target_url(package: &AbsolutePath, relative: &str) -> TargetUrl {
    if is_plain(relative) {
        return below(package, relative);
    }
    // Control characters and spaces at the ends are dropped by the URL parser, a NUL ends the path for the kernel.
    if relative.contains(|character: char| character.is_ascii_control()) || relative.ends_with(' ') {
        return TargetUrl::Unsure;
    }
    if has_encoded_separator(relative) {
        return TargetUrl::EncodedSeparator;
    }
    // A query and a fragment are no part of the path; a backslash is a slash.
    let path = relative.split(['?', '#']).next().unwrap_or_default().replace('\\', "/");
    let Some(path) = percent_decode(&path).and_then(|bytes| String::from_utf8(bytes).ok()) else {
        return TargetUrl::Unsure;
    };
    if path.contains('\0') {
        return TargetUrl::Unsure;
    }
    below(package, &path)
}

/// What looked like no dot segment may have become one (`..?x`, `%2*`), and behind a `/` only a directory would do.
fn below(package: &AbsolutePath, path: &str) -> TargetUrl {
    let has_dots = path
        .strip_prefix("./")
        .unwrap_or(path)
        .split('/')
        .any(|segment| matches!(segment, "." | ".."));
    if has_dots || path.ends_with('/') {
        return TargetUrl::Unsure;
    }
    TargetUrl::Path(package.resolve(path))
}

/// Whether the directory of a package is its own URL's path. For others, Node's versions differ in how they encode them,
/// and a backslash even reads as an encoded separator.
#[must_use]
pub fn is_plain_directory(directory: &AbsolutePath) -> bool {
    is_plain(directory.as_str())
}

/// Whether the URL's path would be the text itself.
fn is_plain(text: &str) -> bool {
    !text.contains(|character: char| matches!(character, '%' | '\\' | '?' | '#') || character.is_ascii_control())
        && !text.ends_with(' ')
}

/// Whether a path and its URL stay the same text, as the file system has it: it makes one slash of two, a URL does not.
#[must_use]
pub fn is_kept_by_url(path: &str) -> bool {
    is_plain(path) && !path.contains("//")
}

/// Node's `encodedSepRegEx`: `/%2F|%5C/i`.
fn has_encoded_separator(text: &str) -> bool {
    text.as_bytes()
        .windows(3)
        .any(|window| window.eq_ignore_ascii_case(b"%2f") || window.eq_ignore_ascii_case(b"%5c"))
}

/// Decodes `%xx`; `None` where a `%` is followed by anything else.
pub fn percent_decode(text: &str) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(if byte == b'%' {
            hexadecimal(bytes.next()?)? << 4 | hexadecimal(bytes.next()?)?
        } else {
            byte
        });
    }
    Some(decoded)
}

fn hexadecimal(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn resolve(relative: &str) -> TargetUrl {
        resolve_target_url(&AbsolutePath::new("/a/pkg").unwrap(), relative)
    }

    fn path(text: &str) -> TargetUrl {
        TargetUrl::Path(AbsolutePath::new(text).unwrap())
    }

    #[test]
    fn places_targets_as_a_url_parser_does() {
        assert_eq!(resolve("./lib/a.js"), path("/a/pkg/lib/a.js"));
        assert_eq!(resolve("./a%20b.js"), path("/a/pkg/a b.js"));
        assert_eq!(resolve("./a.js?x#y"), path("/a/pkg/a.js"));
        assert_eq!(resolve("./lib\\a.js"), path("/a/pkg/lib/a.js"));
        assert_eq!(resolve("./%C3%BC.js"), path("/a/pkg/ü.js"));
        assert_eq!(resolve("./a%2fb"), TargetUrl::EncodedSeparator);
        assert_eq!(resolve("./a?%5C"), TargetUrl::EncodedSeparator);
        assert_eq!(resolve("./a//b.js"), path("/a/pkg/a/b.js"));
        for unsure in [
            "./a%", "./a%zz", "./a%ff", "./a\n", "./a ", "./a%00", "./a/", "./a/?x", "./a/.#x", "./%2e./a", "./..?x",
        ] {
            assert_eq!(resolve(unsure), TargetUrl::Unsure, "{unsure:?}");
        }
        let odd_package = AbsolutePath::new("/a\\b").unwrap();
        assert!(!is_plain_directory(&odd_package));
        assert_eq!(
            resolve_target_url(&odd_package, "./a"),
            TargetUrl::Path(AbsolutePath::new("/a\\b/a").unwrap())
        );
    }

    proptest! {
        #[test]
        fn stays_below_the_package(relative in "\\./[a-z%0-9?#\\\\ ]{0,20}") {
            if let TargetUrl::Path(path) = resolve(&relative) {
                prop_assert!(path.as_str().starts_with("/a/pkg"));
            }
        }
    }
}
