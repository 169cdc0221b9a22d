//! The facts of one resolution: looked up, and written down as they are consulted.

use std::cell::{Cell, RefCell};

use super::real_path::real_path;
use super::{
    CrossedLink, FactKind, Facts, Keeping, Memory, Moment, PackageJsonFact, PackageJsons, ProvenPackageJson, RealPath,
    Witness, is_at_or_below,
};
use crate::fs::{Entry, EntryType, FileSystem, Look};
use crate::path::AbsolutePath;

/// What was consulted: a path, what is known of it, and whether the stamp of its directory proves that.
pub(super) struct Consulted {
    pub path: AbsolutePath,
    pub kind: FactKind,
    pub is_covered: bool,
    /// Whether it says which package a module belongs to that asks for a path.
    pub is_scope: bool,
}

/// Everything that was consulted in one resolution, in order.
pub struct Consultations {
    pub(super) consulted: Vec<Consulted>,
    /// Whether something was different before, so that this process's Node may answer otherwise.
    pub(super) has_changed: bool,
    /// When the oldest of the earlier looks was taken that were relied on; the greatest moment if there was none.
    pub(super) oldest: Moment,
}

impl Consultations {
    /// The path of the file that was found, as it was asked for: links in it are not followed.
    pub(super) fn found(&self) -> Option<String> {
        let mut files = self.consulted.iter().rev();
        let found = files.find(|consulted| {
            matches!(
                consulted.kind,
                FactKind::RealFile | FactKind::Entry(Some(EntryType::File))
            )
        });
        found.map(|consulted| consulted.path.as_str().to_owned())
    }

    /// The directories that were asked for.
    pub(super) fn directories(&self) -> impl Iterator<Item = &str> {
        let directory = FactKind::Entry(Some(EntryType::Directory));
        self.consulted
            .iter()
            .filter(move |consulted| consulted.kind == directory)
            .map(|consulted| consulted.path.as_str())
    }
}

impl Consulted {
    /// Whether this is a directory that the path `found` lies below.
    pub fn is_directory_above(&self, found: Option<&str>) -> bool {
        self.kind == FactKind::Entry(Some(EntryType::Directory))
            && found.is_some_and(|found| found != self.path.as_str() && is_at_or_below(found, self.path.as_str()))
    }
}

/// Facts straight from a file system, for one resolution.
pub struct Consultation<'a> {
    file_system: &'a dyn FileSystem,
    package_jsons: &'a PackageJsons,
    /// Where the facts are written down for; without, nothing is.
    memory: Option<&'a Memory>,
    /// Whether the package of the asking module may be known from before: for a path it matters only if its name begins
    /// with a dot.
    keeps_scopes: bool,
    /// When the asking thread began: what was seen before is not what its Node would have seen.
    since: Moment,
    facts: RefCell<Vec<Consulted>>,
    /// Each package.json is looked at once in a resolution.
    packages: RefCell<Vec<(AbsolutePath, PackageJsonFact)>>,
    /// Directories of which it is certain that they are there, or that nothing is.
    no_files: RefCell<Vec<AbsolutePath>>,
    /// The last file that was found without a link on the way, and whether a stamp proves it.
    plain_file: RefCell<Option<(AbsolutePath, bool)>>,
    has_changed: Cell<bool>,
    oldest: Cell<Moment>,
}

impl<'a> Consultation<'a> {
    /// Looks up everything, and remembers of package.json only what its stamp proves.
    #[must_use]
    pub fn new(file_system: &'a dyn FileSystem, package_jsons: &'a PackageJsons) -> Self {
        Self {
            file_system,
            package_jsons,
            memory: None,
            keeps_scopes: false,
            since: 0,
            facts: RefCell::default(),
            packages: RefCell::default(),
            no_files: RefCell::default(),
            plain_file: RefCell::default(),
            has_changed: Cell::new(false),
            oldest: Cell::new(Moment::MAX),
        }
    }

    /// Looks up what Node would look up, and writes down what is found.
    #[must_use]
    pub fn recorded(file_system: &'a dyn FileSystem, memory: &'a Memory, keeps_scopes: bool, since: Moment) -> Self {
        Self {
            memory: Some(memory),
            keeps_scopes,
            since,
            ..Self::new(file_system, memory.package_jsons())
        }
    }

