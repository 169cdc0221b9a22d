//! The algorithm with a memory.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Resolver;
use crate::cache::{Memory, Outcome, Question};
use crate::error::ResolveError;
use crate::runtime::ResolveOptions;

/// Resolves with one set of options and remembers the answers.
pub struct RememberingResolver {
    options: ResolveOptions,
    memory: Arc<Mutex<Memory>>,
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

    /// `require(X)` from any module in a directory, in a turn of JavaScript.
    ///
    /// # Errors
    /// As [`Resolver::resolve`]. Failures are never remembered.
    pub fn resolve(&self, question: &Question<'_>) -> Result<Outcome, ResolveError> {
        self.memory().answer(question, |facts, directory| {
            let found = Resolver::new(&self.options, facts).resolve(question.request, directory)?;
            // What `exports` or `imports` led to, Node works out anew each time.
            Ok((found.path, !found.is_target))
        })
    }

    /// What it remembers.
    pub fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
