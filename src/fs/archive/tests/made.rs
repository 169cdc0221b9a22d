//! What is made for the tests: a disk, and archives on it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::fs::archive::ArchiveFileSystem;
use crate::fs::archive::crc32::crc32;
use crate::fs::{Entry, EntryType, FileContent, FileSystem, Link, Stamp};

pub(super) const SETTLED: i64 = 0;
pub(super) const NOW: i64 = 10_000_000_000;

/// Files and links by their path; what is above them is a directory.
#[derive(Default)]
pub(super) struct Disk {
    pub(super) files: Mutex<BTreeMap<String, (Vec<u8>, Stamp)>>,
    pub(super) links: BTreeMap<String, String>,
    pub(super) reads: AtomicUsize,
}

pub(super) fn stamp(inode: u64, size: usize, changed: i64) -> Stamp {
    Stamp {
        device: 1,
        inode,
        size: size as u64,
        modified: changed,
        changed,
    }
}

impl Disk {
    pub(super) fn put(&self, path: &str, bytes: &[u8], inode: u64, changed: i64) {
        let stamp = stamp(inode, bytes.len(), changed);
        self.files
            .lock()
            .unwrap()
            .insert(path.to_owned(), (bytes.to_vec(), stamp));
    }
}

impl FileSystem for Disk {
    fn entry(&self, path: &Path) -> Entry {
        let path = path.to_str().unwrap();
        let files = self.files.lock().unwrap();
        if self.links.contains_key(path) {
            return Entry::Link;
        }
        match files.get(path) {
            Some((_, stamp)) => Entry::File(*stamp),
            None if files.keys().any(|file| file.starts_with(&format!("{path}/"))) => {
                Entry::Directory(stamp(0, 0, SETTLED))
            }
            None => Entry::Missing,
        }
    }

    fn entry_type(&self, path: &Path) -> Option<EntryType> {
        match self.entry(path) {
            Entry::File(_) => Some(EntryType::File),
            Entry::Directory(_) => Some(EntryType::Directory),
            _ => None,
        }
    }

    fn read_link(&self, path: &Path) -> Link {
        match (self.entry(path), self.links.get(path.to_str().unwrap())) {
            (_, Some(text)) => Link::To(text.clone()),
            (Entry::Missing, _) => Link::Missing,
            _ => Link::No,
        }
    }

    fn read_file(&self, path: &Path) -> FileContent {
        self.reads.fetch_add(1, Ordering::Relaxed);
        match self.files.lock().unwrap().get(path.to_str().unwrap()) {
            Some((bytes, stamp)) => FileContent::Bytes(bytes.clone(), *stamp),
            None => FileContent::Missing,
        }
    }

    fn now(&self) -> i64 {
        NOW
    }
}

/// An entry of a zip file to be made.
#[derive(Debug, Clone)]
pub(super) struct New {
    pub(super) name: Vec<u8>,
    pub(super) content: Vec<u8>,
    pub(super) is_deflated: bool,
    pub(super) is_link: bool,
    /// What the local header has more than the central directory.
    pub(super) extra: usize,
}

pub(super) fn new(name: &str, content: &str) -> New {
    New {
        name: name.into(),
        content: content.into(),
        is_deflated: content.len() > 20,
        is_link: false,
        extra: 0,
    }
}

pub(super) fn link(name: &str, text: &str) -> New {
    New {
        is_link: true,
        ..new(name, text)
    }
}

pub(super) fn u16_of(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap().to_le_bytes()
}

pub(super) fn u32_of(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap().to_le_bytes()
}

/// A zip file, with a comment at its end.
pub(super) fn zip(entries: &[New], comment: &[u8]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let start = file.len();
        let packed = if entry.is_deflated {
            miniz_oxide::deflate::compress_to_vec(&entry.content, 6)
        } else {
            entry.content.clone()
        };
        // From the version that is needed up to the size of the name.
        let mut common = vec![20, 0, 0, 8];
        common.extend(u16_of(if entry.is_deflated { 8 } else { 0 }));
        common.extend([0; 4]);
        common.extend(crc32(&entry.content).to_le_bytes());
        common.extend(u32_of(packed.len()));
        common.extend(u32_of(entry.content.len()));
        common.extend(u16_of(entry.name.len()));
        file.extend(b"PK\x03\x04");
        file.extend(&common);
        file.extend(u16_of(entry.extra));
        file.extend(&entry.name);
        file.extend(vec![0; entry.extra]);
        file.extend(&packed);
        directory.extend(b"PK\x01\x02\x14\x03");
        directory.extend(&common);
        directory.extend([0; 8]);
        let mode: usize = if entry.is_link { 0o120_777 } else { 0o100_644 };
        directory.extend(u32_of(mode << 16));
        directory.extend(u32_of(start));
        directory.extend(&entry.name);
    }
    let start = file.len();
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(u16_of(entries.len()));
    file.extend(u16_of(entries.len()));
    file.extend(u32_of(directory.len()));
    file.extend(u32_of(start));
    file.extend(u16_of(comment.len()));
    file.extend(comment);
    file
}

pub(super) fn with_archive(bytes: &[u8]) -> ArchiveFileSystem<Disk> {
    let disk = Disk::default();
    disk.put("/c/a.zip", bytes, 7, SETTLED);
    disk.put("/c/plain.js", b"plain", 8, SETTLED);
    ArchiveFileSystem::new(disk)
}

pub(super) fn text(file_system: &ArchiveFileSystem<Disk>, path: &str) -> String {
    match file_system.read_file(path.as_ref()) {
        FileContent::Bytes(bytes, _) => String::from_utf8(bytes).unwrap(),
        content => format!("{content:?}"),
    }
}

/// What lies at a path, in a word.
pub(super) fn kind(file_system: &ArchiveFileSystem<Disk>, path: &str) -> String {
    match file_system.entry(path.as_ref()) {
        Entry::File(_) => "file".to_owned(),
        Entry::Directory(_) => "directory".to_owned(),
        Entry::Link => match file_system.read_link(path.as_ref()) {
            Link::To(text) => format!("-> {text}"),
            link => format!("{link:?}"),
        },
        entry => format!("{entry:?}"),
    }
}

pub(super) fn patched(bytes: &[u8], mark: &[u8], at: usize, with: &[u8]) -> Vec<u8> {
    let mut patched = bytes.to_vec();
    let start = bytes.windows(mark.len()).rposition(|window| window == mark).unwrap() + at;
    patched[start..start + with.len()].copy_from_slice(with);
    patched
}
