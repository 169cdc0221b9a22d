//! The answers of one set of options, in one thread, each with what it rests on.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxBuildHasher;

use super::facts::TreeFacts;
use super::snapshot::{Recording, Snapshot, SnapshotFile, SnapshotState, Trust};
use super::tree::{EARLIER, Epoch, FIRST, Tree};
use super::{Facts, Needs, Proof, invalidations, package_jsons};
use crate::path::AbsolutePath;

/// What is believed without a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Believe {
    /// What was looked at, or proved, in this turn.
    #[default]
    Turn,
    /// What was looked at, until somebody says that it has changed.
    UntilInvalidated,
    /// Nothing.
    Nothing,
}

/// Answers, and the tree that they rest on.
pub struct Memory {
    tree: Arc<Mutex<Tree>>,
    /// The age of the tree in which the answers were found.
    age: u32,
    believe: Believe,
    /// By number. JavaScript gives the numbers.
    answers: HashMap<u32, Answer, FxBuildHasher>,
    snapshot: Option<Known>,
    file: Option<SnapshotFile>,
    state: SnapshotState,
    /// Whether there is something to write.
    has_learnt: bool,
    counts: Counts,
}

/// An answer of this process.
struct Answer {
    directory: Box<str>,
    request: Box<str>,
    path: Box<str>,
    proofs: Box<[Proof]>,
    /// The epoch from which on everything that it rests on was seen.
    answered: Epoch,
    is_provable: bool,
    /// Whether Node would have kept it.
    is_kept: bool,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// What is wanted.
    pub request: &'a str,
    /// The directory of the module that asks.
    pub directory: &'a str,
    /// The turn of JavaScript.
    pub turn: u32,
    /// The number that the answer gets.
    pub number: u32,
}

/// Answers of earlier processes: their numbers begin at zero.
struct Known {
    snapshot: Arc<Snapshot>,
    proofs: Vec<Proof>,
    is_used: Vec<bool>,
    is_trusted: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    process_hits: u64,
    snapshot_hits: u64,
    misses: u64,
}

/// Numbers of what was asked and what is held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stats {
    /// Answers of this process that were proved and repeated.
    pub process_hits: u64,
    /// Answers of the snapshot that were proved and given.
    pub snapshot_hits: u64,
    /// Requests that the algorithm was run for.
    pub misses: u64,
    /// Answers held.
    pub entries: usize,
    /// Bytes held, about.
    pub bytes: usize,
    /// What became of the snapshot.
    pub snapshot: SnapshotState,
    /// Answers in it.
    pub snapshot_entries: usize,
    /// Its bytes.
    pub snapshot_bytes: usize,
    /// Directories and package.json files that the snapshot's answers rest on.
    pub snapshot_proofs: usize,
}

impl Memory {
    pub(super) fn new(tree: Arc<Mutex<Tree>>, believe: Believe, file: Option<SnapshotFile>) -> Self {
        let age = lock(&tree).age;
        let mut memory = Self {
            age,
            tree,
            believe,
            answers: HashMap::default(),
            snapshot: None,
            file,
            state: SnapshotState::Off,
            has_learnt: false,
            counts: Counts::default(),
        };
        memory.read_snapshot();
        memory
    }

    fn read_snapshot(&mut self) {
        let Some(file) = &self.file else { return };
        let (snapshot, state) = file.read();
        self.state = state;
        let trust = file.trust();
        self.snapshot = snapshot.map(|snapshot| Known {
            proofs: snapshot.enter(&mut lock(&self.tree), trust == Trust::Installation),
            is_used: vec![false; snapshot.len()],
            is_trusted: trust == Trust::Everything,
            snapshot,
        });
    }

    /// The answers of the snapshot, as JSON: `[[directory, [request, …], [path, …]], …]`, numbered in this order.
    #[must_use]
    pub fn snapshot_json(&self) -> Option<&str> {
        self.snapshot.as_ref().map(|known| known.snapshot.json())
    }

    /// How many answers the snapshot has.
    #[must_use]
    pub fn snapshot_len(&self) -> u32 {
        let length = self.snapshot.as_ref().map_or(0, |known| known.snapshot.len());
        u32::try_from(length).unwrap_or(u32::MAX)
    }

    /// Whether the snapshot's answers are believed without a look.
    #[must_use]
    pub fn is_snapshot_trusted(&self) -> bool {
        self.snapshot.as_ref().is_some_and(|known| known.is_trusted)
    }

    /// Whether an answer of this number is what the algorithm would find now, in a turn of JavaScript.
    pub fn holds(&mut self, number: u32, turn: u32) -> bool {
        let tree = self.tree.clone();
        let mut tree = lock(&tree);
        let since = self.enter(&mut tree, turn);
        if let Some(answer) = self.answers.get(&number) {
            let holds = answer.is_provable && tree.holds(&answer.proofs, answer.answered, since);
            self.counts.process_hits += u64::from(holds);
            return holds;
        }
        let Some(known) = &mut self.snapshot else { return false };
        let Some(proofs) = known.snapshot.range(number).and_then(|range| known.proofs.get(range)) else {
            return false;
        };
        let holds = known.is_trusted || (!proofs.is_empty() && tree.holds(proofs, EARLIER, since));
        if holds && let Some(is_used) = known.is_used.get_mut(number as usize) {
            *is_used = true;
        }
        self.counts.snapshot_hits += u64::from(holds);
        holds
    }

