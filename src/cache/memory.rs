//! Everything that is remembered with one set of options. Shared by all threads of the process.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use dashmap::{DashMap, DashSet};
use rustc_hash::FxBuildHasher;

use super::answers::Answers;
use super::consultation::Consulted;
use super::generation::{self, Moment, now};
use super::snapshot::{MAXIMUM_BYTES, Snapshot, SnapshotFile, SnapshotState};
use super::{
    Answer, AnswerKey, Consultations, DirectoryStamps, Fact, FactKind, Interner, PackageJsons, Witness, is_at_or_below,
};
use crate::fs::FileSystem;

/// Answers, what they rest on, and what Node, too, keeps for the life of a process.
pub struct Memory {
    package_jsons: Arc<PackageJsons>,
    interner: Interner,
    stamps: DirectoryStamps,
    answers: Answers,
    /// Directories without a package.json, whether a stamp proves it, and when it was seen.
    scopeless: DashMap<Arc<str>, (bool, Moment), FxBuildHasher>,
    /// Paths that led to a directory.
    directories: DashSet<Arc<str>, FxBuildHasher>,
    snapshot: RwLock<Option<Arc<Snapshot>>>,
    file: Option<SnapshotFile>,
    state: RwLock<SnapshotState>,
    counts: Counts,
}

#[derive(Default)]
struct Counts {
    process_hits: AtomicU64,
    snapshot_hits: AtomicU64,
    misses: AtomicU64,
    /// Answers that a later process can use, and that no snapshot has.
    learnt: AtomicU64,
}

/// How an answer came to be, for those who want to keep it nearer by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// The path.
    pub path: Arc<str>,
    /// What to call [`Memory::still_holds`] with before the answer is repeated; `None` if that is not needed.
    pub id: Option<u32>,
    /// Whether Node keeps the answer, even if it looks at something else before it repeats it.
    pub is_kept: bool,
}

/// Numbers of what was asked and what is held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stats {
    /// Answers repeated from this process.
    pub process_hits: u64,
    /// Answers taken from the snapshot.
    pub snapshot_hits: u64,
    /// Requests that the algorithm was run for.
    pub misses: u64,
    /// Answers held.
    pub entries: usize,
    /// Bytes held, about.
    pub bytes: usize,
    /// What became of the snapshot.
    pub snapshot: SnapshotState,
    /// Answers in the snapshot.
    pub snapshot_entries: usize,
    /// Bytes of the snapshot.
    pub snapshot_bytes: usize,
}

/// As many facts that the stamps of their directories do not prove any more are worth a new snapshot.
const WORTH_WRITING: u32 = 16;
/// Answers from the snapshot have numbers with this bit.
const FROM_SNAPSHOT: u32 = 1 << 31;
/// The number of an answer that was given and not kept.
const NOT_REMEMBERED: u32 = FROM_SNAPSHOT - 1;

/// When a resolution began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    generation: u32,
    at: Moment,
}

/// How Node came by an answer, which says what it looks at when it is asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A path: Node keeps the answer.
    Path,
    /// A name without `exports`: Node keeps the answer once it knows that the module's own package is not meant.
    Name,
    /// `exports` or `imports`: Node keeps nothing.
    Targets,
}

impl Memory {
    /// Nothing remembered yet, but for what a snapshot has.
    #[must_use]
    pub fn new(main_fields: &[String], file: Option<SnapshotFile>) -> Self {
        let (snapshot, state) = match &file {
            None => (None, SnapshotState::Off),
            Some(file) => file.read(),
        };
        Self {
            package_jsons: PackageJsons::shared(main_fields),
            interner: Interner::default(),
            stamps: DirectoryStamps::default(),
            answers: Answers::default(),
            scopeless: DashMap::default(),
            directories: DashSet::default(),
            snapshot: RwLock::new(snapshot.map(Arc::new)),
            file,
            state: RwLock::new(state),
            counts: Counts::default(),
        }
    }

    /// An answer that may be given now, in a thread that began at this moment.
    pub fn recall(&self, file_system: &dyn FileSystem, key: &AnswerKey<'_>, since: Moment) -> Option<Remembered> {
        if let Some((id, answer)) = self.answers.get(key) {
            if !answer.holds(file_system, since) {
                self.answers.remove(key, id);
                return None;
            }
            self.counts.process_hits.fetch_add(1, Ordering::Relaxed);
            return Some(Remembered {
                path: answer.path.clone(),
                id: (!answer.is_repeated_by_node()).then_some(id),
                is_kept: answer.is_kept(),
            });
        }
        let snapshot = self.snapshot()?;
        let found = snapshot.find(file_system, key, since)?;
        self.counts.snapshot_hits.fetch_add(1, Ordering::Relaxed);
        Some(Remembered {
            path: found.path.into(),
            id: found.is_checked_each_time.then_some(found.index | FROM_SNAPSHOT),
            is_kept: found.is_kept_by_node,
        })
    }