    /// Whether something was different before in this process, so that its Node may answer otherwise.
    #[must_use]
    pub fn has_changed(&self) -> bool {
        self.has_changed.get()
    }

    /// What was consulted, in order.
    #[must_use]
    pub fn into_consulted(self) -> Consultations {
        Consultations {
            consulted: self.facts.into_inner(),
            has_changed: self.has_changed.get(),
            oldest: self.oldest.get(),
        }
    }

    /// Whether the stamp of the directory that holds this path will prove what is found there.
    fn cover(&self, path: &AbsolutePath) -> bool {
        match (self.memory, path.parent_str()) {
            (Some(memory), Some(directory)) => memory.stamps().cover(self.file_system, directory),
            _ => false,
        }
    }

    /// Notes what Node would look at once in a process.
    fn witness(&self, sees: impl FnOnce(&Witness) -> bool) {
        if self.memory.is_some() && !sees(Witness::shared()) {
            self.has_changed.set(true);
        }
    }

    fn witness_no_link(&self, path: Option<&str>) {
        if let Some(path) = path {
            self.witness(|witness| witness.sees_no_link(self.file_system, path));
        }
    }

    fn record(&self, path: AbsolutePath, kind: FactKind, is_covered: bool) {
        if self.memory.is_some() {
            self.facts.borrow_mut().push(Consulted {
                path,
                kind,
                is_covered,
                is_scope: false,
            });
        }
    }

    /// What the path leads to, and whether it is certain that there is no link on the way.
    fn look(&self, path: &AbsolutePath) -> (Option<EntryType>, bool) {
        match self.file_system.look(path.as_path()) {
            Look::Missing => {
                self.no_files.borrow_mut().extend(path.parent());
                (None, true)
            }
            Look::Directory => (Some(EntryType::Directory), true),
            Look::NotADirectory if self.has_real_parent(path) => (Some(EntryType::File), true),
            // What is no directory may be the path itself, or its directory.
            Look::NotADirectory => match self.file_system.entry(path.as_path()) {
                Entry::File => (Some(EntryType::File), true),
                Entry::Missing => (None, true),
                // It has changed since.
                Entry::Directory(_) | Entry::Link => (self.file_system.entry_type(path.as_path()), false),
            },
            Look::Unknown => (self.file_system.entry_type(path.as_path()), false),
        }
    }

    fn has_real_parent(&self, path: &AbsolutePath) -> bool {
        let parent = path.parent_str();
        self.no_files
            .borrow()
            .iter()
            .any(|directory| Some(directory.as_str()) == parent)
    }

    /// A package.json that was found shows that its directory is one, and every directory above.
    fn is_above_package(&self, path: &AbsolutePath) -> bool {
        self.packages
            .borrow()
            .iter()
            .any(|(directory, fact)| was_opened(fact) && is_at_or_below(directory.as_str(), path.as_str()))
    }

    fn known_package(&self, directory: &AbsolutePath) -> Option<PackageJsonFact> {
        let packages = self.packages.borrow();
        packages
            .iter()
            .find(|(known, _)| known == directory)
            .map(|(_, fact)| fact.clone())
    }

    fn consult_package_json(&self, directory: &AbsolutePath, keeping: Keeping) -> PackageJsonFact {
        if keeping == Keeping::WhileUnchanged
            && let Some(fact) = self.known_package(directory)
        {
            return fact;
        }
        let is_covered = self
            .memory
            .is_some_and(|memory| memory.stamps().is_covered(directory.as_str()));
        let ProvenPackageJson { fact, stamp, hash } = self.package_jsons.get(self.file_system, directory, keeping);
        let path = directory.child("package.json");
        self.witness(|witness| witness.sees_package_json(self.file_system, path.as_str(), hash));
        let kind = match &fact {
            PackageJsonFact::Absent => FactKind::Entry(None),
            PackageJsonFact::NoFile | PackageJsonFact::Unknown => FactKind::Unprovable,
            PackageJsonFact::Malformed | PackageJsonFact::Present(_) => FactKind::Contents {
                stamp,
                hash: hash.unwrap_or_default(),
            },
        };
        // A link that leads nowhere may come to lead somewhere, and its directory's stamp would not show it.
        let is_covered = is_covered && (kind != FactKind::Entry(None) || self.is_plainly_absent(&path));
        self.record(path, kind, is_covered);
        // What may be old says nothing of the directory as it is now.
        if keeping == Keeping::WhileUnchanged {
            if was_opened(&fact) {
                self.no_files.borrow_mut().push(directory.clone());
            }
            self.packages.borrow_mut().push((directory.clone(), fact.clone()));
        }
        fact
    }

