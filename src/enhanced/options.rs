//! What a tool may ask for. The names are those of enhanced-resolve and oxc-resolver.

use std::collections::HashSet;

use super::version::Version;
use crate::package_json::PackageFields;
use crate::path::AbsolutePath;
use crate::tsconfig::References;

/// Fields that most tools ask for: resolvers that ask for no others share what they have read.
const USUAL_FIELDS: [&str; 7] = [
    "main",
    "module",
    "browser",
    "tsconfig",
    "types",
    "typings",
    "typesVersions",
];

/// The way to a field of package.json: the names of the objects that it lies in, and its own.
pub type FieldPath = Vec<String>;

/// What a request is replaced by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AliasValue {
    /// Another request.
    Request(String),
    /// An empty module.
    Ignore,
}

/// A part of a request, and what it is replaced by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// As it was given, without the `$` at its end.
    pub name: String,
    pub(super) pattern: AliasPattern,
    /// What is tried in its place, in order.
    pub values: Vec<AliasValue>,
}

/// What an alias is the name of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum AliasPattern {
    /// The whole request.
    Exact,
    /// What a request begins with.
    Prefix,
    /// What stands before and behind the `*` of a name.
    Wildcard(String, String),
}

impl Alias {
    /// An alias of a name, which may have to be the whole request.
    #[must_use]
    pub fn new(name: String, is_exact: bool, values: Vec<AliasValue>) -> Self {
        let pattern = match name.split_once('*') {
            _ if is_exact => AliasPattern::Exact,
            Some((before, after)) => AliasPattern::Wildcard(before.to_owned(), after.to_owned()),
            None => AliasPattern::Prefix,
        };
        Self { name, pattern, values }
    }
}

/// Where packages are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Modules {
    /// Directories of these names, in the directory of the module that asks and in those above it.
    Hierarchical(Vec<String>),
    /// One directory.
    Directory(AbsolutePath),
}

/// Which tsconfig.json counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigChoice {
    /// The nearest that covers the file that asks.
    Auto,
    /// This one, a file or the directory of a tsconfig.json, and whether its references count for the files that they cover.
    Given(AbsolutePath, References),
}

/// What the search for declarations is told besides [`EnhancedOptions`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeclarationOptions {
    /// The version of TypeScript, for `typesVersions` and `types@{range}`.
    pub typescript_version: Version,
    /// Whether a JSON file is an answer.
    pub resolve_json_module: bool,
    /// Where packages are looked for, in order.
    pub modules: Vec<Modules>,
}

/// All of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "they are the field's options")]
pub struct EnhancedOptions {
    /// Replaced before anything is looked for.
    pub alias: Vec<Alias>,
    /// Replaced where nothing was found.
    pub fallback: Vec<Alias>,
    /// Fields such as `browser`, which replace files and packages for their own package.
    pub alias_fields: Vec<FieldPath>,
    /// Conditions of `exports` and `imports` that hold, besides `default`.
    pub condition_names: Vec<String>,
    /// Tried behind a name, in order.
    pub extensions: Vec<String>,
    /// By what an extension that a request has is replaced.
    pub extension_alias: Vec<(String, Vec<String>)>,
    /// Whether a file needs one of `extensions`.
    pub enforce_extension: bool,
    /// Whether a request names a file as it is.
    pub fully_specified: bool,
    /// Fields that name the main file; all are tried, in order.
    pub main_fields: Vec<FieldPath>,
    /// Names of the file that stands for its directory.
    pub main_files: Vec<String>,
    /// Whether these may be complete, as somebody's own names may be; `index` alone is no file of Node's.
    pub are_main_files_complete: bool,
    /// Fields that are read as `exports`.
    pub exports_fields: Vec<FieldPath>,
    /// Fields that are read as `imports`.
    pub imports_fields: Vec<FieldPath>,
    /// Where packages are looked for, in order.
    pub modules: Vec<Modules>,
    /// Where requests that begin with `/` are looked for first.
    pub roots: Vec<AbsolutePath>,
    /// A file has to lie in each of these directories.
    pub restrictions: Vec<AbsolutePath>,
    /// Whether a directory is wanted in place of a file.
    pub resolve_to_context: bool,
    /// Whether a name is looked for in the directory of the module that asks first.
    pub prefer_relative: bool,
    /// Whether a request that begins with `/` is no request for `roots` as long as it leads somewhere.
    pub prefer_absolute: bool,
    /// Whether links are followed.
    pub symlinks: bool,
    /// Whether `type` is to be told of what was found.
    pub module_type: bool,
    /// Whether manifests of Yarn's Plug'n'Play say where packages lie.
    pub yarn_pnp: bool,
    /// TypeScript's config, whose `paths`, `baseUrl` and `rootDirs` count.
    pub tsconfig: Option<ConfigChoice>,
    /// Whether `exports` count for a directory that a path leads to.
    pub allow_package_exports_in_directory_resolve: bool,
    /// The names of core modules, where these are answered.
    pub builtin_modules: Option<HashSet<String>>,
    /// What the search for declarations is told besides.
    pub declarations: DeclarationOptions,
}

impl EnhancedOptions {
    /// What has to be read of a package.json.
    #[must_use]
    pub fn package_fields(&self) -> PackageFields {
        let asked = [
            &self.main_fields,
            &self.alias_fields,
            &self.exports_fields,
            &self.imports_fields,
        ];
        let mut others: Vec<String> = USUAL_FIELDS.map(str::to_owned).to_vec();
        for name in asked.into_iter().flatten().filter_map(|path| path.first()) {
            if !others.contains(name) {
                others.push(name.clone());
            }
        }
        PackageFields {
            main: Vec::new(),
            others,
        }
    }
}
