//! package.json files that were read, each with the stamp that proves its contents.

use std::sync::{Arc, Weak};

use dashmap::DashMap;
use once_cell::sync::OnceCell;
use rustc_hash::FxBuildHasher;
use xxhash_rust::xxh3::xxh3_64;

use super::generation::{self, Moment, now};
use super::{PackageJsonFact, is_at_or_below};
use crate::fs::{FileContent, FileSystem, Stamp};
use crate::package_json::{Malformed, PackageJson};
use crate::path::AbsolutePath;

/// What was read with one list of main fields. Shared by all threads of the process.
pub struct PackageJsons {
    main_fields: Vec<String>,
    read: DashMap<AbsolutePath, Read, FxBuildHasher>,
}

#[derive(Clone)]
struct Read {
    stamp: Stamp,
    hash: u32,
    is_settled: bool,
    /// When it was last looked at.
    seen: Moment,
    content: Result<Arc<PackageJson>, Malformed>,
}

/// How long a package.json that was read is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// As Node does: for the life of the thread, which began at this moment.
    ForLife(Moment),
    /// As long as its stamp is the same.
    WhileUnchanged,
}

/// A package.json and, where it has been read, what proves its contents to a later process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvenPackageJson {
    /// What is known of it.
    pub fact: PackageJsonFact,
    /// Its stamp, unless it was too young to prove anything.
    pub stamp: Option<Stamp>,
    /// The hash of its bytes; `None` where there are none.
    pub hash: Option<u32>,
}

impl PackageJsons {
    /// Nothing read yet.
    #[must_use]
    pub fn new(main_fields: Vec<String>) -> Self {
        Self {
            main_fields,
            read: DashMap::default(),
        }
    }

    /// The process's own, one for each list of main fields: for those who keep what they read, as Node does, whatever
    /// else their options are.
    #[must_use]
    pub fn shared(main_fields: &[String]) -> Arc<Self> {
        Self::registered(main_fields, Readers::ThatKeep)
    }

    /// The same, for those who believe only what is unchanged.
    #[must_use]
    pub fn shared_fresh(main_fields: &[String]) -> Arc<Self> {
        Self::registered(main_fields, Readers::ThatCompare)
    }

    fn registered(main_fields: &[String], readers: Readers) -> Arc<Self> {
        let key = (main_fields.to_vec(), readers);
        if let Some(package_jsons) = registry().get(&key).and_then(|weak| weak.upgrade()) {
            return package_jsons;
        }
        registry().retain(|_, weak| weak.strong_count() > 0);
        let mut entry = registry().entry(key).or_default();
        // Another thread may have been quicker.
        entry.upgrade().unwrap_or_else(|| {
            let package_jsons = Arc::new(Self::new(main_fields.to_vec()));
            *entry = Arc::downgrade(&package_jsons);
            package_jsons
        })
    }

    /// All that [`PackageJsons::shared`] gave and that are still in use.
    #[must_use]
    pub fn all_shared() -> Vec<Arc<Self>> {
        registry().iter().filter_map(|weak| weak.upgrade()).collect()
    }

    /// The package.json of a directory.
    #[must_use]
    pub fn get(&self, file_system: &dyn FileSystem, directory: &AbsolutePath, keeping: Keeping) -> ProvenPackageJson {
        // The guard must be gone before the entry is replaced.
        let known = self.read.get(directory).map(|read| read.clone());
        let path = directory.child("package.json");
        if let Some(read) = known {
            if read.is_kept(keeping) {
                return read.proven();
            }
            let seen = now();
            if read.is_settled && file_system.stamp(path.as_path()) == Some(read.stamp) {
                if let Some(mut known) = self.read.get_mut(directory) {
                    known.seen = seen;
                }
                return read.proven();
            }
        }
        let begun = generation::current();
        let seen = now();
        let (bytes, stamp) = match file_system.read_file(path.as_path()) {
            FileContent::Bytes(bytes, stamp) => (bytes, stamp),
            FileContent::Missing => return PackageJsonFact::Absent.into(),
            FileContent::NoFile => return PackageJsonFact::NoFile.into(),
            FileContent::Unknown => return PackageJsonFact::Unknown.into(),
        };
        let read = Read {
            stamp,
            hash: part_of_hash(&bytes),
            is_settled: stamp.is_settled(file_system.now()),
            seen,
            content: PackageJson::parse(&bytes, &self.main_fields).map(Arc::new),
        };
        let proven = read.proven();
        self.read.insert(directory.clone(), read);
        // Somebody may have forgotten what this thread was just reading.
        if generation::current() != begun {
            self.read.remove(directory);
        }
        proven
    }

    /// Forgets what was read at or below this path.
    pub fn forget(&self, path: &str) {
        self.read.retain(|directory, _| {
            !is_at_or_below(directory.as_str(), path) && directory.child("package.json").as_str() != path
        });
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.read.clear();
    }

    /// How many are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.read.len()
    }

    /// Whether none is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.read.is_empty()
    }
}

/// Who shares a map: what one kind reads anew must not change what the other has kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Readers {
    ThatKeep,
    ThatCompare,
}

type Registry = DashMap<(Vec<String>, Readers), Weak<PackageJsons>>;

fn registry() -> &'static Registry {
    static SHARED: OnceCell<Registry> = OnceCell::new();
    SHARED.get_or_init(DashMap::new)
}

