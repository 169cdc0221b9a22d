//! What is known of paths, kept apart from the algorithm that rests on it: the resolver asks [`Facts`] and does not know
//! what is remembered and what is looked up.
//!
//! Each thread has a `Tree` of what it has seen. Within a turn of JavaScript that is believed; in a later turn, and in
//! another process, each directory and package.json has to be proved first, by one look (`docs/caching.md`). A [`Memory`] holds the
//! answers of one set of options with what they rest on; a [`snapshot`] is the same, written down.

mod answers;
mod facts;
mod invalidations;
mod known;
mod memory;
mod node;
mod package_jsons;
mod place;
mod proofs;
pub mod snapshot;
mod texts;
mod thread;
mod tree;

use std::iter;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use answers::Asking;
pub use invalidations::current_generation;
pub use memory::{Believe, Memory, Outcome, Question, Resolved, Stats};
pub use node::{Id, Needs, Proof};
pub use texts::Version;
pub use thread::{clear_all, invalidate_all, memories, new_memory, save_all, write_at_exit};

use crate::error::ResolveError;
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

impl PackageJsonFact {
    /// Whether a file of that name counts, whatever it says.
    #[must_use]
    pub fn is_there(&self) -> bool {
        !matches!(self, Self::Absent | Self::NoFile)
    }
}

/// Where a path leads when every link is followed as Node's `fs.realpathSync` follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RealPath {
    /// The path without links.
    Path(Id),
    /// It could not be followed to its end.
    Unknown,
    /// A name on the way is not UTF-8.
    NotUtf8,
}

/// The file that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The number of its path.
    pub path: Id,
    /// Whether `exports` or `imports` led there.
    pub is_target: bool,
}

/// The outcome of a step of the algorithm: a file, "not here" (`Ok(None)`), or an error that ends the search.
pub type Step = Result<Option<Found>, ResolveError>;

/// The facts that resolution rests on. Paths have numbers here, which hold for the length of one resolution.
pub trait Facts {
    /// The number of a path.
    fn id(&self, path: &AbsolutePath) -> Id;
    /// The path of a number.
    fn path(&self, id: Id) -> AbsolutePath;
    /// How many bytes that has.
    fn path_length(&self, id: Id) -> usize {
        self.path(id).as_str().len()
    }
    /// `path.resolve(directory, path)`
    fn resolve(&self, directory: Id, path: &str) -> Id;
    /// The path with a suffix, such as an extension. The suffix must not have a `/`.
    fn with_suffix(&self, path: Id, suffix: &str) -> Id;
    /// The directory that holds a path; `None` for the root.
    fn parent(&self, path: Id) -> Option<Id>;
    /// Whether this is the last segment of a path.
    fn is_named(&self, path: Id, name: &str) -> bool;
    /// Whether the last segment of a path ends in this.
    fn is_name_ending(&self, path: Id, ending: &str) -> bool;
    /// What the path leads to, links followed.
    fn entry_type(&self, path: Id) -> Option<EntryType>;
    /// The path with every link followed.
    fn real_path(&self, path: Id) -> RealPath;
    /// The package.json of a directory.
    fn package_json(&self, directory: Id) -> PackageJsonFact;
    /// What tells one state of a file, links followed, from another, and proves what it says; `None` where there is no file.
    fn version(&self, path: Id) -> Option<Version>;
    /// The bytes of a file whose version was asked for; `None` where it can't be read.
    fn read(&self, path: Id) -> Option<Vec<u8>>;
    /// Does a part of the algorithm that depends on nothing but a directory and a text, and that others need, too: what was found
    /// is not looked for again, as long as the facts are believed that it rests on.
    ///
    /// # Errors
    /// Those of the part. They are not remembered.
    fn once(&self, directory: Id, text: &str, part: &mut dyn FnMut() -> Step) -> Step;
    /// What was asked so far rests on this, a line each; `None` where nothing can prove it later.
    fn proofs(&self) -> Option<Vec<String>> {
        None
    }
    /// Whether there is anything to ask on this platform.
    fn is_supported(&self) -> bool;
    /// A step of the algorithm begins: for whoever wants to tell of it.
    fn begin(&self, _name: &'static str, _subject: &str) {}
    /// The same, where it is about a path.
    fn begin_at(&self, _name: &'static str, _path: Id) {}
}

impl dyn Facts + '_ {
    /// A directory and those above it.
    pub fn ancestors(&self, directory: Id) -> impl Iterator<Item = Id> + Clone {
        iter::successors(Some(directory), |below| self.parent(*below))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
