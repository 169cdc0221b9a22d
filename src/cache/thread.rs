//! The memories of this process. Each belongs to one thread; what is written at the end is that of all.

use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::thread::{ThreadId, current};

use once_cell::sync::OnceCell;

use super::snapshot::{FoundSnapshot, Snapshot, SnapshotFile, Trust};
use super::tree::Tree;
use super::{Believe, Memory, current_generation, invalidations, lock};
use crate::fs::FileSystem;
use crate::package_json::PackageFields;

/// What threads that have ended have learnt is kept for the end, for no more files than this.
const MAXIMUM_LEFT: usize = 16;

struct Registered {
    thread: ThreadId,
    memory: Weak<Mutex<Memory>>,
    #[expect(dead_code, reason = "what is written at the end has to live until then")]
    kept: Option<Arc<Mutex<Memory>>>,
}

static MEMORIES: Mutex<Vec<Registered>> = Mutex::new(Vec::new());
/// What threads that have ended have recorded, one for each file.
static LEFT: Mutex<Vec<Left>> = Mutex::new(Vec::new());
/// The first thread that remembers anything, which in most processes is the main thread. Its memories live to the end.
static FIRST_THREAD: OnceCell<ThreadId> = OnceCell::new();

struct Left {
    file: SnapshotFile,
    recorded: Arc<Snapshot>,
    is_written: bool,
}

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
        let (ended, others): (Vec<_>, _) = memories.drain(..).partition(|known| known.thread == self.0);
        *memories = others;
        drop(memories);
        for memory in living(&ended) {
            leave(&mut lock(&memory));
        }
    }
}

/// Keeps what a memory has learnt, together with what others have left for the same file.
fn leave(memory: &mut Memory) {
    let Some(file) = memory.file().filter(|_| memory.has_learnt()).cloned() else {
        return;
    };
    let mut left = lock(&LEFT);
    let place = left.iter().position(|left| left.file == file);
    let others = place.map(|place| left.swap_remove(place).recorded);
    if let Some(recorded) = snapshot_of(memory, others.as_slice())
        && left.len() < MAXIMUM_LEFT
    {
        left.push(Left {
            file,
            recorded,
            is_written: false,
        });
    }
}

fn snapshot_of(memory: &mut Memory, others: &[Arc<Snapshot>]) -> Option<Arc<Snapshot>> {
    let bytes = memory.record(others)?;
    Snapshot::new(bytes, memory.file()?.key()).ok().map(Arc::new)
}

fn living(registered: &[Registered]) -> Vec<Arc<Mutex<Memory>>> {
    registered.iter().filter_map(|known| known.memory.upgrade()).collect()
}

/// A memory for this thread.
#[must_use]
pub fn new_memory(
    file_system: &'static dyn FileSystem,
    fields: &PackageFields,
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
        .find_map(|memory| lock(memory).tree_for(file_system, fields, believe));
    let (mut found, state) = SnapshotFile::read_any(file.as_ref());
    let planted = found.as_mut().and_then(FoundSnapshot::finish_looks);
    // Where installations are believed, paths are entered with their records.
    let is_plain = file.as_ref().is_none_or(|file| file.trust() != Trust::Installation);
    let planted = planted.filter(|(planted, _)| tree.is_none() && is_plain && planted.is_for(file_system, fields));
    let (planted, entered) = planted.unzip();
    let tree = tree.unwrap_or_else(|| {
        let tree = planted.unwrap_or_else(|| Tree::new(file_system, fields.clone(), current_generation()));
        Arc::new(Mutex::new(tree))
    });
    let is_written = file.is_some();
    let memory = Memory::new(tree, believe, file, (found, state), entered);
    let memory = Arc::new(Mutex::new(memory));
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
    living(&lock(&MEMORIES))
}

/// Forgets, in all threads, what rests on this path or anything below.
pub fn invalidate_all(path: &str) {
    invalidations::announce(Some(path));
}

/// Forgets everything, in all threads. What is in use at this moment is forgotten when it is next asked.
pub fn clear_all() {
    invalidations::announce(None);
    for memory in memories() {
        if let Ok(mut memory) = memory.try_lock() {
            memory.hear();
        }
    }
    crate::fs::give_memory_back();
}

/// Writes the snapshots for which there is something new; how many were written. What can't be written is written by a later
/// process.
#[must_use = "nobody else tells whether anything was written"]
pub fn save_all() -> u32 {
    let mut left = lock(&LEFT);
    let memories = memories();
    // One that is in use at this moment belongs to a thread that goes on.
    let mut idle: Vec<MutexGuard<'_, Memory>> = memories.iter().filter_map(|memory| memory.try_lock().ok()).collect();
    let mut files: Vec<SnapshotFile> = idle.iter().filter_map(|memory| memory.file().cloned()).collect();
    files.extend(left.iter().map(|left| left.file.clone()));
    let mut written = 0;
    while let Some(file) = files.pop() {
        files.retain(|other| *other != file);
        let mut of_file: Vec<&mut Memory> = idle.iter_mut().map(|memory| &mut **memory).collect();
        of_file.retain(|memory| memory.file() == Some(&file));
        let left = left.iter_mut().find(|left| left.file == file);
        let is_new =
            of_file.iter().any(|memory| memory.has_learnt()) || left.as_ref().is_some_and(|left| !left.is_written);
        if is_new {
            written += u32::from(save(&file, &mut of_file, left));
        }
    }
    written
}

/// Writes one snapshot of what threads that run, and threads that have ended, know.
fn save(file: &SnapshotFile, memories: &mut [&mut Memory], left: Option<&mut Left>) -> bool {
    let mut others: Vec<Arc<Snapshot>> = left.iter().map(|left| left.recorded.clone()).collect();
    let bytes = match memories.split_first_mut() {
        Some((first, rest)) => {
            others.extend(rest.iter_mut().filter_map(|memory| snapshot_of(memory, &[])));
            first.record(&others)
        }
        None => others.first().map(|left| left.as_bytes().to_vec()),
    };
    if let Some(left) = left {
        left.is_written = true;
    }
    bytes.is_some_and(|bytes| file.write(&bytes).is_ok())
}

/// Has what was learnt written when the process ends, and asks nothing of JavaScript for it: a listener of `exit` would count as
/// one of the program's.
pub fn write_at_exit() {
    static ONCE: OnceCell<()> = OnceCell::new();
    ONCE.get_or_init(|| {
        crate::fs::at_exit(|| {
            let _ = save_all();
        });
    });
}
