//! Looks at all that a snapshot rests on, in a thread of its own, while JavaScript loads the hook: most of a start's time with the core
//! goes there.

use std::sync::Arc;
use std::thread::{Builder, JoinHandle};

use super::Snapshot;
use crate::fs::{Entry, FileSystem};

/// A stack for what needs next to none.
const STACK_BYTES: usize = 128 * 1024;

/// What lay at the paths of a snapshot.
#[derive(Default)]
pub struct Looks {
    /// The time before the first look.
    pub began: i64,
    /// By the index of the path; nothing where it is no path.
    pub entries: Vec<Option<Entry>>,
}

/// Looks that are on their way.
pub struct PendingLooks(JoinHandle<Looks>);

impl PendingLooks {
    /// Begins to look; `None` where no thread can be started.
    pub(super) fn begin(file_system: &'static dyn FileSystem, snapshot: Arc<Snapshot>) -> Option<Self> {
        let look = move || Looks {
            began: file_system.now(),
            entries: snapshot
                .path_texts()
                .map(|path| Some(file_system.entry(path?.as_ref())))
                .collect(),
        };
        Builder::new().stack_size(STACK_BYTES).spawn(look).ok().map(Self)
    }

    /// Waits for them.
    pub(in crate::cache) fn finish(self) -> Looks {
        self.0.join().unwrap_or_default()
    }
}
