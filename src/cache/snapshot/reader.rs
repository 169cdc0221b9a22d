//! Answers from a snapshot, and what this process has found out about them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use rustc_hash::FxBuildHasher;

use super::checks::Checks;
use super::format::{FACT_NUMBER, LOOKED_AT_AGAIN, LOOKED_AT_ONCE, kind};
use super::records::{RawAnswer, Records};
use crate::cache::generation::{Moment, now};
use crate::cache::{AnswerKey, Fact, FactKind, Witness, is_at_or_below};
use crate::fs::{EntryType, FileSystem, Stamp};

/// Answers of earlier processes.
pub struct Snapshot {
    records: Records,
    /// When all that an answer rests on was last found to hold; 0 for never.
    given: Box<[AtomicU64]>,
    /// Whether this process's Node may remember something else than what an answer rests on.
    is_always_checked: Box<[AtomicBool]>,
    /// When what Node looks at once was last found to be as it was; 0 for never.
    looked_at: Box<[AtomicU64]>,
    /// When a directory was last found to be no link, nor to lie below one; 0 for never.
    real: Box<[AtomicU64]>,
    /// What has been found out about each fact in this process.
    facts: Box<[AtomicU8]>,
    /// The stamps that changed directories have now, each taken before anything in the directory was looked at.
    new_stamps: Mutex<HashMap<u32, Stamp, FxBuildHasher>>,
    /// How many facts had to be looked at one by one, since their directory has changed.
    uncovered: AtomicU32,
    /// Whether everything is believed without looking.
    is_trusted: bool,
}

/// An answer that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found<'a> {
    /// The path.
    pub path: &'a str,
    /// The number of the answer.
    pub index: u32,
    /// Whether Node would look at the disk again each time it is asked.
    pub is_checked_each_time: bool,
    /// Whether Node keeps the answer, even if it looks at something else before it repeats it.
    pub is_kept_by_node: bool,
}

/// What has been found out about a fact.
pub(super) mod fact_state {
    pub const UNKNOWN: u8 = 0;
    /// It held when an answer was given that rests on it.
    pub const HELD: u8 = 1;
    /// The same, and it was looked at by itself, after its directory had got another stamp.
    pub const HELD_ALONE: u8 = 2;
    /// It did not hold, or was to be forgotten.
    pub const FAILED: u8 = 3;
}

/// What came out of checking an answer that holds.
#[derive(Debug, Clone, Copy)]
struct Checked {
    /// Whether something was different before in this process, so that its Node may answer otherwise.
    has_changed: bool,
    /// When the oldest of the looks was taken that it relies on.
    oldest: Moment,
}

