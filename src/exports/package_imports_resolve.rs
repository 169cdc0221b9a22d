//! `PACKAGE_IMPORTS_RESOLVE(specifier, parentURL, conditions)`, from the point where the package is known.

use super::package_exports_resolve::package_imports_exports_resolve;
use super::{TargetContext, TargetResult};
use crate::error::{Doubt, ResolveError, SpecifierFault};
use crate::package_json::Target;
use crate::path::AbsolutePath;
use crate::runtime::Policy;

/// Finds the path that `imports` gives a request that begins with `#`; it need not exist.
///
/// # Errors
/// Every error of the specification's step.
pub fn package_imports_resolve(
    context: &TargetContext<'_>,
    specifier: &str,
    imports: &[(Box<str>, Target)],
    slash_imports: Option<bool>,
) -> Result<AbsolutePath, ResolveError> {
    // 2. If specifier is exactly equal to "#" (in older Nodes: or starts with "#/"), throw an Invalid Module Specifier
    // error. Node refuses one that ends in "/", too.
    let is_slash_import = specifier.starts_with("#/");
    if is_slash_import && slash_imports.is_none() && context.policy == Policy::AskNode {
        return Err(ResolveError::Unsure(Doubt::Runtime));
    }
    if specifier == "#" || specifier.ends_with('/') || (is_slash_import && slash_imports == Some(false)) {
        return Err(ResolveError::InvalidModuleSpecifier {
            specifier: specifier.to_owned(),
            reason: SpecifierFault::NotAnImportsName,
            base: context.base(),
        });
    }
    // 5.1. Let resolved be the result of PACKAGE_IMPORTS_EXPORTS_RESOLVE.
    match package_imports_exports_resolve(context, specifier, imports)? {
        // 5.2. If resolved is not null or undefined, return resolved.
        TargetResult::Path(path) => Ok(path),
        // 6. Throw a Package Import Not Defined error.
        TargetResult::Undefined | TargetResult::Null => Err(ResolveError::PackageImportNotDefined {
            specifier: specifier.to_owned(),
            package: context.package_directory(),
            base: context.base().unwrap_or_default(),
        }),
    }
}
