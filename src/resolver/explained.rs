//! The algorithm as it goes: its steps, and what it looks at.

use std::cell::RefCell;

use crate::cache::{Facts, Id, PackageJsonFact, RealPath, Step, Version};
use crate::fs::EntryType;
use crate::path::AbsolutePath;

/// What happens while a request is worked out, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A step begins: its name in Node's documentation, and what it is about.
    Step {
        /// As in `LOAD_AS_FILE(X)`.
        name: &'static str,
        /// A path, or what else is worked out.
        subject: String,
    },
    /// What a path leads to.
    Looked {
        /// The path.
        path: String,
        /// `None` where nothing is there.
        found: Option<EntryType>,
    },
    /// A package.json was read, or it is not there.
    Package {
        /// Its path.
        path: String,
        /// `present`, `absent`, `malformed` or `unreadable`.
        found: &'static str,
    },
    /// A path with links on the way, and where it leads.
    Linked {
        /// The path.
        path: String,
        /// The path without links.
        real: String,
    },
}

/// Facts that note what is asked of them.
pub(super) struct Explained<'a> {
    facts: &'a dyn Facts,
    events: RefCell<Vec<Event>>,
}

impl<'a> Explained<'a> {
    pub fn new(facts: &'a dyn Facts) -> Self {
        Self {
            facts,
            events: RefCell::default(),
        }
    }

    pub fn into_events(self) -> Vec<Event> {
        self.events.into_inner()
    }

    fn note(&self, event: Event) {
        let mut events = self.events.borrow_mut();
        // The algorithm looks at some paths twice.
        if events.last() != Some(&event) {
            events.push(event);
        }
    }

    fn text(&self, path: Id) -> String {
        self.facts.path(path).into_string()
    }
}

impl Facts for Explained<'_> {
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
        let found = self.facts.entry_type(path);
        self.note(Event::Looked {
            path: self.text(path),
            found,
        });
        found
    }

    fn real_path(&self, path: Id) -> RealPath {
        let found = self.facts.real_path(path);
        if let RealPath::Path(real) = found
            && real != path
        {
            self.note(Event::Linked {
                path: self.text(path),
                real: self.text(real),
            });
        }
        found
    }

    fn version(&self, path: Id) -> Option<Version> {
        self.facts.version(path)
    }

    fn read(&self, path: Id) -> Option<Vec<u8>> {
        self.facts.read(path)
    }

    fn package_json(&self, directory: Id) -> PackageJsonFact {
        let fact = self.facts.package_json(directory);
        self.note(Event::Package {
            path: self.facts.path(directory).child("package.json").into_string(),
            found: match fact {
                PackageJsonFact::Absent | PackageJsonFact::NoFile => "absent",
                PackageJsonFact::Unknown => "unreadable",
                PackageJsonFact::Malformed => "malformed",
                PackageJsonFact::Present(_) => "present",
            },
        });
        fact
    }

    /// Each time anew: what is remembered could not be told.
    fn once(&self, _directory: Id, _text: &str, part: &mut dyn FnMut() -> Step) -> Step {
        part()
    }

    fn is_supported(&self) -> bool {
        self.facts.is_supported()
    }

    fn begin(&self, name: &'static str, subject: &str) {
        self.note(Event::Step {
            name,
            subject: subject.to_owned(),
        });
    }

    fn begin_at(&self, name: &'static str, path: Id) {
        self.begin(name, &self.text(path));
    }
}
