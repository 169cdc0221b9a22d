//! Reading snapshots: what was written is read back, and whatever else a file holds, the reader does not panic.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use arbitrary::{Arbitrary, Result, Unstructured};
use fast_resolve::cache::snapshot::{Snapshot, build};
use fast_resolve::cache::{Answer, AnswerKey, DirectoryStamps, Fact, FactKind};
use fast_resolve::fs::{Entry, EntryType, FileContent, FileSystem, Link, Look, Stamp};
use xxhash_rust::xxh3::xxh3_64;

const KEY: &str = "options";
const DIRECTORIES: [&str; 4] = ["/", "/a", "/a/b", "/a/node_modules"];
const REQUESTS: [&str; 4] = ["./x", "y", "#z", ""];

/// Answers, and what is done to the bytes that are made of them.
#[derive(Debug)]
pub struct Input {
    answers: Vec<Arc<Answer>>,
    edits: Vec<Edit>,
    is_trusted: bool,
}

#[derive(Debug, Arbitrary)]
enum Edit {
    Byte(u16, u8),
    Word(u16, u32),
    Small(u16, u8),
    Truncate(u16),
    Append(Vec<u8>),
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(unstructured: &mut Unstructured<'a>) -> Result<Self> {
        let mut answers = Vec::new();
        for _ in 0..unstructured.int_in_range(0..=6)? {
            answers.push(Arc::new(answer(unstructured)?));
        }
        Ok(Self {
            answers,
            edits: unstructured.arbitrary()?,
            is_trusted: unstructured.arbitrary()?,
        })
    }
}

fn answer(unstructured: &mut Unstructured) -> Result<Answer> {
    let mut facts = Vec::new();
    for _ in 0..unstructured.int_in_range(1..=4)? {
        facts.push(fact(unstructured)?);
    }
    Ok(Answer {
        directory: (*unstructured.choose(&DIRECTORIES)?).into(),
        request: (*unstructured.choose(&REQUESTS)?).into(),
        path: format!("/a/{}.js", unstructured.arbitrary::<u8>()?).into(),
        facts: facts.into(),
        is_kept_by_node: unstructured.arbitrary()?,
        is_always_checked: false,
        seen: AtomicU64::new(1),
    })
}

fn fact(unstructured: &mut Unstructured) -> Result<Fact> {
    let number = unstructured.arbitrary::<u8>()?;
    let stamp = Stamp {
        inode: number.into(),
        ..STAMP
    };
    let kinds = [
        FactKind::Entry(None),
        FactKind::Entry(Some(EntryType::File)),
        FactKind::Entry(Some(EntryType::Directory)),
        FactKind::Contents {
            stamp: Some(stamp),
            hash: number.into(),
        },
        FactKind::RealDirectory,
        FactKind::RealFile,
        FactKind::Link(number.to_string().into()),
    ];
    Ok(Fact {
        path: format!(
            "/a/{}",
            unstructured.choose(&["b", "b/c", "node_modules", "package.json"])?
        )
        .into(),
        kind: unstructured.choose(&kinds)?.clone(),
        is_covered: unstructured.arbitrary()?,
        is_looked_at_again: unstructured.arbitrary()?,
        is_looked_at_once: unstructured.arbitrary()?,
    })
}

const STAMP: Stamp = Stamp {
    device: 1,
    inode: 0,
    size: 3,
    modified: 4,
    changed: 5,
};

/// Agrees with much of what a snapshot may say, so that a look-up goes far.
struct Agreeable;

impl FileSystem for Agreeable {
    fn entry_type(&self, path: &Path) -> Option<EntryType> {
        match path.as_os_str().len() % 3 {
            0 => None,
            1 => Some(EntryType::File),
            _ => Some(EntryType::Directory),
        }
    }
    fn read_link(&self, _path: &Path) -> Link {
        Link::To("0".to_owned())
    }
    fn look(&self, path: &Path) -> Look {
        match path.as_os_str().len() % 2 {
            0 => Look::Directory,
            _ => Look::NotADirectory,
        }
    }
    fn entry(&self, path: &Path) -> Entry {
        match path.as_os_str().len() % 2 {
            0 => Entry::Directory(STAMP),
            _ => Entry::File,
        }
    }
    fn stamp(&self, _path: &Path) -> Option<Stamp> {
        Some(STAMP)
    }
    fn read_file(&self, _path: &Path) -> FileContent {
        FileContent::Missing
    }
    fn now(&self) -> i64 {
        i64::MAX
    }
}

