//! `LOAD_AS_FILE`, `LOAD_AS_DIRECTORY` and `LOAD_INDEX`, with what tools add to them.

use super::{Context, EnhancedResolver, Failure, Step};
use crate::cache::Id;
use crate::fs::EntryType;
use crate::package_json::Target;

impl EnhancedResolver<'_> {
    /// `LOAD_AS_FILE(X)`, then `LOAD_AS_DIRECTORY(X)`.
    pub(super) fn load_as_file_or_directory(&self, path: Id, is_directory_wanted: bool, context: &mut Context) -> Step {
        if self.options.resolve_to_context {
            return Ok(self.load_context(path));
        }
        if !is_directory_wanted && let Some(file) = self.load_as_file(path, context)? {
            return Ok(Some(file));
        }
        if context.is_fully_specified || !self.is_directory(path) {
            return Ok(None);
        }
        self.load_as_directory(path, context)
    }

    /// `LOAD_AS_FILE(X)`
    pub(super) fn load_as_file(&self, path: Id, context: &mut Context) -> Step {
        match self.load_extension_alias(path, context)? {
            None => self.load_as_named_file(path, context),
            found => Ok(found),
        }
    }

    /// The same, where nobody asked for an extension: what a package says of itself is meant as it stands.
    fn load_as_named_file(&self, path: Id, context: &mut Context) -> Step {
        // 1. If X is a file, load X.
        if !self.options.enforce_extension
            && let Some(found) = self.load_file(path, context)?
        {
            return Ok(Some(found));
        }
        if context.is_fully_specified {
            return Ok(None);
        }
        // 2.-4. If X with an extension is a file, load that.
        self.load_extensions(path, context)
    }

    fn load_extensions(&self, path: Id, context: &mut Context) -> Step {
        for extension in &self.options.extensions {
            let with_extension = self.facts.with_suffix(path, extension);
            if let Some(found) = self.load_file(with_extension, context)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// A file as it is named, or what takes its place.
    fn load_file(&self, path: Id, context: &mut Context) -> Step {
        if let Some(found) = self.load_replacement(path, context)? {
            return Ok(Some(found));
        }
        let is_taken = self.facts.entry_type(path) == Some(EntryType::File) && self.is_allowed(path);
        Ok(is_taken.then_some(path))
    }

    /// What `aliasFields` and `alias` put in the place of a path.
    pub(super) fn load_replacement(&self, path: Id, context: &mut Context) -> Step {
        if let Some(found) = self.load_alias_field_of_path(path, context)? {
            return Ok(Some(found));
        }
        if !self.may_alias_paths {
            return Ok(None);
        }
        let (directory, text) = (self.facts.parent(path).unwrap_or(path), self.facts.path(path));
        self.load_alias(directory, text.as_str(), &self.options.alias, context)
    }

    /// Whether a file lies where files may lie, and is wanted by the caller.
    pub(super) fn is_allowed(&self, path: Id) -> bool {
        if self.options.restrictions.is_empty() && self.excluded.is_empty() {
            return true;
        }
        let Some(real) = self.real_path(path) else {
            return false;
        };
        let real = self.facts.path(real);
        let is_inside = |directory: &str| {
            let below = real.as_str().strip_prefix(directory);
            below.is_some_and(|below| below.is_empty() || below.starts_with('/') || directory.ends_with('/'))
        };
        let mut restrictions = self.options.restrictions.iter();
        restrictions.all(|directory| is_inside(directory.as_str()))
            && !self.excluded.iter().any(|excluded| excluded == real.as_str())
    }

    /// `extensionAlias`: the file whose extension is replaced.
    fn load_extension_alias(&self, path: Id, context: &mut Context) -> Step {
        let mut aliases = self.options.extension_alias.iter();
        let Some((extension, replacements)) = aliases.find(|(extension, _)| self.facts.is_name_ending(path, extension))
        else {
            return Ok(None);
        };
        let file = self.facts.path(path);
        let stem = file.as_str().strip_suffix(extension.as_str()).unwrap_or_default();
        if stem.ends_with('/') {
            return Ok(None);
        }
        let mut tried = Vec::with_capacity(replacements.len());
        for replacement in replacements {
            let text = format!("{stem}{replacement}");
            let replaced = self.facts.resolve(path, &text);
            if let Some(found) = self.load_file(replaced, context)? {
                return Ok(Some(found));
            }
            tried.push(text);
        }
        // The name of a directory may end like a file's: `ipaddr.js`.
        if self.facts.entry_type(path) != Some(EntryType::File) {
            return Ok(None);
        }
        Err(Failure::ExtensionAliasNotFound {
            file: file.into_string(),
            tried,
        })
    }

    /// `LOAD_AS_DIRECTORY(X)`, where X is a directory.
    pub(super) fn load_as_directory(&self, path: Id, context: &mut Context) -> Step {
        // 1. If X/package.json is a file, parse it, and look for the main fields.
        if let Some(package_json) = self.package_json(path)? {
            for field in &self.options.main_fields {
                let Some(Target::String(main)) = package_json.other(field) else {
                    continue;
                };
                let main = main.trim_start_matches('/');
                if main.is_empty() || main == "." || main == "./" {
                    continue;
                }
                // c. let M = X + (json main field) d. LOAD_AS_FILE(M) e. LOAD_INDEX(M)
                let main = self.facts.resolve(path, main);
                let found = match self.load_as_named_file(main, context)? {
                    None if self.is_directory(main) => self.load_index(main, context)?,
                    found => found,
                };
                if found.is_some() {
                    return Ok(found);
                }
            }
            if self.options.allow_package_exports_in_directory_resolve
                && let Some(found) = self.load_package_exports(path, "", &package_json, context)?
            {
                return Ok(Some(found));
            }
        }
        // 2. LOAD_INDEX(X)
        self.load_index(path, context)
    }

    /// `LOAD_INDEX(X)`, by the names of `mainFiles`.
    fn load_index(&self, path: Id, context: &mut Context) -> Step {
        for name in &self.options.main_files {
            let file = self.facts.resolve(path, name);
            let found = if self.options.are_main_files_complete && !self.options.enforce_extension {
                self.load_file(file, context)?
            } else {
                None
            };
            let found = match found {
                None => self.load_extensions(file, context)?,
                found => found,
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }
}
