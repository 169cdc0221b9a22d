//! `ESM_RESOLVE(specifier, parentURL)`: what an `import` in a module leads to.

use super::Resolver;
use crate::cache::{Id, RealPath};
use crate::error::{Doubt, ResolveError};
use crate::exports::is_plain_directory;
use crate::format::Format;
use crate::fs::EntryType;
use crate::path::AbsolutePath;
use crate::specifier::{Kind, Specifier};

/// The module that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EsmFound {
    /// The number of its path. As a URL, the path is the same text with `file://` before it.
    pub path: Id,
    /// `ESM_FILE_FORMAT` of it.
    pub format: Format,
}

impl Resolver<'_> {
    /// `ESM_RESOLVE(specifier, parentURL)`, where the parent is any file in a directory, whose URL is its path.
    ///
    /// What has a scheme (step 2) and core modules are the caller's.
    ///
    /// # Errors
    /// As [`Resolver::resolve`].
    pub fn esm_resolve(&self, specifier: &str, directory: Id) -> Result<EsmFound, ResolveError> {
        if !self.facts.is_supported() {
            return Err(ResolveError::Unsure(Doubt::Platform));
        }
        self.facts.begin("ESM_RESOLVE", specifier);
        let Specifier {
            kind,
            has_trailing_slash,
            ..
        } = Specifier::parse(specifier);
        // Of an empty segment a URL makes a directory of its own, which `..` leads out of again. What ends in a slash is no file.
        let is_plain = is_url_text(specifier) && !specifier.contains("//") && !has_trailing_slash;
        let path = self.facts.path(directory);
        if !is_plain || !is_plain_directory(&path) {
            self.doubt(Doubt::Url)?;
        }
        if specifier.contains('\0') {
            return Err(self.esm_module_not_found(specifier.to_owned(), directory));
        }
        // To `require`, this is a path.
        let is_no_path = specifier.starts_with("..") && specifier != ".." && !specifier.starts_with("../");
        let kind = if is_no_path { Kind::Bare } else { kind };
        let target = match kind {
            // 3. If specifier starts with "/", "./", or "../", set resolved to the URL resolution of specifier relative to parentURL.
            Kind::Absolute | Kind::Relative => {
                // Deviation, as in Node: whatever ends in "/" is a directory.
                if has_trailing_slash {
                    let resolved = path.resolve(specifier).into_string();
                    let slash = if resolved == "/" { "" } else { "/" };
                    return Err(self.unsupported_dir_import(resolved + slash, directory));
                }
                let resolved = self.facts.resolve(directory, specifier);
                return self.finalize_resolution(resolved, directory, || path.resolve(specifier));
            }
            // 4. If specifier starts with "#", set resolved to the result of PACKAGE_IMPORTS_RESOLVE(specifier, parentURL, …).
            Kind::Import => self.esm_imports_resolve(specifier, directory)?,
            // 5. Otherwise, specifier is now a bare specifier. Set resolved to the result of PACKAGE_RESOLVE(specifier, parentURL).
            Kind::Bare => self.esm_package_resolve(specifier, directory)?,
        };
        self.finalize_resolution(self.facts.id(&target), directory, || target)
    }

    fn esm_imports_resolve(&self, specifier: &str, directory: Id) -> Result<AbsolutePath, ResolveError> {
        if let Some((target, _)) = self.package_imports_resolve(specifier, directory)? {
            return Ok(target);
        }
        let scope = self.lookup_package_scope(directory)?;
        Err(ResolveError::PackageImportNotDefined {
            specifier: specifier.to_owned(),
            package: scope
                .map(|scope| format!("{}/", self.facts.path(scope.directory).as_str()))
                .unwrap_or_default(),
            base: self.file_in(directory).into_string(),
        })
    }

    /// 7. Of a `file:` URL: whether it is a file, its real path, and its format. Errors name the path as `text` tells it.
    fn finalize_resolution(
        &self,
        resolved: Id,
        directory: Id,
        text: impl FnOnce() -> AbsolutePath,
    ) -> Result<EsmFound, ResolveError> {
        match self.facts.entry_type(resolved) {
            Some(EntryType::File) => {}
            // 7.2. If the file at resolved is a directory, throw an Unsupported Directory Import error.
            Some(EntryType::Directory) => return Err(self.unsupported_dir_import(text().into_string(), directory)),
            // 7.3. If the file at resolved does not exist, throw a Module Not Found error.
            _ => return Err(self.esm_module_not_found(text().into_string(), directory)),
        }
        // 7.4. Set resolved to the real path of resolved, maintaining the same URL querystring and fragment components.
        let path = if self.options.preserve_symlinks {
            resolved
        } else {
            match self.facts.real_path(resolved) {
                RealPath::Path(real) => real,
                RealPath::Unknown | RealPath::NotUtf8 => {
                    self.doubt(Doubt::FileSystem)?;
                    return Err(self.esm_module_not_found(text().into_string(), directory));
                }
            }
        };
        if !is_url_text(self.facts.path(path).as_str()) {
            self.doubt(Doubt::Url)?;
        }
        self.facts.begin_at("ESM_FILE_FORMAT", path);
        // 7.5. Set format to the result of ESM_FILE_FORMAT(resolved).
        let format = self.esm_file_format(path)?;
        Ok(EsmFound { path, format })
    }

    fn esm_module_not_found(&self, missing: String, directory: Id) -> ResolveError {
        ResolveError::EsmModuleNotFound {
            missing,
            is_package: false,
            base: self.file_in(directory).into_string(),
        }
    }

    fn unsupported_dir_import(&self, missing: String, directory: Id) -> ResolveError {
        ResolveError::UnsupportedDirImport {
            missing,
            base: self.file_in(directory).into_string(),
        }
    }
}

/// Whether a text stays as it is in a URL's path, in `pathToFileURL` of every Node and back again. A `:` may end a scheme.
fn is_url_text(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._@+!$&'()*,;=#".contains(&byte);
    // A `#` begins a fragment, unless it is the first character of a name in `imports`.
    !text.is_empty() && text.bytes().all(is_plain) && !text.get(1..).is_some_and(|rest| rest.contains('#'))
}
