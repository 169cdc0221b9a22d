//! Archives that are made here, in a file system that is made here.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;

use super::crc32::crc32;
use super::zip::Unreadable::{Disk as Changed, Malformed, Refused};
use super::zip::{Archive, Item};
use super::{ArchiveFileSystem, MAXIMUM_BYTES, Place, archive_end};
use crate::fs::{Entry, EntryType, FileContent, FileSystem, Link, Stamp};

const SETTLED: i64 = 0;
const NOW: i64 = 10_000_000_000;

/// Files and links by their path; what is above them is a directory.
#[derive(Default)]
struct Disk {
    files: Mutex<BTreeMap<String, (Vec<u8>, Stamp)>>,
    links: BTreeMap<String, String>,
    reads: AtomicUsize,
}

fn stamp(inode: u64, size: usize, changed: i64) -> Stamp {
    Stamp {
        device: 1,
        inode,
        size: size as u64,
        modified: changed,
        changed,
    }
}

impl Disk {
    fn put(&self, path: &str, bytes: &[u8], inode: u64, changed: i64) {
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
struct New {
    name: Vec<u8>,
    content: Vec<u8>,
    is_deflated: bool,
    is_link: bool,
    /// What the local header has more than the central directory.
    extra: usize,
}

fn new(name: &str, content: &str) -> New {
    New {
        name: name.into(),
        content: content.into(),
        is_deflated: content.len() > 20,
        is_link: false,
        extra: 0,
    }
}

fn link(name: &str, text: &str) -> New {
    New {
        is_link: true,
        ..new(name, text)
    }
}

fn u16_of(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap().to_le_bytes()
}

fn u32_of(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap().to_le_bytes()
}

/// A zip file, with a comment at its end.
fn zip(entries: &[New], comment: &[u8]) -> Vec<u8> {
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

fn with_archive(bytes: &[u8]) -> ArchiveFileSystem<Disk> {
    let disk = Disk::default();
    disk.put("/c/a.zip", bytes, 7, SETTLED);
    disk.put("/c/plain.js", b"plain", 8, SETTLED);
    ArchiveFileSystem::new(disk)
}

fn text(file_system: &ArchiveFileSystem<Disk>, path: &str) -> String {
    match file_system.read_file(path.as_ref()) {
        FileContent::Bytes(bytes, _) => String::from_utf8(bytes).unwrap(),
        content => format!("{content:?}"),
    }
}

/// What lies at a path, in a word.
fn kind(file_system: &ArchiveFileSystem<Disk>, path: &str) -> String {
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

#[test]
fn archives_are_directories() {
    let long = "x".repeat(10_000);
    let bytes = zip(
        &[
            new("node_modules/a/package.json", "{}"),
            new("node_modules/a-b", "stored"),
            new("node_modules/a/lib/long.js", &long),
            new("empty/", ""),
            new("both/", ""),
            new("both", "a file as well"),
            new("twice", "first"),
            new("twice", "second"),
            new("/absolute", "left out"),
            new("./up/../over//there", "normalised"),
        ],
        b"PK\x05\x06 in a comment",
    );
    let file_system = with_archive(&bytes);
    for (path, expected) in [
        ("/c/a.zip", "directory"),
        ("/c/a.zip/node_modules", "directory"),
        ("/c/a.zip/node_modules/a", "directory"),
        ("/c/a.zip/node_modules/a/package.json", "file"),
        ("/c/a.zip/node_modules/a-b", "file"),
        ("/c/a.zip/node_modules/a/package.json/x", "Missing"),
        ("/c/a.zip/empty", "directory"),
        ("/c/a.zip/both", "directory"),
        ("/c/a.zip/node", "Missing"),
        ("/c/a.zip/absolute", "Missing"),
        ("/c/a.zip/up", "Missing"),
        ("/c/b.zip/node_modules", "Missing"),
        ("/c/plain.js", "file"),
    ] {
        assert_eq!(kind(&file_system, path), expected, "{path}");
        let expected = match expected {
            "file" => Some(EntryType::File),
            "directory" => Some(EntryType::Directory),
            _ => None,
        };
        assert_eq!(file_system.entry_type(path.as_ref()), expected, "{path}");
    }
    for (path, expected) in [
        ("/c/a.zip/node_modules/a/package.json", "{}"),
        ("/c/a.zip/node_modules/a/lib/long.js", long.as_str()),
        ("/c/a.zip/twice", "second"),
        ("/c/a.zip/over/there", "normalised"),
        ("/c/a.zip/node_modules", "NoFile"),
        ("/c/a.zip/nothing", "Missing"),
        ("/c/plain.js", "plain"),
    ] {
        assert_eq!(text(&file_system, path), expected, "{path}");
    }
    assert!(matches!(file_system.read_file("/c/a.zip".as_ref()), FileContent::Bytes(all, _) if all == bytes));
    let part = file_system.read_part("/c/a.zip/twice".as_ref(), 2, 3);
    assert_eq!(
        part,
        FileContent::Bytes(b"con".to_vec(), stamp(7, bytes.len(), SETTLED))
    );
    assert_eq!(file_system.read_link("/c/a.zip/twice".as_ref()), Link::No);
    assert_eq!(file_system.read_link("/c/a.zip/nothing".as_ref()), Link::Missing);
}

#[test]
fn links_in_an_archive_stay_in_it() {
    let bytes = zip(
        &[
            new("d/file", "in d"),
            link("to-d", "d"),
            link("d/up", "../to-d/file"),
            link("root", "/d"),
            link("out", "../../../../d/file"),
            link("loop", "loop"),
            link("d/dots", "../to-d/./../d//file"),
        ],
        b"",
    );
    let file_system = with_archive(&bytes);
    for (path, expected, content) in [
        ("/c/a.zip/to-d", "-> /c/a.zip/d", "Link"),
        ("/c/a.zip/to-d/file", "file", "in d"),
        ("/c/a.zip/to-d/up", "-> /c/a.zip/to-d/file", "Link"),
        ("/c/a.zip/root", "-> /c/a.zip/d", "Link"),
        ("/c/a.zip/root/file", "file", "in d"),
        ("/c/a.zip/out", "-> /c/a.zip/d/file", "Link"),
        ("/c/a.zip/loop/x", "Missing", "Missing"),
    ] {
        assert_eq!(kind(&file_system, path), expected, "{path}");
        assert_eq!(text(&file_system, path), content, "{path}");
    }
    for (path, expected) in [
        ("/c/a.zip/to-d", Some(EntryType::Directory)),
        ("/c/a.zip/to-d/up", Some(EntryType::File)),
        ("/c/a.zip/out", Some(EntryType::File)),
        ("/c/a.zip/d/dots", Some(EntryType::File)),
        ("/c/a.zip/loop", None),
    ] {
        assert_eq!(file_system.entry_type(path.as_ref()), expected, "{path}");
    }
}

#[test]
fn only_unix_has_links() {
    let bytes = zip(&[link("link", "file")], b"");
    assert_eq!(kind(&with_archive(&bytes), "/c/a.zip/link"), "-> /c/a.zip/file");
    let elsewhere = patched(&bytes, b"PK\x01\x02", 5, &[0]);
    assert_eq!(kind(&with_archive(&elsewhere), "/c/a.zip/link"), "file");
}

#[test]
fn virtual_paths_lead_to_others() {
    let bytes = zip(&[new("n/file", "in the archive"), link("n/link", "file")], b"");
    let mut disk = Disk::default();
    disk.put("/p/.yarn/cache/a.zip", &bytes, 7, SETTLED);
    disk.put("/p/w/file", b"beside", 8, SETTLED);
    disk.put("/q/x", b"elsewhere", 9, SETTLED);
    disk.links.insert("/p/w/link".to_owned(), "../../q/x".to_owned());
    let file_system = ArchiveFileSystem::new(disk);
    let of_archive = "/p/.yarn/__virtual__/a-1a/0/cache/a.zip";
    let of_workspace = "/p/.yarn/__virtual__/w-1a/1/w";
    assert_eq!(text(&file_system, &format!("{of_archive}/n/file")), "in the archive");
    assert_eq!(text(&file_system, &format!("{of_workspace}/file")), "beside");
    assert_eq!(
        kind(&file_system, &format!("{of_archive}/n/link")),
        format!("-> {of_archive}/n/file")
    );
    assert_eq!(
        kind(&file_system, &format!("{of_workspace}/link")),
        "-> /p/.yarn/__virtual__/w-1a/2/q/x"
    );
    assert_eq!(text(&file_system, "/p/.yarn/__virtual__/w-1a/2/q/x"), "elsewhere");
    // Whoever goes there step by step meets directories only.
    let mut above = Some(Path::new(of_archive));
    while let Some(path) = above.filter(|path| path != &Path::new("/")) {
        assert!(
            matches!(file_system.entry(path), Entry::Directory(_)),
            "{}",
            path.display()
        );
        above = path.parent();
    }
    assert_eq!(kind(&file_system, "/p/w/link"), "-> ../../q/x");
}

#[test]
fn segments_count_as_archives_as_yarn_has_it() {
    for (path, expected) in [
        ("/a.zip", vec![6]),
        ("/a.zip/b", vec![6]),
        ("/a.zip/b.zip/c", vec![6, 12]),
        ("/a.zipper/b.zip/c", vec![15]),
        ("/.zip/b", vec![5]),
        ("/.zip", vec![]),
        ("/.zipper/b.zip/c", vec![]),
        ("/a/b", vec![]),
        ("/a.zipb", vec![]),
    ] {
        let ends = std::iter::successors(archive_end(path, 0), |end| archive_end(path, *end));
        assert_eq!(ends.collect::<Vec<_>>(), expected, "{path}");
    }
    let bytes = zip(&[new("x", "found")], b"");
    let mut disk = Disk::default();
    disk.put("/dir.zip/a.zip", &bytes, 7, SETTLED);
    disk.put("/dir.zip/x", b"no archive", 8, SETTLED);
    disk.links.insert("/link.zip".to_owned(), "dir.zip/a.zip".to_owned());
    disk.links.insert("/loop.zip".to_owned(), "loop.zip".to_owned());
    let file_system = ArchiveFileSystem::new(disk);
    assert_eq!(text(&file_system, "/dir.zip/a.zip/x"), "found");
    assert_eq!(text(&file_system, "/dir.zip/x"), "no archive");
    // A link is a link, and what is below it is what is in the archive.
    assert_eq!(kind(&file_system, "/link.zip"), "-> dir.zip/a.zip");
    assert_eq!(text(&file_system, "/link.zip/x"), "found");
    assert_eq!(kind(&file_system, "/loop.zip/x"), "Missing");
}

#[test]
fn a_replaced_archive_is_seen() {
    let file_system = with_archive(&zip(&[new("a", "old")], b""));
    assert_eq!(text(&file_system, "/c/a.zip/a"), "old");
    let bytes = zip(&[new("a", "new"), new("b", "")], b"");
    file_system.inner.put("/c/a.zip", &bytes, 9, SETTLED);
    assert_eq!(
        file_system.entry("/c/a.zip/b".as_ref()),
        Entry::File(stamp(9, bytes.len(), SETTLED))
    );
    assert_eq!(text(&file_system, "/c/a.zip/a"), "new");
    file_system.inner.files.lock().unwrap().remove("/c/a.zip");
    assert_eq!(kind(&file_system, "/c/a.zip/a"), "Missing");
}

#[test]
fn an_archive_that_changes_while_it_is_read_is_not_remembered() {
    let bytes = zip(&[new("a", "text")], b"");
    let file_system = with_archive(&bytes);
    let path = crate::path::AbsolutePath::new("/c/a.zip").unwrap();
    let before = stamp(6, bytes.len(), SETTLED);
    assert_eq!(file_system.open(&path, before).err(), Some(Changed));
    assert!(file_system.opened.read().unwrap().archives.is_empty());
}

#[test]
fn the_central_directory_is_read_once_if_its_stamp_will_tell() {
    let bytes = zip(&[new("a", "old")], b"");
    let file_system = with_archive(&bytes);
    let looks = |file_system: &ArchiveFileSystem<Disk>| {
        for path in ["/c/a.zip/a", "/c/a.zip/b", "/c/a.zip"] {
            file_system.entry(path.as_ref());
        }
        file_system.inner.reads.load(Ordering::Relaxed)
    };
    assert_eq!(looks(&file_system), 1);
    assert_eq!(looks(&file_system), 1);
    // It was changed just now, and may change again with the same stamp.
    file_system.inner.put("/c/a.zip", &bytes, 7, NOW - 1);
    assert_eq!(looks(&file_system), 4);
    file_system
        .inner
        .put("/c/a.zip", &zip(&[new("b", "old")], b""), 7, NOW - 1);
    assert_eq!(kind(&file_system, "/c/a.zip/b"), "file");
}

#[test]
fn what_is_kept_is_bounded() {
    let name = "n".repeat(60_000);
    let entries: Vec<New> = (0..300).map(|number| new(&format!("{number}{name}"), "")).collect();
    let bytes = zip(&entries, b"");
    let file_system = with_archive(&[]);
    for number in 0..8 {
        let path = format!("/c/{number}.zip");
        file_system.inner.put(&path, &bytes, number, SETTLED);
        assert_eq!(kind(&file_system, &path), "directory");
        let opened = file_system.opened.read().unwrap();
        let known = opened.archives.values().filter_map(|known| known.archive.as_ref().ok());
        assert_eq!(opened.bytes, known.map(|archive| archive.bytes()).sum::<usize>());
        assert!(opened.bytes <= MAXIMUM_BYTES && opened.bytes > 0);
    }
}

/// Changes some bytes behind a mark.
fn patched(bytes: &[u8], mark: &[u8], at: usize, with: &[u8]) -> Vec<u8> {
    let mut patched = bytes.to_vec();
    let start = bytes.windows(mark.len()).rposition(|window| window == mark).unwrap() + at;
    patched[start..start + with.len()].copy_from_slice(with);
    patched
}

#[test]
fn broken_archives_are_files_with_nothing_in_them() {
    let good = zip(&[new("a", "text"), new("b/c", &"x".repeat(100))], b"");
    let (record, end) = (b"PK\x01\x02", b"PK\x05\x06");
    for (what, bytes) in [
        ("empty", Vec::new()),
        ("text", b"no archive at all, but long enough".to_vec()),
        ("without its end", good[..good.len() - 1].to_vec()),
        ("more behind it", [good.as_slice(), b"x"].concat()),
        ("a directory elsewhere", patched(&good, end, 16, &[1, 0, 0, 0])),
        ("a directory beyond the end", patched(&good, end, 16, &[0, 0, 0, 1])),
        ("a directory that is too small", patched(&good, end, 12, &[1, 0, 0, 0])),
        ("more entries than there are", patched(&good, end, 8, &[3, 0, 3, 0])),
        ("a name that is too long", patched(&good, record, 28, &[0xff, 0xff])),
    ] {
        let file_system = with_archive(&bytes);
        assert_eq!(kind(&file_system, "/c/a.zip"), "file", "{what}");
        assert_eq!(
            file_system.entry_type("/c/a.zip".as_ref()),
            Some(EntryType::File),
            "{what}"
        );
        assert_eq!(kind(&file_system, "/c/a.zip/a"), "Unknown", "{what}");
        assert_eq!(file_system.entry_type("/c/a.zip/a".as_ref()), None, "{what}");
        assert_eq!(text(&file_system, "/c/a.zip/a"), "Unknown", "{what}");
    }
    for (what, bytes) in [
        ("too many entries for all but zip64", patched(&good, end, 8, &[0xff; 4])),
        ("too far away for all but zip64", patched(&good, end, 16, &[0xff; 4])),
        ("zip64", patched(&good, end, 8, &[0xff; 12])),
        ("several disks", patched(&good, end, 4, &[1, 0])),
        (
            "a directory that is too large",
            patched(&good, end, 12, &[1, 0, 0, 0x10]),
        ),
    ] {
        assert_eq!(kind(&with_archive(&bytes), "/c/a.zip"), "Unknown", "{what}");
    }
}

#[test]
fn broken_entries_can_not_be_read() {
    let good = zip(&[new("a", &"x".repeat(1000))], b"");
    assert_eq!(text(&with_archive(&good), "/c/a.zip/a").len(), 1000);
    let (header, record) = (b"PK\x03\x04", b"PK\x01\x02");
    for (what, why, bytes) in [
        ("no header", Malformed, patched(&good, header, 0, b"x")),
        (
            "a header that is too long",
            Malformed,
            patched(&good, header, 28, &[0xff, 0xff]),
        ),
        ("encrypted", Refused, patched(&good, record, 8, &[1, 8])),
        ("an unknown method", Refused, patched(&good, record, 10, &[12, 0])),
        ("stored, it says", Malformed, patched(&good, record, 10, &[0, 0])),
        ("another sum", Malformed, patched(&good, record, 16, &[1, 2, 3, 4])),
        (
            "more packed than there is",
            Malformed,
            patched(&good, record, 20, &[0, 0, 1, 0]),
        ),
        ("packed, too large", Refused, patched(&good, record, 20, &[1, 0, 0, 4])),
        (
            "unpacked, more than it says",
            Malformed,
            patched(&good, record, 24, &[0xe7, 3]),
        ),
        (
            "unpacked, less than it says",
            Malformed,
            patched(&good, record, 24, &[0xe9, 3]),
        ),
        (
            "unpacked, too large",
            Refused,
            patched(&good, record, 24, &[1, 0, 0, 4]),
        ),
        ("zip64", Refused, patched(&good, record, 20, &[0xff; 8])),
        ("too far away", Refused, patched(&good, record, 42, &[0xff; 4])),
    ] {
        let file_system = with_archive(&bytes);
        assert_eq!(kind(&file_system, "/c/a.zip/a"), "file", "{what}");
        assert_eq!(text(&file_system, "/c/a.zip/a"), "Unknown", "{what}");
        let read = |offset, length| {
            let bytes = bytes.get(usize::try_from(offset).unwrap()..).unwrap_or_default();
            Some(bytes[..bytes.len().min(length)].to_vec())
        };
        let archive = Archive::open(&read, bytes.len() as u64).unwrap();
        let Some(Item::File(packed)) = archive.item("a") else {
            panic!("{what}");
        };
        assert_eq!(packed.content(&read), Err(why), "{what}");
    }
    let long = link("link", &"x".repeat(5000));
    let file_system = with_archive(&zip(&[long], b""));
    assert_eq!(kind(&file_system, "/c/a.zip/link"), "Missing");
    assert_eq!(kind(&file_system, "/c/a.zip/link/x"), "Unknown");
}

#[test]
fn a_central_directory_of_any_size_is_read() {
    // Its first records are further from the end than is read at once.
    let entries: Vec<New> = (0..5000)
        .map(|number| new(&format!("directory/{number}"), "x"))
        .collect();
    let file_system = with_archive(&zip(&entries, b""));
    for number in [0, 4999] {
        assert_eq!(text(&file_system, &format!("/c/a.zip/directory/{number}")), "x");
    }
    assert_eq!(kind(&file_system, "/c/a.zip/directory/5000"), "Missing");
}

#[test]
fn other_paths_are_handed_on_as_they_are() {
    let file_system = with_archive(&[]);
    for path in ["/c/plain.js", "/a_virtual__/b", "/a/virtual/x.zi/p"] {
        let Place::Inner(place) = file_system.place(path.as_ref()) else {
            panic!("{path} leads elsewhere");
        };
        assert!(matches!(place, std::borrow::Cow::Borrowed(_)), "{path}");
    }
}

#[test]
fn archives_may_be_read_by_many_threads() {
    fn is_shared<T: Send + Sync>(_: &T) {}
    let file_system = with_archive(&zip(&[new("a", "text")], b""));
    is_shared(&file_system);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..50).for_each(|_| assert_eq!(text(&file_system, "/c/a.zip/a"), "text")));
        }
    });
}

