//! The only access to the disk.

mod memory;
#[cfg(unix)]
mod unix;
#[cfg(not(unix))]
mod unsupported;

use std::path::Path;

pub use memory::MemoryFileSystem;
#[cfg(unix)]
pub use unix::OsFileSystem;
#[cfg(not(unix))]
pub use unsupported::OsFileSystem;

/// What a path leads to, links followed. Node takes everything that is no directory for a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryType {
    /// Anything but a directory.
    File,
    /// A directory.
    Directory,
}

/// What tells one state of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The device.
    pub device: i128,
    /// The inode.
    pub inode: i128,
    /// Bytes.
    pub size: i128,
    /// Nanoseconds since the epoch of the last change of the contents.
    pub modified: i128,
    /// Nanoseconds since the epoch of the last change of contents or attributes; nobody can set it back.
    pub changed: i128,
}

/// A path, itself and not what it may link to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// A symbolic link and what it says.
    To(String),
    /// There, and no link.
    No,
    /// Not there, or out of reach.
    Missing,
    /// A link whose text is not UTF-8.
    NotUtf8,
}

/// What reading a file gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileContent {
    /// The bytes and the stamp that the file had before they were read.
    Bytes(Vec<u8>, Stamp),
    /// Not there, a directory, or a FIFO or socket (which would wait for somebody to write).
    Missing,
    /// A device, a file that may not be read, or one that could not be examined.
    Unknown,
}

/// The operating system's file system, or a stand-in.
pub trait FileSystem: Send + Sync {
    /// What the path leads to; `None` if it leads nowhere or can't be examined.
    fn entry_type(&self, path: &Path) -> Option<EntryType>;
    /// The link that the path is.
    fn read_link(&self, path: &Path) -> Link;
    /// Whether it is certain that neither the path nor a directory on its way is a link; `false` if that is not known.
    fn has_no_links(&self, _path: &Path) -> bool {
        false
    }
    /// The stamp of the regular file that the path leads to.
    fn stamp(&self, path: &Path) -> Option<Stamp>;
    /// The contents of the regular file that the path leads to.
    fn read_file(&self, path: &Path) -> FileContent;
    /// Nanoseconds since the epoch, on the clock that makes the stamps.
    fn now(&self) -> i128;
    /// Whether the answers are worth anything: `false` on a platform without an implementation of ours.
    fn is_supported(&self) -> bool {
        true
    }
}
