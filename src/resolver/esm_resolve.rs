//! `ESM_RESOLVE(specifier, parentURL)`: what an `import` in a module leads to.

use super::esm_file_format::Format;
use super::{Parent, Resolver};
use crate::cache::RealPath;
use crate::error::{Doubt, ResolveError};
use crate::exports::is_plain_directory;
use crate::fs::EntryType;
use crate::path::AbsolutePath;
use crate::specifier::{Kind, Specifier};

/// The module that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EsmFound {
    /// The file. As a URL it is the same text with `file://` before it.
    pub path: AbsolutePath,
    /// `ESM_FILE_FORMAT` of it.
    pub format: Format,
}

impl EsmFound {
    /// The format's letter and the URL, as JavaScript has them from the core.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::with_capacity(self.path.as_str().len() + 8);
        text.push(self.format.letter());
        text.push_str("file://");
        text.push_str(self.path.as_str());
        text
    }
}

impl Resolver<'_> {
    /// `ESM_RESOLVE(specifier, parentURL)`, where the parent is a file whose URL is its path.
    ///
    /// What has a scheme (step 2) and core modules are the caller's.
    ///
    /// # Errors
    /// As [`Resolver::resolve`].
    pub fn esm_resolve(&self, specifier: &str, parent: &Parent) -> Result<EsmFound, ResolveError> {
        if !self.facts.is_supported() {
            return Err(ResolveError::Unsure(Doubt::Platform));
        }
        let Specifier {
            kind,
            has_trailing_slash,
            ..
        } = Specifier::parse(specifier);
        // Of an empty segment a URL makes a directory of its own, which `..` leads out of again. What ends in a slash is no file.
        let is_plain = is_url_text(specifier) && !specifier.contains("//") && !has_trailing_slash;
        if !is_plain || !is_plain_directory(&parent.directory) {
            self.doubt(Doubt::Url)?;
        }
        if specifier.contains('\0') {
            return Err(ResolveError::EsmModuleNotFound {
                missing: specifier.to_owned(),
                is_package: false,
                base: parent.filename.as_str().to_owned(),
            });
        }
        // To `require`, this is a path.
        let is_no_path = specifier.starts_with("..") && specifier != ".." && !specifier.starts_with("../");
        let kind = if is_no_path { Kind::Bare } else { kind };
        let is_path = matches!(kind, Kind::Absolute | Kind::Relative);
        let resolved = match kind {
            // 3. If specifier starts with "/", "./", or "../", set resolved to the URL resolution of specifier relative to parentURL.
            Kind::Absolute | Kind::Relative => parent.directory.resolve(specifier),
            // 4. If specifier starts with "#", set resolved to the result of PACKAGE_IMPORTS_RESOLVE(specifier, parentURL, …).
            Kind::Import => self.esm_imports_resolve(specifier, parent)?,
            // 5. Otherwise, specifier is now a bare specifier. Set resolved to the result of PACKAGE_RESOLVE(specifier, parentURL).
            Kind::Bare => self.esm_package_resolve(specifier, parent)?,
        };
        // Deviation, as in Node: whatever ends in "/" is a directory.
        if is_path && has_trailing_slash {
            let slash = if resolved.as_str() == "/" { "" } else { "/" };
            return Err(ResolveError::UnsupportedDirImport {
                missing: format!("{}{slash}", resolved.as_str()),
                base: parent.filename.as_str().to_owned(),
            });
        }
        self.finalize_resolution(resolved, parent)
    }

    fn esm_imports_resolve(&self, specifier: &str, parent: &Parent) -> Result<AbsolutePath, ResolveError> {
        if let Some((target, _)) = self.package_imports_resolve(specifier, parent)? {
            return Ok(target);
        }
        let scope = self.lookup_package_scope(parent.ancestors())?;
        Err(ResolveError::PackageImportNotDefined {
            specifier: specifier.to_owned(),
            package: scope
                .map(|scope| format!("{}/", scope.directory.as_str()))
                .unwrap_or_default(),
            base: parent.filename.as_str().to_owned(),
        })
    }

    /// 7. Of a `file:` URL: whether it is a file, its real path, and its format.
    fn finalize_resolution(&self, resolved: AbsolutePath, parent: &Parent) -> Result<EsmFound, ResolveError> {
        let base = || parent.filename.as_str().to_owned();
        match self.facts.entry_type(&resolved) {
            Some(EntryType::File) => {}
            // 7.2. If the file at resolved is a directory, throw an Unsupported Directory Import error.
            Some(EntryType::Directory) => {
                return Err(ResolveError::UnsupportedDirImport {
                    missing: resolved.into_string(),
                    base: base(),
                });
            }
            // 7.3. If the file at resolved does not exist, throw a Module Not Found error.
            _ => {
                return Err(ResolveError::EsmModuleNotFound {
                    missing: resolved.into_string(),
                    is_package: false,
                    base: base(),
                });
            }
        }
        // 7.4. Set resolved to the real path of resolved, maintaining the same URL querystring and fragment components.
        let path = if self.options.preserve_symlinks {
            resolved
        } else {
            match self.facts.real_path(&resolved) {
                RealPath::Path(real) => real,
                RealPath::Unknown | RealPath::NotUtf8 => {
                    self.doubt(Doubt::FileSystem)?;
                    return Err(ResolveError::EsmModuleNotFound {
                        missing: resolved.into_string(),
                        is_package: false,
                        base: base(),
                    });
                }
            }
        };
        if !is_url_text(path.as_str()) {
            self.doubt(Doubt::Url)?;
        }
        // 7.5. Set format to the result of ESM_FILE_FORMAT(resolved).
        let format = self.esm_file_format(&path)?;
        Ok(EsmFound { path, format })
    }
}

/// Whether a text stays as it is in a URL's path, in `pathToFileURL` of every Node and back again. A `:` may end a scheme.
fn is_url_text(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._@+!$&'()*,;=#".contains(&byte);
    // A `#` begins a fragment, unless it is the first character of a name in `imports`.
    !text.is_empty() && text.bytes().all(is_plain) && !text.get(1..).is_some_and(|rest| rest.contains('#'))
}
