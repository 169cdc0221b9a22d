//! `RESOLVE_TO_UNQUALIFIED`: which directory a bare specifier leads to, by the manifest alone.

use super::error::{Issuer, PnpError};
use super::manifest::{Manifest, Number, Package};
use crate::path::AbsolutePath;

/// Where a specifier leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// A package of the tree.
    Resolved {
        /// The package's directory, which may be a virtual path. For `pnpapi`: the manifest's script itself.
        directory: AbsolutePath,
        /// What the specifier names within the package.
        subpath: Option<String>,
    },
    /// Who asks belongs to no package of the tree, or is ignored: Node's own algorithm is to be followed.
    Skipped,
}

impl Manifest {
    /// Follows a bare specifier that a module in a directory asks for. Builtin modules are the caller's to answer.
    ///
    /// # Errors
    /// [`PnpError`] if the manifest does not let the module have it.
    pub fn resolve_to_unqualified(
        &self,
        specifier: &str,
        from_directory: &AbsolutePath,
    ) -> Result<Resolution, PnpError> {
        let (ident, subpath) = parse_bare_identifier(specifier).ok_or(PnpError::NotBare)?;
        // Not in the specification: the name of the runtime's own interface.
        if specifier == "pnpapi" {
            return Ok(resolved(&self.script, None));
        }
        let Some(issuer) = self.find_locator(from_directory) else {
            return Ok(Resolution::Skipped);
        };
        let dependency = issuer.dependencies.get(ident);
        let number = dependency
            .copied()
            .flatten()
            .or_else(|| self.resolve_via_fallback(issuer, ident));
        if let Some(package) = number.and_then(|number| self.packages.get(number)) {
            return Ok(resolved(&package.directory, subpath));
        }
        let (dependency, is_peer) = (ident.to_owned(), dependency.is_some());
        let issuer = Issuer {
            locator: issuer.locator.clone(),
            is_dependency_tree_root: issuer.is_dependency_tree_root,
        };
        Err(if is_peer {
            PnpError::MissingPeerDependency { dependency, issuer }
        } else {
            PnpError::UndeclaredDependency { dependency, issuer }
        })
    }

    /// `FIND_LOCATOR`: the package whose location is the longest that the directory is in.
    ///
    /// As in Yarn's runtime, texts are compared: outside the manifest's directory, `../` is taken for a part of `../../a/`.
    fn find_locator(&self, directory: &AbsolutePath) -> Option<&Package> {
        let relative = directory.relative_to(&self.directory);
        let is_outside = relative == ".." || relative.starts_with("../");
        if !is_outside && self.ignored.as_ref().is_some_and(|pattern| pattern.matches(&relative)) {
            return None;
        }
        let mut location = match (relative.as_str(), is_outside) {
            ("", _) => "./".to_owned(),
            (_, true) => format!("{relative}/"),
            (_, false) => format!("./{relative}/"),
        };
        loop {
            if let Some(number) = self.by_location.get(location.as_str()) {
                return self.packages.get(*number);
            }
            let above = location.strip_suffix('/')?.rfind('/');
            location.truncate(above.map_or(0, |slash| slash + 1));
        }
    }

    /// `RESOLVE_VIA_FALLBACK`, for those who may.
    fn resolve_via_fallback(&self, issuer: &Package, ident: &str) -> Option<Number> {
        if !issuer.may_fall_back {
            return None;
        }
        let packages = self.fallbacks.iter().filter_map(|number| self.packages.get(*number));
        packages
            .filter_map(|package| package.dependencies.get(ident).copied().flatten())
            .chain(self.fallback_pool.get(ident).copied())
            .next()
    }
}

fn resolved(directory: &AbsolutePath, subpath: Option<&str>) -> Resolution {
    Resolution::Resolved {
        directory: directory.clone(),
        subpath: subpath.map(str::to_owned),
    }
}

/// `PARSE_BARE_IDENTIFIER`: the name of a package and what is asked for within it.
///
/// As in Yarn's runtime, `@scope` without a name is a name of its own, and any number of slashes may stand behind a name.
fn parse_bare_identifier(specifier: &str) -> Option<(&str, Option<&str>)> {
    let first = specifier.split('/').next().unwrap_or_default();
    let is_drive = matches!(specifier.as_bytes(), [letter, b':', b'/' | b'\\', ..] if letter.is_ascii_alphabetic());
    if matches!(first, "" | "." | "..") || specifier.starts_with('#') || specifier.starts_with("\\\\") || is_drive {
        return None;
    }
    let mut end = first.len();
    if first.len() > 1 && first.starts_with('@') {
        let name = specifier
            .get(end..)?
            .strip_prefix('/')
            .and_then(|rest| rest.split('/').next());
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            end += 1 + name.len();
        }
    }
    let (ident, rest) = specifier.split_at_checked(end)?;
    let subpath = rest.trim_start_matches('/');
    Some((ident, (!subpath.is_empty()).then_some(subpath)))
}
