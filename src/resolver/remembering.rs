//! The algorithm with a memory.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::explained::{Event, Explained};
use super::{EsmFound, Resolver};
use crate::cache::{Asking, Facts, Memory, Outcome, Question, Resolved};
use crate::error::ResolveError;
use crate::runtime::ResolveOptions;

/// Resolves with one set of options and remembers the answers.
pub struct RememberingResolver {
    options: ResolveOptions,
    memory: Arc<Mutex<Memory>>,
}

/// How a request was worked out.
#[derive(Debug)]
pub struct Explanation {
    /// What came of it.
    pub outcome: Result<Outcome, ResolveError>,
    /// In order.
    pub events: Vec<Event>,
    /// What the outcome rests on, a line each; `None` where nothing can prove it later.
    pub proofs: Option<Vec<String>>,
}

impl RememberingResolver {
    /// A resolver with a memory of its own.
    #[must_use]
    pub fn new(options: ResolveOptions, memory: Arc<Mutex<Memory>>) -> Self {
        Self { options, memory }
    }

    /// What it was made with. What the running Node tells later may be added.
    pub fn options_mut(&mut self) -> &mut ResolveOptions {
        &mut self.options
    }

    /// `require(X)` from any module in a directory, in a turn of JavaScript; `import` where the directory was entered by its URL.
    ///
    /// # Errors
    /// As [`Resolver::resolve`]. Failures are never remembered.
    pub fn resolve(&self, question: &Question<'_>) -> Result<Outcome, ResolveError> {
        self.memory()
            .answer(question, |facts, asking| self.follow(question.request, facts, asking))
    }

    /// The same, and what happened on the way. Nothing happens where the answer is remembered.
    #[must_use]
    pub fn explain(&self, question: &Question<'_>) -> Explanation {
        let mut events = Vec::new();
        let mut proofs = None;
        let outcome = self.memory().answer(question, |facts, asking| {
            let explained = Explained::new(facts);
            let found = self.follow(question.request, &explained, asking);
            events = explained.into_events();
            proofs = facts.proofs();
            found
        });
        Explanation {
            outcome,
            events,
            proofs,
        }
    }

    fn follow(&self, request: &str, facts: &dyn Facts, asking: Asking) -> Result<Resolved, ResolveError> {
        let Asking { directory, is_import } = asking;
        if is_import {
            let EsmFound { path, format } =
                Resolver::of_imports(&self.options, facts).esm_resolve(request, directory)?;
            return Ok(Resolved {
                path,
                format: Some(format),
                is_kept: false,
            });
        }
        let found = Resolver::new(&self.options, facts).resolve(request, directory)?;
        Ok(found.into())
    }

    /// What it remembers.
    pub fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
