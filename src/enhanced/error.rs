//! Why there is no file: facts, of which JavaScript makes messages.

use crate::error::ResolveError;

/// How a search ends without a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Nothing of that name anywhere.
    NotFound,
    /// There is a module, and nothing says which types it has.
    NoDeclarations {
        /// The module, in JavaScript.
        file: String,
    },
    /// A package is to be left out: `false` in `alias`, or in a field such as `browser`.
    Ignored(String),
    /// A core module.
    Builtin {
        /// Without `node:`.
        name: String,
        /// Whether it was asked for with that.
        has_scheme: bool,
    },
    /// An alias matches, and what it stands for is not there.
    AliasNotFound {
        /// The alias.
        alias: String,
    },
    /// `extensionAlias` replaces an extension, and none of the files is there.
    ExtensionAliasNotFound {
        /// The file that was asked for.
        file: String,
        /// Those that were looked for.
        tried: Vec<String>,
    },
    /// Aliases lead in a circle, or to more requests than anybody has.
    Recursion,
    /// Yarn's manifest does not let the module have the package, in words.
    Pnp(String),
    /// A tsconfig.json can't be loaded, in words.
    TsConfig(String),
    /// Node's error about a package.
    Package(ResolveError),
    /// This platform has no file system of ours.
    Unsupported,
}

impl Failure {
    /// Whether something else may be looked for instead.
    pub(super) fn is_not_found(&self) -> bool {
        matches!(
            self,
            Self::NotFound | Self::Pnp(_) | Self::AliasNotFound { .. } | Self::ExtensionAliasNotFound { .. }
        )
    }

    /// Whether a file is there, and none of those that `extensionAlias` wants in its place.
    pub(super) fn is_replaced_in_vain(&self) -> bool {
        matches!(self, Self::ExtensionAliasNotFound { .. })
    }

    /// Whether it is the answer: a fragment is one then, and no part of a name.
    pub(super) fn is_final(&self) -> bool {
        matches!(self, Self::Ignored(_) | Self::Builtin { .. } | Self::Unsupported)
    }
}

impl From<ResolveError> for Failure {
    fn from(error: ResolveError) -> Self {
        Self::Package(error)
    }
}
