//! The snapshot on disk: what one program's answers were in earlier processes, and what they rest on.
//!
//! Nothing in it is believed because it is there. Before an answer is given, each directory and package.json that it rests on is
//! compared with its stamp, once in a turn. It is read by one call, not mapped, since whoever shortens a mapped file ends every
//! process that has it. All of it is wanted at once: the answers go to JavaScript as they stand, the paths into the tree.

mod file;
mod format;
mod looks;
mod place;
mod reader;
mod recording;

pub use file::{FoundSnapshot, SnapshotFile, SnapshotState, Trust, open, read_code};
pub(super) use format::CODE_KEY_BYTES;
pub(super) use looks::Looks;
pub use place::default_directory;
pub(super) use reader::EnteredPaths;
pub use reader::Snapshot;
pub(super) use recording::Recording;
