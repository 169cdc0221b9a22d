//! The algorithm with a memory.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Resolver;
use crate::cache::Memory;
use crate::error::ResolveError;
use crate::path::AbsolutePath;
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

    /// `require(X) from module at path Y`, in a turn of JavaScript; the answer is remembered by a number.
    ///
    /// # Errors
    /// As [`Resolver::resolve`]. Failures are never remembered.
    pub fn resolve(
        &self,
        request: &str,
        filename: &AbsolutePath,
        turn_and_number: (u32, u32),
    ) -> Result<String, ResolveError> {
        self.memory().work_out(request, filename, turn_and_number, |facts| {
            let found = Resolver::new(&self.options, facts).resolve(request, filename)?;
            // What `exports` or `imports` led to, Node works out anew each time.
            Ok((found.path, !found.is_target))
        })
    }

    /// What it remembers.
    pub fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
