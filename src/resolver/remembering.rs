//! The algorithm with a memory.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Parent, Resolver};
use crate::cache::{Memory, Question};
use crate::error::{Doubt, ResolveError};
use crate::path::AbsolutePath;
use crate::runtime::ResolveOptions;

/// Resolves with one set of options and remembers the answers.
pub struct RememberingResolver {
    options: ResolveOptions,
    memory: Arc<Mutex<Memory>>,
    /// Those who ask, by number: a number crosses to here quicker than a path.
    parents: Vec<Parent>,
}

impl RememberingResolver {
    /// A resolver with a memory of its own.
    #[must_use]
    pub fn new(options: ResolveOptions, memory: Arc<Mutex<Memory>>) -> Self {
        Self {
            options,
            memory,
            parents: Vec::new(),
        }
    }

    /// What it was made with. What the running Node tells later may be added.
    pub fn options_mut(&mut self) -> &mut ResolveOptions {
        &mut self.options
    }

    /// The number of the module of this file name.
    pub fn parent(&mut self, filename: AbsolutePath) -> Option<u32> {
        self.parents.push(Parent::new(filename)?);
        u32::try_from(self.parents.len() - 1).ok()
    }

    /// `require(X) from module at path Y`, in a turn of JavaScript; the answer is remembered by a number.
    ///
    /// # Errors
    /// As [`Resolver::resolve`]. Failures are never remembered.
    pub fn resolve(&self, request: &str, parent: u32, turn: u32, number: u32) -> Result<String, ResolveError> {
        let parent = self.parents.get(parent as usize).ok_or(ResolveError::Unsure(Doubt::Parent))?;
        let question = Question {
            request,
            directory: parent.directory().as_str(),
            turn,
            number,
        };
        self.memory().work_out(&question, |facts| {
            let found = Resolver::new(&self.options, facts).resolve_for(request, parent)?;
            // What `exports` or `imports` led to, Node works out anew each time.
            Ok((found.path, !found.is_target))
        })
    }

    /// What it remembers.
    pub fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets all answers and all who have asked.
    pub fn forget(&mut self) {
        self.parents.clear();
        self.memory().forget_answers();
    }
}
