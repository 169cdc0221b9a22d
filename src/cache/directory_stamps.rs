//! Stamps of directories: what proves to a later process, by one system call, what lies in a directory and what does not.
//!
//! Within a process they are of no use: asking for the name itself costs the same call and proves more.

use std::sync::Arc;

use dashmap::DashMap;
use rustc_hash::FxBuildHasher;

use super::Interner;
use crate::fs::{Entry, FileSystem, Stamp};

/// The stamps that were taken in this process. Each is taken once, and before what it is to prove is looked at.
#[derive(Debug, Default)]
pub struct DirectoryStamps(DashMap<Arc<str>, State, FxBuildHasher>);

#[derive(Debug, Clone, Copy)]
enum State {
    /// One name was looked up there. Most directories never see a second look-up, and need no stamp.
    SeenOnce,
    Taken(Stamp),
    /// Too young to prove anything, or no real directory.
    Unprovable,
}

impl DirectoryStamps {
    /// To be called before a name in this directory is looked up; whether the directory's stamp will prove what is found.
    pub fn cover(&self, file_system: &dyn FileSystem, directory: &str) -> bool {
        match self.0.get(directory).map(|state| *state) {
            Some(State::Taken(_)) => true,
            None | Some(State::Unprovable) => false,
            Some(State::SeenOnce) => {
                let state = match file_system.entry(directory.as_ref()) {
                    Entry::Directory(stamp) if stamp.is_settled(file_system.now()) => State::Taken(stamp),
                    _ => State::Unprovable,
                };
                let Some(mut known) = self.0.get_mut(directory) else {
                    return false;
                };
                // The first stamp counts: an earlier one covers all that was looked up after it.
                if matches!(*known, State::SeenOnce) {
                    *known = state;
                }
                matches!(*known, State::Taken(_))
            }
        }
    }

    /// Notes that a name was looked up in this directory: the next one is worth a stamp.
    pub fn note_seen(&self, interner: &Interner, directory: &str) {
        if !self.0.contains_key(directory) {
            self.0.entry(interner.intern(directory)).or_insert(State::SeenOnce);
        }
    }

    /// Whether there is a stamp already; none is taken.
    #[must_use]
    pub fn is_covered(&self, directory: &str) -> bool {
        self.get(directory).is_some()
    }

    /// The stamp of a directory, where one was taken.
    #[must_use]
    pub fn get(&self, directory: &str) -> Option<Stamp> {
        match self.0.get(directory).map(|state| *state) {
            Some(State::Taken(stamp)) => Some(stamp),
            _ => None,
        }
    }

    /// Forgets all stamps. (What they were to prove has to be forgotten with them.)
    pub fn clear(&self) {
        self.0.clear();
    }
}
