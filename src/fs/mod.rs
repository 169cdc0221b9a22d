//! The only access to the disk.

mod archive;
#[cfg(unix)]
mod private_directory;
mod test_disk;
#[cfg(unix)]
mod unix;
#[cfg(not(unix))]
mod unsupported;

use std::path::Path;

pub use archive::ArchiveFileSystem;
#[cfg(unix)]
pub use private_directory::{PrivateDirectory, current_user};
pub use test_disk::MemoryFileSystem;
#[cfg(unix)]
pub use unix::{OsFileSystem, at_exit, give_memory_back};
#[cfg(not(unix))]
pub use unsupported::{OsFileSystem, PrivateDirectory, at_exit, current_user, give_memory_back};

/// The end of the names of files that are kept in a [`PrivateDirectory`]. Nobody else has a reason for it.
pub const OWN_FILES: &str = ".fast-resolve.snapshot";

/// What a path leads to, links followed. Node takes everything that is no directory for a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryType {
    /// Anything but a directory.
    File,
    /// A directory.
    Directory,
}

/// What tells one state of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stamp {
    /// The device.
    pub device: u64,
    /// The inode.
    pub inode: u64,
    /// Bytes.
    pub size: u64,
    /// Nanoseconds since the epoch of the last change of the contents.
    pub modified: i64,
    /// Nanoseconds since the epoch of the last change of contents or attributes; nobody can set it back.
    pub changed: i64,
}

/// What changed less than this before it was looked at may change again without its stamp showing it: file systems keep
/// time in ticks, and the coarsest that are in use tick every two seconds.
const SETTLED_AFTER: i64 = 2_000_000_000;

/// Whether what changed last at this time was as it is now at that moment, whatever the ticks are.
#[must_use]
pub fn is_before(changed: i64, moment: i64) -> bool {
    moment.saturating_sub(changed) > SETTLED_AFTER
}

impl Stamp {
    /// Whether a stamp that was taken at this time tells every later state from this one.
    #[must_use]
    pub fn is_settled(&self, now: i64) -> bool {
        is_before(self.changed.max(self.modified), now)
    }
}

/// What lies at a path itself, whatever it may link to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Nothing.
    Missing,
    /// It could not be examined; to Node, that is as if nothing were there.
    Unknown,
    /// Neither a directory nor a link, and its stamp.
    File(Stamp),
    /// A directory and its stamp.
    Directory(Stamp),
    /// A symbolic link.
    Link,
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
    /// Not there.
    Missing,
    /// A directory, or a FIFO or socket (which would wait for somebody to write).
    NoFile,
    /// A symbolic link, which is not followed.
    Link,
    /// A device, a file that may not be read, or one that could not be examined.
    Unknown,
}

impl FileContent {
    /// So many of the bytes from an offset on, or fewer at the end.
    #[must_use]
    pub fn part(mut self, offset: u64, length: usize) -> Self {
        if let Self::Bytes(bytes, _) = &mut self {
            let offset = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
            bytes.drain(..offset);
            bytes.truncate(length);
        }
        self
    }
}

/// What reading a file of a [`PrivateDirectory`] gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrivateFile {
    /// The contents.
    Bytes(Vec<u8>),
    /// There is none.
    Missing,
    /// There is one that somebody else may have written, or that can't be read; and why.
    Refused(String),
}

/// What Linux keeps of the start of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProcessFile {
    /// The words of the command line.
    CommandLine,
    /// `NAME=value`, one each.
    Environment,
}

/// The operating system's file system, or a stand-in.
pub trait FileSystem: Send + Sync {
    /// What lies at the path itself.
    fn entry(&self, path: &Path) -> Entry;
    /// What the path leads to; `None` if it leads nowhere or can't be examined.
    fn entry_type(&self, path: &Path) -> Option<EntryType>;
    /// The link that the path is.
    fn read_link(&self, path: &Path) -> Link;
    /// The contents of the regular file that lies at the path itself.
    fn read_file(&self, path: &Path) -> FileContent;
    /// So many bytes of that file from an offset on, or fewer where it ends.
    fn read_part(&self, path: &Path, offset: u64, length: usize) -> FileContent {
        self.read_file(path).part(offset, length)
    }
    /// Nanoseconds since the epoch, on the clock that makes the stamps.
    fn now(&self) -> i64;
    /// How many system calls were made, in the whole process.
    fn system_calls(&self) -> u64 {
        0
    }
    /// What the system keeps of the start of the process; `None` where it keeps nothing, or that is not UTF-8.
    fn process_file(&self, _file: ProcessFile) -> Option<Vec<String>> {
        None
    }
    /// Whether the calling thread is the process's first; `true` where that can't be told.
    fn is_main_thread(&self) -> bool {
        true
    }
    /// Whether the answers are worth anything: `false` on a platform without an implementation of ours.
    fn is_supported(&self) -> bool {
        true
    }
}
