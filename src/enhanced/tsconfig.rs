//! `tsconfig`: the config that counts for a module, and where its `paths`, `baseUrl` and `rootDirs` lead.

use std::cell::RefCell;
use std::sync::Arc;

use super::Manifests;
use super::options::{ConfigChoice, EnhancedOptions, FieldPath, Modules};
use super::request::is_directory_wanted;
use super::sources::{Made, Source};
use super::{Context, EnhancedResolver, Failure, Step};
use crate::cache::{Facts, Found, Id};
use crate::fs::EntryType;
use crate::path::AbsolutePath;
use crate::tsconfig::{Files, References, TsConfig, TsConfigError};

/// No request has a NUL.
const GIVEN: &str = "\0tsconfig";

/// Configs that were loaded, by their path. For one resolver, references of all of them count, or of none.
#[derive(Default)]
pub struct TsConfigs(Made<AbsolutePath, Result<Arc<TsConfig>, TsConfigError>>);

/// The disk, as the loader asks for it.
struct ConfigFiles<'a> {
    disk: Disk<'a>,
    sources: RefCell<Vec<Source>>,
}

/// Facts, and Yarn's manifests where they count.
#[derive(Clone, Copy)]
pub(super) struct Disk<'a> {
    pub facts: &'a dyn Facts,
    pub manifests: Option<&'a Manifests>,
}

impl Disk<'_> {
    fn resolve_extends(self, name: &str, directory: &AbsolutePath) -> Option<AbsolutePath> {
        let options = options_for_extends();
        let resolver = EnhancedResolver::new(&options, self.facts, &[]).with_manifests(self.manifests);
        let found = resolver.resolve(self.facts.id(directory), name).ok()?;
        Some(self.facts.path(found.path))
    }

    fn is_unchanged(self, source: &Source) -> bool {
        match source {
            Source::File(path, version) => self.facts.version(self.facts.id(path)) == *version,
            Source::Extended { name, directory, found } => self.resolve_extends(name, directory) == *found,
        }
    }
}

impl ConfigFiles<'_> {
    fn note(&self, path: &AbsolutePath) -> bool {
        let source = Source::file(self.disk.facts, path);
        let is_there = matches!(source, Source::File(_, Some(_)));
        self.sources.borrow_mut().push(source);
        is_there
    }
}

impl Files for ConfigFiles<'_> {
    fn read(&self, path: &AbsolutePath) -> Option<Vec<u8>> {
        let facts = self.disk.facts;
        self.note(path).then(|| facts.read(facts.id(path)))?
    }

    fn is_file(&self, path: &AbsolutePath) -> bool {
        self.note(path)
    }

    fn resolve_extends(&self, name: &str, directory: &AbsolutePath) -> Option<AbsolutePath> {
        let found = self.disk.resolve_extends(name, directory);
        self.sources.borrow_mut().push(Source::Extended {
            name: name.to_owned(),
            directory: directory.clone(),
            found: found.clone(),
        });
        found
    }
}

/// TypeScript looks for what `extends` names as for a package whose main file is a config.
fn options_for_extends() -> EnhancedOptions {
    let field = |name: &str| -> FieldPath { vec![name.to_owned()] };
    EnhancedOptions {
        condition_names: ["require", "types", "node"].map(str::to_owned).to_vec(),
        extensions: vec![".json".to_owned()],
        main_fields: vec![field("tsconfig")],
        main_files: vec!["tsconfig".to_owned()],
        exports_fields: vec![field("exports")],
        modules: vec![Modules::Hierarchical(vec!["node_modules".to_owned()])],
        symlinks: true,
        ..EnhancedOptions::default()
    }
}

impl TsConfigs {
    /// The config that counts for a module in a directory, or for one that is this file.
    pub(super) fn choose(
        &self,
        choice: &ConfigChoice,
        disk: Disk<'_>,
        directory: Id,
        file: Option<&AbsolutePath>,
    ) -> Result<Option<Chosen>, Failure> {
        match choice {
            ConfigChoice::Given(path, references) => {
                let config = self.load_given(disk, directory, path, *references)?;
                Ok(Some(Chosen::new(config, file)))
            }
            ConfigChoice::Auto => self.find(disk, directory, file),
        }
    }

