//! Archives that are made here, in a file system that is made here.

mod broken;
mod made;
mod random;

use std::path::Path;
use std::sync::atomic::Ordering;

use self::made::*;
use super::zip::Unreadable::Disk as Changed;
use super::{ArchiveFileSystem, MAXIMUM_BYTES, Place, archive_end};
use crate::fs::{Entry, EntryType, FileContent, FileSystem, Link};

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
