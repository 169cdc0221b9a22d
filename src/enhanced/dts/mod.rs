//! Declarations: where TypeScript finds the types of a module, with `moduleResolution: "bundler"`. TypeScript is the oracle:
//! `__test__/tools` compares every answer with its own. It differs from Node's algorithm in nearly every step, so that none is shared.
//!
//! TypeScript's search ends at JavaScript, too, so that this one does; but that is no answer.

mod exports;
mod extensions;
mod files;
mod node_modules;
mod types_versions;

use std::cell::Cell;
use std::sync::Arc;

use super::options::{DeclarationOptions, Modules};
use super::request::is_directory_wanted;
use super::version::Version;
use super::{EnhancedResolver, Failure, Resolution};
use crate::cache::{Facts, Id, PackageJsonFact};
use crate::package_json::PackageJson;
use extensions::{Kinds, is_javascript};

/// `imports` lead on to other names no more often than this.
const MAXIMUM_FOLLOWED: u32 = 64;

/// A directory and what its package.json says.
type Package = (Id, Arc<PackageJson>);

/// A path that may stand for a module.
#[derive(Clone, Copy)]
struct Candidate {
    path: Id,
    /// Whether only a directory will do.
    is_directory: bool,
}

/// How a step of the search ends.
enum Search {
    /// What follows is tried.
    Open,
    /// With a file, or with none.
    Ended(Option<Id>),
}

struct DtsResolver<'a> {
    tools: &'a EnhancedResolver<'a>,
    facts: &'a dyn Facts,
    modules: &'a [Modules],
    version: &'a Version,
    conditions: &'a [String],
    /// `import` or `require`.
    mode: &'static str,
    /// How often `imports` have led on to another name.
    followed: Cell<u32>,
}

impl EnhancedResolver<'_> {
    /// Where the declarations of a module are that a module in a directory asks for.
    ///
    /// # Errors
    /// There are none.
    pub fn resolve_declarations(&self, directory: Id, request: &str) -> Result<Resolution, Failure> {
        if !self.facts.is_supported() {
            return Err(Failure::Unsupported);
        }
        if request.contains('\0') {
            return Err(Failure::NotFound);
        }
        let resolver = DtsResolver::new(self);
        let found = resolver.load_request(self.options.declarations.kinds(), directory, request);
        if resolver.is_endless() {
            return Err(Failure::Recursion);
        }
        let found = found.ok_or(Failure::NotFound)?;
        let file = self.facts.path(found);
        if is_javascript(file.as_str()) {
            return Err(Failure::NoDeclarations {
                file: file.into_string(),
            });
        }
        let path = self.real_path(found).ok_or(Failure::NotFound)?;
        // A package.json that is no JSON ends no search for declarations: it says nothing.
        let module_type = if self.options.module_type {
            self.module_type(path).unwrap_or(None)
        } else {
            None
        };
        Ok(Resolution {
            path,
            query: String::new(),
            package: self.package_of(path).unwrap_or(None),
            module_type,
        })
    }
}

impl DeclarationOptions {
    fn kinds(&self) -> Kinds {
        let kinds = Kinds::TYPESCRIPT.and(Kinds::JAVASCRIPT).and(Kinds::DECLARATION);
        if self.resolve_json_module {
            kinds.and(Kinds::JSON)
        } else {
            kinds
        }
    }
}

impl Kinds {
    /// What has types is looked for everywhere before the rest is.
    fn passes(self) -> impl Iterator<Item = Self> {
        let typed = Self::TYPESCRIPT.and(Self::DECLARATION);
        let passes = [self & typed, self.without(typed)];
        passes.into_iter().filter(|pass| !pass.is_empty())
    }
}

impl Candidate {
    fn file(path: Id) -> Self {
        Self {
            path,
            is_directory: false,
        }
    }
}

impl From<Option<Id>> for Search {
    fn from(found: Option<Id>) -> Self {
        found.map_or(Self::Open, |found| Self::Ended(Some(found)))
    }
}

impl<'a> DtsResolver<'a> {
    fn new(tools: &'a EnhancedResolver<'a>) -> Self {
        let conditions = tools.options.condition_names.as_slice();
        let has = |name: &str| conditions.iter().any(|condition| condition == name);
        Self {
            tools,
            facts: tools.facts,
            modules: &tools.options.declarations.modules,
            version: &tools.options.declarations.typescript_version,
            conditions,
            mode: if has("require") && !has("import") {
                "require"
            } else {
                "import"
            },
            followed: Cell::new(0),
        }
    }

    /// What a request leads to, of a module, or of `imports`.
    fn load_request(&self, wanted: Kinds, directory: Id, request: &str) -> Option<Id> {
        self.followed.set(self.followed.get() + 1);
        if self.is_endless() {
            return None;
        }
        if is_path(request) {
            let text = request.replace('\\', "/");
            let candidate = Candidate {
                path: self.facts.resolve(directory, &text),
                is_directory: is_directory_wanted(&text),
            };
            return self.load_path(wanted, candidate).or_else(|| {
                let others = self.tools.paths_in_root_dirs(candidate.path).into_iter();
                let mut others = others.map(|path| Candidate { path, ..candidate });
                others.find_map(|other| self.load_path(wanted, other))
            });
        }
        let mut paths = self.tools.tsconfig_paths(directory, request).into_iter();
        paths
            .find_map(|path| {
                let is_directory = is_directory_wanted(request);
                self.load_path(wanted, Candidate { path, is_directory })
            })
            .or_else(|| self.load_name(wanted, directory, request))
    }

    fn load_path(&self, wanted: Kinds, candidate: Candidate) -> Option<Id> {
        self.load_file_or_directory(wanted, candidate, self.package(candidate.path).as_ref())
    }

    /// A request that is no path.
    fn load_name(&self, wanted: Kinds, directory: Id, request: &str) -> Option<Id> {
        if request.starts_with('#')
            && let Search::Ended(found) = self.load_package_imports(wanted, directory, request)
        {
            return found;
        }
        if let Search::Ended(found) = self.load_package_self(wanted, directory, request) {
            return found;
        }
        // The name of a core module, or a URL.
        if request.contains(':') {
            return None;
        }
        self.load_node_modules(wanted, directory, request)
    }

    fn is_endless(&self) -> bool {
        self.followed.get() > MAXIMUM_FOLLOWED
    }

    /// The package.json of a directory. One that is no JSON says nothing.
    fn package(&self, directory: Id) -> Option<Package> {
        match self.facts.package_json(directory) {
            PackageJsonFact::Present(package_json) => Some((directory, package_json)),
            PackageJsonFact::Malformed | PackageJsonFact::Unknown => Some((directory, Arc::default())),
            PackageJsonFact::Absent | PackageJsonFact::NoFile => None,
        }
    }

    fn nearest_package(&self, directory: Id) -> Option<Package> {
        let nearest = self.tools.nearest_package(directory).unwrap_or(None)?;
        self.package(nearest)
    }
}

/// Whether a request is a path, by TypeScript's rules.
fn is_path(request: &str) -> bool {
    let behind_dots = request.strip_prefix("..").or_else(|| request.strip_prefix('.'));
    request.starts_with(['/', '\\']) || behind_dots.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '\\']))
}
