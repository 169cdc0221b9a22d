//! Facts about paths, kept apart from the algorithm that rests on them: the resolver asks [`Facts`] and does not know
//! what is remembered and what is looked up.
//!
//! Remembered today: the contents of package.json files, each with the stamp that proves it (see [`PackageJsons`]).

mod package_jsons;
mod real_path;

use std::sync::Arc;

pub use package_jsons::PackageJsons;

use crate::fs::{EntryType, FileSystem};
use crate::package_json::PackageJson;
use crate::path::AbsolutePath;

/// What is known of the package.json in a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackageJsonFact {
    /// There is none.
    Absent,
    /// It may not be read or could not be examined; Nodes differ in what they make of that.
    Unknown,
    /// There is one, and it is no JSON object.
    Malformed,
    /// Its fields.
    Present(Arc<PackageJson>),
}

/// Where a path leads when every link is followed as Node's `fs.realpathSync` follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RealPath {
    /// The path without links.
    Path(AbsolutePath),
    /// It could not be followed to its end.
    Unknown,
    /// A name on the way is not UTF-8.
    NotUtf8,
}

/// The facts that resolution rests on.
pub trait Facts {
    /// What the path leads to, links followed.
    fn entry_type(&self, path: &AbsolutePath) -> Option<EntryType>;
    /// The path with every link followed.
    fn real_path(&self, path: &AbsolutePath) -> RealPath;
    /// The package.json of a directory.
    fn package_json(&self, directory: &AbsolutePath) -> PackageJsonFact;
    /// Whether there is anything to ask on this platform.
    fn is_supported(&self) -> bool;
}

/// Facts straight from a file system.
pub struct FileSystemFacts<'a> {
    /// Where they come from.
    pub file_system: &'a dyn FileSystem,
    /// The package.json files that were read before.
    pub package_jsons: &'a PackageJsons,
}

impl Facts for FileSystemFacts<'_> {
    fn entry_type(&self, path: &AbsolutePath) -> Option<EntryType> {
        self.file_system.entry_type(path.as_path())
    }

    fn real_path(&self, path: &AbsolutePath) -> RealPath {
        real_path::real_path(self.file_system, path)
    }

    fn package_json(&self, directory: &AbsolutePath) -> PackageJsonFact {
        self.package_jsons.get(self.file_system, directory)
    }

    fn is_supported(&self) -> bool {
        self.file_system.is_supported()
    }
}
