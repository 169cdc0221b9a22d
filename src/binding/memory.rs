//! What is remembered, as JavaScript sees it.

#![expect(clippy::cast_precision_loss, reason = "no process counts that far")]

use napi_derive::napi;

use crate::cache::snapshot::SnapshotState;
use crate::cache::{Stats, clear_all, current_generation, invalidate_all, memories, save_all};
use crate::fs::{EntryType, FileSystem, OsFileSystem};
use crate::path::AbsolutePath;

/// Numbers of this process, all threads and all options together.
#[napi(object, object_from_js = false)]
pub struct JsStats {
    /// Answers repeated from this process.
    pub process_hits: f64,
    /// Answers taken from a snapshot.
    pub snapshot_hits: f64,
    /// Requests that the algorithm was run for.
    pub misses: f64,
    /// System calls made.
    pub system_calls: f64,
    /// Answers held.
    pub entries: f64,
    /// Bytes held, about.
    pub bytes: f64,
    /// What became of each snapshot.
    pub snapshots: Vec<JsSnapshotStats>,
}

/// One snapshot.
#[napi(object, object_from_js = false)]
pub struct JsSnapshotStats {
    /// `used`, `none`, `ignored` or `off`.
    pub state: String,
    /// Why it is not used.
    pub reason: Option<String>,
    /// Where it lies.
    pub path: Option<String>,
    /// Answers in it.
    pub entries: f64,
    /// Its bytes.
    pub bytes: f64,
    /// Directories and package.json files that its answers rest on.
    pub proofs: f64,
}

/// How often something was to be forgotten.
#[napi(catch_unwind)]
#[must_use]
pub fn generation() -> u32 {
    current_generation()
}

/// Whether a path leads to a file at this moment.
#[napi(catch_unwind)]
#[must_use]
pub fn is_file(path: String) -> bool {
    OsFileSystem.entry_type(path.as_ref()) == Some(EntryType::File)
}

/// Forgets, in all threads, what rests on this path or anything below.
#[napi(catch_unwind)]
pub fn invalidate(path: String) {
    if let Some(path) = AbsolutePath::new(&path) {
        invalidate_all(path.as_str());
    }
}

/// Forgets everything, in all threads.
#[napi(catch_unwind)]
pub fn clear_cache() {
    clear_all();
}

/// Writes the snapshots that have something new to keep; how many were written.
#[napi(catch_unwind)]
#[must_use]
pub fn save_snapshots() -> u32 {
    save_all()
}

/// The numbers of this process.
#[napi(catch_unwind)]
#[must_use]
pub fn stats() -> JsStats {
    let all: Vec<Stats> = memories()
        .iter()
        .filter_map(|memory| memory.try_lock().ok().map(|memory| memory.stats()))
        .collect();
    let sum = |field: fn(&Stats) -> u64| all.iter().map(field).sum::<u64>() as f64;
    JsStats {
        process_hits: sum(|stats| stats.process_hits),
        snapshot_hits: sum(|stats| stats.snapshot_hits),
        misses: sum(|stats| stats.misses),
        system_calls: OsFileSystem.system_calls() as f64,
        entries: sum(|stats| stats.entries as u64),
        bytes: sum(|stats| stats.bytes as u64),
        snapshots: all.iter().map(JsSnapshotStats::from).collect(),
    }
}

impl From<&Stats> for JsSnapshotStats {
    fn from(stats: &Stats) -> Self {
        let (name, reason, path) = match &stats.snapshot {
            SnapshotState::Off => ("off", None, None),
            SnapshotState::None(path) => ("none", None, Some(path)),
            SnapshotState::Ignored(path, reason) => ("ignored", Some(reason.clone()), Some(path)),
            SnapshotState::Used(path) => ("used", None, Some(path)),
        };
        Self {
            state: name.to_owned(),
            reason,
            path: path.map(|path| path.to_string_lossy().into_owned()),
            entries: stats.snapshot_entries as f64,
            bytes: stats.snapshot_bytes as f64,
            proofs: stats.snapshot_proofs as f64,
        }
    }
}
