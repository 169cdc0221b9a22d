//! Why there is no answer: facts, not prose. JavaScript makes Node's messages of them (`lib/shared/errors.js`).

use std::fmt;

/// Why the core would rather have Node answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The request has a NUL, is empty, or may have been changed on its way here (lone surrogates).
    Request,
    /// The path of the module that asks is not absolute and normalised.
    Parent,
    /// package.json is malformed, or Node's versions read it differently.
    PackageJson,
    /// A file or directory that could not be examined, for another reason than that it is not there.
    FileSystem,
    /// A name on the way that is not UTF-8.
    Encoding,
    /// Node would answer and print a deprecation warning.
    Warning,
    /// A target that only a URL parser can be trusted with.
    Url,
    /// The running Node was not asked for something that the answer depends on.
    Runtime,
    /// This platform has no file system of ours.
    Platform,
}

impl Doubt {
    /// In words, after "Node is asked, since".
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Request => "the request is empty, has a NUL, or is not what it was",
            Self::Parent => "the path of the module that asks is not absolute and normalised",
            Self::PackageJson => "a package.json is malformed, or Nodes read it differently",
            Self::FileSystem => "something on the way can't be examined",
            Self::Encoding => "a name on the way is not UTF-8",
            Self::Warning => "Node prints a warning with this answer",
            Self::Url => "only a URL parser can be trusted with a part of it",
            Self::Runtime => "it depends on something that only Node knows",
            Self::Platform => "this platform has no file system of ours",
        }
    }
}

/// How a resolution ends without a path. "Not here" is `Ok(None)` within the core; an `Err` ends the search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResolveError {
    /// Nothing of that name anywhere.
    ModuleNotFound,
    /// `exports` or `imports` led to a file that is not there.
    TargetNotFound {
        /// The path or request that Node names.
        missing: String,
        /// The package.json, where Node names it.
        package_json: Option<String>,
    },
    /// `ERR_MODULE_NOT_FOUND`: what is imported is not there.
    EsmModuleNotFound {
        /// The name of a package, or the path of a file.
        missing: String,
        /// Whether it is a package.
        is_package: bool,
        /// The module that asks.
        base: String,
    },
    /// `ERR_UNSUPPORTED_DIR_IMPORT`
    UnsupportedDirImport {
        /// The directory.
        missing: String,
        /// The module that asks.
        base: String,
    },
    /// `imports` lead to a core module: `require` can't load the URL that this makes (`ERR_INVALID_URL_SCHEME`).
    BuiltinTarget,
    /// `main` leads nowhere, and there is no index.
    MainNotFound {
        /// Where `main` leads.
        missing: String,
        /// The package.json.
        package_json: String,
    },
    /// `ERR_PACKAGE_PATH_NOT_EXPORTED`.
    PackagePathNotExported {
        /// The directory of the package.
        package: String,
        /// `.` or `./…`.
        subpath: String,
        /// The module that asks, where Node names it.
        base: Option<String>,
    },
    /// `ERR_PACKAGE_IMPORT_NOT_DEFINED`.
    PackageImportNotDefined {
        /// The request.
        specifier: String,
        /// The directory of the package.
        package: String,
        /// The module that asks.
        base: String,
    },
    /// `ERR_INVALID_PACKAGE_TARGET`.
    InvalidPackageTarget {
        /// The directory of the package.
        package: String,
        /// The key of `exports` or `imports`.
        key: String,
        /// The target, as JSON.
        target: String,
        /// Whether it stands in `imports`.
        is_import: bool,
        /// The module that asks, where Node names it.
        base: Option<String>,
    },
    /// `ERR_INVALID_MODULE_SPECIFIER`.
    InvalidModuleSpecifier {
        /// What is invalid.
        specifier: String,
        /// Why.
        reason: SpecifierFault,
        /// The module that asks, where Node names it.
        base: Option<String>,
    },
    /// `ERR_INVALID_PACKAGE_CONFIG`.
    InvalidPackageConfig {
        /// The package.json.
        package_json: String,
        /// What is wrong with it.
        reason: ConfigFault,
        /// The module that asks, where Node names it.
        base: Option<String>,
    },
    /// Node has to be asked.
    Unsure(Doubt),
}

/// What is wrong with a specifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpecifierFault {
    /// It is `#`, or ends in `/`.
    NotAnImportsName,
    /// It is no name of a package.
    NotAPackageName,
    /// It has `%2f` or `%5c`.
    EncodedSeparator,
    /// What it puts in place of `*` is a dot segment or `node_modules`.
    NotAMatch {
        /// The key with the `*`.
        pattern: String,
        /// Whether it stands in `imports`.
        is_import: bool,
        /// The package.json.
        package_json: String,
    },
}

/// What is wrong with a package.json.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfigFault {
    /// It is there, or may be, and can't be read.
    Unreadable,
    /// It is no JSON object.
    Malformed,
    /// An object of conditions has an index as key.
    NumericKeys,
    /// `exports` has keys that begin with `.` and others.
    MixedKeys,
}

impl ResolveError {
    /// Node's `code`; `None` where Node has to be asked.
    #[must_use]
    pub fn code(&self) -> Option<&'static str> {
        Some(match self {
            Self::ModuleNotFound | Self::TargetNotFound { .. } | Self::MainNotFound { .. } => "MODULE_NOT_FOUND",
            Self::EsmModuleNotFound { .. } => "ERR_MODULE_NOT_FOUND",
            Self::UnsupportedDirImport { .. } => "ERR_UNSUPPORTED_DIR_IMPORT",
            Self::PackagePathNotExported { .. } => "ERR_PACKAGE_PATH_NOT_EXPORTED",
            Self::PackageImportNotDefined { .. } => "ERR_PACKAGE_IMPORT_NOT_DEFINED",
            Self::InvalidPackageTarget { .. } => "ERR_INVALID_PACKAGE_TARGET",
            Self::InvalidModuleSpecifier { .. } => "ERR_INVALID_MODULE_SPECIFIER",
            Self::InvalidPackageConfig { .. } => "ERR_INVALID_PACKAGE_CONFIG",
            Self::BuiltinTarget => "ERR_INVALID_URL_SCHEME",
            Self::Unsure(_) => return None,
        })
    }
}

impl fmt::Display for ResolveError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self:?}")
    }
}

impl std::error::Error for ResolveError {}
