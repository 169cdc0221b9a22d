//! Checking the facts behind one answer, each directory once.

use super::format::{FACT_NUMBER, LOOKED_AT_AGAIN, LOOKED_AT_ONCE, kind};
use super::reader::{Snapshot, fact_state};
use super::records::RawFact;
use crate::cache::Witness;
use crate::cache::fact::is_real;
use crate::cache::generation::{Moment, now};
use crate::fs::{Entry, EntryType, FileSystem, Link, Look};

/// What has become of a directory since its stamp was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DirectoryState {
    /// It is as it was.
    Same,
    /// It has changed, and there is a new stamp, which proves what is looked at from now on.
    ChangedWithStamp,
    /// It has changed too lately for a stamp, or never had one.
    Changed,
}

/// What was found out while one answer is checked.
pub(super) struct Checks<'a> {
    snapshot: &'a Snapshot,
    file_system: &'a dyn FileSystem,
    /// When the asking thread began.
    since: Moment,
    /// Whether what Node looks at once in a thread is looked at, too.
    is_thorough: bool,
    /// Directories, and what was found out about them.
    directories: Vec<(u32, DirectoryState)>,
    /// Directories of which it is certain that they are there, or that nothing is.
    no_files: Vec<u32>,
    has_link: bool,
    has_changed: bool,
    /// When the oldest of the earlier looks was taken that were relied on.
    oldest: Moment,
}

impl<'a> Checks<'a> {
    pub fn new(snapshot: &'a Snapshot, file_system: &'a dyn FileSystem, since: Moment, is_thorough: bool) -> Self {
        Self {
            snapshot,
            file_system,
            since,
            is_thorough,
            directories: Vec::new(),
            no_files: Vec::new(),
            has_link: false,
            has_changed: false,
            oldest: Moment::MAX,
        }
    }

    /// When the oldest of the earlier looks was taken that were relied on; the greatest moment if there was none.
    pub fn oldest(&self) -> Moment {
        self.oldest
    }

    /// Whether something was different before in this process, so that its Node may answer otherwise.
    pub fn has_changed(&self) -> bool {
        self.has_changed
    }

    /// Whether what Node would look at again is as it was. (It follows links then, and keeps real paths.)
    pub fn holds_again(&mut self, reason: u32) -> bool {
        let id = reason & FACT_NUMBER;
        if self
            .snapshot
            .fact_state(id)
            .is_none_or(|state| state == fact_state::FAILED)
        {
            return false;
        }
        if reason & LOOKED_AT_AGAIN == 0 || self.snapshot.is_trusted() {
            return true;
        }
        let Some(fact) = self.snapshot.records().fact(id) else {
            return false;
        };
        if fact.is_covered && self.is_same(fact.directory) {
            return true;
        }
        let expected = match fact.kind {
            kind::ABSENT => None,
            kind::FILE | kind::REAL_FILE => Some(EntryType::File),
            kind::DIRECTORY => Some(EntryType::Directory),
            _ => return false,
        };
        self.file_system.entry_type(fact.path().as_ref()) == expected
    }

    /// Whether a fact holds now.
    pub fn holds(&mut self, reason: u32) -> bool {
        let id = reason & FACT_NUMBER;
        let Some(state) = self.snapshot.fact_state(id) else {
            return false;
        };
        if state == fact_state::FAILED {
            return false;
        }
        if self.snapshot.is_trusted() {
            return true;
        }
        let Some(fact) = self.snapshot.records().fact(id) else {
            return false;
        };
        // What Node remembers of links that lead to links depends on what else it was asked, and in which order.
        if fact.kind == kind::LINK {
            self.has_changed |= self.has_link;
            self.has_link = true;
        }
        // What package.json says and where links lead, Node finds out once in a thread. Whose package the asking module is
        // a part of matters to a path only if the package's name begins with a dot.
        let is_looked_at_once =
            matches!(fact.kind, kind::CONTENTS | kind::LINK | kind::REAL_DIRECTORY) || reason & LOOKED_AT_ONCE != 0;
        if is_looked_at_once
            && !self.is_thorough
            && let Some(looked_at) = self.snapshot.looked_at_since(id, self.since)
        {
            self.oldest = self.oldest.min(looked_at);
            return self.snapshot.fact_state(id) != Some(fact_state::FAILED);
        }
        let began = now();
        let directory = if fact.is_covered {
            self.state_of(fact.directory)
        } else {
            DirectoryState::Changed
        };
        let is_proven = directory == DirectoryState::Same;
        let found = match (self.check(&fact, is_proven), directory) {
            (false, _) => fact_state::FAILED,
            (true, DirectoryState::ChangedWithStamp) => fact_state::HELD_ALONE,
            (true, DirectoryState::Same | DirectoryState::Changed) => fact_state::HELD,
        };
        let holds = self.snapshot.note_fact(id, found);
        if holds {
            // Not before: another thread would rely on it.
            self.snapshot.note_looked_at(id, began.min(self.oldest));
            self.witness(&fact);
        }
        holds
    }

