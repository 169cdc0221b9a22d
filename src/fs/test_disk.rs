//! A file system in memory, for tests: what the algorithm sees without a disk.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Entry as Found, EntryType, FileContent, FileSystem, Link, Stamp};

const NO_STAMP: Stamp = Stamp {
    device: 0,
    inode: 0,
    size: 0,
    modified: 0,
    changed: 0,
};
use crate::path::AbsolutePath;

/// Linux follows no more links than this on the way to one file.
const MAXIMUM_LINKS: usize = 40;

/// Files, directories and links by their absolute path.
#[derive(Debug, Clone, Default)]
pub struct MemoryFileSystem {
    entries: BTreeMap<String, Entry>,
}

#[derive(Debug, Clone)]
enum Entry {
    File(Vec<u8>),
    Directory,
    Link(String),
}

impl MemoryFileSystem {
    /// An empty root directory.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, and the directories that it needs.
    #[must_use]
    pub fn file(mut self, path: &str, content: &str) -> Self {
        self.insert(path, Entry::File(content.as_bytes().to_vec()));
        self
    }

    /// Adds a directory, and those above it.
    #[must_use]
    pub fn directory(mut self, path: &str) -> Self {
        self.insert(path, Entry::Directory);
        self
    }

    /// Adds a symbolic link.
    #[must_use]
    pub fn link(mut self, path: &str, target: &str) -> Self {
        self.insert(path, Entry::Link(target.to_owned()));
        self
    }

    fn insert(&mut self, path: &str, entry: Entry) {
        let mut above = AbsolutePath::new(path).and_then(|path| path.parent());
        while let Some(directory) = above {
            self.entries
                .entry(directory.as_str().to_owned())
                .or_insert(Entry::Directory);
            above = directory.parent();
        }
        self.entries.insert(path.to_owned(), entry);
    }

    /// Follows every link, as the kernel does.
    fn follow(&self, path: &Path) -> Option<&Entry> {
        let mut pending: Vec<String> = path.to_str()?.split('/').rev().map(str::to_owned).collect();
        let mut current = AbsolutePath::new("/")?;
        let mut links = 0;
        let mut entry = &Entry::Directory;
        while let Some(segment) = pending.pop() {
            if !matches!(entry, Entry::Directory) {
                return None;
            }
            let next = current.resolve(&segment);
            if next == current || segment == ".." {
                current = next;
                continue;
            }
            match self.entries.get(next.as_str())? {
                Entry::Link(target) => {
                    links += 1;
                    if links > MAXIMUM_LINKS {
                        return None;
                    }
                    if target.starts_with('/') {
                        current = AbsolutePath::new("/")?;
                    }
                    pending.extend(target.split('/').rev().map(str::to_owned));
                }
                found => {
                    entry = found;
                    current = next;
                }
            }
        }
        Some(entry)
    }
}

impl FileSystem for MemoryFileSystem {
    fn entry_type(&self, path: &Path) -> Option<EntryType> {
        Some(match self.follow(path)? {
            Entry::Directory => EntryType::Directory,
            Entry::File(_) | Entry::Link(_) => EntryType::File,
        })
    }

    fn read_link(&self, path: &Path) -> Link {
        match path.to_str().and_then(|path| self.entries.get(path)) {
            Some(Entry::Link(target)) => Link::To(target.clone()),
            Some(_) => Link::No,
            None => Link::Missing,
        }
    }

    fn entry(&self, path: &Path) -> Found {
        let directory = path.parent().map(|parent| self.follow(parent));
        if !matches!(directory, None | Some(Some(Entry::Directory))) {
            return Found::Missing;
        }
        match path.to_str().and_then(|path| self.entries.get(path)) {
            Some(Entry::File(_)) => Found::File(NO_STAMP),
            Some(Entry::Directory) => Found::Directory(NO_STAMP),
            Some(Entry::Link(_)) => Found::Link,
            None if path == Path::new("/") => Found::Directory(NO_STAMP),
            // Through a link in the directory's own path the name is not among the keys.
            None => match self.entry_type(path) {
                Some(EntryType::File) => Found::File(NO_STAMP),
                Some(EntryType::Directory) => Found::Directory(NO_STAMP),
                None => Found::Missing,
            },
        }
    }

    fn read_file(&self, path: &Path) -> FileContent {
        match (self.entry(path), self.follow(path)) {
            (Found::File(stamp), Some(Entry::File(bytes))) => FileContent::Bytes(bytes.clone(), stamp),
            (Found::Directory(_), _) => FileContent::NoFile,
            (Found::Link, _) => FileContent::Link,
            _ => FileContent::Missing,
        }
    }

    fn now(&self) -> i64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_links_like_a_kernel() {
        let file_system = MemoryFileSystem::new()
            .file("/a/b/file", "x")
            .link("/link", "a/b")
            .link("/a/up", "../link/file")
            .link("/loop", "loop");
        let entry_type = |path: &str| file_system.entry_type(Path::new(path));
        assert_eq!(entry_type("/link"), Some(EntryType::Directory));
        assert_eq!(entry_type("/link/file"), Some(EntryType::File));
        assert_eq!(entry_type("/a/up"), Some(EntryType::File));
        assert_eq!(entry_type("/link/.."), Some(EntryType::Directory));
        assert_eq!(entry_type("/loop"), None);
        assert_eq!(entry_type("/a/b/file/x"), None);
        assert_eq!(file_system.read_link(Path::new("/link")), Link::To("a/b".to_owned()));
    }
}