fn entries() -> impl Strategy<Value = Vec<New>> {
    let name = "[a-dé]{1,2}(/[a-d.-]{1,2}){0,3}";
    let content = prop::collection::vec(0_u8..4, 0..300);
    let entry = (name, content, any::<bool>(), 0_usize..200);
    prop::collection::vec(
        entry.prop_map(|(name, content, is_deflated, extra)| New {
            name: name.into_bytes(),
            content,
            is_deflated,
            is_link: false,
            extra,
        }),
        0..20,
    )
}

proptest! {
    #[test]
    fn what_was_packed_is_read_back(entries in entries(), comment in prop::collection::vec(any::<u8>(), 0..40)) {
        // Names as a directory and as a file at once are looked at above.
        let mut expected = BTreeMap::new();
        let normalised = |entry: &New| {
            let name = std::str::from_utf8(&entry.name).unwrap();
            crate::path::AbsolutePath::new(&format!("/{name}")).unwrap().into_string()
        };
        for entry in &entries {
            expected.insert(normalised(entry), entry.content.clone());
        }
        let names: Vec<String> = expected.keys().cloned().collect();
        expected.retain(|name, _| name != "/" && !names.iter().any(|other| other.starts_with(&format!("{name}/"))));
        let file_system = with_archive(&zip(&entries, &comment));
        for (name, content) in &expected {
            let path = format!("/c/a.zip{name}");
            let FileContent::Bytes(found, _) = file_system.read_file(path.as_ref()) else {
                return Err(TestCaseError::fail(format!("{path} is not read")));
            };
            prop_assert_eq!(&found, content, "{}", path);
            let mut above = Path::new(&path).parent();
            while let Some(directory) = above.filter(|directory| directory.starts_with("/c/a.zip")) {
                prop_assert!(matches!(file_system.entry(directory), Entry::Directory(_)));
                above = directory.parent();
            }
        }
    }

    #[test]
    fn a_damaged_archive_is_read_or_refused(
        entries in entries(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        paths in prop::collection::vec("[a-dé]{1,2}(/[a-d.-]{1,2}){0,3}", 1..10),
        is_link in any::<bool>(),
    ) {
        let entries: Vec<New> = entries.into_iter().map(|entry| New { is_link, ..entry }).collect();
        let mut bytes = zip(&entries, b"");
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let file_system = with_archive(&bytes);
        for path in paths.iter().map(|path| format!("/c/a.zip/{path}")) {
            file_system.entry(path.as_ref());
            file_system.entry_type(path.as_ref());
            file_system.read_link(path.as_ref());
            file_system.read_file(path.as_ref());
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(
        mut bytes in prop::collection::vec(any::<u8>(), 0..300),
        tail in prop::collection::vec(0_u8..40, 16),
        is_ended in any::<bool>(),
    ) {
        if is_ended {
            bytes.splice(0..0, *b"PK\x01\x02");
            bytes.extend(b"PK\x05\x06");
            bytes.extend(tail);
            bytes.extend([0, 0]);
        }
        let file_system = with_archive(&bytes);
        file_system.entry("/c/a.zip/a".as_ref());
        file_system.read_file("/c/a.zip/a".as_ref());
    }
}
