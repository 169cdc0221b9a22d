//! The algorithm with a memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxBuildHasher;

use super::{Parent, Resolver};
use crate::cache::{Memory, Outcome, Question};
use crate::error::{Doubt, ResolveError};
use crate::path::AbsolutePath;
use crate::runtime::ResolveOptions;

/// A process in which more directories ask begins anew: memory is bounded.
const MAXIMUM_PARENTS: usize = 50_000;

/// What makes a URL of a path that has nothing to encode.
const FILE_SCHEME: &str = "file://";

/// Resolves with one set of options and remembers the answers.
pub struct RememberingResolver {
    options: ResolveOptions,
    memory: Arc<Mutex<Memory>>,
    /// Modules that may have asked, one for each directory, by its text.
    parents: HashMap<Box<str>, Parent, FxBuildHasher>,
}

impl RememberingResolver {
    /// A resolver with a memory of its own.
    #[must_use]
    pub fn new(options: ResolveOptions, memory: Arc<Mutex<Memory>>) -> Self {
        Self {
            options,
            memory,
            parents: HashMap::default(),
        }
    }

    /// What it was made with. What the running Node tells later may be added.
    pub fn options_mut(&mut self) -> &mut ResolveOptions {
        &mut self.options
    }

    /// `require(X)` from any module in a directory, in a turn of JavaScript; `import` where that is the URL of a directory.
    ///
    /// # Errors
    /// As [`Resolver::resolve`]. Failures are never remembered.
    pub fn resolve(&mut self, request: &str, directory: &str, turn: u32) -> Result<Outcome, ResolveError> {
        if !self.parents.contains_key(directory) {
            self.enter(directory)?;
        }
        let parent = self.parents.get(directory).ok_or(ResolveError::Unsure(Doubt::Parent))?;
        let is_import = directory.starts_with(FILE_SCHEME);
        let question = Question {
            request,
            directory: if is_import {
                directory
            } else {
                parent.directory().as_str()
            },
            turn,
        };
        self.memory().answer(&question, |facts| {
            if is_import {
                let found = Resolver::of_imports(&self.options, facts).esm_resolve(request, parent)?;
                return Ok((found.to_text(), false));
            }
            let found = Resolver::new(&self.options, facts).resolve_for(request, parent)?;
            // What `exports` or `imports` led to, Node works out anew each time.
            Ok((found.path.into_string(), !found.is_target))
        })
    }

    fn enter(&mut self, directory: &str) -> Result<(), ResolveError> {
        if self.parents.len() >= MAXIMUM_PARENTS {
            self.parents.clear();
        }
        let path = directory.strip_prefix(FILE_SCHEME).unwrap_or(directory);
        let path = AbsolutePath::new(path).and_then(|path| Parent::new(path.child("any.js")));
        let parent = path.ok_or(ResolveError::Unsure(Doubt::Parent))?;
        self.parents.insert(directory.into(), parent);
        Ok(())
    }

    /// What it remembers.
    pub fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
