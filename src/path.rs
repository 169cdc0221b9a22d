//! Absolute, normalised paths as Node's `path` module makes them. No I/O.
//!
//! Paths are `str`, not `Path`: requests arrive from JavaScript as UTF-8, and what is not UTF-8 is Node's to answer.
//! Only POSIX paths are known here; on Windows the addon leaves every answer to Node (see `fs/unsupported.rs`).

use std::fmt;
use std::path::Path;

/// A path that starts with `/`, has no empty, `.` or `..` segment, no trailing `/` (but for the root) and no NUL.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AbsolutePath(String);

impl AbsolutePath {
    /// Normalises an absolute path; `None` when it is relative or has a NUL byte.
    #[must_use]
    pub fn new(path: &str) -> Option<Self> {
        if !path.starts_with('/') || path.contains('\0') {
            return None;
        }
        let mut normalised = String::with_capacity(path.len());
        push_segments(&mut normalised, path);
        Some(Self::or_root(normalised))
    }

    /// Text that is known to be such a path.
    pub(crate) fn of_normalised(path: &str) -> Self {
        debug_assert!(is_normalised(path), "{path} is normalised");
        Self(path.to_owned())
    }

    /// `path.resolve(self, other)`: an absolute `other` replaces `self`.
    #[must_use]
    pub fn resolve(&self, other: &str) -> Self {
        // Most are plain names below, with `./` before them.
        let below = other.strip_prefix("./").unwrap_or(other);
        if is_plain(below.as_bytes()) {
            return self.child(below);
        }
        let mut resolved = String::with_capacity(self.0.len() + other.len() + 1);
        if !other.starts_with('/') && self.0.len() > 1 {
            resolved.push_str(&self.0);
        }
        push_segments(&mut resolved, other);
        Self::or_root(resolved)
    }

    /// The path with `name` (one or more plain segments) below it.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        let mut child = String::with_capacity(self.0.len() + name.len() + 1);
        if self.0.len() > 1 {
            child.push_str(&self.0);
        }
        child.push('/');
        child.push_str(name);
        Self(child)
    }

    /// `self + suffix` as text, such as an extension. The suffix must not have a `/`.
    #[must_use]
    pub fn with_suffix(&self, suffix: &str) -> Self {
        debug_assert!(!suffix.contains('/'), "a suffix stays within the last segment");
        let mut path = String::with_capacity(self.0.len() + suffix.len());
        path.push_str(&self.0);
        path.push_str(suffix);
        Self(path)
    }

    /// `path.relative(base, self)`: empty if both are the same.
    #[must_use]
    pub fn relative_to(&self, base: &Self) -> String {
        let segments_of = |path: &Self| {
            path.0
                .split('/')
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let (own, of_base): (Vec<String>, Vec<String>) = (segments_of(self), segments_of(base));
        let shared = own.iter().zip(&of_base).take_while(|(a, b)| a == b).count();
        let up = of_base.iter().skip(shared).map(|_| "..");
        let down = own.iter().skip(shared).map(String::as_str);
        up.chain(down).collect::<Vec<_>>().join("/")
    }

    /// The directory that holds this path; `None` for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.parent_str().map(|parent| Self(parent.to_owned()))
    }

    /// The path itself and every directory above it, up to the root.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> + use<> {
        std::iter::successors(Some(self.clone()), Self::parent)
    }

    /// The path without its last segment, as text; `None` for the root.
    #[must_use]
    pub fn parent_str(&self) -> Option<&str> {
        match self.0.rfind('/')? {
            0 if self.0.len() == 1 => None,
            0 => Some("/"),
            index => self.0.get(..index),
        }
    }

    /// The last segment; empty for the root.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path as the operating system takes it.
    #[must_use]
    pub fn as_path(&self) -> &Path {
        Path::new(&self.0)
    }

    /// The text itself.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }

    fn or_root(mut path: String) -> Self {
        if path.is_empty() {
            path.push('/');
        }
        Self(path)
    }
}

impl fmt::Debug for AbsolutePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Whether a text is segments that are neither empty nor begin with a dot.
fn is_plain(text: &[u8]) -> bool {
    let mut is_start = true;
    for byte in text {
        if is_start && matches!(byte, b'/' | b'.') {
            return false;
        }
        is_start = *byte == b'/';
    }
    !is_start
}

/// Appends the segments of `path` to a normalised path without trailing slash; `..` takes one away, `.` none.
fn push_segments(normalised: &mut String, path: &str) {
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => normalised.truncate(normalised.rfind('/').unwrap_or(0)),
            name => {
                normalised.push('/');
                normalised.push_str(name);
            }
        }
    }
}

/// Whether the text is already what [`AbsolutePath::new`] would make of it.
#[must_use]
pub fn is_normalised(path: &str) -> bool {
    AbsolutePath::new(path).is_some_and(|normalised| normalised.as_str() == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn absolute(path: &str) -> AbsolutePath {
        AbsolutePath::new(path).unwrap()
    }

    #[test]
    fn normalises_as_node_does() {
        for (path, expected) in [
            ("/", "/"),
            ("//", "/"),
            ("/a/./b//c/", "/a/b/c"),
            ("/a/../../b", "/b"),
            ("/..", "/"),
            ("/...", "/..."),
            ("/a/..b", "/a/..b"),
        ] {
            assert_eq!(absolute(path).as_str(), expected, "{path}");
        }
        assert_eq!(AbsolutePath::new("a"), None);
        assert_eq!(AbsolutePath::new(""), None);
        assert_eq!(AbsolutePath::new("/a\0b"), None);
    }

    #[test]
    fn resolves_relative_and_absolute() {
        for (base, other, expected) in [
            ("/a/b", "c", "/a/b/c"),
            ("/a/b", "../c", "/a/c"),
            ("/a/b", "../../../c", "/c"),
            ("/a/b", "/c/", "/c"),
            ("/", "c", "/c"),
            ("/", "..", "/"),
            ("/a", "", "/a"),
            ("/a", "./", "/a"),
            ("/a", "./b/c", "/a/b/c"),
            ("/a", "b/./c", "/a/b/c"),
            ("/a", "b//c", "/a/b/c"),
            ("/a", "b/", "/a/b"),
            ("/a", ".b", "/a/.b"),
            ("/", "./b", "/b"),
        ] {
            assert_eq!(absolute(base).resolve(other).as_str(), expected, "{base} + {other}");
        }
    }

    #[test]
    fn tells_one_path_from_another() {
        for (base, path, expected) in [
            ("/a/b", "/a/b/c/d", "c/d"),
            ("/a/b", "/a/b", ""),
            ("/a/b", "/a/bc", "../bc"),
            ("/a/b", "/c", "../../c"),
            ("/a/b", "/", "../.."),
            ("/", "/a/b", "a/b"),
            ("/", "/", ""),
        ] {
            assert_eq!(
                absolute(path).relative_to(&absolute(base)),
                expected,
                "{base} to {path}"
            );
        }
    }

    #[test]
    fn walks_up_to_the_root_and_stops() {
        assert_eq!(absolute("/a/b").parent(), Some(absolute("/a")));
        assert_eq!(absolute("/a").parent(), Some(absolute("/")));
        assert_eq!(absolute("/").parent(), None);
        assert_eq!(absolute("/a/b").file_name(), "b");
        assert_eq!(absolute("/").file_name(), "");
    }

    #[test]
    fn knows_a_normalised_path() {
        assert!(is_normalised("/a/b"));
        for path in ["/a/", "/a//b", "/a/./b", "a", "/a\0"] {
            assert!(!is_normalised(path), "{path}");
        }
    }
}