    /// The first tsconfig.json in a directory or above that covers the file, or references a config that does; where none does, the first
    /// one. TypeScript's language server looks in this order.
    fn find(&self, disk: Disk<'_>, directory: Id, file: Option<&AbsolutePath>) -> Result<Option<Chosen>, Failure> {
        let facts = disk.facts;
        let mut first = None;
        let mut place = Some(directory);
        while let Some(directory) = place {
            if facts.is_named(directory, "node_modules") {
                return Ok(None);
            }
            let path = facts.resolve(directory, "tsconfig.json");
            if facts.entry_type(path) == Some(EntryType::File) {
                let config = self.load(disk, &facts.path(path), References::Auto)?;
                let chosen = Chosen::new(config, file);
                if file.is_none_or(|file| chosen.config().covers(file)) {
                    return Ok(Some(chosen));
                }
                first.get_or_insert(chosen);
            }
            place = facts.parent(directory);
        }
        Ok(first)
    }

    /// One config counts for all, and its files need not be looked at for each request from a directory.
    fn load_given(
        &self,
        disk: Disk<'_>,
        directory: Id,
        path: &AbsolutePath,
        references: References,
    ) -> Result<Arc<TsConfig>, Failure> {
        let mut loaded = None;
        disk.facts.once(directory, GIVEN, &mut || {
            let config = self.load(disk, path, references);
            let found = config.is_ok().then(|| Found {
                path: disk.facts.id(path),
                is_target: false,
            });
            loaded = Some(config);
            Ok(found)
        })?;
        match loaded {
            Some(config) => config,
            None => match self.0.known(path) {
                Some(Ok(config)) => Ok(config),
                _ => self.load(disk, path, references),
            },
        }
    }

    /// A config, loaded anew where a file that it comes from is another than before.
    fn load(&self, disk: Disk<'_>, path: &AbsolutePath, references: References) -> Result<Arc<TsConfig>, Failure> {
        let load = || {
            let files = ConfigFiles {
                disk,
                sources: RefCell::default(),
            };
            let config = TsConfig::load(&files, path, references).map(Arc::new);
            (config, files.sources.into_inner())
        };
        let config = self.0.get(path, |source| disk.is_unchanged(source), load);
        config.map_err(|error| Failure::TsConfig(error.to_string()))
    }
}

/// A config, and which of its references counts.
pub(super) struct Chosen {
    config: Arc<TsConfig>,
    reference: Option<usize>,
}

impl Chosen {
    fn new(config: Arc<TsConfig>, file: Option<&AbsolutePath>) -> Self {
        let reference = file.and_then(|file| {
            let counts = config.for_file(file);
            config.references().iter().position(|reference| reference == counts)
        });
        Self { config, reference }
    }

    pub fn config(&self) -> &TsConfig {
        let reference = self.reference.and_then(|index| self.config.references().get(index));
        reference.unwrap_or(&self.config)
    }
}

impl EnhancedResolver<'_> {
    /// `paths` and `baseUrl`, for a request that is not relative.
    pub(super) fn load_tsconfig_paths(&self, directory: Id, request: &str, context: &mut Context) -> Step {
        for path in self.tsconfig_paths(directory, request) {
            if let Some(found) = self.load_as_file_or_directory(path, is_directory_wanted(request), context)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// `rootDirs`, for a relative request that leads nowhere by itself.
    pub(super) fn load_root_dirs(&self, path: Id, is_directory_wanted: bool, context: &mut Context) -> Step {
        for other in self.paths_in_root_dirs(path) {
            if let Some(found) = self.load_as_file_or_directory(other, is_directory_wanted, context)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The paths to try for a request that is not relative. They do not count in `node_modules`.
    pub(super) fn tsconfig_paths(&self, directory: Id, request: &str) -> Vec<Id> {
        let Some(config) = self.tsconfig.filter(|_| !self.is_in_node_modules(directory)) else {
            return Vec::new();
        };
        let candidates = config.candidates(request);
        let candidates = candidates.unwrap_or_else(|| config.base_url_candidate(request).into_iter().collect());
        candidates.iter().map(|path| self.facts.id(path)).collect()
    }

    /// The paths that stand beside the one that a relative request leads to.
    pub(super) fn paths_in_root_dirs(&self, path: Id) -> Vec<Id> {
        let Some(config) = self.tsconfig else { return Vec::new() };
        let candidates = config.root_dirs_candidates(&self.facts.path(path));
        let paths = candidates.iter().map(|candidate| self.facts.id(candidate));
        paths.filter(|other| *other != path).collect()
    }

    fn is_in_node_modules(&self, directory: Id) -> bool {
        let mut ancestors = self.facts.ancestors(directory);
        ancestors.any(|directory| self.facts.is_named(directory, "node_modules"))
    }
}
