//! Resolution for tools: what bundlers, linters and test runners need beyond Node's own options. The algorithm is that of
//! enhanced-resolve, with Node's steps for `exports` and `imports`; docs/tools.md says where others differ.
//!
//! It rests on the same facts as Node's (`crate::cache`), and asks no running Node: what it is not told in its options does not count.

mod alias;
mod alias_fields;
mod dts;
mod error;
mod exports;
mod files;
mod modules;
mod options;
mod packages;
mod pnp;
mod remembering;
mod request;
mod sources;
mod tsconfig;
mod version;
mod watched;

pub use error::Failure;
pub use options::{Alias, AliasValue, ConfigChoice, DeclarationOptions, EnhancedOptions, FieldPath, Modules};
pub use pnp::Manifests;
pub use remembering::{EnhancedAnswer, EnhancedQuestion, FoundFile, RememberingEnhancedResolver, Wanted};
pub use tsconfig::TsConfigs;
pub use version::Version;
pub use watched::Watched;

use crate::cache::{Facts, Id, RealPath};
use crate::fs::EntryType;
use crate::path::AbsolutePath;
use crate::tsconfig::TsConfig;
use request::{Request, is_directory_wanted, is_relative};

/// A request leads through no more others than this.
const MAXIMUM_DEPTH: u32 = 64;

/// What a request leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// The number of the path of the file, links followed where that is wanted.
    pub path: Id,
    /// The query and the fragment that came with the request, or with what replaced it.
    pub query: String,
    /// The directory of the package.json of the package that the file belongs to.
    pub package: Option<Id>,
    /// `module`, `commonjs`, `json`, `wasm` or `addon`, where that was asked for and can be told.
    pub module_type: Option<&'static str>,
}

/// A file, "not here" (`Ok(None)`), or a failure that ends the search.
type Step = Result<Option<Id>, Failure>;

/// Resolves requests with one set of options.
pub struct EnhancedResolver<'a> {
    options: &'a EnhancedOptions,
    facts: &'a dyn Facts,
    /// Real paths that the caller does not want.
    excluded: &'a [String],
    /// Whether an alias may match the path of a file.
    may_alias_paths: bool,
    /// The config that counts for the module that asks.
    tsconfig: Option<&'a TsConfig>,
    /// Those of Yarn, where they count.
    manifests: Option<&'a Manifests>,
}

/// One request leads to no more others than this, in all.
const MAXIMUM_FOLLOWED: u32 = 10_000;

/// What belongs to one request.
#[derive(Debug, Clone, Default)]
struct Context {
    depth: u32,
    /// How many requests it has led to.
    followed: u32,
    query: String,
    fragment: String,
    is_fully_specified: bool,
}

impl<'a> EnhancedResolver<'a> {
    /// A resolver that rests on `facts`, and takes none of the excluded files.
    #[must_use]
    pub fn new(options: &'a EnhancedOptions, facts: &'a dyn Facts, excluded: &'a [String]) -> Self {
        Self {
            options,
            facts,
            excluded,
            may_alias_paths: options.alias.iter().any(|alias| alias.name.starts_with('/')),
            tsconfig: None,
            manifests: None,
        }
    }

    /// The same, by manifests of Yarn's Plug'n'Play.
    #[must_use]
    pub fn with_manifests(self, manifests: Option<&'a Manifests>) -> Self {
        Self { manifests, ..self }
    }

    /// The same, by a config of TypeScript.
    #[must_use]
    pub fn with_tsconfig(self, tsconfig: Option<&'a TsConfig>) -> Self {
        Self { tsconfig, ..self }
    }

    /// What a request of a module in a directory leads to.
    ///
    /// # Errors
    /// There is nothing, or there is something else than a file.
    pub fn resolve(&self, directory: Id, request: &str) -> Result<Resolution, Failure> {
        if !self.facts.is_supported() {
            return Err(Failure::Unsupported);
        }
        let mut context = Context {
            is_fully_specified: self.options.fully_specified,
            ..Context::default()
        };
        let found = self.require(directory, request, &mut context)?;
        let path = self.real_path(found).ok_or(Failure::NotFound)?;
        let module_type = if self.options.module_type {
            self.module_type(path)?
        } else {
            None
        };
        Ok(Resolution {
            path,
            query: context.query + &context.fragment,
            package: self.package_of(path)?,
            module_type,
        })
    }

    /// A request, with its query and its fragment.
    fn require(&self, directory: Id, text: &str, context: &mut Context) -> Result<Id, Failure> {
        context.depth += 1;
        context.followed += 1;
        if context.depth > MAXIMUM_DEPTH || context.followed > MAXIMUM_FOLLOWED {
            return Err(Failure::Recursion);
        }
        let request = Request::parse(text);
        if !request.query.is_empty() {
            request.query.clone_into(&mut context.query);
        }
        if request.path.is_empty() {
            return Err(Failure::NotFound);
        }
        if !request.fragment.is_empty() && request.query.is_empty() {
            // It may be part of a file's name.
            let whole = format!("{}{}", request.path, request.fragment);
            let before = context.clone();
            match self.require_path(directory, &whole, context) {
                Err(failure) if !failure.is_final() => {
                    *context = Context {
                        followed: context.followed,
                        ..before
                    };
                }
                other => return other,
            }
        }
        if !request.fragment.is_empty() {
            request.fragment.clone_into(&mut context.fragment);
        }
        self.require_path(directory, &request.path, context)
    }

