//! Archives with something wrong in them.

use super::made::*;
use crate::fs::archive::zip::Unreadable::{Malformed, Refused};
use crate::fs::archive::zip::{Archive, Item};
use crate::fs::{EntryType, FileSystem};

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
