//! The disk of a target: one for each, since what remembers wants it for as long as the process lives.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use fast_resolve::fs::{Entry, EntryType, FileContent, FileSystem, Link, MemoryFileSystem, Stamp};

/// What lies on it, and how often that was something else.
pub struct Disk(Mutex<(Option<MemoryFileSystem>, u64)>);

impl Disk {
    pub const fn new() -> Self {
        Self(Mutex::new((None, 0)))
    }

    /// Replaces everything. No stamp is one that was there before.
    pub fn replace(&self, tree: MemoryFileSystem) {
        let mut state = self.state();
        *state = (Some(tree), state.1 + 1);
    }

    fn state(&self) -> MutexGuard<'_, (Option<MemoryFileSystem>, u64)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask<T>(&self, question: impl FnOnce(&MemoryFileSystem, u64) -> T) -> T {
        let state = self.state();
        question(state.0.as_ref().unwrap_or(&MemoryFileSystem::new()), state.1)
    }
}

fn of(number: u64, stamp: Stamp) -> Stamp {
    Stamp { inode: number, ..stamp }
}

impl FileSystem for Disk {
    fn entry(&self, path: &Path) -> Entry {
        self.ask(|tree, number| match tree.entry(path) {
            Entry::File(stamp) => Entry::File(of(number, stamp)),
            Entry::Directory(stamp) => Entry::Directory(of(number, stamp)),
            other => other,
        })
    }

    fn entry_type(&self, path: &Path) -> Option<EntryType> {
        self.ask(|tree, _| tree.entry_type(path))
    }

    fn read_link(&self, path: &Path) -> Link {
        self.ask(|tree, _| tree.read_link(path))
    }

    fn read_file(&self, path: &Path) -> FileContent {
        self.ask(|tree, number| match tree.read_file(path) {
            FileContent::Bytes(bytes, stamp) => FileContent::Bytes(bytes, of(number, stamp)),
            other => other,
        })
    }

    /// Long after everything was made.
    fn now(&self) -> i64 {
        1 << 50
    }
}