    fn require_path(&self, directory: Id, request: &str, context: &mut Context) -> Result<Id, Failure> {
        if request.contains('\0') {
            return Err(Failure::NotFound);
        }
        if self.tsconfig.is_some()
            && let Some(found) = self.load_tsconfig_paths(directory, request, context)?
        {
            return Ok(found);
        }
        let found = match self.load_alias(directory, request, &self.options.alias, context) {
            Ok(None) => self.require_unaliased(directory, request, context),
            other => other,
        };
        let failure = match found {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => Failure::NotFound,
            Err(failure) if failure.is_not_found() => failure,
            Err(failure) => return Err(failure),
        };
        self.load_alias(directory, request, &self.options.fallback, context)?
            .ok_or(failure)
    }

    fn require_unaliased(&self, directory: Id, request: &str, context: &mut Context) -> Step {
        if let Some(url) = request.strip_prefix("file://") {
            return self.require_absolute(&path_of_url(url), context);
        }
        if request.starts_with('/') {
            return self.require_absolute(request, context);
        }
        if is_relative(request) {
            return self.require_relative(directory, request, context);
        }
        if request.starts_with('#') {
            // LOAD_PACKAGE_IMPORTS(X, dirname(Y))
            if let Some(found) = self.load_package_imports(directory, request, context)? {
                return Ok(Some(found));
            }
            return self.load_package(directory, request, context);
        }
        if let Some(builtin) = self.builtin(request) {
            return Err(builtin);
        }
        if self.options.prefer_relative {
            match self.require_relative(directory, request, context) {
                Ok(None) => {}
                Err(failure) if failure.is_not_found() => {}
                other => return other,
            }
        }
        self.load_package(directory, request, context)
    }

    fn require_relative(&self, directory: Id, request: &str, context: &mut Context) -> Step {
        let path = self.facts.resolve(directory, request);
        match self.load_as_file_or_directory(path, is_directory_wanted(request), context)? {
            None if self.tsconfig.is_some() => self.load_root_dirs(path, is_directory_wanted(request), context),
            found => Ok(found),
        }
    }

    fn require_absolute(&self, request: &str, context: &mut Context) -> Step {
        if self.options.prefer_absolute
            && let Some(found) = self.load_absolute(request, context)?
        {
            return Ok(Some(found));
        }
        let below = request.trim_start_matches('/');
        for root in &self.options.roots {
            let request = if below.is_empty() { "./" } else { below };
            let path = self.facts.resolve(self.facts.id(root), request);
            // What can't be found in one root is looked for in the next.
            if let Ok(Some(found)) = self.load_as_file_or_directory(path, is_directory_wanted(request), context) {
                return Ok(Some(found));
            }
        }
        if self.options.prefer_absolute {
            return Ok(None);
        }
        self.load_absolute(request, context)
    }

    fn load_absolute(&self, request: &str, context: &mut Context) -> Step {
        let Some(path) = AbsolutePath::new(request) else {
            return Ok(None);
        };
        self.load_as_file_or_directory(self.facts.id(&path), is_directory_wanted(request), context)
    }

    fn builtin(&self, request: &str) -> Option<Failure> {
        let builtins = self.options.builtin_modules.as_ref()?;
        let name = request.strip_prefix("node:");
        let is_builtin = name.is_some() || builtins.contains(request);
        is_builtin.then(|| Failure::Builtin {
            name: name.unwrap_or(request).to_owned(),
            has_scheme: name.is_some(),
        })
    }

    /// A directory that is wanted in place of a file.
    fn load_context(&self, path: Id) -> Option<Id> {
        (self.is_directory(path) && self.is_allowed(path)).then_some(path)
    }

    fn is_directory(&self, path: Id) -> bool {
        self.facts.entry_type(path) == Some(EntryType::Directory)
    }

    /// The path that is told of a file or directory; `None` where its links can't be followed.
    fn real_path(&self, path: Id) -> Option<Id> {
        if !self.options.symlinks {
            return Some(path);
        }
        match self.facts.real_path(path) {
            RealPath::Path(real) => Some(real),
            RealPath::Unknown | RealPath::NotUtf8 => None,
        }
    }
}

/// The path that a URL of a file stands for, its percent-encoding undone.
fn path_of_url(url: &str) -> String {
    let mut bytes = Vec::with_capacity(url.len());
    let mut rest = url.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let digits = behind.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = behind.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| url.to_owned())
}

#[cfg(test)]
mod tests;