    /// That the path is a file, which is what was recorded last of it, is a part of that.
    fn record_real_file(&self, path: &AbsolutePath, is_covered: bool) {
        if let Some(last) = self.facts.borrow_mut().last_mut()
            && last.path == *path
        {
            last.kind = FactKind::RealFile;
            return;
        }
        self.record(path.clone(), FactKind::RealFile, is_covered);
    }

    fn is_plainly_absent(&self, path: &AbsolutePath) -> bool {
        self.file_system.look(path.as_path()) == Look::Missing
    }

    fn record_links(&self, crossed: Vec<CrossedLink>) {
        // What Node remembers of links that lead to links depends on what else it was asked, and in which order.
        if crossed.len() > 1 {
            self.has_changed.set(true);
        }
        for (index, CrossedLink { path, text }) in crossed.into_iter().enumerate() {
            if let Some(directory) = path.parent() {
                self.record(directory, FactKind::RealDirectory, false);
            }
            self.witness_no_link(path.parent_str());
            self.witness(|witness| witness.sees_link(self.file_system, path.as_str(), &text));
            self.record(path.clone(), FactKind::Link(text.into()), false);
            // Node looks whether a further link leads anywhere; the first does, since the whole path does.
            if index > 0 {
                let entry_type = self.file_system.entry_type(path.as_path());
                self.record(path, FactKind::Entry(entry_type), false);
            }
        }
    }
}

impl Facts for Consultation<'_> {
    fn entry_type(&self, path: &AbsolutePath) -> Option<EntryType> {
        if self.is_above_package(path) {
            return Some(EntryType::Directory);
        }
        let is_covered = self.cover(path);
        let (entry_type, is_plain) = self.look(path);
        self.record(path.clone(), FactKind::Entry(entry_type), is_covered && is_plain);
        if is_plain && entry_type == Some(EntryType::File) {
            *self.plain_file.borrow_mut() = Some((path.clone(), is_covered));
        }
        entry_type
    }

    fn real_path(&self, path: &AbsolutePath) -> RealPath {
        if let Some((plain_file, is_covered)) = self.plain_file.borrow().as_ref()
            && plain_file == path
        {
            self.witness_no_link(Some(path.as_str()));
            self.record_real_file(path, *is_covered);
            return RealPath::Path(path.clone());
        }
        let (real, crossed) = real_path(self.file_system, path);
        if let RealPath::Path(real) = &real {
            self.witness_no_link(Some(real.as_str()));
            self.record_links(crossed);
            self.record(real.clone(), FactKind::RealFile, false);
        }
        real
    }

    fn package_json(&self, directory: &AbsolutePath) -> PackageJsonFact {
        self.consult_package_json(directory, Keeping::WhileUnchanged)
    }

    fn scope_package_json(&self, directory: &AbsolutePath) -> PackageJsonFact {
        let Some(memory) = self.memory.filter(|_| self.keeps_scopes) else {
            return self.package_json(directory);
        };
        let fact = match memory.scopeless(directory.as_str(), self.since) {
            Some((is_covered, seen)) => {
                self.oldest.set(self.oldest.get().min(seen));
                self.record(directory.child("package.json"), FactKind::Entry(None), is_covered);
                PackageJsonFact::Absent
            }
            None => self.consult_package_json(directory, Keeping::ForLife(self.since)),
        };
        if let Some(last) = self.facts.borrow_mut().last_mut() {
            last.is_scope = true;
        }
        fact
    }

    fn was_directory(&self, path: &AbsolutePath) -> bool {
        self.memory.is_some_and(|memory| memory.was_directory(path.as_str()))
    }

    fn is_supported(&self) -> bool {
        self.file_system.is_supported()
    }
}

/// Whether something called package.json was opened, so that its directory is one.
fn was_opened(fact: &PackageJsonFact) -> bool {
    !matches!(fact, PackageJsonFact::Absent | PackageJsonFact::Unknown)
}
