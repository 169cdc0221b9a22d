//! The algorithm with a memory.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{EsmFound, Resolver};
use crate::cache::{Asking, Memory, Outcome, Question, Resolved};
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

    /// `require(X)` from any module in a directory, in a turn of JavaScript; `import` where the directory was entered by its URL.
    ///
    /// # Errors
    /// As [`Resolver::resolve`]. Failures are never remembered.
    pub fn resolve(&self, question: &Question<'_>) -> Result<Outcome, ResolveError> {
        self.memory()
            .answer(question, |facts, Asking { directory, is_import }| {
                if is_import {
                    let EsmFound { path, format } =
                        Resolver::of_imports(&self.options, facts).esm_resolve(question.request, directory)?;
                    return Ok(Resolved {
                        path,
                        format: Some(format),
                        is_kept: false,
                    });
                }
                let found = Resolver::new(&self.options, facts).resolve(question.request, directory)?;
                Ok(found.into())
            })
    }

    /// What it remembers.
    pub fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
