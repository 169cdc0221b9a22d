//! The memories of this process: one for each set of options, shared by all threads.

use std::sync::{Arc, Weak};

use dashmap::DashMap;
use once_cell::sync::OnceCell;

use super::snapshot::SnapshotFile;
use super::{Memory, PackageJsons, generation};
use crate::runtime::{Policy, ResolveOptions};

struct Registered {
    memory: Weak<Memory>,
    #[expect(
        dead_code,
        reason = "what is written at the end of the process has to live until then"
    )]
    kept: Option<Arc<Memory>>,
}

/// The memory for these options and this snapshot.
#[must_use]
pub fn shared_memory(options: &ResolveOptions, file: Option<SnapshotFile>) -> Arc<Memory> {
    let key = key_of(options, file.as_ref());
    if let Some(memory) = memories().get(&key).and_then(|known| known.memory.upgrade()) {
        return memory;
    }
    memories().retain(|_, known| known.memory.strong_count() > 0);
    let mut entry = memories().entry(key).or_insert_with(|| Registered {
        memory: Weak::new(),
        kept: None,
    });
    // Another thread may have been quicker.
    entry.memory.upgrade().unwrap_or_else(|| {
        let is_written = file.is_some();
        let memory = Arc::new(Memory::new(&options.main_fields, file));
        *entry = Registered {
            memory: Arc::downgrade(&memory),
            kept: is_written.then(|| memory.clone()),
        };
        memory
    })
}

/// All memories that are in use.
#[must_use]
pub fn all_memories() -> Vec<Arc<Memory>> {
    memories().iter().filter_map(|known| known.memory.upgrade()).collect()
}

/// Forgets, in all threads, what rests on this path or anything below.
pub fn invalidate_all(path: &str) {
    for memory in all_memories() {
        memory.invalidate(path);
    }
    for package_jsons in PackageJsons::all_shared() {
        package_jsons.forget(path);
    }
    generation::begin_new();
}

/// Forgets everything, in all threads.
pub fn clear_all() {
    for memory in all_memories() {
        memory.clear();
    }
    for package_jsons in PackageJsons::all_shared() {
        package_jsons.clear();
    }
    generation::begin_new();
}

/// Writes the snapshots of those that have learnt something; how many were written. What can't be written is written by a
/// later process.
#[must_use]
pub fn save_all() -> u32 {
    let mut written = 0;
    for memory in all_memories() {
        written += u32::from(memory.save().unwrap_or(false));
    }
    written
}

/// The running Node's own facts are the same for all of its resolvers, whether or not they were asked for.
fn key_of(options: &ResolveOptions, file: Option<&SnapshotFile>) -> String {
    let builtins = match (options.policy, &options.builtins) {
        (Policy::Specification, Some(builtins)) => !builtins.is_empty(),
        _ => true,
    };
    let asked = ResolveOptions {
        slash_imports: None,
        builtins: None,
        ..options.clone()
    };
    format!("{asked:?} {builtins} {file:?}")
}

fn memories() -> &'static DashMap<String, Registered> {
    static MEMORIES: OnceCell<DashMap<String, Registered>> = OnceCell::new();
    MEMORIES.get_or_init(DashMap::new)
}
