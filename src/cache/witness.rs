//! What was seen first of the things that Node looks at once in a process: package.json files and real paths.
//!
//! An answer may be repeated without looking only if this process's Node would have given it as well. It would not where it
//! remembers another package.json, or another real path, than there is now: then the answer is a fresh Node's, and is worked
//! out anew each time.

use std::hash::{BuildHasher, Hash};
use std::sync::atomic::{AtomicI64, Ordering};

use dashmap::mapref::entry::Entry;
use dashmap::{DashMap, DashSet};
use once_cell::sync::OnceCell;
use rustc_hash::FxBuildHasher;

use crate::fs::{FileSystem, is_before};
use crate::path::AbsolutePath;

/// Beyond this, nothing more is noted, and what is new counts as changed: memory is bounded.
const MAXIMUM: usize = 100_000;

/// First sights, as hashes of what was looked at and of what was seen.
#[derive(Debug, Default)]
pub struct Witness {
    sights: DashMap<u64, u64, FxBuildHasher>,
    earlier: Earlier,
}

/// What Node may have looked at before anything was noted, while it answered the first requests by itself: the hashes of
/// paths, and when the first of these requests came, in nanoseconds since the epoch.
#[derive(Debug)]
struct Earlier {
    paths: DashSet<u64, FxBuildHasher>,
    began: AtomicI64,
}

impl Default for Earlier {
    fn default() -> Self {
        Self {
            paths: DashSet::default(),
            began: AtomicI64::new(i64::MAX),
        }
    }
}

/// What can be seen of a path.
#[derive(Hash)]
enum Sight {
    PackageJson,
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
        self.note(answer_key(directory, request), path, || true)
    }

    /// Notes that this process's Node may have answered otherwise, since it may remember something else than there is now, and
    /// may keep that answer.
    pub fn doubts_answer(&self, directory: &str, request: &str) {
        // Where there is no room, what is not noted counts as changed.
        if self.sights.len() < MAXIMUM {
            self.sights.insert(answer_key(directory, request), CHANGED);
        }
    }

    /// Notes an answer that Node gave in place of the core, and keeps.
    pub fn sees_nodes_answer(&self, file_system: &dyn FileSystem, directory: &str, request: &str, path: &str) {
        // Whatever it was before, the core's next answer is compared with what is noted now.
        let _ = self.sees_answer(directory, request, path);
        let _ = self.sees_no_link(file_system, path);
    }

    /// Notes that Node, at this moment or later, has looked at these paths and at what lies above them, before anything was
    /// noted. What is there now counts as seen first only if it has not changed since.
    pub fn missed(&self, began: i64, paths: impl IntoIterator<Item = AbsolutePath>) {
        self.earlier.began.fetch_min(began, Ordering::AcqRel);
        for path in paths {
            let is_new = |path: &AbsolutePath| self.earlier.paths.insert(FxBuildHasher.hash_one(path.as_str()));
            // What is known of a path is known of those above it.
            let _ = path.ancestors().take_while(is_new).count();
        }
    }

    /// Notes that neither a path nor any directory above it is a link; whether that has always been so.
    #[must_use]
    pub fn sees_no_link(&self, file_system: &dyn FileSystem, path: &str) -> bool {
        let mut has_always_been = true;
        let mut current = path;
        loop {
            let key = FxBuildHasher.hash_one((Sight::Link, current));
            // What is known of a directory is known of those above it.
            let is_known = self.sights.contains_key(&key);
            has_always_been &= self.note(key, None::<&str>, || self.is_unchanged(file_system, current));
            match current.rfind('/') {
                Some(end) if end > 0 && !is_known => current = current.get(..end).unwrap_or_default(),
                _ => return has_always_been,
            }
        }
    }

    /// Notes the hash of what a package.json says, `None` if there is none; whether it has always been that.
    #[must_use]
    pub fn sees_package_json(&self, file_system: &dyn FileSystem, path: &str, hash: Option<u32>) -> bool {
        let key = FxBuildHasher.hash_one((Sight::PackageJson, path));
        self.note(key, hash, || {
            let directory = match path.strip_suffix("/package.json") {
                Some("") | None => "/",
                Some(directory) => directory,
            };
            // Where there is none, its directory tells whether there was one.
            let shown_by = if hash.is_some() { path } else { directory };
            !self.was_missed(directory) || self.has_not_changed(file_system, shown_by)
        })
    }

    /// Notes what a link says; whether it has always been that.
    #[must_use]
    pub fn sees_link(&self, file_system: &dyn FileSystem, path: &str, text: &str) -> bool {
        let key = FxBuildHasher.hash_one((Sight::Link, path));
        self.note(key, Some(text), || self.is_unchanged(file_system, path))
    }

    /// Whether what lies at a path now is what Node saw there, if it looked.
    fn is_unchanged(&self, file_system: &dyn FileSystem, path: &str) -> bool {
        !self.was_missed(path) || self.has_not_changed(file_system, path)
    }

    fn was_missed(&self, path: &str) -> bool {
        !self.earlier.paths.is_empty() && self.earlier.paths.contains(&FxBuildHasher.hash_one(path))
    }

    fn has_not_changed(&self, file_system: &dyn FileSystem, path: &str) -> bool {
        let began = self.earlier.began.load(Ordering::Acquire);
        let changed_at = file_system.changed_at(path.as_ref());
        changed_at.is_some_and(|changed| is_before(changed, began))
    }

    /// `is_first` tells, where nothing is known yet, whether this is what would have been noted first.
    fn note(&self, key: u64, seen: impl Hash, is_first: impl FnOnce() -> bool) -> bool {
        let seen = FxBuildHasher.hash_one(seen) | 1;
        if let Some(mut first) = self.sights.get_mut(&key) {
            if *first != seen {
                *first = CHANGED;
            }
            return *first == seen;
        }
        if self.sights.len() >= MAXIMUM {
            return false;
        }
        let first = if is_first() { seen } else { CHANGED };
        match self.sights.entry(key) {
            Entry::Occupied(known) => *known.get() == seen,
            Entry::Vacant(place) => *place.insert(first) == seen,
        }
    }
}

