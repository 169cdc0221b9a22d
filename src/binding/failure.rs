//! An error as JavaScript gets it: the code and the facts that Node's message names. `lib/shared/errors.js` has the prose.

use napi_derive::napi;

use crate::error::{ConfigFault, ResolveError, SpecifierFault};

/// The facts of an error. Which fields are set depends on the code.
#[napi(object, object_from_js = false)]
#[derive(Default)]
pub struct JsResolveFailure {
    /// Node's error code.
    pub code: String,
    /// A path or request that is missing.
    pub missing: Option<String>,
    /// The package.json that `path` is to name.
    pub package_json: Option<String>,
    /// The directory of the package, with its trailing slash.
    pub package: Option<String>,
    /// The request, the subpath, or the key of `exports` or `imports`.
    pub subject: Option<String>,
    /// The target, as JSON.
    pub target: Option<String>,
    /// Whether the target stands in `imports`.
    pub is_import: Option<bool>,
    /// What is wrong, by a name that `lib/shared/errors.js` knows.
    pub fault: Option<String>,
    /// The pattern that a request does not match.
    pub pattern: Option<String>,
    /// The module that asks, where Node's message names it.
    pub base: Option<String>,
}

/// There is nothing to tell: Node has to be asked.
pub struct NoFailure;

impl TryFrom<ResolveError> for JsResolveFailure {
    type Error = NoFailure;

    fn try_from(error: ResolveError) -> Result<Self, NoFailure> {
        let code = error.code().ok_or(NoFailure)?.to_owned();
        let failure = Self {
            code,
            ..Self::default()
        };
        Ok(match error {
            ResolveError::Unsure(_) => return Err(NoFailure),
            ResolveError::ModuleNotFound | ResolveError::BuiltinTarget => failure,
            ResolveError::TargetNotFound { missing, package_json } => Self {
                missing: Some(missing),
                package_json,
                ..failure
            },
            ResolveError::EsmModuleNotFound {
                missing,
                is_package,
                base,
            } => Self {
                missing: Some(missing),
                fault: Some(if is_package { "package" } else { "module" }.to_owned()),
                base: Some(base),
                ..failure
            },
            ResolveError::UnsupportedDirImport { missing, base } => Self {
                missing: Some(missing),
                base: Some(base),
                ..failure
            },
            ResolveError::MainNotFound { missing, package_json } => Self {
                missing: Some(missing),
                package_json: Some(package_json),
                fault: Some("main".to_owned()),
                ..failure
            },
            ResolveError::PackagePathNotExported { package, subpath, base } => Self {
                package: Some(package),
                subject: Some(subpath),
                base,
                ..failure
            },
            ResolveError::PackageImportNotDefined {
                specifier,
                package,
                base,
            } => Self {
                package: Some(package),
                subject: Some(specifier),
                base: Some(base),
                ..failure
            },
            ResolveError::InvalidPackageTarget {
                package,
                key,
                target,
                is_import,
                base,
            } => Self {
                package: Some(package),
                subject: Some(key),
                target: Some(target),
                is_import: Some(is_import),
                base,
                ..failure
            },
            ResolveError::InvalidModuleSpecifier {
                specifier,
                reason,
                base,
            } => specifier_fault(
                Self {
                    subject: Some(specifier),
                    base,
                    ..failure
                },
                reason,
            ),
            ResolveError::InvalidPackageConfig {
                package_json,
                reason,
                base,
            } => Self {
                package_json: Some(package_json),
                fault: Some(
                    match reason {
                        ConfigFault::Unreadable => "unreadable",
                        ConfigFault::Malformed => "malformed",
                        ConfigFault::NumericKeys => "numericKeys",
                        ConfigFault::MixedKeys => "mixedKeys",
                    }
                    .to_owned(),
                ),
                base,
                ..failure
            },
        })
    }
}

fn specifier_fault(failure: JsResolveFailure, fault: SpecifierFault) -> JsResolveFailure {
    let named = |name: &str| Some(name.to_owned());
    match fault {
        SpecifierFault::NotAnImportsName => JsResolveFailure {
            fault: named("importsName"),
            ..failure
        },
        SpecifierFault::NotAPackageName => JsResolveFailure {
            fault: named("packageName"),
            ..failure
        },
        SpecifierFault::EncodedSeparator => JsResolveFailure {
            fault: named("encodedSeparator"),
            ..failure
        },
        SpecifierFault::NotAMatch {
            pattern,
            is_import,
            package_json,
        } => JsResolveFailure {
            fault: named("pattern"),
            pattern: Some(pattern),
            is_import: Some(is_import),
            package_json: Some(package_json),
            ..failure
        },
    }
}
