//! The memories of this process. Each belongs to one thread; what is written at the end is that of all.

use std::sync::{Arc, Mutex, Weak};
use std::thread::{ThreadId, current};

use once_cell::sync::OnceCell;

use super::memory::lock;
use super::snapshot::{Snapshot, SnapshotFile};
use super::tree::Tree;
use super::{Believe, Memory, invalidations};
use crate::fs::FileSystem;

/// Of threads that have ended, what no more than so many have learnt is kept for the end.
const MAXIMUM_LEFT: usize = 16;

struct Registered {
    thread: ThreadId,
    memory: Weak<Mutex<Memory>>,
    #[expect(dead_code, reason = "what is written at the end has to live until then")]
    kept: Option<Arc<Mutex<Memory>>>,
}

static MEMORIES: Mutex<Vec<Registered>> = Mutex::new(Vec::new());
/// What threads that have ended have recorded.
static LEFT: Mutex<Vec<(SnapshotFile, Arc<Snapshot>)>> = Mutex::new(Vec::new());
/// The first thread that remembers anything, which in most processes is the main thread. Its memories live to the end.
static FIRST_THREAD: OnceCell<ThreadId> = OnceCell::new();

thread_local! {
    static END_OF_THREAD: EndOfThread = EndOfThread(current().id());
}

struct EndOfThread(ThreadId);

impl Drop for EndOfThread {
    /// Leaves to the process what a thread has learnt.
    fn drop(&mut self) {
        if FIRST_THREAD.get() == Some(&self.0) {
            return;
        }
        let mut memories = lock(&MEMORIES);
        let (ended, others) = memories.drain(..).partition(|known| known.thread == self.0);
        *memories = others;
        drop(memories);
        for memory in living(ended) {
            let mut memory = lock(&memory);
            let recorded = memory.record(&[]);
            if let (Some(bytes), Some(file)) = (recorded, memory.file())
                && let Ok(snapshot) = Snapshot::new(bytes, file.key())
            {
                let mut left = lock(&LEFT);
                if left.len() < MAXIMUM_LEFT {
                    left.push((file.clone(), Arc::new(snapshot)));
                }
            }
        }
    }
}

fn living(registered: Vec<Registered>) -> Vec<Arc<Mutex<Memory>>> {
    registered.iter().filter_map(|known| known.memory.upgrade()).collect()
}

/// A memory for this thread.
#[must_use]
pub fn new_memory(
    file_system: &'static dyn FileSystem,
    main_fields: &[String],
    believe: Believe,
    file: Option<SnapshotFile>,
) -> Arc<Mutex<Memory>> {
    let thread = current().id();
    FIRST_THREAD.get_or_init(|| thread);
    END_OF_THREAD.with(|_| ());
    let of_thread = |known: &Registered| (known.thread == thread).then(|| known.memory.upgrade())?;
    let neighbours: Vec<_> = lock(&MEMORIES).iter().filter_map(of_thread).collect();
    let tree = neighbours
        .iter()
        .find_map(|memory| lock(memory).shares_tree(main_fields));
    let tree = tree.unwrap_or_else(|| Arc::new(Mutex::new(Tree::new(file_system, main_fields.to_vec()))));
    let is_written = file.is_some();
    let memory = Arc::new(Mutex::new(Memory::new(tree, believe, file)));
    let mut memories = lock(&MEMORIES);
    memories.retain(|known| known.memory.strong_count() > 0);
    memories.push(Registered {
        thread,
        memory: Arc::downgrade(&memory),
        kept: is_written.then(|| memory.clone()),
    });
    memory
}

/// All memories that are in use.
#[must_use]
pub fn memories() -> Vec<Arc<Mutex<Memory>>> {
    lock(&MEMORIES)
        .iter()
        .filter_map(|known| known.memory.upgrade())
        .collect()
}

/// Forgets, in all threads, what rests on this path or anything below.
pub fn invalidate_all(path: &str) {
    invalidations::announce(Some(path));
}

/// Forgets everything, in all threads.
pub fn clear_all() {
    invalidations::announce(None);
}

/// Writes the snapshots for which there is something new; how many were written. What can't be written is written by a later
/// process.
pub fn save_all() -> u32 {
    let mut left = std::mem::take(&mut *lock(&LEFT));
    let mut saved: Vec<SnapshotFile> = Vec::new();
    let mut written = 0;
    for memory in memories() {
        // One that is in use at this moment belongs to a thread that goes on.
        let Ok(mut memory) = memory.try_lock() else { continue };
        let Some(file) = memory.file().cloned() else { continue };
        // What other threads with the same file have learnt comes with the first one's.
        if saved.contains(&file) {
            continue;
        }
        let (mine, others) = left.into_iter().partition::<Vec<_>, _>(|(other, _)| *other == file);
        left = others;
        let mut recorded: Vec<Arc<Snapshot>> = mine.into_iter().map(|(_, snapshot)| snapshot).collect();
        recorded.extend(recorded_by_others(&file));
        if let Some(bytes) = memory.record(&recorded) {
            written += u32::from(file.write(&bytes).is_ok());
        }
        saved.push(file);
    }
    // Threads that ran a program of their own.
    for (file, snapshot) in left {
        written += u32::from(file.write(snapshot.as_bytes()).is_ok());
    }
    written
}

/// What the memories of other threads that still run have to add. (That of the caller is locked.)
fn recorded_by_others(file: &SnapshotFile) -> Vec<Arc<Snapshot>> {
    let record = |memory: Arc<Mutex<Memory>>| {
        let mut memory = memory.try_lock().ok()?;
        let bytes = if memory.file() == Some(file) {
            memory.record(&[])?
        } else {
            return None;
        };
        Snapshot::new(bytes, file.key()).ok().map(Arc::new)
    };
    memories().into_iter().filter_map(record).collect()
}

/// Has what was learnt written when the process ends, and asks nothing of JavaScript for it: a listener of `exit` would count as
/// one of the program's.
pub fn write_at_exit() {
    static ONCE: OnceCell<()> = OnceCell::new();
    ONCE.get_or_init(|| {
        crate::fs::at_exit(|| {
            save_all();
        })
    });
}
