//! A file system that has no opinion of its own.

use std::path::Path;

use fast_resolve::fs::{Entry, EntryType, FileContent, FileSystem, Link, Look, Stamp};

/// Everything has this one.
pub const STAMP: Stamp = Stamp {
    device: 1,
    inode: 2,
    size: 3,
    modified: 4,
    changed: 5,
};

/// Agrees with almost everything, so that a look-up goes as far as it can.
pub struct Agreeable;

impl FileSystem for Agreeable {
    fn entry_type(&self, path: &Path) -> Option<EntryType> {
        match path.as_os_str().len() % 3 {
            0 => None,
            1 => Some(EntryType::File),
            _ => Some(EntryType::Directory),
        }
    }
    fn read_link(&self, _path: &Path) -> Link {
        Link::To("a".to_owned())
    }
    fn look(&self, path: &Path) -> Look {
        match path.as_os_str().len() % 3 {
            0 => Look::Directory,
            1 => Look::NotADirectory,
            _ => Look::Unknown,
        }
    }
    fn entry(&self, path: &Path) -> Entry {
        match path.as_os_str().len() % 2 {
            0 => Entry::Directory(STAMP),
            _ => Entry::File,
        }
    }
    fn stamp(&self, _path: &Path) -> Option<Stamp> {
        Some(STAMP)
    }
    fn read_file(&self, _path: &Path) -> FileContent {
        FileContent::Missing
    }
    fn now(&self) -> i64 {
        i64::MAX
    }
}
