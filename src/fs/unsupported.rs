//! A platform without an implementation of ours: the resolver reports that it is not sure, and Node answers.

use std::path::Path;

use super::{EntryType, FileContent, FileSystem, Link, Stamp};

/// The operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsFileSystem;

impl FileSystem for OsFileSystem {
    fn entry_type(&self, _path: &Path) -> Option<EntryType> {
        None
    }

    fn read_link(&self, _path: &Path) -> Link {
        Link::Missing
    }

    fn stamp(&self, _path: &Path) -> Option<Stamp> {
        None
    }

    fn read_file(&self, _path: &Path) -> FileContent {
        FileContent::Unknown
    }

    fn now(&self) -> i128 {
        0
    }

    fn is_supported(&self) -> bool {
        false
    }
}
