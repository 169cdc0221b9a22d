//! Segments that a target must not have: `.`, `..`, `node_modules`, encoded or not, and empty ones.

use super::target_url::percent_decode;

/// What is wrong with the segments of a target or of what stands for its `*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidSegments {
    /// Nothing.
    None,
    /// An empty one; Node warns (DEP0166) and goes on.
    Deprecated,
    /// A dot segment or `node_modules`.
    Invalid,
}

/// Node's `invalidSegmentRegEx` and `deprecatedInvalidSegmentRegEx` in one.
pub fn invalid_segments(text: &str) -> InvalidSegments {
    let mut found = InvalidSegments::None;
    for segment in text.split(['/', '\\']) {
        if segment.is_empty() {
            found = InvalidSegments::Deprecated;
        } else if is_invalid(segment) {
            return InvalidSegments::Invalid;
        }
    }
    found
}

fn is_invalid(segment: &str) -> bool {
    let is_invalid_plain =
        |plain: &[u8]| plain == b"." || plain == b".." || plain.eq_ignore_ascii_case(b"node_modules");
    if segment.contains('%') {
        percent_decode(segment).is_some_and(|plain| is_invalid_plain(&plain))
    } else {
        is_invalid_plain(segment.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_the_regular_expressions_find() {
        for (text, expected) in [
            ("a/b.js", InvalidSegments::None),
            ("...", InvalidSegments::None),
            ("", InvalidSegments::Deprecated),
            ("a//b", InvalidSegments::Deprecated),
            ("a/", InvalidSegments::Deprecated),
            ("a\\\\b", InvalidSegments::Deprecated),
            (".", InvalidSegments::Invalid),
            ("a/../b", InvalidSegments::Invalid),
            ("a//..", InvalidSegments::Invalid),
            ("a\\..\\b", InvalidSegments::Invalid),
            ("%2e", InvalidSegments::Invalid),
            (".%2E", InvalidSegments::Invalid),
            ("a/NODE_modules/b", InvalidSegments::Invalid),
            ("n%6fde%5Fmodules", InvalidSegments::Invalid),
            ("node_modules2", InvalidSegments::None),
            ("%zz", InvalidSegments::None),
        ] {
            assert_eq!(invalid_segments(text), expected, "{text}");
        }
    }
}