    /// Whether an answer that Node would work out anew would be the same.
    pub fn still_holds(&self, file_system: &dyn FileSystem, id: u32, since: Moment) -> bool {
        if id & FROM_SNAPSHOT == 0 {
            let answer = self.answers.by_id(id);
            answer.is_some_and(|answer| answer.holds(file_system, since))
        } else {
            let snapshot = self.snapshot();
            snapshot.is_some_and(|snapshot| snapshot.still_holds(file_system, id & !FROM_SNAPSHOT, since))
        }
    }

    /// Remembers an answer, unless something was forgotten since its resolution began.
    pub fn learn(
        &self,
        key: &AnswerKey<'_>,
        path: &str,
        consulted: Consultations,
        source: Source,
        begun: Begun,
    ) -> Remembered {
        let is_target = source == Source::Targets;
        // What was looked at before is no news for a thread that begins later.
        let begun = Begun {
            at: begun.at.min(consulted.oldest),
            ..begun
        };
        if consulted.has_changed {
            Witness::shared().doubts_answer(key.directory, key.request);
        }
        let is_always_checked =
            consulted.has_changed || (!is_target && !Witness::shared().sees_answer(key.directory, key.request, path));
        for directory in consulted.directories() {
            if !self.directories.contains(directory) {
                self.directories.insert(self.interner.intern(directory));
            }
        }
        let found = consulted.found();
        let facts: Box<[Fact]> = consulted
            .consulted
            .into_iter()
            // A directory above the file that was found is there if the file is.
            .filter(|consulted| !consulted.is_directory_above(found.as_deref()))
            .map(|consulted| self.keep(consulted, key, source, begun))
            .collect();
        let answer = Answer {
            directory: self.interner.intern(key.directory),
            request: key.request.into(),
            path: self.interner.intern(path),
            facts,
            is_kept_by_node: !is_target,
            is_always_checked,
            seen: AtomicU64::new(begun.at),
        };
        let path = answer.path.clone();
        let (is_kept, is_repeated, is_provable) =
            (answer.is_kept(), answer.is_repeated_by_node(), answer.is_provable());
        let Some(id) = self.answers.insert(key, answer, begun.generation) else {
            return Remembered {
                path,
                id: Some(NOT_REMEMBERED),
                is_kept,
            };
        };
        if is_provable {
            self.counts.learnt.fetch_add(1, Ordering::Relaxed);
        }
        Remembered {
            path,
            id: (!is_repeated).then_some(id),
            is_kept,
        }
    }

    /// Counts a request that the algorithm is run for, and tells when that began.
    pub fn begin(&self) -> Begun {
        self.counts.misses.fetch_add(1, Ordering::Relaxed);
        Begun {
            generation: generation::current(),
            at: now(),
        }
    }

    /// Makes a fact of what was consulted, and notes what later resolutions can make use of.
    fn keep(&self, consulted: Consulted, key: &AnswerKey<'_>, source: Source, begun: Begun) -> Fact {
        let Consulted {
            path,
            kind,
            is_covered,
            is_scope,
        } = consulted;
        let is_entry = matches!(kind, FactKind::Entry(_) | FactKind::RealFile);
        let scope = if kind == FactKind::Entry(None) {
            scope_of(path.as_str(), key.directory)
        } else {
            None
        };
        if is_entry && let Some(directory) = path.parent_str() {
            self.stamps.note_seen(&self.interner, directory);
        }
        if is_scope && let Some(directory) = scope {
            self.note_scopeless(directory, is_covered, begun);
        }
        Fact {
            path: self.interner.intern(path.as_str()),
            is_looked_at_again: match source {
                Source::Path => false,
                Source::Name => scope.is_some(),
                Source::Targets => is_entry,
            },
            kind,
            is_covered,
            is_looked_at_once: is_scope,
        }
    }

    /// The facts behind an answer that is remembered now.
    #[must_use]
    pub fn reasons(&self, key: &AnswerKey<'_>) -> Option<Vec<Fact>> {
        if let Some((_, answer)) = self.answers.get(key) {
            return Some(answer.facts.to_vec());
        }
        self.snapshot()?.reasons(key)
    }