fn answer_key(directory: &str, request: &str) -> u64 {
    let looked_for_in = match request.as_bytes() {
        [b'/', ..] => "",
        [b'.', ..] => directory,
        _ => directory.strip_suffix("/node_modules").unwrap_or(directory),
    };
    FxBuildHasher.hash_one((Sight::Answer, looked_for_in, request))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::MemoryFileSystem;

    fn absolute(path: &str) -> AbsolutePath {
        AbsolutePath::new(path).unwrap_or_else(|| unreachable!("{path} is absolute"))
    }

    #[test]
    fn never_forgets_that_something_was_different() {
        let (witness, disk) = (Witness::default(), MemoryFileSystem::default());
        assert!(witness.sees_link(&disk, "/a", "b"));
        assert!(witness.sees_link(&disk, "/a", "b"));
        assert!(!witness.sees_link(&disk, "/a", "c"));
        assert!(!witness.sees_link(&disk, "/a", "b"));
        assert!(witness.sees_link(&disk, "/b", "c"));
        assert!(witness.sees_package_json(&disk, "/a", Some(1)));
    }

    #[test]
    fn believes_no_answer_that_node_may_not_have_given() {
        let witness = Witness::default();
        assert!(witness.sees_answer("/a", "name", "/b"));
        witness.doubts_answer("/a/node_modules", "name");
        assert!(!witness.sees_answer("/a", "name", "/b"));
        assert!(witness.sees_answer("/a", "other", "/b"));
    }

    #[test]
    fn knows_that_a_directory_above_was_no_link() {
        let (witness, disk) = (Witness::default(), MemoryFileSystem::default());
        assert!(witness.sees_no_link(&disk, "/a/b/c"));
        assert!(witness.sees_no_link(&disk, "/a/b/d"));
        assert!(!witness.sees_link(&disk, "/a", "elsewhere"));
        assert!(witness.sees_link(&disk, "/e", "elsewhere"));
        assert!(!witness.sees_no_link(&disk, "/e"));
    }

    /// In a file system that does not tell when something changed, everything may have.
    #[test]
    fn doubts_what_node_may_have_seen_before() {
        let (witness, disk) = (Witness::default(), MemoryFileSystem::default());
        witness.missed(1, ["/app/lib/down", "/app/node_modules/name/sub"].map(absolute));
        for path in [
            "/app/package.json",
            "/app/node_modules/name/sub/package.json",
            "/package.json",
        ] {
            assert!(!witness.sees_package_json(&disk, path, Some(1)), "{path}");
            assert!(!witness.sees_package_json(&disk, path, Some(1)), "{path}, again");
        }
        assert!(witness.sees_package_json(&disk, "/app/other/package.json", None));
        assert!(!witness.sees_link(&disk, "/app/node_modules/name", "../../elsewhere/name"));
        assert!(!witness.sees_link(&disk, "/app/lib/down", "up"));
        assert!(witness.sees_link(&disk, "/app/node_modules/other", "../../elsewhere/other"));
        assert!(!witness.sees_no_link(&disk, "/app/lib/new"));
        assert!(witness.sees_no_link(&disk, "/nowhere/near"));
    }
}
