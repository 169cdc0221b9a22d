//! What is known of paths, kept apart from the algorithm that rests on it: the resolver asks [`Facts`] and does not know
//! what is remembered and what is looked up.
//!
//! Whole answers are remembered, with the facts that they rest on ([`Memory`]), and written to disk for the next process
//! ([`snapshot`]). Facts are looked up anew for each new answer, so that it is what a fresh Node would say: old facts among
//! new ones would make answers that no Node gives.

mod answers;
mod consultation;
mod directory_stamps;
mod fact;
mod generation;
mod interner;
mod memories;
mod memory;
mod package_jsons;
mod real_path;
pub mod snapshot;
mod witness;

use std::sync::Arc;

pub use answers::{Answer, AnswerKey};
pub use consultation::{Consultation, Consultations};
pub use directory_stamps::DirectoryStamps;
pub use fact::{Fact, FactKind};
pub use generation::{Moment, generation_counter, now};
pub use interner::Interner;
pub use memories::{all_memories, clear_all, invalidate_all, save_all, shared_memory};
pub use memory::{Memory, Remembered, Source, Stats};
pub use package_jsons::{Keeping, PackageJsons, ProvenPackageJson};
pub use real_path::CrossedLink;
pub use witness::Witness;

use crate::fs::EntryType;
use crate::package_json::PackageJson;
use crate::path::AbsolutePath;

/// What is known of the package.json in a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackageJsonFact {
    /// There is none.
    Absent,
    /// Something else has its name; Node takes that for no package.json.
    NoFile,
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
    /// The same, on the way to the package that the asking module belongs to.
    fn scope_package_json(&self, directory: &AbsolutePath) -> PackageJsonFact;
    /// Whether the path led to a directory before. It decides what is looked at first, never what is answered.
    fn was_directory(&self, path: &AbsolutePath) -> bool;
    /// Whether there is anything to ask on this platform.
    fn is_supported(&self) -> bool;
}

/// Whether the path is this directory or lies below it.
fn is_at_or_below(path: &str, directory: &str) -> bool {
    path.strip_prefix(directory)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || directory == "/")
}
