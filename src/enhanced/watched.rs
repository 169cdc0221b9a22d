//! What a watcher has to watch: what was looked at on the way to an answer.

use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::cache::{Facts, Id, PackageJsonFact, RealPath, Step, Version};
use crate::fs::EntryType;
use crate::path::AbsolutePath;

/// Facts that note what is asked of them.
pub struct Watched<'a> {
    facts: &'a dyn Facts,
    found: RefCell<BTreeSet<String>>,
    missing: RefCell<BTreeSet<String>>,
    /// Paths that were gone through for links.
    gone_through: RefCell<BTreeSet<Id>>,
}

impl<'a> Watched<'a> {
    /// Notes what is asked of `facts`.
    #[must_use]
    pub fn new(facts: &'a dyn Facts) -> Self {
        Self {
            facts,
            found: RefCell::default(),
            missing: RefCell::default(),
            gone_through: RefCell::default(),
        }
    }

    /// The files and directories that are there, and the paths where nothing is.
    #[must_use]
    pub fn into_dependencies(self) -> (Vec<String>, Vec<String>) {
        let list = |paths: RefCell<BTreeSet<String>>| paths.into_inner().into_iter().collect();
        (list(self.found), list(self.missing))
    }

    /// The links on the way to a path: where one leads may change, too.
    fn note_links(&self, path: Id) {
        let mut place = path;
        while let Some(parent) = self.facts.parent(place) {
            if !self.gone_through.borrow_mut().insert(place) {
                return;
            }
            if let (RealPath::Path(real), RealPath::Path(real_parent)) =
                (self.facts.real_path(place), self.facts.real_path(parent))
            {
                let path = self.facts.path(place);
                if self.facts.resolve(real_parent, path.file_name()) != real {
                    self.note(path, true);
                }
            }
            place = parent;
        }
    }

    fn note(&self, path: AbsolutePath, is_there: bool) {
        let paths = if is_there { &self.found } else { &self.missing };
        paths.borrow_mut().insert(path.into_string());
    }
}

impl Facts for Watched<'_> {
    fn id(&self, path: &AbsolutePath) -> Id {
        self.facts.id(path)
    }

    fn path(&self, id: Id) -> AbsolutePath {
        self.facts.path(id)
    }

    fn resolve(&self, directory: Id, path: &str) -> Id {
        self.facts.resolve(directory, path)
    }

    fn with_suffix(&self, path: Id, suffix: &str) -> Id {
        self.facts.with_suffix(path, suffix)
    }

    fn parent(&self, path: Id) -> Option<Id> {
        self.facts.parent(path)
    }

    fn is_named(&self, path: Id, name: &str) -> bool {
        self.facts.is_named(path, name)
    }

    fn is_name_ending(&self, path: Id, ending: &str) -> bool {
        self.facts.is_name_ending(path, ending)
    }

    fn entry_type(&self, path: Id) -> Option<EntryType> {
        let entry_type = self.facts.entry_type(path);
        self.note(self.facts.path(path), entry_type.is_some());
        if entry_type.is_some() {
            self.note_links(path);
        }
        entry_type
    }

    fn real_path(&self, path: Id) -> RealPath {
        let real = self.facts.real_path(path);
        if let RealPath::Path(real) = real {
            self.note(self.facts.path(real), true);
        }
        real
    }

    fn package_json(&self, directory: Id) -> PackageJsonFact {
        let package_json = self.facts.package_json(directory);
        let is_there = package_json != PackageJsonFact::Absent;
        self.note(self.facts.path(directory).child("package.json"), is_there);
        package_json
    }

    fn version(&self, path: Id) -> Option<Version> {
        let version = self.facts.version(path);
        self.note(self.facts.path(path), version.is_some());
        version
    }

    fn read(&self, path: Id) -> Option<Vec<u8>> {
        self.facts.read(path)
    }

    /// Everything is asked for again, so that it is noted.
    fn once(&self, _directory: Id, _text: &str, part: &mut dyn FnMut() -> Step) -> Step {
        part()
    }

    fn is_supported(&self) -> bool {
        self.facts.is_supported()
    }
}