impl Snapshot {
    /// Takes the bytes of a file for a snapshot.
    ///
    /// # Errors
    /// Why they are none, or none for this key.
    pub fn new(bytes: Vec<u8>, key: &str, is_trusted: bool) -> Result<Self, &'static str> {
        let records = Records::new(bytes, key)?;
        let (answers, facts, directories) = (records.answers(), records.facts(), records.directories());
        Ok(Self {
            records,
            given: (0..answers).map(|_| AtomicU64::new(0)).collect(),
            is_always_checked: (0..answers).map(|_| AtomicBool::new(false)).collect(),
            looked_at: (0..facts).map(|_| AtomicU64::new(0)).collect(),
            real: (0..directories).map(|_| AtomicU64::new(0)).collect(),
            facts: (0..facts).map(|_| AtomicU8::new(fact_state::UNKNOWN)).collect(),
            new_stamps: Mutex::default(),
            uncovered: AtomicU32::new(0),
            is_trusted,
        })
    }

    /// The answer to a request, if all that it rests on holds.
    ///
    /// The first time that an answer is given to a thread that began at this moment, everything is checked, as its Node
    /// would look at everything; from then on, what Node would look at again.
    #[must_use]
    pub fn find(&self, file_system: &dyn FileSystem, key: &AnswerKey<'_>, since: Moment) -> Option<Found<'_>> {
        let (index, answer) = self.records.lookup(key)?;
        let (given, is_always_checked) = (at(&self.given, index)?, at(&self.is_always_checked, index)?);
        let seen = now();
        let was_always_checked = is_always_checked.load(Ordering::Acquire);
        let is_new = was_always_checked || given.load(Ordering::Acquire) < since.max(1);
        let checked = if is_new {
            Some(self.check_all(file_system, &answer, since, was_always_checked)?)
        } else {
            self.check_again(file_system, &answer, since).then_some(None)?
        };
        let has_changed = checked.is_some_and(|Checked { has_changed, .. }| has_changed);
        if has_changed && !was_always_checked {
            // This process's Node may remember something else: then the answer has to be what there is now.
            is_always_checked.store(true, Ordering::Release);
            self.check_all(file_system, &answer, since, true)?;
        }
        if let Some(Checked { oldest, .. }) = checked {
            // What was looked at before is no news for a thread that begins later, nor is what was only looked at again.
            given.fetch_max(seen.min(oldest), Ordering::AcqRel);
        }
        let is_always_checked = was_always_checked || has_changed;
        let is_checked_each_time = is_always_checked || self.is_looked_at_again(&answer);
        Some(Found {
            path: answer.path,
            index,
            is_checked_each_time: is_checked_each_time && !self.is_trusted,
            is_kept_by_node: answer.is_kept_by_node && !is_always_checked,
        })
    }

    /// Whether what Node would look at again is as it was.
    #[must_use]
    pub fn still_holds(&self, file_system: &dyn FileSystem, index: u32, since: Moment) -> bool {
        let Some(answer) = self.records.answer(index) else {
            return false;
        };
        let is_always_checked = at(&self.is_always_checked, index);
        if is_always_checked.is_none_or(|flag| flag.load(Ordering::Acquire)) {
            self.check_all(file_system, &answer, since, true).is_some()
        } else {
            self.check_again(file_system, &answer, since)
        }
    }

    /// Checks all that an answer rests on. `None` if it does not hold.
    fn check_all(
        &self,
        file_system: &dyn FileSystem,
        answer: &RawAnswer<'_>,
        since: Moment,
        is_thorough: bool,
    ) -> Option<Checked> {
        let mut checks = Checks::new(self, file_system, since, is_thorough);
        for reason in self.records.reasons_of(answer) {
            if !checks.holds(reason?) {
                return None;
            }
        }
        if checks.has_changed() {
            Witness::shared().doubts_answer(answer.directory, answer.request);
        }
        let is_other_answer =
            answer.is_kept_by_node && !Witness::shared().sees_answer(answer.directory, answer.request, answer.path);
        Some(Checked {
            has_changed: checks.has_changed() || is_other_answer,
            oldest: checks.oldest(),
        })
    }

    /// Checks what Node would look at again.
    fn check_again(&self, file_system: &dyn FileSystem, answer: &RawAnswer<'_>, since: Moment) -> bool {
        let mut checks = Checks::new(self, file_system, since, false);
        self.records
            .reasons_of(answer)
            .all(|reason| reason.is_some_and(|reason| checks.holds_again(reason)))
    }

    fn is_looked_at_again(&self, answer: &RawAnswer<'_>) -> bool {
        self.records
            .reasons_of(answer)
            .any(|reason| reason.is_some_and(|reason| reason & LOOKED_AT_AGAIN != 0))
    }

    /// The facts behind an answer.
    #[must_use]
    pub fn reasons(&self, key: &AnswerKey<'_>) -> Option<Vec<Fact>> {
        let (_, answer) = self.records.lookup(key)?;
        self.records
            .reasons_of(&answer)
            .map(|reason| {
                let reason = reason?;
                self.full_fact(reason)
            })
            .collect()
    }

    /// Forgets what rests on this path or anything below.
    pub fn forget(&self, path: &str) {
        for (id, state) in self.facts.iter().enumerate() {
            let fact = u32::try_from(id).ok().and_then(|id| self.records.fact(id));
            if fact.is_none_or(|fact| is_at_or_below(&fact.path(), path)) {
                state.store(fact_state::FAILED, Ordering::Release);
            }
        }
    }

    /// How many answers there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.answers()
    }

    /// Whether there is no answer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let words = self.given.len() + self.looked_at.len() + self.real.len();
        self.records.bytes() + 8 * words + self.is_always_checked.len() + self.facts.len()
    }

    /// Whether a fact was found not to hold.
    pub(super) fn has_failed(&self, id: u32) -> bool {
        self.fact_state(id) == Some(fact_state::FAILED)
    }

    /// How many facts had to be looked at one by one. A snapshot that is written anew has them covered again.
    #[must_use]
    pub fn uncovered(&self) -> u32 {
        self.uncovered.load(Ordering::Relaxed)
    }

    /// The stamps that prove anything, by the path of the directory.
    pub(super) fn stamps(&self) -> HashMap<Box<str>, Stamp, FxBuildHasher> {
        let ids = 0..u32::try_from(self.records.directories()).unwrap_or(0);
        ids.filter_map(|id| Some((self.records.directory(id)?.0.into(), self.newest_stamp(id)?)))
            .collect()
    }

    /// The stamp that proves this fact, if one does.
    pub(super) fn covering_stamp(&self, id: u32, was_covered: bool) -> Option<Stamp> {
        let directory = self.records.fact(id)?.directory;
        // A new stamp proves only what was looked at after it was taken.
        let was_looked_at = self.fact_state(id) == Some(fact_state::HELD_ALONE);
        let is_covered = was_covered && (was_looked_at || !self.has_new_stamp(directory));
        if is_covered { self.newest_stamp(directory) } else { None }
    }

    fn newest_stamp(&self, directory: u32) -> Option<Stamp> {
        let new_stamps = self.new_stamps.lock().ok()?;
        new_stamps
            .get(&directory)
            .copied()
            .or_else(|| self.records.directory(directory)?.2)
    }

    fn has_new_stamp(&self, directory: u32) -> bool {
        self.new_stamps
            .lock()
            .is_ok_and(|new_stamps| new_stamps.contains_key(&directory))
    }

    pub(super) fn full_fact(&self, reason: u32) -> Option<Fact> {
        let fact = self.records.fact(reason & FACT_NUMBER)?;
        let kind = match fact.kind {
            kind::ABSENT => FactKind::Entry(None),
            kind::FILE => FactKind::Entry(Some(EntryType::File)),
            kind::DIRECTORY => FactKind::Entry(Some(EntryType::Directory)),
            kind::CONTENTS => FactKind::Contents {
                stamp: Some(self.records.stamp(fact.extra)?),
                hash: fact.hash,
            },
            kind::REAL_DIRECTORY => FactKind::RealDirectory,
            kind::REAL_FILE => FactKind::RealFile,
            kind::LINK => FactKind::Link(fact.link_text.into()),
            _ => return None,
        };
        Some(Fact {
            path: Arc::from(fact.path()),
            kind,
            is_covered: fact.is_covered,
            is_looked_at_again: reason & LOOKED_AT_AGAIN != 0,
            is_looked_at_once: reason & LOOKED_AT_ONCE != 0,
        })
    }

    /// What lies in the file.
    pub(super) fn records(&self) -> &Records {
        &self.records
    }

    /// Whether everything is believed without looking.
    pub(super) fn is_trusted(&self) -> bool {
        self.is_trusted
    }

    /// Notes what was found out about a fact; whether it holds, which somebody may have told us meanwhile to forget.
    pub(super) fn note_fact(&self, id: u32, found: u8) -> bool {
        let Some(state) = usize::try_from(id).ok().and_then(|id| self.facts.get(id)) else {
            return false;
        };
        let before = state.fetch_max(found, Ordering::AcqRel);
        before.max(found) != fact_state::FAILED
    }

    /// When a fact was last found to hold, if that was at this moment or later.
    pub(super) fn looked_at_since(&self, id: u32, since: Moment) -> Option<Moment> {
        let looked_at = at(&self.looked_at, id)?.load(Ordering::Acquire);
        (looked_at >= since.max(1)).then_some(looked_at)
    }

    /// Notes that a fact was found to hold by a look that began at this moment.
    pub(super) fn note_looked_at(&self, id: u32, moment: Moment) {
        if let Some(looked_at) = at(&self.looked_at, id) {
            looked_at.fetch_max(moment, Ordering::AcqRel);
        }
    }

    /// When a directory was last found to be no link, nor to lie below one, if that was at this moment or later.
    pub(super) fn real_since(&self, directory: u32, since: Moment) -> Option<Moment> {
        let real = at(&self.real, directory)?.load(Ordering::Acquire);
        (real >= since.max(1)).then_some(real)
    }

    /// Notes that a directory was found to be no link, nor to lie below one.
    pub(super) fn note_real(&self, directory: u32, moment: Moment) {
        if let Some(real) = at(&self.real, directory) {
            real.fetch_max(moment, Ordering::AcqRel);
        }
    }

    /// Notes that a directory has changed, and the stamp that it has now if that proves anything. Whether there is such a
    /// stamp, taken now or before.
    pub(super) fn note_changed(&self, directory: u32, stamp: Option<Stamp>) -> bool {
        self.uncovered.fetch_add(1, Ordering::Relaxed);
        let Ok(mut new_stamps) = self.new_stamps.lock() else {
            return false;
        };
        if let Some(stamp) = stamp {
            new_stamps.entry(directory).or_insert(stamp);
        }
        new_stamps.contains_key(&directory)
    }

    pub(super) fn fact_state(&self, id: u32) -> Option<u8> {
        let state = self.facts.get(usize::try_from(id).ok()?)?;
        Some(state.load(Ordering::Acquire))
    }
}

fn at<T>(items: &[T], id: u32) -> Option<&T> {
    items.get(usize::try_from(id).ok()?)
}
