//! The algorithm with a memory, for callers that keep its answers themselves.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::pnp::Manifests;
use super::tsconfig::{Chosen, Disk, TsConfigs};
use super::{EnhancedOptions, EnhancedResolver, Failure, Watched};
use crate::cache::{Facts, Memory};
use crate::path::AbsolutePath;

/// Resolves with one set of options; it may be asked in any thread.
pub struct RememberingEnhancedResolver {
    options: EnhancedOptions,
    memory: Arc<Mutex<Memory>>,
    tsconfigs: TsConfigs,
    manifests: Manifests,
}

/// What a request leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnhancedAnswer {
    /// What was found.
    pub outcome: Result<FoundFile, Failure>,
    /// By which [`Memory::holds`] can be asked; `None` where nothing is believed.
    pub number: Option<u32>,
}

/// A file, in texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFile {
    /// Its path.
    pub path: String,
    /// How many bytes of that are the directory of its package; `None` where it belongs to none.
    pub package_length: Option<usize>,
    /// Empty, or a query and a fragment.
    pub query: String,
    /// As in [`super::Resolution`].
    pub module_type: Option<&'static str>,
}

/// What of a module is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The file that is to be run.
    File,
    /// The one that declares its types.
    Declarations,
}

/// Who asks, what, and when.
#[derive(Debug, Clone, Copy)]
pub struct EnhancedQuestion<'a> {
    /// The request.
    pub request: &'a str,
    /// What of the module is looked for.
    pub wanted: Wanted,
    /// The directory of the module that asks, by its number in the memory.
    pub directory: u32,
    /// The module itself, where it is known: a tsconfig.json may cover it or not.
    pub file: Option<&'a str>,
    /// The turn of JavaScript.
    pub turn: u32,
    /// Real paths that are not wanted.
    pub excluded: &'a [String],
    /// The number of the answer that this one takes the place of.
    pub earlier: Option<u32>,
}

impl RememberingEnhancedResolver {
    /// A resolver with a memory for it.
    #[must_use]
    pub fn new(options: EnhancedOptions, memory: Arc<Mutex<Memory>>) -> Self {
        Self {
            options,
            memory,
            tsconfigs: TsConfigs::default(),
            manifests: Manifests::default(),
        }
    }

    /// What a request leads to.
    #[must_use]
    pub fn resolve(&self, question: &EnhancedQuestion<'_>) -> EnhancedAnswer {
        self.follow(question, |facts, work| work(facts))
    }

    /// The same, with the paths that are there and those that are not, of all that were looked at.
    #[must_use]
    pub fn resolve_watched(&self, question: &EnhancedQuestion<'_>) -> (EnhancedAnswer, Vec<String>, Vec<String>) {
        let mut dependencies = (Vec::new(), Vec::new());
        let answer = self.follow(question, |facts, work| {
            let watched = Watched::new(facts);
            let found = work(&watched);
            dependencies = watched.into_dependencies();
            found
        });
        (answer, dependencies.0, dependencies.1)
    }

    fn follow(
        &self,
        question: &EnhancedQuestion<'_>,
        through: impl FnOnce(&dyn Facts, &dyn Fn(&dyn Facts) -> Outcome) -> Outcome,
    ) -> EnhancedAnswer {
        let EnhancedQuestion {
            request,
            wanted,
            directory,
            file,
            turn,
            excluded,
            earlier,
        } = *question;
        let file = file.and_then(AbsolutePath::new);
        let worked_out = self.memory().work_out(directory, turn, earlier, |facts, directory| {
            through(facts, &|facts| {
                let manifests = self.options.yarn_pnp.then_some(&self.manifests);
                let disk = Disk { facts, manifests };
                let choice = self.options.tsconfig.as_ref();
                let chosen = choice.map(|choice| self.tsconfigs.choose(choice, disk, directory, file.as_ref()));
                let chosen = chosen.transpose()?.flatten();
                let resolver = EnhancedResolver::new(&self.options, facts, excluded)
                    .with_tsconfig(chosen.as_ref().map(Chosen::config))
                    .with_manifests(manifests);
                let found = match wanted {
                    Wanted::File => resolver.resolve(directory, request),
                    Wanted::Declarations => resolver.resolve_declarations(directory, request),
                }?;
                Ok(FoundFile {
                    path: facts.path(found.path).into_string(),
                    package_length: found.package.map(|package| facts.path_length(package)),
                    query: found.query,
                    module_type: found.module_type,
                })
            })
        });
        let (outcome, number) = worked_out.unwrap_or_else(|error| (Err(Failure::Package(error)), None));
        EnhancedAnswer { outcome, number }
    }

    /// What it remembers.
    pub fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Outcome = Result<FoundFile, Failure>;
