//! Snapshots that were damaged, by accident or on purpose: none makes the reader panic, and none that was damaged by
//! accident is read.
//!
//! `FAST_RESOLVE_TEST=long` reads a hundred thousand of them.

use std::sync::LazyLock;

use fast_resolve::Policy;
use fast_resolve::cache::snapshot::{Snapshot, SnapshotFile, Trust};
use fast_resolve::cache::{Believe, Memory};
use fast_resolve::package_json::PackageFields;
use xxhash_rust::xxh3::xxh3_64;

use crate::asking::{ask, remembering, undisturbed};
use crate::disk::{Disk, SECOND};
use crate::resolver::options;
use crate::snapshot::{Directory, answers_in};

static DISK: LazyLock<&'static Disk> = LazyLock::new(|| {
    let disk = Disk::new();
    disk.write("/app/src/a.js", "");
    disk.write("/app/src/lib/package.json", r#"{"main":"m"}"#);
    disk.write("/app/src/lib/m.js", "");
    disk.write("/app/package.json", r##"{"name":"app","imports":{"#a":"./src/a.js"}}"##);
    disk.write("/app/node_modules/.package-lock.json", "{}");
    disk.write("/app/node_modules/p/package.json", r#"{"exports":"./é.js"}"#);
    disk.write("/app/node_modules/p/é.js", "");
    disk.write("/store/q/index.js", "");
    disk.link("/app/node_modules/q", "../../store/q");
    disk.wait(10 * SECOND);
    disk
});

const QUESTIONS: [(&str, &str); 8] = [
    ("./a", "/app/src"),
    ("./src/a.js", "/app"),
    ("./lib", "/app/src"),
    ("#a", "/app/src"),
    ("p", "/app/src"),
    ("q", "/app/src"),
    ("q", "/app"),
    ("/app/src/a", "/"),
];

/// Answers that rest on everything that answers may rest on.
fn intact(file: &SnapshotFile) -> Vec<u8> {
    let options = options(Policy::Specification, false);
    let mut resolver = remembering(*DISK, &options, Believe::Turn, Some(file.clone()));
    for (request, directory) in QUESTIONS {
        ask(&mut resolver, &(request.to_owned(), directory.to_owned()), 1).unwrap();
    }
    resolver.memory().record(&[]).unwrap()
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

/// Does all that can be done with what lies in the file; how many answers are given, and how many of them hold.
fn exercise(file: &SnapshotFile) -> (usize, usize) {
    let options = options(Policy::Specification, false);
    let mut memory = Memory::unshared(
        *DISK,
        &PackageFields::of_main(&options.main_fields),
        Believe::Turn,
        Some(file.clone()),
    );
    let number = memory.snapshot_len();
    let holding = (0..number).filter(|number| memory.holds(*number, 1)).count();
    let does_hold = memory.does_snapshot_hold(1);
    assert!(!memory.holds(u32::MAX, 1));
    for number in [0, number / 2, number.wrapping_sub(1)] {
        // One that does not hold together has none.
        let _ = (memory.reasons(number), memory.is_kept_by_node(number));
    }
    let _ = (does_hold, memory.stats());
    // Whatever was read, what is written of it is a snapshot.
    let (snapshot, _) = file.read();
    if let Some(bytes) = memory.record(
        &snapshot
            .iter()
            .map(|found| found.snapshot().clone())
            .collect::<Vec<_>>(),
    ) {
        let written = Snapshot::new(bytes, file.key()).unwrap();
        answers_in(Some(written.lines()));
    }
    (number as usize, holding)
}

fn files() -> u64 {
    match std::env::var("FAST_RESOLVE_TEST") {
        Ok(length) if length == "long" => 100_000,
        _ => 4_000,
    }
}

fn damaged(intact: &[u8], seed: u64) -> (Vec<u8>, Random) {
    let mut random = Random(seed);
    let mut bytes = intact.to_vec();
    for _ in 0..=random.below(4) {
        random.damage(&mut bytes);
    }
    (bytes, random)
}

#[test]
fn a_file_that_was_damaged_is_refused() {
    let _undisturbed = undisturbed();
    let directory = Directory::new();
    let file = directory.file(Trust::Nothing);
    let intact = intact(&file);
    for index in 0..files() {
        let (bytes, _) = damaged(&intact, (index + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let is_taken = Snapshot::new(bytes.clone(), file.key()).is_ok();
        assert_eq!(is_taken, bytes == intact, "file {index}");
    }
    for length in 0..intact.len() {
        let is_taken = Snapshot::new(intact[..length].to_vec(), file.key()).is_ok();
        assert!(!is_taken, "{length} bytes");
    }
}

#[test]
fn a_file_that_was_made_to_harm_does_not() {
    let _undisturbed = undisturbed();
    let directory = Directory::new();
    let intact = intact(&directory.file(Trust::Nothing));
    let (mut taken, mut given, mut holding) = (0, 0, 0);
    for index in 0..files() {
        let (mut bytes, mut random) = damaged(&intact, (index + 1).wrapping_mul(0xd134_2543_de82_ef95));
        seal(&mut bytes);
        let trust = [Trust::Nothing, Trust::Installation, Trust::Everything][random.below(3)];
        let file = directory.file(trust);
        if Snapshot::new(bytes.clone(), file.key()).is_ok() {
            taken += 1;
            file.write(&bytes).unwrap();
            let (number, held) = exercise(&file);
            given += number;
            holding += held;
        }
    }
    // Otherwise nothing was put to the test.
    assert!(taken > files() / 4, "{taken} files were read");
    assert!(given > usize::try_from(files()).unwrap(), "{given} answers were given");
    assert!(holding * 4 > given, "{holding} of {given} answers hold");
}

#[test]
fn the_intact_file_is_read() {
    let _undisturbed = undisturbed();
    let directory = Directory::new();
    for trust in [Trust::Nothing, Trust::Installation, Trust::Everything] {
        let file = directory.file(trust);
        file.write(&intact(&file)).unwrap();
        assert_eq!(exercise(&file), (QUESTIONS.len(), QUESTIONS.len()));
        std::fs::remove_dir_all(&directory.0).unwrap();
    }
}
