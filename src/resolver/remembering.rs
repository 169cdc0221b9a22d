//! The algorithm with a memory: an answer that may be repeated is repeated, any other is worked out and remembered.

use std::sync::Arc;

use super::Resolver;
use crate::cache::{AnswerKey, Consultation, Fact, Memory, Moment, Remembered, Source, Witness};
use crate::error::ResolveError;
use crate::fs::FileSystem;
use crate::path::AbsolutePath;
use crate::runtime::ResolveOptions;
use crate::specifier::{Kind, Specifier};

/// Resolves with one set of options and remembers the answers.
pub struct RememberingResolver {
    options: ResolveOptions,
    memory: Arc<Memory>,
}

/// An answer, and whether it may be repeated.
pub type Resolution = Remembered;

impl RememberingResolver {
    /// A resolver that shares a memory with every other that has the same options.
    #[must_use]
    pub fn new(options: ResolveOptions, memory: Arc<Memory>) -> Self {
        Self { options, memory }
    }

    /// What it was made with.
    #[must_use]
    pub fn options(&self) -> &ResolveOptions {
        &self.options
    }

    /// `require(X) from module at path Y`, in a thread that began at the moment `since`.
    ///
    /// # Errors
    /// As [`Resolver::resolve`]. Failures are never remembered.
    pub fn resolve(
        &self,
        file_system: &dyn FileSystem,
        request: &str,
        filename: &AbsolutePath,
        since: Moment,
    ) -> Result<Resolution, ResolveError> {
        let key = key_of(request, filename);
        match self.memory.recall(file_system, &key, since) {
            Some(remembered) => Ok(remembered),
            None => self.work_out(file_system, &key, filename, since),
        }
    }

    /// The same, whatever is remembered.
    ///
    /// # Errors
    /// As [`Resolver::resolve`].
    pub fn resolve_anew(
        &self,
        file_system: &dyn FileSystem,
        request: &str,
        filename: &AbsolutePath,
        since: Moment,
    ) -> Result<Resolution, ResolveError> {
        self.work_out(file_system, &key_of(request, filename), filename, since)
    }

    fn work_out(
        &self,
        file_system: &dyn FileSystem,
        key: &AnswerKey<'_>,
        filename: &AbsolutePath,
        since: Moment,
    ) -> Result<Resolution, ResolveError> {
        let begun = self.memory.begin();
        let request = key.request;
        let is_path = matches!(Specifier::parse(request).kind, Kind::Absolute | Kind::Relative);
        let facts = Consultation::recorded(file_system, &self.memory, is_path, since);
        let found = match Resolver::new(&self.options, &facts).resolve(request, filename) {
            Ok(found) => found,
            Err(error) => {
                // Failures are not kept, but where this fails, Node may have found something, and kept that.
                if facts.has_changed() {
                    Witness::shared().doubts_answer(key.directory, key.request);
                }
                return Err(error);
            }
        };
        let source = if found.is_target {
            Source::Targets
        } else if is_path {
            Source::Path
        } else {
            Source::Name
        };
        Ok(self
            .memory
            .learn(key, found.path.as_str(), facts.into_consulted(), source, begun))
    }

    /// Whether an answer that has to be checked each time would be the same now.
    #[must_use]
    pub fn still_holds(&self, file_system: &dyn FileSystem, id: u32, since: Moment) -> bool {
        self.memory.still_holds(file_system, id, since)
    }

    /// The facts behind an answer that is remembered now.
    #[must_use]
    pub fn reasons(&self, request: &str, filename: &AbsolutePath) -> Option<Vec<Fact>> {
        self.memory.reasons(&key_of(request, filename))
    }
}

fn key_of<'a>(request: &'a str, filename: &'a AbsolutePath) -> AnswerKey<'a> {
    AnswerKey::new(filename.parent_str().unwrap_or_default(), request)
}
