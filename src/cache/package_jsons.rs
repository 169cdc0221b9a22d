//! package.json files that were read, each with the stamp that proves its contents.

use std::sync::{Arc, Weak};

use dashmap::DashMap;
use once_cell::sync::OnceCell;

use super::PackageJsonFact;
use crate::fs::{FileContent, FileSystem, Stamp};
use crate::package_json::{Malformed, PackageJson};
use crate::path::AbsolutePath;

/// A file that changed less than this before it was read may change again without its stamp showing it: file systems
/// keep time in ticks, and the coarsest that are in use tick every two seconds.
const SETTLED_AFTER: i128 = 2_000_000_000;

/// What was read with one list of main fields. Shared by all threads of the process.
pub struct PackageJsons {
    main_fields: Vec<String>,
    read: DashMap<AbsolutePath, Read>,
}

#[derive(Clone)]
struct Read {
    stamp: Stamp,
    content: Result<Arc<PackageJson>, Malformed>,
}

impl PackageJsons {
    /// Nothing read yet.
    #[must_use]
    pub fn new(main_fields: Vec<String>) -> Self {
        Self {
            main_fields,
            read: DashMap::new(),
        }
    }

    /// The process's own, one for each list of main fields that a resolver has.
    #[must_use]
    pub fn shared(main_fields: &[String]) -> Arc<Self> {
        static SHARED: OnceCell<DashMap<Vec<String>, Weak<PackageJsons>>> = OnceCell::new();
        let shared = SHARED.get_or_init(DashMap::new);
        if let Some(package_jsons) = shared.get(main_fields).and_then(|weak| weak.upgrade()) {
            return package_jsons;
        }
        shared.retain(|_, weak| weak.strong_count() > 0);
        let mut entry = shared.entry(main_fields.to_vec()).or_default();
        // Another thread may have been quicker.
        entry.upgrade().unwrap_or_else(|| {
            let package_jsons = Arc::new(Self::new(main_fields.to_vec()));
            *entry = Arc::downgrade(&package_jsons);
            package_jsons
        })
    }

    /// The package.json of a directory, as it is now.
    #[must_use]
    pub fn get(&self, file_system: &dyn FileSystem, directory: &AbsolutePath) -> PackageJsonFact {
        let path = directory.child("package.json");
        if let Some(read) = self.read.get(directory).map(|read| read.clone()) {
            if file_system.stamp(path.as_path()) == Some(read.stamp) {
                return fact(read.content);
            }
            self.read.remove(directory);
        }
        match file_system.read_file(path.as_path()) {
            FileContent::Missing => PackageJsonFact::Absent,
            FileContent::Unknown => PackageJsonFact::Unknown,
            FileContent::Bytes(bytes, stamp) => {
                let content = PackageJson::parse(&bytes, &self.main_fields).map(Arc::new);
                if file_system.now() - stamp.changed.max(stamp.modified) > SETTLED_AFTER {
                    self.read.insert(
                        directory.clone(),
                        Read {
                            stamp,
                            content: content.clone(),
                        },
                    );
                }
                fact(content)
            }
        }
    }
}

fn fact(content: Result<Arc<PackageJson>, Malformed>) -> PackageJsonFact {
    content.map_or(PackageJsonFact::Malformed, PackageJsonFact::Present)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::fs::{EntryType, Link};
    use std::path::Path;

    /// One package.json whose content, stamp and clock the test sets.
    struct OneFile(Mutex<(&'static str, Stamp, i128, usize)>);

    impl FileSystem for OneFile {
        fn entry_type(&self, _path: &Path) -> Option<EntryType> {
            Some(EntryType::File)
        }
        fn read_link(&self, _path: &Path) -> Link {
            Link::No
        }
        fn stamp(&self, _path: &Path) -> Option<Stamp> {
            Some(self.0.lock().unwrap().1)
        }
        fn read_file(&self, _path: &Path) -> FileContent {
            let mut file = self.0.lock().unwrap();
            file.3 += 1;
            FileContent::Bytes(file.0.as_bytes().to_vec(), file.1)
        }
        fn now(&self) -> i128 {
            self.0.lock().unwrap().2
        }
    }

    const SECOND: i128 = 1_000_000_000;

    fn stamp(changed: i128) -> Stamp {
        Stamp {
            device: 1,
            inode: 2,
            size: 3,
            modified: 0,
            changed,
        }
    }

    fn main_of(package_jsons: &PackageJsons, file: &OneFile) -> String {
        match package_jsons.get(file, &AbsolutePath::new("/a").unwrap()) {
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
