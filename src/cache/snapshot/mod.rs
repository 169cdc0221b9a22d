//! The snapshot on disk: answers of earlier processes with the facts that they rest on, used in place.
//!
//! The file is read into memory by one call and never parsed: a look-up hashes the request and follows offsets, each of
//! which is checked. It is not mapped from the disk, since whoever shortens a mapped file ends every process that has it.
//!
//! Nothing in it is believed because it is there. Before an answer is given for the first time in a process, all that it
//! rests on is checked; a directory whose stamp is unchanged proves by one system call what lies in it and what does not,
//! and a package.json, which Node reads once in a process, is checked once.

mod build;
mod checks;
mod file;
mod format;
mod place;
mod reader;
mod records;

pub use build::build;
pub use file::{SnapshotFile, SnapshotState};
pub use format::MAXIMUM_BYTES;
pub use place::default_directory;
pub use reader::{Found, Snapshot};
