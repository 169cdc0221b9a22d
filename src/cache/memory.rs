//! The answers of one set of options, in one thread, each with what it rests on.

use std::sync::{Arc, Mutex};

use super::answers::{Answer, Answers, Asking};
use super::facts::TreeFacts;
use super::known::Known;
use super::node::{Epoch, FIRST, Id, Needs, Proof, ROOT};
use super::snapshot::{CODE_KEY_BYTES, EnteredPaths, FoundSnapshot, Recording, Snapshot, SnapshotFile, SnapshotState};
use super::tree::Tree;
use super::{Facts, Found, current_generation, lock};
use crate::error::{Doubt, ResolveError};
use crate::format::Format;
use crate::fs::FileSystem;
use crate::package_json::PackageFields;
use crate::path::AbsolutePath;

/// What makes a URL of a path that has nothing to encode.
const FILE_SCHEME: &str = "file://";

/// A thread that is given more answers begins anew: memory is bounded.
const MAXIMUM_BYTES: usize = 24 << 20;

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
    /// Those of this process. Their numbers begin at `first`.
    answers: Answers,
    first: u32,
    /// What parts of the algorithm have come to.
    parts: Answers,
    /// Those that ask, by their number.
    directories: Vec<Directory>,
    snapshot: Option<Known>,
    file: Option<SnapshotFile>,
    state: SnapshotState,
    /// What V8 made of texts of the hook, with their keys, where that is new.
    codes: Vec<(String, Vec<u8>)>,
    /// Whether there is something to write.
    has_learnt: bool,
    counts: Counts,
}

/// A directory that asks.
struct Directory {
    path: AbsolutePath,
    /// With its number in the tree of this age.
    asking: Asking,
    age: u32,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// What is wanted.
    pub request: &'a str,
    /// The directory of the module that asks, by the number that [`Memory::enter_directory`] gave it.
    pub directory: u32,
    /// The turn of JavaScript.
    pub turn: u32,
}

/// What the algorithm has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolved {
    /// The number of its path.
    pub path: Id,
    /// How Node is to load it, if an `import` asked.
    pub format: Option<Format>,
    /// Whether Node keeps it.
    pub is_kept: bool,
}

impl From<Found> for Resolved {
    fn from(found: Found) -> Self {
        Self {
            path: found.path,
            format: None,
            // What `exports` or `imports` led to, Node works out anew each time.
            is_kept: !found.is_target,
        }
    }
}

