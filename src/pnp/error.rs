//! Why a manifest is not used, and why it does not let somebody have a package.

use crate::path::AbsolutePath;

/// The name and the reference of a package, as `react` and `npm:19.2.0`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Locator {
    /// The name.
    pub name: String,
    /// What tells packages of one name apart.
    pub reference: String,
}

/// Why a manifest is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ManifestError {
    /// It is not UTF-8.
    NotUtf8,
    /// The script has no state where Yarn 3.2 and later keep it.
    NoState,
    /// The script's state is a literal with something in it that Yarn does not write.
    Literal,
    /// The script has no state of its own: this file has it.
    InDataFile(AbsolutePath),
    /// The state is no JSON.
    Json,
    /// This field is missing, or is not of its type.
    Field(&'static str),
    /// `ignorePatternData` is a regular expression of a kind that is not known here.
    IgnorePattern(String),
    /// There are dependencies on this package, and no such package.
    NoPackage(Locator),
    /// There are two of this package; `None` is the top level.
    Twice(Option<Locator>),
}

/// Who asked in vain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// The package; `None` is the top level.
    pub locator: Option<Locator>,
    /// Whether it is a part of the project: the top level, or a workspace.
    pub is_dependency_tree_root: bool,
}

/// Why a specifier leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PnpError {
    /// It is no bare specifier: relative, absolute, empty, or begins with `#`.
    NotBare,
    /// The issuer does not depend on the package: `UNDECLARED_DEPENDENCY`.
    UndeclaredDependency {
        /// The name of the package.
        dependency: String,
        /// Who asked.
        issuer: Issuer,
    },
    /// The issuer has it as a peer dependency, and nobody provides it: `MISSING_PEER_DEPENDENCY`.
    MissingPeerDependency {
        /// The name of the package.
        dependency: String,
        /// Who asked.
        issuer: Issuer,
    },
}
