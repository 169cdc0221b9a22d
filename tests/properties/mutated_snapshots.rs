//! Snapshots that were damaged, by accident or on purpose: none makes the reader panic, and none that was damaged by
//! accident is read.
//!
//! `FAST_RESOLVE_TEST=long` reads a million of them.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use fast_resolve::cache::snapshot::{Snapshot, build};
use fast_resolve::cache::{Answer, AnswerKey, DirectoryStamps, Fact, FactKind, Interner, now};
use fast_resolve::fs::EntryType;
use xxhash_rust::xxh3::xxh3_64;

use crate::agreeable::{Agreeable, STAMP};

const KEY: &str = "the options";
const REQUESTS: [&str; 4] = ["./a", "../b", "name", "#inner"];
const DIRECTORIES: [&str; 3] = ["/", "/app", "/app/node_modules/name"];

/// Answers with facts of every kind, in directories with stamps and without.
fn intact() -> Vec<u8> {
    let stamps = DirectoryStamps::default();
    let interner = Interner::default();
    for directory in ["/app", "/app/lib1"] {
        stamps.note_seen(&interner, directory);
        stamps.cover(&Agreeable, directory);
    }
    let kinds = [
        FactKind::Entry(None),
        FactKind::Entry(Some(EntryType::File)),
        FactKind::Entry(Some(EntryType::Directory)),
        FactKind::Contents {
            stamp: Some(STAMP),
            hash: 7,
        },
        FactKind::RealDirectory,
        FactKind::RealFile,
        FactKind::Link("a".into()),
    ];
    let facts: Vec<Fact> = (0..14)
        .map(|index: usize| Fact {
            path: format!("/app/{}", "x".repeat(index)).trim_end_matches('/').into(),
            kind: kinds[index % kinds.len()].clone(),
            is_covered: !index.is_multiple_of(3),
            // Node looks again at what is there and what is not.
            is_looked_at_again: index % kinds.len() < 3,
            is_looked_at_once: index % 4 > 2,
        })
        .collect();
    let keys = DIRECTORIES
        .iter()
        .flat_map(|directory| REQUESTS.map(|request| (*directory, request)));
    let answers: Vec<Arc<Answer>> = keys
        .enumerate()
        .map(|(index, (directory, request))| {
            Arc::new(Answer {
                directory: directory.into(),
                request: request.into(),
                path: format!("/app/{index}.js").into(),
                facts: facts[index % 5..=index].into(),
                is_kept_by_node: !index.is_multiple_of(2),
                is_always_checked: false,
                seen: AtomicU64::new(1),
            })
        })
        .collect();
    build(KEY, &answers, &stamps, None)
}

/// Marsaglia's xorshift: the files have to be the same everywhere, not unpredictable.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).unwrap()
    }

    /// A number that something may take for an offset, a length or a flag.
    fn word(&mut self, length: usize) -> u32 {
        let any = u32::try_from(self.0 >> 32).unwrap();
        let length = u32::try_from(length).unwrap();
        let words = [
            0,
            1,
            4,
            length,
            length.wrapping_sub(4),
            length / 2,
            1 << 31,
            (1 << 31) - 1,
            u32::MAX,
            u32::MAX - 3,
            any % 64,
            any,
        ];
        words[self.below(words.len())]
    }

    fn damage(&mut self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let place = self.below(bytes.len());
        let length = self.below(bytes.len() - place).min(64);
        match self.below(8) {
            0 | 1 => bytes[place] ^= 1 << self.below(8),
            2 => bytes.truncate(place),
            3 => {
                let other = self.below(bytes.len() - length + 1);
                bytes.copy_within(place..place + length, other);
            }
            4 => drop(bytes.drain(place..place + length)),
            5 => {
                let copied = bytes[place..place + length].to_vec();
                bytes.splice(place..place, copied);
            }
            _ => {
                let word = self.word(bytes.len()).to_le_bytes();
                if let Some(place) = bytes.get_mut(place & !3..(place & !3) + 4) {
                    place.copy_from_slice(&word);
                }
            }
        }
    }
}

fn seal(bytes: &mut [u8]) {
    if bytes.len() >= 16 {
        let sum = xxh3_64(&bytes[16..]).to_le_bytes();
        bytes[8..16].copy_from_slice(&sum);
    }
}

/// Asks all that can be asked; how many answers are given, and how many of them hold when they are asked for again.
fn exercise(snapshot: &Snapshot) -> (usize, usize) {
    let (mut given, mut still_holding) = (0, 0);
    for directory in DIRECTORIES {
        for request in REQUESTS {
            let key = AnswerKey::new(directory, request);
            if let Some(found) = snapshot.find(&Agreeable, &key, 0) {
                given += 1;
                still_holding += usize::from(snapshot.still_holds(&Agreeable, found.index, now()));
                // One that does not hold together has none.
                let _ = snapshot.reasons(&key);
            }
        }
    }
    assert!(!snapshot.still_holds(&Agreeable, u32::MAX, 0));
    // Whatever was read, what is written of it is a snapshot.
    let written = build(KEY, &[], &DirectoryStamps::default(), Some(snapshot));
    assert!(Snapshot::new(written, KEY, false).is_ok());
    snapshot.forget("/app/node_modules");
    assert!(snapshot.bytes() > 0);
    (given, still_holding)
}

fn files() -> u64 {
    match std::env::var("FAST_RESOLVE_TEST") {
        Ok(length) if length == "long" => 1_000_000,
        _ if cfg!(debug_assertions) => 30_000,
        _ => 100_000,
    }
}

#[test]
fn a_file_that_was_damaged_is_refused() {
    let intact = intact();
    for index in 0..files() {
        let mut random = Random((index + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut bytes = intact.clone();
        for _ in 0..=random.below(4) {
            random.damage(&mut bytes);
        }
        let is_taken = Snapshot::new(bytes.clone(), KEY, false).is_ok();
        assert_eq!(is_taken, bytes == intact, "file {index}");
    }
    for length in 0..intact.len() {
        assert!(
            Snapshot::new(intact[..length].to_vec(), KEY, false).is_err(),
            "{length} bytes"
        );
    }
}

#[test]
fn a_file_that_was_made_to_harm_does_not() {
    let intact = intact();
    let (mut taken, mut given) = (0, 0);
    for index in 0..files() {
        let mut random = Random((index + 1).wrapping_mul(0xd134_2543_de82_ef95));
        let mut bytes = intact.clone();
        for _ in 0..=random.below(4) {
            random.damage(&mut bytes);
        }
        seal(&mut bytes);
        if let Ok(snapshot) = Snapshot::new(bytes, KEY, index % 2 == 0) {
            taken += 1;
            given += exercise(&snapshot).0;
        }
    }
    // Otherwise nothing was put to the test.
    assert!(taken > files() / 3, "{taken} files were read");
    assert!(given > usize::try_from(files()).unwrap(), "{given} answers were given");
}

#[test]
fn the_intact_file_is_read() {
    for is_trusted in [true, false] {
        let snapshot = Snapshot::new(intact(), KEY, is_trusted).unwrap();
        assert_eq!(snapshot.len(), DIRECTORIES.len() * REQUESTS.len());
        let (given, still_holding) = exercise(&snapshot);
        assert!(given > 0);
        assert_eq!(still_holding, given);
    }
}
