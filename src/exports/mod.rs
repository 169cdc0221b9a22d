//! The pure part of the algorithm: which target `exports` or `imports` gives a request. It never touches the disk.
//!
//! One file per step of the specification in Node's documentation ("Resolution Algorithm Specification").

mod invalid_segments;
mod package_exports_resolve;
mod package_imports_resolve;
mod package_target_resolve;
mod pattern_key_compare;
mod target_url;

pub use package_exports_resolve::package_exports_resolve;
pub use package_imports_resolve::package_imports_resolve;
pub use pattern_key_compare::pattern_key_compare;
pub use target_url::{TargetUrl, is_kept_by_url, is_plain_directory, resolve_target_url};

use crate::error::ResolveError;
use crate::path::AbsolutePath;
use crate::runtime::Policy;

/// Resolves a target that is a bare name (`imports` only).
pub type ResolveBare<'a> = &'a dyn Fn(&str) -> Result<AbsolutePath, ResolveError>;

/// What every step needs to know.
#[derive(Clone, Copy)]
pub struct TargetContext<'a> {
    /// The directory of the package.
    pub package: &'a AbsolutePath,
    /// The module that asks, where Node's errors name it.
    pub base: Option<&'a str>,
    /// The active conditions, besides `default`.
    pub conditions: &'a [String],
    /// What to do where Node would print a warning or has to be asked.
    pub policy: Policy,
    /// Whether the URL of a target is the answer, with its query and its encoded characters, and not the path that it stands for.
    pub is_url_wanted: bool,
    /// `Some` for `imports`, whose targets may be bare names.
    pub resolve_bare: Option<ResolveBare<'a>>,
}

impl TargetContext<'_> {
    fn package_directory(&self) -> String {
        let mut directory = self.package.as_str().to_owned();
        if directory.len() > 1 {
            directory.push('/');
        }
        directory
    }

    fn package_json(&self) -> String {
        self.package.child("package.json").into_string()
    }

    fn base(&self) -> Option<String> {
        self.base.map(str::to_owned)
    }

    fn is_import(&self) -> bool {
        self.resolve_bare.is_some()
    }
}

/// What a target leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetResult {
    /// No condition matched.
    Undefined,
    /// Forbidden by `null`.
    Null,
    /// A path, which need not exist.
    Path(AbsolutePath),
}