    /// Notes what Node would look at once in a process.
    fn witness(&mut self, fact: &RawFact<'_>) {
        let witness = Witness::shared();
        let path = fact.path();
        let has_always_been = match fact.kind {
            kind::CONTENTS => witness.sees_package_json(self.file_system, &path, Some(fact.hash)),
            kind::ABSENT if fact.name == "package.json" => witness.sees_package_json(self.file_system, &path, None),
            kind::REAL_FILE | kind::REAL_DIRECTORY => witness.sees_no_link(self.file_system, &path),
            kind::LINK => witness.sees_link(self.file_system, &path, fact.link_text),
            _ => true,
        };
        self.has_changed |= !has_always_been;
    }

    /// Looks at a fact; `is_proven` says that the stamp of its directory has proven it already.
    fn check(&mut self, fact: &RawFact<'_>, is_proven: bool) -> bool {
        let path = fact.path();
        let leads_to = |expected| is_proven || self.file_system.entry_type(path.as_ref()) == expected;
        match fact.kind {
            kind::ABSENT => is_proven || self.is_absent(fact.directory, &path),
            kind::FILE => leads_to(Some(EntryType::File)),
            kind::DIRECTORY => leads_to(Some(EntryType::Directory)),
            kind::CONTENTS => {
                let stamp = self.snapshot.records().stamp(fact.extra);
                stamp.is_some() && self.file_system.stamp(path.as_ref()) == stamp
            }
            kind::REAL_DIRECTORY => is_real(self.file_system, &path, Look::Directory),
            kind::REAL_FILE => self.is_real_file(fact, &path, is_proven),
            kind::LINK => {
                matches!(self.file_system.read_link(path.as_ref()), Link::To(text) if text == fact.link_text)
            }
            _ => false,
        }
    }

    fn is_real_file(&mut self, fact: &RawFact<'_>, path: &str, is_proven: bool) -> bool {
        let is_file = || self.file_system.entry(path.as_ref()) == Entry::File;
        // As Node, which finds out once in a thread that a directory is no link.
        if !self.is_thorough
            && let Some(real) = self.snapshot.real_since(fact.directory, self.since)
        {
            self.oldest = self.oldest.min(real);
            return is_proven || is_file();
        }
        let began = now();
        // What is no directory may be the path itself, or something on the way.
        let is_real = (is_proven || self.no_files.contains(&fact.directory) || is_file())
            && is_real(self.file_system, path, Look::NotADirectory);
        if is_real {
            self.snapshot.note_real(fact.directory, began);
        }
        is_real
    }

    fn is_absent(&mut self, directory: u32, path: &str) -> bool {
        match self.file_system.look(path.as_ref()) {
            Look::Missing => {
                self.no_files.push(directory);
                true
            }
            Look::Directory => false,
            Look::NotADirectory | Look::Unknown => self.file_system.entry_type(path.as_ref()).is_none(),
        }
    }

    /// Whether a directory is as it was. To be asked before a name in it is looked at.
    fn is_same(&mut self, id: u32) -> bool {
        self.state_of(id) == DirectoryState::Same
    }

    fn state_of(&mut self, id: u32) -> DirectoryState {
        if let Some((_, state)) = self.directories.iter().find(|(known, _)| *known == id) {
            return *state;
        }
        let state = match self.snapshot.records().directory(id) {
            Some((path, _, Some(expected))) => match self.file_system.entry(path.as_ref()) {
                Entry::Directory(stamp) if stamp == expected => DirectoryState::Same,
                Entry::Directory(stamp) => {
                    let is_settled = stamp.is_settled(self.file_system.now());
                    if self.snapshot.note_changed(id, is_settled.then_some(stamp)) {
                        DirectoryState::ChangedWithStamp
                    } else {
                        DirectoryState::Changed
                    }
                }
                Entry::Missing | Entry::File | Entry::Link => DirectoryState::Changed,
            },
            _ => DirectoryState::Changed,
        };
        self.directories.push((id, state));
        state
    }
}
