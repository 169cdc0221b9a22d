//! Yarn's Plug'n'Play: packages lie where the manifest says, mostly in archives.

use std::sync::Arc;

use super::request::is_directory_wanted;
use super::sources::{Made, Source};
use super::{Context, EnhancedResolver, Failure, Step};
use crate::cache::{Facts, Id};
use crate::fs::EntryType;
use crate::path::AbsolutePath;
use crate::pnp::{Issuer, Manifest, ManifestError, PnpError, Resolution};

const MANIFEST: &str = ".pnp.cjs";

type Loaded = Result<Arc<Manifest>, String>;

/// Manifests that were read, by the path of their script.
#[derive(Default)]
pub struct Manifests(Made<AbsolutePath, Loaded>);

impl Manifests {
    /// The manifests that may know a directory: that of the nearest script, or where there is none (a package in a cache that projects
    /// share), those of the projects that were asked about.
    fn of(&self, facts: &dyn Facts, directory: Id) -> Vec<Loaded> {
        let mut scripts = facts.ancestors(directory).map(|above| facts.resolve(above, MANIFEST));
        if let Some(script) = scripts.find(|script| facts.entry_type(*script) == Some(EntryType::File)) {
            return vec![self.load(facts, &facts.path(script))];
        }
        let mut known = self.0.keys();
        known.retain(|script| {
            let is_there = facts.entry_type(facts.id(script)) == Some(EntryType::File);
            if !is_there {
                self.0.forget(script);
            }
            is_there
        });
        // One that can't be read is an error in its own project only.
        let loaded = known.iter().map(|script| self.load(facts, script));
        loaded.flatten().map(Ok).collect()
    }

    fn load(&self, facts: &dyn Facts, script: &AbsolutePath) -> Loaded {
        let is_unchanged = |source: &Source| match source {
            Source::File(path, version) => facts.version(facts.id(path)) == *version,
            Source::Extended { .. } => false,
        };
        self.0.get(script, is_unchanged, || {
            let mut from = Vec::new();
            let manifest = read_manifest(facts, script, &mut from).map(Arc::new);
            (manifest, from)
        })
    }
}

fn read_manifest(facts: &dyn Facts, path: &AbsolutePath, from: &mut Vec<Source>) -> Result<Manifest, String> {
    from.push(Source::file(facts, path));
    let bytes = facts.read(facts.id(path));
    let bytes = bytes.ok_or_else(|| format!("{} can't be read", path.as_str()))?;
    match Manifest::parse(&bytes, path) {
        // It is a script, which says that the rest is in a file beside it.
        Err(ManifestError::InDataFile(data)) if data != *path => read_manifest(facts, &data, from),
        parsed => parsed.map_err(|error| format!("{} is no manifest of Yarn's: {error:?}", path.as_str())),
    }
}

impl EnhancedResolver<'_> {
    /// What a bare name leads to; `None` where it is looked for in `node_modules`.
    pub(super) fn load_from_pnp(&self, directory: Id, request: &str, context: &mut Context) -> Option<Step> {
        let manifests = self.manifests?.of(self.facts, directory);
        let path = self.facts.path(directory);
        manifests.into_iter().find_map(|manifest| {
            let resolution = match manifest {
                Ok(manifest) => manifest.resolve_to_unqualified(request, &path),
                Err(message) => return Some(Err(Failure::Pnp(message))),
            };
            match resolution {
                Ok(Resolution::Skipped) | Err(PnpError::NotBare) => None,
                Ok(Resolution::Resolved { directory, subpath }) => {
                    Some(self.load_unqualified(&directory, subpath.as_deref().unwrap_or_default(), request, context))
                }
                Err(PnpError::UndeclaredDependency { dependency, issuer }) => Some(Err(Failure::Pnp(format!(
                    "{} does not depend on '{dependency}'",
                    name_of(&issuer)
                )))),
                Err(PnpError::MissingPeerDependency { dependency, issuer }) => Some(Err(Failure::Pnp(format!(
                    "{} has '{dependency}' as a peer dependency, which nobody provides",
                    name_of(&issuer)
                )))),
            }
        })
    }

    /// What a request leads to in a package.
    fn load_unqualified(&self, package: &AbsolutePath, subpath: &str, request: &str, context: &mut Context) -> Step {
        let package = self.facts.id(package);
        if subpath.is_empty() && self.facts.entry_type(package) == Some(EntryType::File) {
            // `pnpapi` is the manifest's script.
            return Ok(self.is_allowed(package).then_some(package));
        }
        let exported = if subpath.is_empty() {
            String::new()
        } else {
            format!("/{subpath}")
        };
        if let Some(package_json) = self.package_json(package)?
            && let Some(found) = self.load_package_exports(package, &exported, &package_json, context)?
        {
            return Ok(Some(found));
        }
        let path = self.facts.resolve(package, subpath);
        let is_directory_wanted = subpath.is_empty() || is_directory_wanted(request);
        self.load_as_file_or_directory(path, is_directory_wanted, context)
    }
}

fn name_of(issuer: &Issuer) -> String {
    match &issuer.locator {
        Some(locator) => format!("{}@{}", locator.name, locator.reference),
        None => "the project".to_owned(),
    }
}