impl Read {
    /// Whether Node would not look at it again. (It reads a malformed one again each time.)
    fn is_kept(&self, keeping: Keeping) -> bool {
        matches!(keeping, Keeping::ForLife(since) if self.seen >= since && self.content.is_ok())
    }

    fn proven(&self) -> ProvenPackageJson {
        ProvenPackageJson {
            fact: self
                .content
                .clone()
                .map_or(PackageJsonFact::Malformed, PackageJsonFact::Present),
            stamp: self.is_settled.then_some(self.stamp),
            hash: Some(self.hash),
        }
    }
}

impl From<PackageJsonFact> for ProvenPackageJson {
    fn from(fact: PackageJsonFact) -> Self {
        Self {
            fact,
            stamp: None,
            hash: None,
        }
    }
}

/// Half of a hash is a hash.
fn part_of_hash(bytes: &[u8]) -> u32 {
    let [_, _, _, _, part @ ..] = xxh3_64(bytes).to_le_bytes();
    u32::from_le_bytes(part)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::fs::{Entry, EntryType, Link};
    use std::path::Path;

    /// One package.json whose content, stamp and clock the test sets.
    struct OneFile(Mutex<(&'static str, Stamp, i64, usize)>);

    impl FileSystem for OneFile {
        fn entry_type(&self, _path: &Path) -> Option<EntryType> {
            Some(EntryType::File)
        }
        fn read_link(&self, _path: &Path) -> Link {
            Link::No
        }
        fn entry(&self, _path: &Path) -> Entry {
            Entry::File
        }
        fn stamp(&self, _path: &Path) -> Option<Stamp> {
            Some(self.0.lock().unwrap().1)
        }
        fn read_file(&self, _path: &Path) -> FileContent {
            let mut file = self.0.lock().unwrap();
            file.3 += 1;
            FileContent::Bytes(file.0.as_bytes().to_vec(), file.1)
        }
        fn now(&self) -> i64 {
            self.0.lock().unwrap().2
        }
    }

    const SECOND: i64 = 1_000_000_000;

    fn stamp(changed: i64) -> Stamp {
        Stamp {
            device: 1,
            inode: 2,
            size: 3,
            modified: 0,
            changed,
        }
    }

    fn main_of(package_jsons: &PackageJsons, file: &OneFile) -> String {
        main_as(package_jsons, file, Keeping::WhileUnchanged)
    }

    fn main_as(package_jsons: &PackageJsons, file: &OneFile, keeping: Keeping) -> String {
        match package_jsons.get(file, &AbsolutePath::new("/a").unwrap(), keeping).fact {
            PackageJsonFact::Present(package_json) => package_json.main.as_deref().unwrap_or_default().to_owned(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn reads_a_settled_file_once_and_again_when_its_stamp_changes() {
        let file = OneFile(Mutex::new((r#"{"main":"a"}"#, stamp(SECOND), 10 * SECOND, 0)));
        let package_jsons = PackageJsons::new(vec!["main".to_owned()]);
        assert_eq!(main_of(&package_jsons, &file), "a");
        assert_eq!(main_of(&package_jsons, &file), "a");
        assert_eq!(file.0.lock().unwrap().3, 1);
        // Size and mtime are as before; ctime tells.
        *file.0.lock().unwrap() = (r#"{"main":"b"}"#, stamp(9 * SECOND), 20 * SECOND, 0);
        assert_eq!(main_of(&package_jsons, &file), "b");
    }

    #[test]
    fn does_not_trust_a_stamp_that_is_too_young() {
        let file = OneFile(Mutex::new((r#"{"main":"a"}"#, stamp(9 * SECOND), 10 * SECOND, 0)));
        let package_jsons = PackageJsons::new(vec!["main".to_owned()]);
        assert_eq!(main_of(&package_jsons, &file), "a");
        file.0.lock().unwrap().0 = r#"{"main":"b"}"#;
        assert_eq!(main_of(&package_jsons, &file), "b");
    }

    #[test]
    fn keeps_for_life_what_node_keeps_for_life() {
        let file = OneFile(Mutex::new((r#"{"main":"a"}"#, stamp(9 * SECOND), 10 * SECOND, 0)));
        let package_jsons = PackageJsons::new(vec!["main".to_owned()]);
        assert_eq!(main_as(&package_jsons, &file, Keeping::ForLife(0)), "a");
        *file.0.lock().unwrap() = (r#"{"main":"b"}"#, stamp(19 * SECOND), 20 * SECOND, 0);
        assert_eq!(main_as(&package_jsons, &file, Keeping::ForLife(0)), "a");
        // A thread that begins later has read nothing yet.
        assert_eq!(main_as(&package_jsons, &file, Keeping::ForLife(now())), "b");
        file.0.lock().unwrap().0 = r#"{"main":"c"}"#;
        assert_eq!(main_as(&package_jsons, &file, Keeping::ForLife(0)), "b");
        package_jsons.forget("/a/package.json");
        assert_eq!(main_as(&package_jsons, &file, Keeping::ForLife(0)), "c");
    }

    #[test]
    fn shares_one_map_for_each_list_of_fields() {
        let fields = |name: &str| vec![name.to_owned()];
        assert!(Arc::ptr_eq(
            &PackageJsons::shared(&fields("x")),
            &PackageJsons::shared(&fields("x"))
        ));
        assert!(!Arc::ptr_eq(
            &PackageJsons::shared(&fields("x")),
            &PackageJsons::shared(&fields("y"))
        ));
    }
}
