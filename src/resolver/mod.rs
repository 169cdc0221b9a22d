//! The `CommonJS` algorithm: `require(X) from module at path Y`. One file per step of Node's documentation.

mod esm_file_format;
mod esm_resolve;
mod explained;
mod finish;
mod load_as_directory;
mod load_as_file;
mod load_node_modules;
mod load_package_exports;
mod load_package_imports;
mod load_package_self;
mod lookup_package_scope;
mod package_resolve;
mod remembering;

pub use esm_resolve::EsmFound;
pub use explained::Event;
pub use remembering::{Explanation, RememberingResolver};

use crate::cache::{Facts, Found, Id, Step};
use crate::error::{Doubt, ResolveError};
use crate::fs::EntryType;
use crate::path::AbsolutePath;
use crate::runtime::{Policy, ResolveOptions};
use crate::specifier::{Kind, Specifier};

/// Resolves requests with one set of options.
#[derive(Clone, Copy)]
pub struct Resolver<'a> {
    options: &'a ResolveOptions,
    /// The conditions that hold, besides `default`.
    conditions: &'a [String],
    /// Whether the answer is a URL.
    is_url_wanted: bool,
    facts: &'a dyn Facts,
}

impl<'a> Resolver<'a> {
    /// A resolver that rests on `facts`.
    #[must_use]
    pub fn new(options: &'a ResolveOptions, facts: &'a dyn Facts) -> Self {
        Self {
            options,
            conditions: &options.conditions,
            is_url_wanted: false,
            facts,
        }
    }

    /// The same, with the conditions of `import`.
    #[must_use]
    pub fn of_imports(options: &'a ResolveOptions, facts: &'a dyn Facts) -> Self {
        Self {
            conditions: &options.import_conditions,
            is_url_wanted: true,
            ..Self::new(options, facts)
        }
    }

    /// `require(X) from module at path Y`, where Y is any file in a directory.
    ///
    /// Core modules (step 1) are the caller's: the running Node knows them.
    ///
    /// # Errors
    /// Node's error as facts, or [`ResolveError::Unsure`] where Node has to be asked.
    pub fn resolve(&self, request: &str, directory: Id) -> Result<Found, ResolveError> {
        if !self.facts.is_supported() {
            return Err(ResolveError::Unsure(Doubt::Platform));
        }
        if request.is_empty() || request.contains('\0') {
            self.doubt(Doubt::Request)?;
        }
        if request.contains('\0') {
            return Err(ResolveError::ModuleNotFound);
        }
        let specifier = Specifier::parse(request);

        // 4. If X begins with '#', LOAD_PACKAGE_IMPORTS(X, dirname(Y))
        if specifier.kind == Kind::Import
            && let Some(found) = self.load_package_imports(&specifier, directory)?
        {
            return Ok(found);
        }
        // 5. LOAD_PACKAGE_SELF(X, dirname(Y))
        // Deviation, as in Node: this comes before steps 2 and 3, since a name may begin with '.' or be empty.
        if let Some(found) = self.load_package_self(&specifier, directory)? {
            return Ok(found);
        }
        let found = match specifier.kind {
            // 2. If X begins with '/', set Y to the file system root.
            // 3. If X is equal to '.', or X begins with './', '/' or '../'
            // Node looks first whether Y is a directory. Where it is none, there is nothing below it, and a request that
            // leads back to Y itself ends in a slash or a dot and takes only a directory. Only `..name/` may lead out.
            Kind::Relative if !is_dot_relative(request) && !self.is_directory(directory) => None,
            Kind::Absolute | Kind::Relative => {
                self.load_as_file_or_directory(&specifier, self.facts.resolve(directory, request))?
            }
            // 6. LOAD_NODE_MODULES(X, dirname(Y))
            Kind::Import | Kind::Bare => self.load_node_modules(&specifier, directory)?,
        };
        // 7. THROW "not found"
        found.ok_or(ResolveError::ModuleNotFound)
    }

    /// a. `LOAD_AS_FILE(Y + X)` b. `LOAD_AS_DIRECTORY(Y + X)`
    fn load_as_file_or_directory(&self, specifier: &Specifier<'_>, path: Id) -> Step {
        self.facts.begin_at("LOAD_AS_FILE", path);
        let entry_type = self.facts.entry_type(path);
        if !specifier.has_trailing_slash
            && let Some(file) = self.load_as_file(path, entry_type)?
        {
            return Ok(Some(file));
        }
        if entry_type == Some(EntryType::Directory) {
            self.load_as_directory(path)
        } else {
            Ok(None)
        }
    }

    fn is_file(&self, path: Id) -> bool {
        self.facts.entry_type(path) == Some(EntryType::File)
    }

    fn is_directory(&self, path: Id) -> bool {
        self.facts.entry_type(path) == Some(EntryType::Directory)
    }

    /// Any file in a directory, as errors name the one that asks.
    fn file_in(&self, directory: Id) -> AbsolutePath {
        self.facts.path(directory).child("any.js")
    }

    /// Leaves a doubtful answer to Node, where there is a Node to ask.
    fn doubt(&self, doubt: Doubt) -> Result<(), ResolveError> {
        match self.options.policy {
            Policy::AskNode => Err(ResolveError::Unsure(doubt)),
            Policy::Specification => Ok(()),
        }
    }
}

/// Node's `isRelative`, which knows `..\` on every platform.
fn is_dot_relative(request: &str) -> bool {
    matches!(request, "." | "..") || ["./", "../", "..\\"].iter().any(|prefix| request.starts_with(prefix))
}

#[cfg(test)]
mod tests;
