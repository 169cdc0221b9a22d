//! Looks at all that a snapshot rests on, in a thread of its own, while JavaScript loads the hook, and enters its paths into a tree: most of
//! a start's time with the core goes there.

use std::sync::Arc;
use std::thread::{Builder, JoinHandle};

use super::reader::{EnteredPaths, Snapshot};
use crate::cache::invalidations::current_generation;
use crate::cache::tree::Tree;
use crate::fs::{Entry, FileSystem};
use crate::package_json::PackageFields;

/// A stack for what needs next to none.
const STACK_BYTES: usize = 256 * 1024;

/// What lay at the paths of a snapshot.
#[derive(Default)]
pub struct Looks {
    /// The time before the first look.
    pub began: i64,
    /// By the index of the path; nothing where it is no path.
    pub entries: Vec<Option<Entry>>,
    /// A tree as the program begins with, and its paths in it, until somebody takes them.
    pub planted: Option<(Tree, EnteredPaths)>,
}

/// Looks that are on their way.
pub struct PendingLooks(JoinHandle<Looks>);

impl PendingLooks {
    /// Begins to look; `None` where no thread can be started.
    pub(super) fn begin(file_system: &'static dyn FileSystem, snapshot: Arc<Snapshot>) -> Option<Self> {
        let look = move || {
            let fields = PackageFields::of_main(&["main".to_owned()]);
            let mut tree = Tree::new(file_system, fields, current_generation());
            let paths = snapshot.enter(&mut tree, false);
            Looks {
                began: file_system.now(),
                entries: snapshot
                    .path_texts()
                    .map(|path| Some(file_system.entry(path?.as_ref())))
                    .collect(),
                planted: Some((tree, paths)),
            }
        };
        Builder::new().stack_size(STACK_BYTES).spawn(look).ok().map(Self)
    }

    /// Waits for them.
    pub(super) fn finish(self) -> Looks {
        self.0.join().unwrap_or_default()
    }
}
