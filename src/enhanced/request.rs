//! A request: a path or a name, and what a bundler hands on behind it.

use std::borrow::Cow;

/// A request, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request<'a> {
    /// What is looked for.
    pub path: Cow<'a, str>,
    /// Empty, or `?` and what follows.
    pub query: &'a str,
    /// Empty, or `#` and what follows.
    pub fragment: &'a str,
}

impl<'a> Request<'a> {
    /// A `#` at the beginning is part of the name, as one behind a NUL is. What follows another one is a fragment; what
    /// follows a `?`, a query.
    #[must_use]
    pub fn parse(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        if !bytes.iter().skip(1).any(|byte| matches!(byte, b'#' | b'?')) {
            return Self {
                path: Cow::Borrowed(text),
                query: "",
                fragment: "",
            };
        }
        let is_mark = |index: usize, mark: u8| index > 0 && bytes.get(index) == Some(&mark);
        let is_escaped = |index: usize| index.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&0);
        let fragment = (0..bytes.len())
            .find(|index| is_mark(*index, b'#') && !is_escaped(*index))
            .unwrap_or(bytes.len());
        let query = (0..fragment).find(|index| is_mark(*index, b'?')).unwrap_or(fragment);
        let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default();
        let path = part(0..query);
        Self {
            path: if path.contains("\0#") {
                Cow::Owned(path.replace("\0#", "#"))
            } else {
                Cow::Borrowed(path)
            },
            query: part(query..fragment),
            fragment: part(fragment..bytes.len()),
        }
    }
}

/// `name` or `@scope/name`, and what follows it: nothing, or `/` and more.
#[must_use]
pub fn split_package_name(request: &str) -> (&str, &str) {
    let scope = if request.starts_with('@') {
        request.find('/').map_or(request.len(), |slash| slash + 1)
    } else {
        0
    };
    let behind_scope = request.get(scope..).unwrap_or_default();
    let end = behind_scope.find('/').map_or(request.len(), |slash| scope + slash);
    request.split_at_checked(end).unwrap_or((request, ""))
}

/// Whether only a directory will do.
#[must_use]
pub fn is_directory_wanted(request: &str) -> bool {
    request.ends_with('/') || matches!(request, "." | "..") || request.ends_with("/.") || request.ends_with("/..")
}

/// Whether it is looked for from the directory of the module that asks.
#[must_use]
pub fn is_relative(request: &str) -> bool {
    matches!(request, "." | "..") || request.starts_with("./") || request.starts_with("../")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn takes_queries_and_fragments_apart() {
        for (text, path, query, fragment) in [
            ("./a", "./a", "", ""),
            ("./a?b", "./a", "?b", ""),
            ("./a#b", "./a", "", "#b"),
            ("./a?b#c", "./a", "?b", "#c"),
            ("./a#b?c", "./a", "", "#b?c"),
            ("#a", "#a", "", ""),
            ("#a#b?c", "#a", "", "#b?c"),
            ("?a", "?a", "", ""),
            ("./a\0#b#c", "./a#b", "", "#c"),
            ("./a?b\0#c#d", "./a", "?b\0#c", "#d"),
            ("./a?b?c", "./a", "?b?c", ""),
            ("", "", "", ""),
        ] {
            let request = Request::parse(text);
            let parts = (request.path.as_ref(), request.query, request.fragment);
            assert_eq!(parts, (path, query, fragment), "{text:?}");
        }
    }

    #[test]
    fn splits_names() {
        for (text, name, rest) in [
            ("a", "a", ""),
            ("a/b/c", "a", "/b/c"),
            ("@a/b", "@a/b", ""),
            ("@a/b/c", "@a/b", "/c"),
            ("@a", "@a", ""),
            ("a/", "a", "/"),
        ] {
            assert_eq!(split_package_name(text), (name, rest), "{text}");
        }
    }

    proptest! {
        #[test]
        fn loses_nothing(text in ".{0,30}") {
            let request = Request::parse(&text);
            let whole = format!("{}{}{}", request.path, request.query, request.fragment);
            // In a query, the NUL before a `#` stays.
            prop_assert_eq!(whole.replace("\0#", "#"), text.replace("\0#", "#"));
        }
    }
}
