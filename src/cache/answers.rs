//! Answers, each with the facts that it rests on.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use dashmap::DashMap;
use rustc_hash::FxBuildHasher;
use xxhash_rust::xxh3::xxh3_64;

use super::generation::{self, Moment, now};
use super::{Fact, is_at_or_below};
use crate::fs::FileSystem;

/// A process that asks for more begins anew: memory is bounded.
const MAXIMUM_ANSWERS: usize = 1_000_000;
/// Beyond that, numbers mean something else (see `memory.rs`).
const MAXIMUM_NUMBER: u32 = (1 << 31) - 1;

/// A request and the directory that it comes from, with their hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerKey<'a> {
    /// The directory of the module that asks.
    pub directory: &'a str,
    /// What it asks for.
    pub request: &'a str,
    /// The hash of both; the same in every process.
    pub hash: u64,
}

impl<'a> AnswerKey<'a> {
    /// The key of a request.
    #[must_use]
    pub fn new(directory: &'a str, request: &'a str) -> Self {
        // Hashed one by one: a hasher that takes both costs more than the hashing.
        let hash = xxh3_64(directory.as_bytes()).rotate_left(32) ^ xxh3_64(request.as_bytes());
        Self {
            directory,
            request,
            hash,
        }
    }
}

/// An answer that was found in this process.
#[derive(Debug)]
pub struct Answer {
    /// The directory of the module that asked.
    pub directory: Arc<str>,
    /// What it asked for.
    pub request: Box<str>,
    /// The path that was found.
    pub path: Arc<str>,
    /// Everything that was looked at on the way, in order.
    pub facts: Box<[Fact]>,
    /// Whether Node keeps the answer: it was not found through `exports` or `imports`.
    pub is_kept_by_node: bool,
    /// Whether this process's Node may remember something else than there is now: then everything is looked at each time.
    pub is_always_checked: bool,
    /// When all of them were last found to hold.
    pub seen: AtomicU64,
}

impl Answer {
    /// Whether Node repeats the answer without looking at the disk again.
    #[must_use]
    pub fn is_repeated_by_node(&self) -> bool {
        !self.is_always_checked && !self.facts.iter().any(|fact| fact.is_looked_at_again)
    }

    /// Whether Node keeps the answer, and this process's Node cannot have kept another.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.is_kept_by_node && !self.is_always_checked
    }

    /// Whether the answer may be given in a thread that began at this moment.
    pub fn holds(&self, file_system: &dyn FileSystem, since: Moment) -> bool {
        if self.seen.load(Ordering::Acquire) >= since && !self.is_always_checked {
            return self
                .facts
                .iter()
                .all(|fact| !fact.is_looked_at_again || fact.holds_again(file_system));
        }
        // Its Node has not seen any of it yet.
        let seen = now();
        let holds = self.facts.iter().all(|fact| fact.holds(file_system));
        if holds {
            self.seen.fetch_max(seen, Ordering::AcqRel);
        }
        holds
    }

    /// Whether a later process can find out that it still holds.
    #[must_use]
    pub fn is_provable(&self) -> bool {
        self.facts.iter().all(Fact::is_provable)
    }

    /// Whether it rests on this path or anything below.
    fn rests_on(&self, path: &str) -> bool {
        is_at_or_below(&self.path, path) || self.facts.iter().any(|fact| is_at_or_below(&fact.path, path))
    }

    fn has_key(&self, key: &AnswerKey<'_>) -> bool {
        *self.directory == *key.directory && *self.request == *key.request
    }
}

/// The answers of one set of options, shared by all threads.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// By the hash of the key. Of two keys with one hash, the later is remembered.
    by_hash: DashMap<u64, u32, FxBuildHasher>,
    /// By number: what JavaScript holds of an answer that has to be checked each time.
    by_id: RwLock<Numbered>,
}

/// Answers by number. No number is ever given to two answers.
#[derive(Debug, Default)]
struct Numbered {
    /// The number of the first one.
    first: u32,
    answers: Vec<Option<Arc<Answer>>>,
}

impl Numbered {
    fn slot(&mut self, id: u32) -> Option<&mut Option<Arc<Answer>>> {
        self.answers.get_mut(usize::try_from(id.checked_sub(self.first)?).ok()?)
    }

    fn clear(&mut self) {
        let count = u32::try_from(self.answers.len()).unwrap_or(MAXIMUM_NUMBER);
        self.first = self.first.saturating_add(count);
        self.answers = Vec::new();
    }
}

impl Answers {
    pub fn get(&self, key: &AnswerKey<'_>) -> Option<(u32, Arc<Answer>)> {
        let id = *self.by_hash.get(&key.hash)?;
        let answer = self.by_id(id).filter(|answer| answer.has_key(key))?;
        Some((id, answer))
    }

    pub fn by_id(&self, id: u32) -> Option<Arc<Answer>> {
        let numbered = self.by_id.read().ok()?;
        let place = usize::try_from(id.checked_sub(numbered.first)?).ok()?;
        numbered.answers.get(place)?.clone()
    }

    /// Remembers an answer, unless something was forgotten since its resolution began.
    pub fn insert(&self, key: &AnswerKey<'_>, answer: Answer, begun: u32) -> Option<u32> {
        let mut numbered = self.by_id.write().ok()?;
        // What is forgotten from now on has to wait for the lock, and finds this answer.
        if generation::current() != begun {
            return None;
        }
        if numbered.answers.len() >= MAXIMUM_ANSWERS {
            self.by_hash.clear();
            numbered.clear();
        }
        let count = u32::try_from(numbered.answers.len()).ok()?;
        let id = numbered.first.checked_add(count).filter(|id| *id < MAXIMUM_NUMBER)?;
        numbered.answers.push(Some(Arc::new(answer)));
        if let Some(replaced) = self.by_hash.insert(key.hash, id)
            && let Some(slot) = numbered.slot(replaced)
        {
            *slot = None;
        }
        Some(id)
    }

    /// Forgets an answer that does not hold any more.
    pub fn remove(&self, key: &AnswerKey<'_>, id: u32) {
        self.by_hash.remove_if(&key.hash, |_, known| *known == id);
        if let Ok(mut numbered) = self.by_id.write()
            && let Some(slot) = numbered.slot(id)
        {
            *slot = None;
        }
    }

    /// Forgets what rests on this path or anything below.
    pub fn forget(&self, path: &str) {
        let Ok(mut numbered) = self.by_id.write() else { return };
        for slot in &mut numbered.answers {
            if slot.as_ref().is_some_and(|answer| answer.rests_on(path)) {
                *slot = None;
            }
        }
    }

    pub fn clear(&self) {
        self.by_hash.clear();
        if let Ok(mut numbered) = self.by_id.write() {
            numbered.clear();
        }
    }

    pub fn all(&self) -> Vec<Arc<Answer>> {
        self.by_id
            .read()
            .map(|numbered| numbered.answers.iter().flatten().cloned().collect())
            .unwrap_or_default()
    }
}