    /// Runs the algorithm in a turn of JavaScript, and remembers the answer by a number. The algorithm tells, too, whether Node keeps
    /// the answer.
    ///
    /// # Errors
    /// Those of the algorithm. They are not remembered.
    pub fn work_out<E>(
        &mut self,
        question: &Question<'_>,
        algorithm: impl FnOnce(&dyn Facts) -> Result<(AbsolutePath, bool), E>,
    ) -> Result<String, E> {
        let tree = self.tree.clone();
        let mut tree = lock(&tree);
        let since = self.enter(&mut tree, question.turn);
        self.counts.misses += 1;
        let (found, is_kept) = algorithm(&TreeFacts::new(&mut tree, since))?;
        let found = found.into_string();
        if self.believe != Believe::Nothing {
            let answered = match self.believe {
                Believe::UntilInvalidated => tree.epoch,
                _ => since,
            };
            let is_provable = !tree.is_trail_unprovable;
            self.has_learnt |= is_provable;
            let answer = Answer {
                directory: question.directory.into(),
                request: question.request.into(),
                path: found.as_str().into(),
                proofs: tree.trail.as_slice().into(),
                answered,
                is_provable,
                is_kept,
            };
            self.answers.insert(question.number, answer);
        }
        Ok(found)
    }

    /// Hears what was to be forgotten, and tells from which epoch on is believed what was seen.
    fn enter(&mut self, tree: &mut Tree, turn: u32) -> Epoch {
        tree.hear();
        tree.bound();
        if tree.age != self.age {
            self.age = tree.age;
            self.answers.clear();
            self.snapshot = None;
        }
        match self.believe {
            Believe::Turn => tree.enter(turn),
            Believe::UntilInvalidated => FIRST,
            Believe::Nothing => tree.begin_epoch(),
        }
    }

    /// Whether Node would have kept an answer that is remembered.
    #[must_use]
    pub fn is_kept_by_node(&self, number: u32) -> bool {
        match (self.answers.get(&number), &self.snapshot) {
            (Some(answer), _) => answer.is_kept,
            (None, Some(known)) => known.snapshot.is_kept_by_node(number),
            (None, None) => false,
        }
    }

    /// Forgets all answers, and not what was seen.
    pub fn forget_answers(&mut self) {
        self.answers.clear();
        self.snapshot = None;
    }

    /// What an answer that is remembered rests on, one line each.
    #[must_use]
    pub fn reasons(&self, number: u32) -> Option<Vec<String>> {
        let proofs = match (self.answers.get(&number), &self.snapshot) {
            (Some(answer), _) => &answer.proofs,
            (None, Some(known)) => known.proofs.get(known.snapshot.range(number)?)?,
            (None, None) => return None,
        };
        let tree = lock(&self.tree);
        let describe = |proof: &Proof| {
            let what = match proof.needs {
                Needs::Real => "real directory",
                Needs::Stamp => "directory",
                Needs::Package => "contents",
            };
            format!("{what} {}", tree.path(proof.id))
        };
        Some(proofs.iter().map(describe).collect())
    }

    /// What is held, and how often it was of use.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let known = self.snapshot.as_ref().map(|known| &known.snapshot);
        let snapshot_entries = known.map_or(0, |snapshot| snapshot.len());
        let snapshot_bytes = known.map_or(0, |snapshot| snapshot.bytes());
        let of_answer = |answer: &Answer| {
            let texts = answer.directory.len() + answer.request.len() + answer.path.len();
            size_of::<Answer>() + texts + size_of_val(&*answer.proofs)
        };
        Stats {
            process_hits: self.counts.process_hits,
            snapshot_hits: self.counts.snapshot_hits,
            misses: self.counts.misses,
            entries: self.answers.len() + snapshot_entries,
            bytes: lock(&self.tree).bytes() + self.answers.values().map(of_answer).sum::<usize>() + snapshot_bytes,
            snapshot: self.state.clone(),
            snapshot_entries,
            snapshot_bytes,
            snapshot_proofs: known.map_or(0, |snapshot| snapshot.paths()),
        }
    }

    pub(super) fn file(&self) -> Option<&SnapshotFile> {
        self.file.as_ref()
    }

    pub(super) fn shares_tree(&self, main_fields: &[String]) -> Option<Arc<Mutex<Tree>>> {
        (lock(&self.tree).main_fields == main_fields).then(|| self.tree.clone())
    }

    /// What is to be written, with what another thread's memory or an earlier process has recorded; nothing if there is nothing new.
    pub(super) fn record(&mut self, others: &[Arc<Snapshot>]) -> Option<Vec<u8>> {
        let file = self.file.as_ref()?;
        if !self.has_learnt && others.is_empty() {
            return None;
        }
        self.has_learnt = false;
        let mut tree = lock(&self.tree);
        let mut recording = Recording::new(&mut tree);
        let mut answers: Vec<(&u32, &Answer)> = self.answers.iter().collect();
        answers.sort_unstable_by_key(|(number, _)| **number);
        for (_, answer) in answers {
            if answer.is_provable && self.believe == Believe::Turn {
                let texts = [&*answer.directory, &*answer.request, &*answer.path];
                recording.add(texts, &answer.proofs, answer.answered, answer.is_kept);
            }
        }
        if let Some(known) = &self.snapshot {
            recording.add_known(&known.snapshot, &known.proofs, Some(&known.is_used));
        }
        for other in others {
            let proofs = other.enter(recording.tree(), false);
            recording.add_known(other, &proofs, None);
        }
        recording.finish(file.key())
    }
}

impl Tree {
    /// Forgets what others have said since it was last asked.
    fn hear(&mut self) {
        let seen = self.generation;
        if invalidations::current() == seen {
            return;
        }
        let (now, forget) = invalidations::since(seen);
        self.generation = now;
        match forget {
            invalidations::Forget::Paths(paths) => {
                for path in paths {
                    self.invalidate(&path);
                }
            }
            invalidations::Forget::Everything => {
                package_jsons::clear_shared();
                self.clear();
            }
        }
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