/// An intact file gives each answer with its path and its reasons; a damaged one is refused; one that was made to harm gives
/// anything, and whatever is written of it can be read.
pub fn check(input: &Input) {
    let intact = build(KEY, &input.answers, &DirectoryStamps::default(), None);
    check_intact(&intact, &input.answers);

    let mut bytes = intact.clone();
    for edit in &input.edits {
        apply(edit, &mut bytes);
    }
    let is_taken = Snapshot::new(bytes.clone(), KEY, input.is_trusted).is_ok();
    assert_eq!(is_taken, bytes == intact, "a damaged file was taken");

    if bytes.len() >= 16 {
        let sum = xxh3_64(&bytes[16..]).to_le_bytes();
        bytes[8..16].copy_from_slice(&sum);
    }
    if let Ok(snapshot) = Snapshot::new(bytes, KEY, input.is_trusted) {
        for directory in DIRECTORIES {
            for request in REQUESTS {
                let key = AnswerKey::new(directory, request);
                if let Some(found) = snapshot.find(&Agreeable, &key, 0) {
                    let _ = snapshot.still_holds(&Agreeable, found.index, 0);
                }
                let _ = snapshot.reasons(&key);
            }
        }
        let written = build(KEY, &[], &DirectoryStamps::default(), Some(&snapshot));
        assert!(
            Snapshot::new(written, KEY, false).is_ok(),
            "what was written can't be read"
        );
        snapshot.forget("/a/b");
    }
}

fn check_intact(bytes: &[u8], answers: &[Arc<Answer>]) {
    let snapshot = Snapshot::new(bytes.to_vec(), KEY, true).expect("what was written can be read");
    for answer in answers {
        let is_same = |other: &&Arc<Answer>| other.directory == answer.directory && other.request == answer.request;
        let first = answers.iter().find(is_same).expect("it is itself among them");
        let key = AnswerKey::new(&answer.directory, &answer.request);
        let found = snapshot.find(&Agreeable, &key, 0).expect("it was written");
        assert_eq!(*found.path, *first.path);
        // Another input may have had another answer, which this process does not forget.
        assert!(!found.is_kept_by_node || first.is_kept_by_node);
        let reasons = snapshot.reasons(&key).expect("it has reasons");
        let same = reasons.iter().zip(&first.facts).all(|(read, written)| {
            read.path == written.path
                && read.kind == written.kind
                && read.is_looked_at_again == written.is_looked_at_again
                && read.is_looked_at_once == written.is_looked_at_once
        });
        assert!(same && reasons.len() == first.facts.len(), "{reasons:?} of {first:?}");
    }
}

fn apply(edit: &Edit, bytes: &mut Vec<u8>) {
    let length = bytes.len();
    let place = |place: &u16| usize::from(*place) % length.max(1);
    let word = |place: usize| place & !3..(place & !3) + 4;
    match edit {
        Edit::Byte(at, value) => {
            if let Some(byte) = bytes.get_mut(place(at)) {
                *byte ^= value;
            }
        }
        Edit::Word(at, value) => {
            if let Some(bytes) = bytes.get_mut(word(place(at))) {
                bytes.copy_from_slice(&value.to_le_bytes());
            }
        }
        Edit::Small(at, value) => {
            if let Some(bytes) = bytes.get_mut(word(place(at))) {
                bytes.copy_from_slice(&u32::from(*value).to_le_bytes());
            }
        }
        Edit::Truncate(at) => bytes.truncate(place(at)),
        Edit::Append(more) => bytes.extend_from_slice(more),
    }
}