    /// Forgets what rests on this path or anything below.
    pub fn invalidate(&self, path: &str) {
        // Whoever remembers something looks at the generation afterwards.
        generation::begin_new();
        self.package_jsons.forget(path);
        self.scopeless
            .retain(|directory, _| !is_package_json_of(directory, path) && !is_at_or_below(directory, path));
        if let Some(snapshot) = self.snapshot() {
            snapshot.forget(path);
        }
        self.answers.forget(path);
    }

    /// Forgets everything, the snapshot included.
    pub fn clear(&self) {
        // Before anything else: a resolution that begins from now on must not rely on a stamp that is about to go, and one
        // that has begun is not remembered.
        self.stamps.clear();
        generation::begin_new();
        self.package_jsons.clear();
        self.scopeless.clear();
        self.directories.clear();
        self.answers.clear();
        self.interner.clear();
        if let Ok(mut snapshot) = self.snapshot.write() {
            *snapshot = None;
        }
    }

    /// What is held, and how often it was of use.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let answers = self.answers.all();
        let facts: usize = answers.iter().map(|answer| answer.facts.len()).sum();
        let snapshot = self.snapshot();
        let snapshot_entries = snapshot.as_ref().map_or(0, |snapshot| snapshot.len());
        let snapshot_bytes = snapshot.as_ref().map_or(0, |snapshot| snapshot.bytes());
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Stats {
            process_hits: count(&self.counts.process_hits),
            snapshot_hits: count(&self.counts.snapshot_hits),
            misses: count(&self.counts.misses),
            entries: answers.len() + snapshot_entries,
            bytes: self.interner.bytes()
                + answers.len() * size_of::<Answer>()
                + facts * size_of::<Fact>()
                + snapshot_bytes,
            snapshot_entries,
            snapshot_bytes,
            snapshot: self.state.read().map(|state| state.clone()).unwrap_or_default(),
        }
    }

    /// Writes the snapshot, if something new was learnt.
    ///
    /// # Errors
    /// Those of the file system; there is no snapshot then, or the one that was there before.
    pub fn save(&self) -> std::io::Result<bool> {
        let Some(file) = &self.file else { return Ok(false) };
        let known = self.snapshot();
        let is_worn = known.as_ref().is_some_and(|known| known.uncovered() >= WORTH_WRITING);
        if self.counts.learnt.swap(0, Ordering::Relaxed) == 0 && !is_worn {
            return Ok(false);
        }
        let answers = self.answers.all();
        if known.is_none() && !answers.iter().any(|answer| answer.is_provable()) {
            return Ok(false);
        }
        let bytes = super::snapshot::build(file.key(), &answers, &self.stamps, known.as_deref());
        if bytes.len() > MAXIMUM_BYTES {
            return Ok(false);
        }
        file.write(&bytes)?;
        Ok(true)
    }

    pub(super) fn package_jsons(&self) -> &PackageJsons {
        &self.package_jsons
    }

    pub(super) fn stamps(&self) -> &DirectoryStamps {
        &self.stamps
    }

    /// If it was seen since this moment that a directory has no package.json: whether a stamp proves that, and when it was.
    pub(super) fn scopeless(&self, directory: &str, since: Moment) -> Option<(bool, Moment)> {
        self.scopeless
            .get(directory)
            .map(|scopeless| *scopeless)
            .filter(|(_, seen)| *seen >= since)
    }

    fn note_scopeless(&self, directory: &str, is_covered: bool, begun: Begun) {
        if self.scopeless(directory, begun.at).is_some() {
            return;
        }
        self.scopeless
            .insert(self.interner.intern(directory), (is_covered, begun.at));
        // Somebody may have forgotten what this thread was just looking at.
        if generation::current() != begun.generation {
            self.scopeless.remove(directory);
        }
    }

    pub(super) fn was_directory(&self, path: &str) -> bool {
        self.directories.contains(path)
    }

    fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.snapshot.read().ok()?.clone()
    }
}

fn is_package_json_of(directory: &str, path: &str) -> bool {
    path.strip_suffix("/package.json") == Some(directory)
}

/// The directory at or above this one whose package.json the path is.
fn scope_of<'a>(path: &'a str, directory: &str) -> Option<&'a str> {
    let above = path.strip_suffix("/package.json")?;
    let above = if above.is_empty() { "/" } else { above };
    is_at_or_below(directory, above).then_some(above)
}
