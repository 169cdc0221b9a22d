//! Files and directories: what a path stands for.

use super::extensions::{Kinds, is_of_types, replacements, split_extension};
use super::{Candidate, DtsResolver, Package, Search};
use crate::cache::Id;
use crate::fs::EntryType;
use crate::package_json::{PackageJson, Target};

impl DtsResolver<'_> {
    /// A path, as a file and as a directory. The package.json of the directory counts where it is given.
    pub(super) fn load_file_or_directory(
        &self,
        wanted: Kinds,
        candidate: Candidate,
        package: Option<&Package>,
    ) -> Option<Id> {
        self.load_file(wanted, candidate)
            .or_else(|| self.load_directory(wanted, candidate.path, package))
    }

    /// A file that stands for a path: with its extension replaced, and then with one added.
    pub(super) fn load_file(&self, wanted: Kinds, candidate: Candidate) -> Option<Id> {
        if candidate.is_directory {
            return None;
        }
        let (directory, name) = self.split_name(candidate.path)?;
        self.load_replaced(wanted, directory, &name)
            .or_else(|| self.load_extensions(wanted, directory, &name, ""))
    }

    /// A file that a package.json names: no extension is added.
    pub(super) fn load_named_file(&self, wanted: Kinds, path: Id) -> Option<Id> {
        let (directory, name) = self.split_name(path)?;
        if is_of_types(&name, wanted) {
            return self.is_file(path).then_some(path);
        }
        self.load_replaced(wanted, directory, &name)
    }

    fn load_replaced(&self, wanted: Kinds, directory: Id, name: &str) -> Option<Id> {
        let (stem, extension) = split_extension(name)?;
        self.load_extensions(wanted, directory, stem, extension)
    }

    /// The files that may stand for one whose extension is taken off.
    fn load_extensions(&self, wanted: Kinds, directory: Id, stem: &str, extension: &str) -> Option<Id> {
        let load = |name: &str| {
            let file = self.facts.resolve(directory, name);
            self.is_file(file).then_some(file)
        };
        let Some(replacements) = replacements(extension) else {
            let is_wanted = wanted.has(Kinds::DECLARATION);
            return is_wanted.then(|| load(&format!("{stem}.d{extension}.ts")))?;
        };
        let mut replacements = replacements.iter().filter(|(kind, _)| wanted.has(*kind));
        replacements.find_map(|(_, replacement)| load(&format!("{stem}{replacement}")))
    }

    /// A directory: what the package.json says, which may be that of a directory above, and then `index`.
    pub(super) fn load_directory(&self, wanted: Kinds, directory: Id, package: Option<&Package>) -> Option<Id> {
        if !self.is_directory(directory) {
            return None;
        }
        let entry = package
            .filter(|(of_package, _)| *of_package == directory)
            .and_then(|(_, package_json)| self.entry_of(wanted, directory, package_json));
        let load_entry = |candidate| self.load_entry(wanted, candidate);
        if let Some(paths) = package.and_then(|(_, package_json)| self.version_paths(package_json))
            && let Some(name) =
                entry.map_or_else(|| Some("index".to_owned()), |entry| self.name_below(directory, entry))
        {
            // TypeScript maps no name in a directory that is not there.
            let is_looked_for = entry.is_none_or(|entry| self.is_parent_there(entry.path));
            if let Search::Ended(found) = self.load_mapped(directory, &name, paths, &load_entry) {
                return found.filter(|_| is_looked_for);
            }
        }
        entry.and_then(load_entry).or_else(|| {
            let index = self.facts.resolve(directory, "index");
            self.load_file(wanted, Candidate::file(index))
        })
    }

    /// The file that a package.json names for its directory.
    fn entry_of(&self, wanted: Kinds, directory: Id, package_json: &PackageJson) -> Option<Candidate> {
        let fields: &[&str] = if wanted.has(Kinds::DECLARATION) {
            &["typings", "types", "main"]
        } else {
            &["main"]
        };
        fields.iter().find_map(|field| match package_json.field(field) {
            Some(Target::String(text)) if !text.is_empty() => Some(self.combine(directory, text)),
            _ => None,
        })
    }

    fn load_entry(&self, wanted: Kinds, candidate: Candidate) -> Option<Id> {
        let named = if candidate.is_directory {
            None
        } else {
            self.load_named_file(wanted, candidate.path)
        };
        named.or_else(|| {
            // Where declarations alone are looked for, a package.json may name TypeScript, too.
            let wanted = if wanted == Kinds::DECLARATION {
                Kinds::TYPESCRIPT.and(Kinds::DECLARATION)
            } else {
                wanted
            };
            self.load_file_or_directory(wanted, candidate, None)
        })
    }

    /// The way from a directory to a path below it.
    fn name_below(&self, directory: Id, entry: Candidate) -> Option<String> {
        let (directory, path) = (self.facts.path(directory), self.facts.path(entry.path));
        let below = path.as_str().strip_prefix(directory.as_str())?;
        if directory.as_str() == "/" {
            return Some(below.to_owned());
        }
        (below.is_empty() || below.starts_with('/')).then(|| below.trim_start_matches('/').to_owned())
    }

    fn is_parent_there(&self, path: Id) -> bool {
        self.facts.parent(path).is_some_and(|parent| self.is_directory(parent))
    }

    fn split_name(&self, path: Id) -> Option<(Id, String)> {
        let directory = self.facts.parent(path)?;
        let text = self.facts.path(path);
        let (_, name) = text.as_str().rsplit_once('/')?;
        Some((directory, name.to_owned()))
    }

    pub(super) fn is_file(&self, path: Id) -> bool {
        self.facts.entry_type(path) == Some(EntryType::File)
    }

    pub(super) fn is_directory(&self, path: Id) -> bool {
        self.facts.entry_type(path) == Some(EntryType::Directory)
    }

    /// A path as a package.json or a request writes it, from a directory. A backslash is a slash to TypeScript.
    pub(super) fn combine(&self, directory: Id, text: &str) -> Candidate {
        let text = text.replace('\\', "/");
        Candidate {
            path: self.facts.resolve(directory, &text),
            is_directory: text.ends_with('/'),
        }
    }
}
