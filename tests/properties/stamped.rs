//! A random tree whose stamps tell exactly what real ones tell: of a directory which names it holds and what they are, of a
//! file what it says.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash};
use std::path::Path;

use fast_resolve::AbsolutePath;
use fast_resolve::fs::{Entry, EntryType, FileContent, FileSystem, Link, Look, MemoryFileSystem, Stamp};

use crate::tree::Tree;

/// Linux follows no more links than this on the way to one file.
const MAXIMUM_LINKS: usize = 40;

pub struct StampedTree {
    file_system: MemoryFileSystem,
    paths: BTreeSet<String>,
}

impl StampedTree {
    pub fn new(tree: &Tree) -> Self {
        Self {
            file_system: tree.to_file_system(),
            paths: tree.paths(),
        }
    }

    /// Where a path leads to, so that one directory has one stamp by whatever path it is reached.
    fn real_path(&self, path: &Path) -> Option<AbsolutePath> {
        let mut pending: Vec<String> = path.to_str()?.split('/').rev().map(str::to_owned).collect();
        let mut real = AbsolutePath::new("/")?;
        let mut links = 0;
        while let Some(name) = pending.pop() {
            let next = real.resolve(&name);
            let Link::To(text) = self.file_system.read_link(next.as_path()) else {
                real = next;
                continue;
            };
            links += 1;
            if links > MAXIMUM_LINKS {
                return None;
            }
            if text.starts_with('/') {
                real = AbsolutePath::new("/")?;
            }
            pending.extend(text.split('/').rev().map(str::to_owned));
        }
        Some(real)
    }

    fn directory_stamp(&self, path: &Path) -> Option<Stamp> {
        let real = self.real_path(path)?;
        let names: Vec<(&String, Option<EntryType>, Link)> = self
            .paths
            .iter()
            .filter(|path| AbsolutePath::new(path).and_then(|path| path.parent()).as_ref() == Some(&real))
            .map(|path| {
                let link = self.file_system.read_link(path.as_ref());
                // What a link leads to is no matter of the directory.
                let entry_type = (link == Link::No).then(|| self.file_system.entry_type(path.as_ref()));
                (path, entry_type.flatten(), link)
            })
            .collect();
        Some(stamp_of(&real, format!("{names:?}")))
    }
}

fn stamp_of(real: &AbsolutePath, seen: impl Hash) -> Stamp {
    let hash = |value: &dyn Fn(&mut DefaultHasher)| {
        let mut hasher = BuildHasherDefault::<DefaultHasher>::default().build_hasher();
        value(&mut hasher);
        std::hash::Hasher::finish(&hasher)
    };
    Stamp {
        device: 1,
        inode: hash(&|hasher| real.as_str().hash(hasher)),
        size: hash(&|hasher| seen.hash(hasher)),
        modified: 0,
        changed: 0,
    }
}

impl FileSystem for StampedTree {
    fn entry_type(&self, path: &Path) -> Option<EntryType> {
        self.file_system.entry_type(path)
    }
    fn read_link(&self, path: &Path) -> Link {
        self.file_system.read_link(path)
    }
    fn look(&self, path: &Path) -> Look {
        self.file_system.look(path)
    }
    fn entry(&self, path: &Path) -> Entry {
        match self.file_system.entry(path) {
            Entry::Directory(_) => self.directory_stamp(path).map_or(Entry::Missing, Entry::Directory),
            other => other,
        }
    }
    fn stamp(&self, path: &Path) -> Option<Stamp> {
        match self.read_file(path) {
            FileContent::Bytes(_, stamp) => Some(stamp),
            _ => None,
        }
    }
    fn read_file(&self, path: &Path) -> FileContent {
        match (self.file_system.read_file(path), self.real_path(path)) {
            (FileContent::Bytes(bytes, _), Some(real)) => {
                let stamp = stamp_of(&real, &bytes);
                FileContent::Bytes(bytes, stamp)
            }
            (other, _) => other,
        }
    }
    fn now(&self) -> i64 {
        10_000_000_000
    }
}
