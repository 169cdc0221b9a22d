//! A config, ready to be asked.

use super::error::TsConfigError;
use super::extends::Loader;
use super::files::Files;
use super::include::Inclusion;
use super::layer::below;
use super::options::CompilerOptions;
use super::paths::{is_absolute, is_relative, root_dirs_candidates};
use crate::path::AbsolutePath;

/// Whether the `references` of a config are loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum References {
    /// They are not looked at.
    None,
    /// They are loaded, and theirs are not.
    Auto,
}

/// A tsconfig.json, with all that it extends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TsConfig {
    path: AbsolutePath,
    options: CompilerOptions,
    inclusion: Inclusion,
    references: Vec<TsConfig>,
    read_files: Vec<AbsolutePath>,
}

impl TsConfig {
    /// Loads a config; where there is no such file, the path is that of a directory with a tsconfig.json.
    ///
    /// # Errors
    ///
    /// The config, or one that it extends or references, is not there, is malformed, or extends itself.
    pub fn load(files: &dyn Files, path: &AbsolutePath, references: References) -> Result<Self, TsConfigError> {
        let mut loader = Loader::new(files);
        let in_directory = path.child("tsconfig.json");
        let file = if !loader.is_file(path) && loader.is_file(&in_directory) {
            &in_directory
        } else {
            path
        };
        let config = Self::load_with(&mut loader, file, references)?;
        let mut config = config.ok_or_else(|| TsConfigError::NotFound { path: path.clone() })?;
        config.read_files = loader.into_asked();
        Ok(config)
    }

    /// The file that was loaded.
    #[must_use]
    pub fn path(&self) -> &AbsolutePath {
        &self.path
    }

    /// The options that a resolver needs, after inheritance.
    #[must_use]
    pub fn options(&self) -> &CompilerOptions {
        &self.options
    }

    /// The referenced configs, if they were loaded; theirs are not.
    #[must_use]
    pub fn references(&self) -> &[Self] {
        &self.references
    }

    /// Every file that was read for this config, or looked for and missing; those of its references are among them, and
    /// a reference itself has none. What [`Files::resolve_extends`] looks at is for it to know.
    #[must_use]
    pub fn read_files(&self) -> &[AbsolutePath] {
        &self.read_files
    }

    /// The paths to try for a request that is not relative, in order; `None` where no key of `paths` matches.
    ///
    /// TypeScript tries [`base_url_candidate`](Self::base_url_candidate) only if this is `None`. An absolute request
    /// may match, too, as `"/*"` does in some projects.
    #[must_use]
    pub fn candidates(&self, specifier: &str) -> Option<Vec<AbsolutePath>> {
        if is_relative(specifier) {
            return None;
        }
        self.options.paths.as_ref()?.candidates(specifier)
    }

    /// The path below `baseUrl` of a request that is neither relative nor absolute.
    #[must_use]
    pub fn base_url_candidate(&self, specifier: &str) -> Option<AbsolutePath> {
        let base_url = self.options.base_url.as_ref()?;
        (!is_relative(specifier) && !is_absolute(specifier)).then(|| below(base_url, specifier))
    }

    /// The paths to try, in order, where a relative request leads to `path`: itself, and the same below the other
    /// `rootDirs`. None where it is below none of them, and only the path itself counts.
    #[must_use]
    pub fn root_dirs_candidates(&self, path: &AbsolutePath) -> Vec<AbsolutePath> {
        root_dirs_candidates(&self.options.root_dirs, path)
    }

    /// Whether `files`, `include` and `exclude` take in a file, whether or not it is there.
    ///
    /// A file of JavaScript counts with `allowJs` only; one of JSON by a glob that ends in `.json`, unless
    /// `resolveJsonModule` is `false`; one with any other extension as one of TypeScript does, since a `.vue` in `src`
    /// has the config of `src`. TypeScript itself leaves out what stands beside a file of the same name with a better
    /// extension, as `a.js` beside `a.ts`.
    #[must_use]
    pub fn covers(&self, file: &AbsolutePath) -> bool {
        self.inclusion.covers(file)
    }

    /// The config that counts for a file: this one, or the first reference that covers the file where this one does not.
    #[must_use]
    pub fn for_file(&self, file: &AbsolutePath) -> &Self {
        let mut references = self.references.iter().filter(|_| !self.covers(file));
        references.find(|reference| reference.covers(file)).unwrap_or(self)
    }

    /// `None` where the file can't be read.
    fn load_with(
        loader: &mut Loader<'_>,
        path: &AbsolutePath,
        references: References,
    ) -> Result<Option<Self>, TsConfigError> {
        let Some(file) = loader.load(path)? else {
            return Ok(None);
        };
        let mut configs = Vec::new();
        if references == References::Auto {
            for reference in &file.references {
                let config = Self::load_with(loader, reference, References::None)?;
                configs.push(config.ok_or_else(|| TsConfigError::ReferenceNotFound {
                    path: reference.clone(),
                    from: path.clone(),
                })?);
            }
        }
        let directory = path.parent().unwrap_or_else(|| path.clone());
        let options = CompilerOptions::of(&file.layer, &directory);
        Ok(Some(Self {
            path: path.clone(),
            inclusion: Inclusion::of(&file.layer, &options, &directory),
            options,
            references: configs,
            read_files: Vec::new(),
        }))
    }
}
