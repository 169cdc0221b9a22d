//! Where the snapshot lies, and what became of it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use xxhash_rust::xxh3::xxh3_64;

use super::Snapshot;
use super::format::MAXIMUM_BYTES;
use super::looks::{Looks, PendingLooks};
use super::reader::EnteredPaths;
use crate::cache::tree::Tree;
use crate::fs::{FileSystem, OWN_FILES, PrivateDirectory, PrivateFile, current_user};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The place of a snapshot, and what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotFile {
    directory: PathBuf,
    program: String,
    key: String,
    is_first: bool,
    trust: Trust,
}

/// What of a snapshot is believed without being looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trust {
    /// Nothing.
    #[default]
    Nothing,
    /// What lies in `node_modules`, while the package manager's record of the installation has its stamp.
    Installation,
    /// Everything.
    Everything,
}

/// What became of the snapshot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum SnapshotState {
    /// There is none for these options, or it is turned off.
    #[default]
    Off,
    /// There was none when the process began.
    None(PathBuf),
    /// There was one, and it is not used, for this reason.
    Ignored(PathBuf, String),
    /// It is used.
    Used(PathBuf),
}

impl SnapshotFile {
    /// The snapshot of a program with these options, of this user, in a directory.
    #[must_use]
    pub fn new(directory: PathBuf, program: &str, options: &str, trust: Trust) -> Self {
        Self {
            directory,
            is_first: true,
            program: program.to_owned(),
            key: format!("fast-resolve {VERSION}\n{}\n{program}\n{options}", current_user()),
            trust,
        }
    }

    /// That of options which came later than those that the program began with.
    #[must_use]
    pub fn of_later_options(self) -> Self {
        Self {
            is_first: false,
            ..self
        }
    }

    /// What of it is believed.
    #[must_use]
    pub fn trust(&self) -> Trust {
        self.trust
    }

    /// What the snapshot is for.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The same, if there is to be a file at all.
    pub(in crate::cache) fn read_any(file: Option<&Self>) -> (Option<FoundSnapshot>, SnapshotState) {
        file.map_or((None, SnapshotState::Off), Self::read)
    }

    /// Reads the snapshot, if there is one that may be used.
    #[must_use]
    pub fn read(&self) -> (Option<FoundSnapshot>, SnapshotState) {
        let path = self.directory.join(self.name());
        if let Some(found) = take_opened(&path).filter(|found| found.snapshot.is_for(&self.key)) {
            return (Some(found), SnapshotState::Used(path));
        }
        let bytes = match PrivateDirectory::new(&self.directory).read(&self.name(), MAXIMUM_BYTES) {
            PrivateFile::Bytes(bytes) => bytes,
            PrivateFile::Missing => return (None, SnapshotState::None(path)),
            PrivateFile::Refused(reason) => return (None, SnapshotState::Ignored(path, reason)),
        };
        match Snapshot::new(bytes, &self.key) {
            Ok(snapshot) => (Some(FoundSnapshot::new(snapshot)), SnapshotState::Used(path)),
            Err(reason) => (None, SnapshotState::Ignored(path, reason.to_owned())),
        }
    }

    /// Replaces the snapshot. Readers see the old one or the new one, never a part.
    ///
    /// # Errors
    /// Those of the file system; the old snapshot stays.
    pub fn write(&self, bytes: &[u8]) -> std::io::Result<()> {
        PrivateDirectory::new(&self.directory).write(&self.name(), bytes)
    }

    fn name(&self) -> String {
        let program = name_of(&self.program);
        if self.is_first {
            format!("{program}{OWN_FILES}")
        } else {
            format!("{program}-{:016x}{OWN_FILES}", xxh3_64(self.key.as_bytes()))
        }
    }
}

/// Names of files have at most 255 bytes, and a new one is written under a longer name first.
const LONGEST_NAME: usize = 150;

/// As `encodeURIComponent`, and the end of it: a preload finds the file by that (`lib/resolve/find_snapshot.js`).
fn name_of(program: &str) -> String {
    let encode = |byte: u8| match byte {
        b'-' | b'_' | b'.' | b'!' | b'~' | b'*' | b'\'' | b'(' | b')' => char::from(byte).to_string(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    let mut name: String = program.bytes().map(encode).collect();
    name.split_off(name.len().saturating_sub(LONGEST_NAME))
}

/// A snapshot that may be used.
pub struct FoundSnapshot {
    pub(in crate::cache) snapshot: Arc<Snapshot>,
    /// What looks at its paths meanwhile.
    pending: Option<PendingLooks>,
    /// What that has seen.
    pub(in crate::cache) looks: Option<Looks>,
}

impl FoundSnapshot {
    /// Waits for what was looked at meanwhile, and gives the tree that has its paths.
    pub(in crate::cache) fn finish_looks(&mut self) -> Option<(Tree, EnteredPaths)> {
        let mut looks = self.pending.take()?.finish();
        let planted = looks.planted.take();
        self.looks = Some(looks);
        planted
    }

    /// What was in the file.
    #[must_use]
    pub fn snapshot(&self) -> &Arc<Snapshot> {
        &self.snapshot
    }

    fn new(snapshot: Snapshot) -> Self {
        Self {
            snapshot: Arc::new(snapshot),
            pending: None,
            looks: None,
        }
    }
}

/// The file that was opened last: its answers are wanted next, and its code.
static OPENED: Mutex<Option<(PathBuf, FoundSnapshot)>> = Mutex::new(None);

/// What was opened, with the looks, which are wanted once.
fn take_opened(path: &Path) -> Option<FoundSnapshot> {
    let mut opened = OPENED.lock().ok()?;
    let (_, found) = opened.as_mut().filter(|(known, _)| known == path)?;
    Some(FoundSnapshot {
        snapshot: found.snapshot.clone(),
        pending: found.pending.take(),
        looks: None,
    })
}

/// Reads a snapshot that may be used, and has a thread look at what its answers rest on, if there is a file system to look at; whether there
/// is one.
#[must_use]
pub fn open(file_system: Option<&'static dyn FileSystem>, directory: &Path, name: &str) -> bool {
    let Some(snapshot) = read(directory, name) else {
        return false;
    };
    let mut found = FoundSnapshot::new(snapshot);
    found.pending = file_system.and_then(|file_system| PendingLooks::begin(file_system, found.snapshot.clone()));
    let Ok(mut opened) = OPENED.lock() else { return false };
    *opened = Some((directory.join(name), found));
    true
}

/// What V8 made of the hook's text of this key, from a snapshot that may be used.
#[must_use]
pub fn read_code(directory: &Path, name: &str, key: &str) -> Option<Vec<u8>> {
    let path = directory.join(name);
    let opened = OPENED.lock().ok()?;
    match opened.as_ref().filter(|(known, _)| *known == path) {
        Some((_, found)) => found.snapshot.code(key).map(<[u8]>::to_vec),
        None => read(directory, name)?.code(key).map(<[u8]>::to_vec),
    }
}

fn read(directory: &Path, name: &str) -> Option<Snapshot> {
    let PrivateFile::Bytes(bytes) = PrivateDirectory::new(directory).read(name, MAXIMUM_BYTES) else {
        return None;
    };
    Snapshot::of_anybody(bytes).ok()
}
