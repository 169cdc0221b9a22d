//! What the running Node tells us once, and what a caller of `createResolver` may change.

use std::collections::HashSet;

use crate::path::AbsolutePath;

/// What to do where Node's versions differ, where Node would print a warning, or where Node has to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// Report [`crate::ResolveError::Unsure`]; the caller asks Node.
    #[default]
    AskNode,
    /// There is no Node to ask for these options: follow the documented algorithm.
    Specification,
}

/// The facts that a resolution depends on, besides the file system.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResolveOptions {
    /// Conditions that `exports` and `imports` may name, besides `default`.
    pub conditions: Vec<String>,
    /// The same for `import`.
    pub import_conditions: Vec<String>,
    /// The keys of `Module._extensions`, in order.
    pub extensions: Vec<String>,
    /// Fields of package.json; the first that is a non-empty string is the package's `main`.
    pub main_fields: Vec<String>,
    /// Whether the answer is the path as found, without following links.
    pub preserve_symlinks: bool,
    /// `NODE_PATH`, `$HOME/.node_modules`, `$HOME/.node_libraries` and `$PREFIX/lib/node`.
    pub global_paths: Vec<AbsolutePath>,
    /// Whether `#/name` may be a key of `imports`; `None` where the running Node was not asked.
    pub slash_imports: Option<bool>,
    /// Whether a package.json that can't be read ends the search with an error, as in later Nodes, and is not one that is absent.
    pub unreadable_is_error: bool,
    /// What to do where the core is not sure.
    pub policy: Policy,
    /// Names that `require` takes without `node:`; `None` where the running Node was not asked.
    pub builtins: Option<HashSet<String>>,
}
