//! A platform without an implementation of ours: the resolver reports that it is not sure, and Node answers.

use std::path::Path;

use super::{Entry, EntryType, FileContent, FileSystem, Link, PrivateFile};

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

    fn entry(&self, _path: &Path) -> Entry {
        Entry::Missing
    }

    fn read_file(&self, _path: &Path) -> FileContent {
        FileContent::Unknown
    }

    fn now(&self) -> i64 {
        0
    }

    fn is_supported(&self) -> bool {
        false
    }
}

/// Nothing is kept where it is not known who may write.
#[derive(Debug, Clone)]
pub struct PrivateDirectory;

impl PrivateDirectory {
    /// A directory, which need not exist.
    #[must_use]
    pub fn new(_path: &Path) -> Self {
        Self
    }

    /// Nothing is looked for.
    #[must_use]
    pub fn exists(&self) -> bool {
        false
    }

    /// Whose it is can't be told.
    #[must_use]
    pub fn is_own(&self) -> bool {
        false
    }

    /// There is nothing to read.
    #[must_use]
    pub fn read(&self, _name: &str, _maximum_bytes: usize) -> PrivateFile {
        PrivateFile::Missing
    }

    /// Refuses.
    ///
    /// # Errors
    /// Always `Unsupported`.
    pub fn write(&self, _name: &str, _bytes: &[u8]) -> std::io::Result<()> {
        Err(std::io::ErrorKind::Unsupported.into())
    }
}

/// Users have no numbers here.
#[must_use]
pub fn current_user() -> u32 {
    0
}

/// Nothing is kept here that would have to be written.
pub fn at_exit(_callback: fn()) {}

/// Memory is left to the allocator.
pub fn give_memory_back() {}
