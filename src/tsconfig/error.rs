//! Why a config can't be loaded.

use std::fmt;

use crate::path::AbsolutePath;

/// Why there is no config. Options of the wrong type are no reason: as in TypeScript, they count as not set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TsConfigError {
    /// There is no such file, or it can't be read.
    NotFound {
        /// The file.
        path: AbsolutePath,
    },
    /// `extends` leads to no file.
    ExtendsNotFound {
        /// What `extends` names, as it is written.
        name: String,
        /// The config with the `extends`.
        from: AbsolutePath,
    },
    /// `references` leads to no file.
    ReferenceNotFound {
        /// The file.
        path: AbsolutePath,
        /// The config with the `references`.
        from: AbsolutePath,
    },
    /// A file is no JSON object, comments and trailing commas let be.
    Malformed {
        /// The file.
        path: AbsolutePath,
        /// The line, from 1.
        line: usize,
        /// The column, from 1, in UTF-16 units as editors count them.
        column: usize,
        /// What is wrong there.
        message: &'static str,
    },
    /// `extends` leads back.
    Circularity {
        /// The configs, each extending the next; the last one stands in the list before, too.
        chain: Vec<AbsolutePath>,
    },
    /// More configs extend one another than anybody writes.
    TooDeep {
        /// The config that is one too many.
        path: AbsolutePath,
    },
}

impl fmt::Display for TsConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { path } => write!(formatter, "{} can't be read", path.as_str()),
            Self::ExtendsNotFound { name, from } => {
                write!(formatter, "{} extends '{name}', which is not there", from.as_str())
            }
            Self::ReferenceNotFound { path, from } => {
                write!(
                    formatter,
                    "{} references {}, which is not there",
                    from.as_str(),
                    path.as_str()
                )
            }
            Self::Malformed {
                path,
                line,
                column,
                message,
            } => write!(formatter, "{}:{line}:{column}: {message}", path.as_str()),
            Self::Circularity { chain } => {
                let chain: Vec<_> = chain.iter().map(AbsolutePath::as_str).collect();
                write!(formatter, "configs extend each other: {}", chain.join(" -> "))
            }
            Self::TooDeep { path } => {
                write!(formatter, "{} is extended by too many configs in a row", path.as_str())
            }
        }
    }
}

impl std::error::Error for TsConfigError {}
