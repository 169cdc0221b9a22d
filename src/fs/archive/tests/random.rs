//! Archives with anything in them.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;

use super::made::*;
use crate::fs::{Entry, FileContent, FileSystem};

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
