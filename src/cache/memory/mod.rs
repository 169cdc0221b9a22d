//! The answers of one set of options, in one thread, each with what it rests on.

mod accounts;
mod question;

use std::sync::{Arc, Mutex};

pub use self::accounts::Stats;
pub use self::question::{Outcome, Question, Resolved};
use super::answers::{Answer, Answers, Asking};
use super::facts::TreeFacts;
use super::known::Known;
use super::node::{Epoch, FIRST, Id, ROOT};
use super::snapshot::{EnteredPaths, FoundSnapshot, SnapshotFile, SnapshotState};
use super::tree::Tree;
use super::{Facts, current_generation, lock};
use crate::error::{Doubt, ResolveError};
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

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    process_hits: u64,
    snapshot_hits: u64,
    misses: u64,
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
}
