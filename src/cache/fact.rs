//! What an answer rests on.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::fs::{Entry, EntryType, FileSystem, Link, Look, Stamp};
use crate::path::AbsolutePath;

/// One thing that was found out about the disk, and that has to hold for an answer to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The path that it is about.
    pub path: Arc<str>,
    /// What is known of it.
    pub kind: FactKind,
    /// Whether the stamp of the directory that holds the path proves it to a later process: the stamp was taken before
    /// the path was looked at, and no link is involved.
    pub is_covered: bool,
    /// Whether Node looks at this again each time it is asked the same, so that the answer may not be repeated without.
    pub is_looked_at_again: bool,
    /// Whether it says which package a module belongs to that asks for a path. That matters only if the package's name
    /// begins with a dot, and is looked at once in a thread.
    pub is_looked_at_once: bool,
}

/// What can be known of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactKind {
    /// What it leads to, links followed.
    Entry(Option<EntryType>),
    /// A file whose bytes have this hash.
    Contents {
        /// What tells its contents from all others; `None` if it was too young for that.
        stamp: Option<Stamp>,
        /// The hash.
        hash: u32,
    },
    /// A directory; neither it nor any directory above it is a link.
    RealDirectory,
    /// No directory, no link, and no link above it.
    RealFile,
    /// A link that says this.
    Link(Arc<str>),
    /// It was looked at in a way that can't be repeated.
    Unprovable,
}

impl Fact {
    /// Whether it holds now.
    #[must_use]
    pub fn holds(&self, file_system: &dyn FileSystem) -> bool {
        let path: &Path = self.path.as_ref().as_ref();
        match &self.kind {
            FactKind::Entry(entry_type) => file_system.entry_type(path) == *entry_type,
            FactKind::Contents { stamp, .. } => stamp.is_some() && file_system.stamp(path) == *stamp,
            FactKind::RealDirectory => is_real(file_system, &self.path, Look::Directory),
            FactKind::RealFile => {
                file_system.entry(path) == Entry::File && is_real(file_system, &self.path, Look::NotADirectory)
            }
            FactKind::Link(text) => matches!(file_system.read_link(path), Link::To(now) if *now == **text),
            FactKind::Unprovable => false,
        }
    }

    /// Whether what Node would look at again is as it was. (It follows links then, and keeps real paths.)
    #[must_use]
    pub fn holds_again(&self, file_system: &dyn FileSystem) -> bool {
        let expected = match self.kind {
            FactKind::Entry(entry_type) => entry_type,
            FactKind::RealFile => Some(EntryType::File),
            _ => return self.holds(file_system),
        };
        file_system.entry_type(self.path.as_ref().as_ref()) == expected
    }

    /// Whether a later process can find out that it holds.
    #[must_use]
    pub fn is_provable(&self) -> bool {
        !matches!(self.kind, FactKind::Contents { stamp: None, .. } | FactKind::Unprovable)
    }
}

/// Whether what lies at a path is this, and neither it nor any directory above it is a link.
pub(super) fn is_real(file_system: &dyn FileSystem, path: &str, expected: Look) -> bool {
    match file_system.look(path.as_ref()) {
        // For systems that can't tell it by one call.
        Look::Unknown => AbsolutePath::new(path).is_some_and(|path| {
            let mut above = path.ancestors();
            let is_itself = above
                .next()
                .is_some_and(|path| match file_system.entry(path.as_path()) {
                    Entry::Directory(_) => expected == Look::Directory,
                    Entry::File => expected == Look::NotADirectory,
                    Entry::Missing | Entry::Link => false,
                });
            is_itself && above.all(|path| matches!(file_system.entry(path.as_path()), Entry::Directory(_)))
        }),
        found => found == expected,
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match &self.kind {
            FactKind::Entry(None) => "absent",
            FactKind::Entry(Some(EntryType::File)) => "file",
            FactKind::Entry(Some(EntryType::Directory)) => "directory",
            FactKind::Contents { .. } => "contents",
            FactKind::RealDirectory => "real directory",
            FactKind::RealFile => "real file",
            FactKind::Link(text) => return write!(formatter, "link {} -> {text}", self.path),
            FactKind::Unprovable => "unprovable",
        };
        write!(formatter, "{what} {}", self.path)
    }
}
