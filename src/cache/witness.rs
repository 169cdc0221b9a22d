//! What was seen first of the things that Node looks at once in a process: package.json files and real paths.
//!
//! An answer may be repeated without looking only if this process's Node would have given it as well. It would not where it
//! remembers another package.json, or another real path, than there is now: then the answer is a fresh Node's, and is worked
//! out anew each time.

use std::hash::{BuildHasher, Hash};

use dashmap::DashMap;
use once_cell::sync::OnceCell;
use rustc_hash::FxBuildHasher;

/// Beyond this, nothing more is noted, and what is new counts as changed: memory is bounded.
const MAXIMUM: usize = 100_000;

/// First sights, as hashes of what was looked at and of what was seen.
#[derive(Debug, Default)]
pub struct Witness(DashMap<u64, u64, FxBuildHasher>);

/// What can be seen of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sight {
    /// The hash of what a package.json says; `None` if there is none.
    PackageJson,
    /// The text of the link that it is; `None` if it is no link.
    Link,
    /// An answer that Node keeps.
    Answer,
}

/// In place of what was seen, once something else was.
const CHANGED: u64 = 0;

impl Witness {
    /// The one of this process.
    #[must_use]
    pub fn shared() -> &'static Self {
        static SHARED: OnceCell<Witness> = OnceCell::new();
        SHARED.get_or_init(Self::default)
    }

    /// Notes an answer; whether it has always been that. Node keeps one for each request and list of directories that it is
    /// looked for in, whatever the directory of the module and the other options are.
    #[must_use]
    pub fn sees_answer(&self, directory: &str, request: &str, path: &str) -> bool {
        let looked_for_in = match request.as_bytes() {
            [b'/', ..] => "",
            [b'.', ..] => directory,
            _ => directory.strip_suffix("/node_modules").unwrap_or(directory),
        };
        self.note(FxBuildHasher.hash_one((Sight::Answer, looked_for_in, request)), path)
    }

    /// Notes an answer that Node gave in place of the core, and keeps.
    pub fn sees_nodes_answer(&self, directory: &str, request: &str, path: &str) {
        // Whatever it was before, the core's next answer is compared with what is noted now.
        let _ = self.sees_answer(directory, request, path);
        let _ = self.sees_no_link(path);
    }

    /// Notes that neither a path nor any directory above it is a link; whether that has always been so.
    #[must_use]
    pub fn sees_no_link(&self, path: &str) -> bool {
        let mut has_always_been = true;
        let mut current = path;
        loop {
            let key = FxBuildHasher.hash_one((Sight::Link, current));
            // What is known of a directory is known of those above it.
            let is_known = self.0.contains_key(&key);
            has_always_been &= self.note(key, None::<&str>);
            match current.rfind('/') {
                Some(end) if end > 0 && !is_known => current = current.get(..end).unwrap_or_default(),
                _ => return has_always_been,
            }
        }
    }

    /// Notes what is seen of a path now; whether it has always been that.
    #[must_use]
    pub fn sees(&self, sight: Sight, path: &str, seen: impl Hash) -> bool {
        self.note(FxBuildHasher.hash_one((sight, path)), seen)
    }

    fn note(&self, key: u64, seen: impl Hash) -> bool {
        let seen = FxBuildHasher.hash_one(seen) | 1;
        if let Some(mut first) = self.0.get_mut(&key) {
            if *first != seen {
                *first = CHANGED;
            }
            return *first == seen;
        }
        if self.0.len() >= MAXIMUM {
            return false;
        }
        *self.0.entry(key).or_insert(seen) == seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_forgets_that_something_was_different() {
        let witness = Witness::default();
        assert!(witness.sees(Sight::Link, "/a", "b"));
        assert!(witness.sees(Sight::Link, "/a", "b"));
        assert!(!witness.sees(Sight::Link, "/a", "c"));
        assert!(!witness.sees(Sight::Link, "/a", "b"));
        assert!(witness.sees(Sight::Link, "/b", "c"));
        assert!(witness.sees(Sight::PackageJson, "/a", "c"));
    }

    #[test]
    fn knows_that_a_directory_above_was_no_link() {
        let witness = Witness::default();
        assert!(witness.sees_no_link("/a/b/c"));
        assert!(witness.sees_no_link("/a/b/d"));
        assert!(!witness.sees(Sight::Link, "/a", Some("elsewhere")));
        assert!(witness.sees(Sight::Link, "/e", Some("elsewhere")));
        assert!(!witness.sees_no_link("/e"));
    }
}
