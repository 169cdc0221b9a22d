//! A request, parsed once.

/// What the first characters of a request make of it, in the sense of `Module._resolveLookupPaths`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Begins with `/`.
    Absolute,
    /// `.`, or begins with `./` or `..`: looked up in the directory of the module that asks. (Node also takes `..name`.)
    Relative,
    /// Begins with `#`: looked up in `imports` first, and then as a bare name.
    Import,
    /// Anything else: looked up in the `node_modules` directories.
    Bare,
}

/// A request with everything that the algorithm wants to know of its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Specifier<'a> {
    /// The request as it was given.
    pub text: &'a str,
    /// What its beginning makes of it.
    pub kind: Kind,
    /// It ends in `/`, `/.` or `/..`, or is `.` or `..`: only a directory will do.
    pub has_trailing_slash: bool,
    /// The package that it names and the rest, where it can name one.
    pub package: Option<PackageSpecifier<'a>>,
}

/// `name` or `@scope/name`, and what follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackageSpecifier<'a> {
    /// The name of the package.
    pub name: &'a str,
    /// Empty, or begins with `/`.
    pub rest: &'a str,
}

impl<'a> Specifier<'a> {
    /// Parses a request; it never fails, since anything may be the name of a file.
    #[must_use]
    pub fn parse(text: &'a str) -> Self {
        let kind = kind_of(text);
        Self {
            text,
            kind,
            has_trailing_slash: has_trailing_slash(text),
            package: if kind == Kind::Absolute {
                None
            } else {
                PackageSpecifier::parse(text)
            },
        }
    }
}

impl<'a> PackageSpecifier<'a> {
    /// Node's `EXPORTS_PATTERN`: `/^((?:@[^/\\%]+\/)?[^./\\%][^/\\%]*)(\/.*)?$/`.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let scope_end = text.strip_prefix('@').and_then(|rest| {
            let length = rest.find(['/', '\\', '%'])?;
            (length > 0 && rest.get(length..)?.starts_with('/')).then_some(length + 2)
        });
        // Where the part behind the scope is no name, the pattern falls back to the scope alone as the name.
        scope_end
            .and_then(|end| Self::parse_name(text, end))
            .or_else(|| Self::parse_name(text, 0))
    }

    fn parse_name(text: &'a str, start: usize) -> Option<Self> {
        let tail = text.get(start..)?;
        if tail.is_empty() || tail.starts_with(['.', '/', '\\', '%']) {
            return None;
        }
        let length = tail.find(['/', '\\', '%']).unwrap_or(tail.len());
        let (name, rest) = text.split_at_checked(start + length)?;
        // The pattern's `.` does not match a line terminator.
        let is_rest =
            rest.is_empty() || (rest.starts_with('/') && !rest.contains(['\n', '\r', '\u{2028}', '\u{2029}']));
        is_rest.then_some(Self { name, rest })
    }
}

fn kind_of(text: &str) -> Kind {
    let mut bytes = text.bytes();
    match (bytes.next(), bytes.next()) {
        (Some(b'/'), _) => Kind::Absolute,
        (Some(b'#'), _) => Kind::Import,
        (Some(b'.'), None | Some(b'.' | b'/')) => Kind::Relative,
        _ => Kind::Bare,
    }
}

fn has_trailing_slash(text: &str) -> bool {
    text.ends_with('/') || text == "." || text == ".." || text.ends_with("/.") || text.ends_with("/..")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn package(text: &str) -> Option<(&str, &str)> {
        PackageSpecifier::parse(text).map(|package| (package.name, package.rest))
    }

    #[test]
    fn parses_names_as_the_pattern_does() {
        for (text, expected) in [
            ("a", Some(("a", ""))),
            ("a/b", Some(("a", "/b"))),
            ("a/", Some(("a", "/"))),
            ("@s/a", Some(("@s/a", ""))),
            ("@s/a/b/c", Some(("@s/a", "/b/c"))),
            ("@s", Some(("@s", ""))),
            ("@s/", Some(("@s", "/"))),
            ("@s/.a", Some(("@s", "/.a"))),
            ("@s//a", Some(("@s", "//a"))),
            ("@/a", Some(("@", "/a"))),
            ("@s/a%b", Some(("@s", "/a%b"))),
            ("#a", Some(("#a", ""))),
            (".a", None),
            ("a%b", None),
            ("a\\b", None),
            ("@s%/a", None),
            ("", None),
            ("a/b\nc", None),
            ("a\nb", Some(("a\nb", ""))),
        ] {
            assert_eq!(package(text), expected, "{text:?}");
        }
    }

    #[test]
    fn tells_the_kinds_apart() {
        for (text, kind) in [
            ("/a", Kind::Absolute),
            (".", Kind::Relative),
            ("..", Kind::Relative),
            ("./a", Kind::Relative),
            ("..a", Kind::Relative),
            (".a", Kind::Bare),
            ("#a", Kind::Import),
            ("a", Kind::Bare),
            ("", Kind::Bare),
        ] {
            assert_eq!(Specifier::parse(text).kind, kind, "{text:?}");
        }
    }

    #[test]
    fn sees_trailing_slashes() {
        for text in ["./", ".", "..", "a/", "a/.", "a/.."] {
            assert!(Specifier::parse(text).has_trailing_slash, "{text:?}");
        }
        for text in ["a", "a.", "a..", "./a", "..a", ""] {
            assert!(!Specifier::parse(text).has_trailing_slash, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn name_and_rest_make_up_the_request(text in ".{0,40}") {
            if let Some(package) = PackageSpecifier::parse(&text) {
                prop_assert_eq!(format!("{}{}", package.name, package.rest), text.as_str());
                prop_assert!(!package.name.contains(['\\', '%']));
            }
        }
    }
}
