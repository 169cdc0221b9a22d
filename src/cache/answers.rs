//! The answers that were worked out in this process, each with what it rests on.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::ops::Range;

use super::node::{Epoch, Id, Proof};
use super::tree::{AsItIs, Tree, hash_of};
use crate::format::Format;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Asking {
    /// The directory of the module that asks, by its number in the tree.
    pub directory: Id,
    /// Whether it asks by `import`.
    pub is_import: bool,
}

/// An answer. Paths are those of the tree.
#[derive(Clone, Default)]
pub(super) struct Answer {
    pub asking: Asking,
    pub path: Id,
    /// Of an answer to `import`.
    pub format: Option<Format>,
    /// The epoch from which on everything that it rests on was seen.
    pub answered: Epoch,
    /// The beginning of the turn in which it was last found to hold.
    pub proved: Epoch,
    pub is_provable: bool,
    /// Whether Node would have kept it.
    pub is_kept: bool,
    /// What it would have kept before: it keeps what it finds first.
    pub kept_before: Option<Id>,
    pub request: Span,
    pub proofs: Span,
}

/// A part of what all answers have in common.
pub(super) type Span = (u32, u32);

/// All of them, by their place.
#[derive(Default)]
pub(super) struct Answers {
    all: Vec<Answer>,
    requests: String,
    proofs: Vec<Proof>,
    /// The places of answers, by the hash of who asks and the request. Of two that are alike, the later one is kept.
    by_hash: HashMap<u64, u32, BuildHasherDefault<AsItIs>>,
}

impl Answers {
    /// The place of an answer.
    pub fn find(&self, asking: Asking, request: &str) -> Option<u32> {
        let place = *self.by_hash.get(&asking.hash_with(request))?;
        let answer = self.get(place)?;
        (answer.asking == asking && self.request(answer) == request).then_some(place)
    }

    pub fn get(&self, place: u32) -> Option<&Answer> {
        self.all.get(place as usize)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Answer> {
        self.all.iter()
    }

    pub fn len(&self) -> u32 {
        u32::try_from(self.all.len()).unwrap_or(u32::MAX)
    }

    /// What they take, about.
    pub fn bytes(&self) -> usize {
        let of_each = size_of::<Answer>() + 16;
        self.all.len() * of_each + self.requests.len() + size_of_val(self.proofs.as_slice())
    }

    pub fn request(&self, answer: &Answer) -> &str {
        self.requests.get(range(answer.request)).unwrap_or_default()
    }

    pub fn proofs(&self, answer: &Answer) -> &[Proof] {
        self.proofs.get(range(answer.proofs)).unwrap_or_default()
    }

    /// Adds an answer, or puts it in the place of another to the same question.
    pub fn put(&mut self, place: Option<u32>, mut answer: Answer, request: &str, proofs: &[Proof]) {
        let Some(known) = place.and_then(|place| self.all.get_mut(place as usize)) else {
            answer.request = span(self.requests.len(), request.len());
            self.requests.push_str(request);
            self.by_hash.insert(answer.asking.hash_with(request), self.len());
            self.push(answer, proofs);
            return;
        };
        (answer.request, answer.proofs) = (known.request, known.proofs);
        // What it rests on is mostly the same as before.
        if self.proofs.get(range(answer.proofs)) != Some(proofs) {
            answer.proofs = span(self.proofs.len(), proofs.len());
            self.proofs.extend_from_slice(proofs);
        }
        *known = answer;
    }

    /// Adds an answer that is only ever asked for by its place.
    pub fn push(&mut self, mut answer: Answer, proofs: &[Proof]) -> u32 {
        let place = self.len();
        answer.proofs = span(self.proofs.len(), proofs.len());
        self.proofs.extend_from_slice(proofs);
        self.all.push(answer);
        place
    }

    /// Whether an answer is what the algorithm would find now.
    pub fn holds(&mut self, place: u32, tree: &mut Tree, since: Epoch) -> bool {
        let Some(answer) = self.all.get_mut(place as usize) else {
            return false;
        };
        if answer.proved >= since && answer.proved >= tree.moved {
            return true;
        }
        let proofs = self.proofs.get(range(answer.proofs)).unwrap_or_default();
        let holds = answer.is_provable && tree.holds(proofs, answer.answered, since);
        if holds {
            answer.proved = tree.epoch;
        }
        holds
    }
}

impl Asking {
    fn hash_with(self, request: &str) -> u64 {
        hash_of(self.directory, request) ^ u64::from(self.is_import)
    }
}

impl Answer {
    /// What Node would have kept.
    pub fn kept(&self) -> Option<Id> {
        self.kept_before.or_else(|| self.is_kept.then_some(self.path))
    }
}

fn span(start: usize, length: usize) -> Span {
    let number = |size| u32::try_from(size).unwrap_or(u32::MAX);
    (number(start), number(start + length))
}

fn range((start, end): Span) -> Range<usize> {
    start as usize..end as usize
}