/// An answer, as a text: a path for `require`, the letter of the format and a URL for `import`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// To what was not asked before, or not remembered.
    New(String),
    /// To what was asked before: it is worth keeping nearer by, with this number to ask for it by.
    Again(u32),
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
    /// A memory that shares nothing with others, and is written only by whoever has it.
    #[must_use]
    pub fn unshared(
        file_system: &'static dyn FileSystem,
        fields: &PackageFields,
        believe: Believe,
        file: Option<SnapshotFile>,
    ) -> Self {
        let tree = Tree::new(file_system, fields.clone(), current_generation());
        let found = SnapshotFile::read_any(file.as_ref());
        Self::new(Arc::new(Mutex::new(tree)), believe, file, found, None)
    }

    /// `entered`: the paths of the snapshot that was found, if the tree has them already.
    pub(super) fn new(
        tree: Arc<Mutex<Tree>>,
        believe: Believe,
        file: Option<SnapshotFile>,
        (found, state): (Option<FoundSnapshot>, SnapshotState),
        entered: Option<EnteredPaths>,
    ) -> Self {
        let mut planted = lock(&tree);
        let age = planted.age;
        let trust = file.as_ref().map(SnapshotFile::trust).unwrap_or_default();
        let snapshot = found.map(|found| Known::new(found, &mut planted, entered, trust));
        drop(planted);
        let mut memory = Self {
            age,
            tree,
            believe,
            answers: Answers::default(),
            first: 0,
            parts: Answers::default(),
            directories: Vec::new(),
            snapshot,
            file,
            state,
            codes: Vec::new(),
            has_learnt: false,
            counts: Counts::default(),
        };
        memory.first = memory.snapshot_len();
        memory
    }

    /// The directories, requests and paths of the snapshot, as lines, and the number of the first answer of each directory.
    #[must_use]
    pub fn snapshot_lines(&self) -> Option<([&str; 3], Vec<u32>)> {
        let known = self.snapshot.as_ref().filter(|known| known.snapshot().answers() > 0)?;
        Some(known.snapshot().lines())
    }

    /// How many answers the snapshot has.
    #[must_use]
    pub fn snapshot_len(&self) -> u32 {
        let length = self.snapshot.as_ref().map_or(0, |known| known.snapshot().answers());
        u32::try_from(length).unwrap_or(u32::MAX)
    }

    /// Whether the snapshot's answers are believed without a look.
    #[must_use]
    pub fn is_snapshot_trusted(&self) -> bool {
        self.snapshot.as_ref().is_some_and(Known::is_trusted)
    }

    /// Whether an answer of this number is what the algorithm would find now, in a turn of JavaScript.
    pub fn holds(&mut self, number: u32, turn: u32) -> bool {
        let tree = self.tree.clone();
        let mut tree = lock(&tree);
        let since = self.enter(&mut tree, turn);
        if let Some(place) = number.checked_sub(self.first) {
            let holds = self.answers.holds(place, &mut tree, since);
            self.counts.process_hits += u64::from(holds);
            return holds;
        }
        let Some(known) = &mut self.snapshot else { return false };
        let holds = known.holds(number, &mut tree, since);
        self.counts.snapshot_hits += u64::from(holds);
        holds
    }

    /// Takes what was seen at the paths of the snapshot while the hook was being loaded, in this very turn.
    pub fn take_looks(&mut self, turn: u32) {
        let tree = self.tree.clone();
        let mut tree = lock(&tree);
        self.enter(&mut tree, turn);
        if let Some(known) = &mut self.snapshot {
            known.take_looks(&mut tree);
        }
    }

    /// Whether all answers of the snapshot are what the algorithm would find now: each path that they rest on is looked at once.
    pub fn does_snapshot_hold(&mut self, turn: u32) -> bool {
        let tree = self.tree.clone();
        let mut tree = lock(&tree);
        let since = self.enter(&mut tree, turn);
        let Some(known) = &mut self.snapshot else { return false };
        let holds = known.does_hold(&mut tree, since);
        if holds {
            self.counts.snapshot_hits += known.snapshot().answers() as u64;
        }
        holds
    }

    /// The answer to a question: what is remembered, if it holds, or what the algorithm finds. The algorithm tells, too, whether Node
    /// keeps the answer.
    ///
    /// # Errors
    /// Those of the algorithm, which are not remembered, and that there is no such directory.
    pub fn answer(
        &mut self,
        question: &Question<'_>,
        mut algorithm: impl FnMut(&dyn Facts, Asking) -> Result<Resolved, ResolveError>,
    ) -> Result<Outcome, ResolveError> {
        let tree = self.tree.clone();
        let mut tree = lock(&tree);
        let mut since = self.enter_bounded(&mut tree, question.turn);
        let asking = self.asking(&mut tree, question.directory)?;
        let place = self.answers.find(asking, question.request);
        let known = place.and_then(|place| self.answers.get(place)).cloned();
        if let Some(place) = place
            && self.answers.holds(place, &mut tree, since)
        {
            self.counts.process_hits += 1;
            return Ok(self.again(place));
        }
        self.counts.misses += 1;
        let mut found = algorithm(&TreeFacts::new(&mut tree, &mut self.parts, since), asking)?;
        let is_other = known
            .as_ref()
            .is_some_and(|known| (known.path, known.format) != (found.path, found.format));
        if self.believe == Believe::Turn && tree.is_turn_under_way() && is_other {
            // Something has changed, and part of what this rests on may have been seen before that, in this turn.
            since = tree.restart_turn();
            found = algorithm(&TreeFacts::new(&mut tree, &mut self.parts, since), asking)?;
        }
        if self.believe == Believe::Nothing {
            return Ok(Outcome::New(tree.text_of(found.path, found.format)));
        }
        let answer = Answer {
            path: found.path,
            format: found.format,
            is_kept: found.is_kept,
            kept_before: known.and_then(|known| known.kept()).filter(|path| *path != found.path),
            ..self.worked_out(&tree, asking, since)
        };
        self.has_learnt |= answer.is_provable;
        self.answers.put(place, answer, question.request, &tree.trail);
        Ok(match place {
            Some(place) => self.again(place),
            None => Outcome::New(tree.text_of(found.path, found.format)),
        })
    }

    /// Works something out from a directory, in a turn. The caller keeps what comes of it, and may ask by its number whether it still
    /// holds; there is no number where nothing is believed. It takes the place of an earlier one, if the caller does not keep that any more.
    ///
    /// # Errors
    /// There is no such directory.
    pub fn work_out<T>(
        &mut self,
        directory: u32,
        turn: u32,
        earlier: Option<u32>,
        algorithm: impl FnOnce(&dyn Facts, Id) -> T,
    ) -> Result<(T, Option<u32>), ResolveError> {
        let tree = self.tree.clone();
        let mut tree = lock(&tree);
        let since = self.enter_bounded(&mut tree, turn);
        let asking = self.asking(&mut tree, directory)?;
        self.counts.misses += 1;
        let found = algorithm(&TreeFacts::new(&mut tree, &mut self.parts, since), asking.directory);
        if self.believe == Believe::Nothing {
            return Ok((found, None));
        }
        let answer = self.worked_out(&tree, asking, since);
        let earlier = earlier.and_then(|number| number.checked_sub(self.first));
        let place = match earlier.filter(|place| *place < self.answers.len()) {
            Some(place) => {
                self.answers.put(Some(place), answer, "", &tree.trail);
                place
            }
            None => self.answers.push(answer, &tree.trail),
        };
        Ok((found, Some(self.first.saturating_add(place))))
    }

    /// What was just worked out, as far as the tree knows of it.
    fn worked_out(&self, tree: &Tree, asking: Asking, since: Epoch) -> Answer {
        Answer {
            asking,
            answered: if self.believe == Believe::UntilInvalidated {
                tree.epoch
            } else {
                since
            },
            proved: since.max(tree.moved),
            is_provable: !tree.is_trail_unprovable,
            ..Answer::default()
        }
    }

    /// Enters a turn, and forgets the answers where there are too many.
    fn enter_bounded(&mut self, tree: &mut Tree, turn: u32) -> Epoch {
        let since = self.enter(tree, turn);
        if self.answer_bytes() > MAXIMUM_BYTES {
            self.forget_answers();
        }
        since
    }

    fn answer_bytes(&self) -> usize {
        self.answers.bytes() + self.parts.bytes()
    }

    fn again(&self, place: u32) -> Outcome {
        Outcome::Again(self.first.saturating_add(place))
    }

    /// The path of an answer of this process.
    #[must_use]
    pub fn path_of(&self, number: u32) -> Option<String> {
        let answer = self.answers.get(number.checked_sub(self.first)?)?;
        let tree = lock(&self.tree);
        (tree.age == self.age).then(|| tree.text_of(answer.path, answer.format))
    }

    /// Numbers a directory that asks: by its path for `require`, by its URL for `import`; `None` if it is no absolute path. The caller
    /// remembers it.
    pub fn enter_directory(&mut self, text: &str) -> Option<u32> {
        let number = u32::try_from(self.directories.len()).ok()?;
        let mut tree = lock(&self.tree);
        let of_import = text.strip_prefix(FILE_SCHEME);
        let path = AbsolutePath::new(of_import.unwrap_or(text))?;
        let asking = Asking {
            directory: tree.resolve(ROOT, path.as_str()),
            is_import: of_import.is_some(),
        };
        let age = tree.age;
        self.directories.push(Directory { path, asking, age });
        Some(number)
    }

    /// Forgets the directories that ask. Their numbers are given to others.
    pub fn forget_directories(&mut self) {
        self.directories = Vec::new();
    }

    fn asking(&mut self, tree: &mut Tree, number: u32) -> Result<Asking, ResolveError> {
        let directory = self.directories.get_mut(number as usize);
        let directory = directory.ok_or(ResolveError::Unsure(Doubt::Parent))?;
        if directory.age != tree.age {
            directory.asking.directory = tree.resolve(ROOT, directory.path.as_str());
            directory.age = tree.age;
        }
        Ok(directory.asking)
    }

    /// Forgets all answers, and not what was seen. No number is ever given twice.
    fn forget_answers(&mut self) {
        self.first = self.first.saturating_add(self.answers.len());
        self.answers = Answers::default();
        self.parts = Answers::default();
    }

    /// Forgets what was to be forgotten.
    pub(super) fn hear(&mut self) {
        let tree = self.tree.clone();
        self.keep_up(&mut lock(&tree));
    }

    fn keep_up(&mut self, tree: &mut Tree) {
        tree.hear();
        tree.bound();
        if tree.age != self.age {
            self.age = tree.age;
            self.forget_answers();
            self.snapshot = None;
        }
    }

    /// Forgets what was to be forgotten, and tells from which epoch on is believed what was seen.
    fn enter(&mut self, tree: &mut Tree, turn: u32) -> Epoch {
        self.keep_up(tree);
        match self.believe {
            Believe::Turn => tree.enter(turn),
            Believe::UntilInvalidated => FIRST,
            Believe::Nothing => tree.begin_epoch(),
        }
    }

    /// Whether Node would have kept an answer of the snapshot.
    #[must_use]
    pub fn is_kept_by_node(&self, number: u32) -> bool {
        self.snapshot
            .as_ref()
            .is_some_and(|known| known.snapshot().is_kept_by_node(number))
    }

    /// What was answered earlier in this process, if Node would have kept that.
    #[must_use]
    pub fn kept_answer(&mut self, directory: u32, request: &str) -> Option<String> {
        let tree = self.tree.clone();
        let mut tree = lock(&tree);
        self.keep_up(&mut tree);
        let asking = self.asking(&mut tree, directory).ok()?;
        let place = self.answers.find(asking, request)?;
        let kept = self.answers.get(place)?.kept()?;
        Some(tree.path(kept).to_owned())
    }

    /// Keeps what V8 made of a text of the hook.
    pub fn keep_code(&mut self, key: &str, code: &[u8]) {
        if key.len() == CODE_KEY_BYTES {
            self.codes.push((key.to_owned(), code.to_vec()));
            self.has_learnt = true;
        }
    }

    /// What an answer that is remembered rests on, one line each.
    #[must_use]
    pub fn reasons(&mut self, number: u32) -> Option<Vec<String>> {
        let tree = self.tree.clone();
        let mut tree = lock(&tree);
        self.keep_up(&mut tree);
        let proofs = match (number.checked_sub(self.first), &self.snapshot) {
            (Some(place), _) => self.answers.proofs(self.answers.get(place)?),
            (None, Some(known)) => known.proofs(number)?,
            (None, None) => return None,
        };
        Some(proofs.iter().map(|proof| tree.describe(*proof)).collect())
    }

    /// What is held, and how often it was of use.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let known = self.snapshot.as_ref().map(Known::snapshot);
        let snapshot_entries = known.map_or(0, Snapshot::answers);
        let snapshot_bytes = known.map_or(0, Snapshot::bytes);
        // Memories of one thread may share a tree; each counts its part.
        let tree_bytes = lock(&self.tree).bytes() / Arc::strong_count(&self.tree);
        Stats {
            process_hits: self.counts.process_hits,
            snapshot_hits: self.counts.snapshot_hits,
            misses: self.counts.misses,
            entries: self.answers.len() as usize + snapshot_entries,
            bytes: tree_bytes + self.answer_bytes() + snapshot_bytes,
            snapshot: self.state.clone(),
            snapshot_entries,
            snapshot_bytes,
            snapshot_proofs: known.map_or(0, Snapshot::paths),
        }
    }

    pub(super) fn file(&self) -> Option<&SnapshotFile> {
        self.file.as_ref()
    }

    /// The tree, for another memory of this thread that is of the same mind: where one believes what was seen in an earlier turn, another
    /// would believe where paths lead by that.
    pub(super) fn tree_for(
        &self,
        file_system: &'static dyn FileSystem,
        fields: &PackageFields,
        believe: Believe,
    ) -> Option<Arc<Mutex<Tree>>> {
        let believes_for_long = |believe| believe == Believe::UntilInvalidated;
        let tree = lock(&self.tree);
        let is_alike =
            tree.is_for(file_system, fields) && believes_for_long(self.believe) == believes_for_long(believe);
        is_alike.then(|| self.tree.clone())
    }

    /// Whether there is something that was not recorded yet.
    pub(super) fn has_learnt(&self) -> bool {
        self.has_learnt
    }

    /// What is to be written, with what other threads have recorded; nothing if there is no answer.
    #[must_use]
    pub fn record(&mut self, others: &[Arc<Snapshot>]) -> Option<Vec<u8>> {
        let tree = self.tree.clone();
        let mut tree = lock(&tree);
        // Another memory may have forgotten the tree that both have.
        self.keep_up(&mut tree);
        let file = self.file.as_ref()?;
        self.has_learnt = false;
        let mut recording = Recording::new(&mut tree);
        for (key, code) in &self.codes {
            recording.add_code(key.as_bytes(), code);
        }
        for answer in self.answers.iter() {
            if answer.is_provable && self.believe == Believe::Turn {
                let tree = recording.tree();
                let directory = tree.text_of_asking(answer.asking);
                let path = tree.text_of(answer.path, answer.format);
                let texts = [&*directory, self.answers.request(answer), &*path];
                recording.add(texts, self.answers.proofs(answer), answer.answered, answer.is_kept);
            }
        }
        if let Some(known) = &self.snapshot {
            known.record(&mut recording);
        }
        for other in others {
            let EnteredPaths { proofs, .. } = other.enter(recording.tree(), false);
            recording.add_known(other, &proofs, None);
        }
        recording.finish(file.key())
    }
}

impl Tree {
    /// What an answer rests on, as a line.
    pub(super) fn describe(&self, proof: Proof) -> String {
        let what = match proof.needs {
            Needs::Real => "real directory",
            Needs::Stamp => "directory",
            Needs::Package => "contents",
        };
        format!("{what} {}", self.path(proof.id))
    }

    /// What was found, as a text.
    fn text_of(&self, path: Id, format: Option<Format>) -> String {
        let path = self.path(path);
        match format {
            Some(format) => format!("{}{FILE_SCHEME}{path}", format.letter()),
            None => path.to_owned(),
        }
    }

    /// A directory that asks, as a text.
    fn text_of_asking(&self, Asking { directory, is_import }: Asking) -> String {
        let scheme = if is_import { FILE_SCHEME } else { "" };
        format!("{scheme}{}", self.path(directory))
    }
}
