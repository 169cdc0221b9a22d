//! Reading snapshots: what was recorded is read back and proved, and whatever else a file holds, the reader does not panic.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex};

use arbitrary::{Arbitrary, Result, Unstructured};
use fast_resolve::cache::snapshot::{Snapshot, SnapshotFile, Trust};
use fast_resolve::cache::{self, Believe, Memory, Outcome};
use fast_resolve::fs::MemoryFileSystem;
use fast_resolve::package_json::PackageFields;
use fast_resolve::resolver::RememberingResolver;
use fast_resolve::{Policy, ResolveOptions};
use xxhash_rust::xxh3::xxh3_64;

use crate::disk::Disk;

static DISK: Disk = Disk::new();
static DIRECTORY: LazyLock<PathBuf> =
    LazyLock::new(|| std::env::temp_dir().join(format!("fast-resolve-fuzz-{}", std::process::id())));

const DIRECTORIES: [&str; 4] = ["/", "/a", "/a/b", "/a/node_modules"];
const REQUESTS: [&str; 6] = ["./x", "y", "./b", "y/x", "../a/x", "é"];
const NAMES: [&str; 8] = [
    "x.js",
    "y/package.json",
    "y/x.js",
    "b/index.js",
    "package.json",
    "index.js",
    "é.js",
    ".package-lock.json",
];
const CONTENTS: [&str; 4] = [
    "",
    "{}",
    r#"{"main":"x"}"#,
    r#"{"exports":{".":"./x.js","./x":"./x.js"}}"#,
];

type Question = (&'static str, &'static str);

/// A tree, what is asked of it, and what is done to the bytes that are recorded.
#[derive(Debug)]
pub struct Input {
    files: Vec<(String, &'static str)>,
    links: Vec<(String, String)>,
    questions: Vec<Question>,
    edits: Vec<Edit>,
    trust: Trust,
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
        let path = |unstructured: &mut Unstructured<'a>| {
            let directory = unstructured.choose(&DIRECTORIES)?.trim_end_matches('/');
            Ok(format!("{directory}/{}", unstructured.choose(&NAMES)?))
        };
        let (mut files, mut links, mut questions) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..unstructured.int_in_range(1..=8)? {
            files.push((path(unstructured)?, *unstructured.choose(&CONTENTS)?));
        }
        for _ in 0..unstructured.int_in_range(0..=2)? {
            links.push((path(unstructured)?, path(unstructured)?));
        }
        for _ in 0..unstructured.int_in_range(1..=8)? {
            questions.push((*unstructured.choose(&REQUESTS)?, *unstructured.choose(&DIRECTORIES)?));
        }
        Ok(Self {
            files,
            links,
            questions,
            edits: unstructured.arbitrary()?,
            trust: *unstructured.choose(&[Trust::Nothing, Trust::Installation, Trust::Everything])?,
        })
    }
}

/// An intact file gives each answer that was recorded, and all of them hold; a damaged one is refused; one that was made to harm
/// gives anything, and whatever is written of it can be read.
pub fn check(input: &Input) {
    let tree = input
        .files
        .iter()
        .fold(MemoryFileSystem::new(), |tree, (path, content)| {
            tree.file(path, content)
        });
    DISK.replace(
        input
            .links
            .iter()
            .fold(tree, |tree, (path, text)| tree.link(path, text)),
    );
    let file = SnapshotFile::new(DIRECTORY.clone(), "/a/b/main.js", "options", input.trust);
    let Some(intact) = record(input, &file) else { return };

    let mut bytes = intact.clone();
    for edit in &input.edits {
        apply(edit, &mut bytes);
    }
    let is_taken = Snapshot::new(bytes.clone(), file.key()).is_ok();
    assert_eq!(is_taken, bytes == intact, "a damaged file was taken");

    if bytes.len() >= 16 {
        let sum = xxh3_64(&bytes[16..]).to_le_bytes();
        bytes[8..16].copy_from_slice(&sum);
    }
    if Snapshot::new(bytes.clone(), file.key()).is_ok() {
        file.write(&bytes).expect("there is room");
        exercise(&file);
    }
}

/// The bytes of what a process records, from which another proves it.
fn record(input: &Input, file: &SnapshotFile) -> Option<Vec<u8>> {
    // What the input before this one has left.
    let _ = std::fs::remove_dir_all(&*DIRECTORY);
    let options = ResolveOptions {
        extensions: vec![".js".to_owned()],
        main_fields: vec!["main".to_owned()],
        policy: Policy::Specification,
        ..ResolveOptions::default()
    };
    let memory = Arc::new(Mutex::new(begin(file)));
    let resolver = RememberingResolver::new(options, memory);
    let mut given: HashMap<Question, String> = HashMap::new();
    for (request, directory) in &input.questions {
        let question = cache::Question {
            request,
            directory: resolver
                .memory()
                .enter_directory(directory)
                .expect("it is an absolute path"),
            turn: 1,
        };
        match resolver.resolve(&question) {
            Ok(Outcome::New(path)) => given.insert((request, directory), path),
            Ok(Outcome::Again(_)) | Err(_) => None,
        };
    }
    let bytes = resolver.memory().record(&[])?;
    file.write(&bytes).expect("there is room");

    let mut memory = begin(file);
    let answers = answers_in(&Snapshot::new(bytes.clone(), file.key()).expect("what was written can be read"));
    assert!(memory.does_snapshot_hold(1), "nothing has changed");
    for (number, (request, directory, path)) in (0..).zip(&answers) {
        assert_eq!(given.get(&(request.as_str(), directory.as_str())), Some(path));
        assert!(memory.holds(number, 1), "nothing has changed");
    }
    Some(bytes)
}

fn begin(file: &SnapshotFile) -> Memory {
    Memory::unshared(
        &DISK,
        &PackageFields::of_main(&["main".to_owned()]),
        Believe::Turn,
        Some(file.clone()),
    )
}

fn answers_in(snapshot: &Snapshot) -> Vec<(String, String, String)> {
    let texts = snapshot.texts().map(|texts| texts.map(str::to_owned));
    texts
        .map(|[directory, request, path]| (request, directory, path))
        .collect()
}

/// Does all that can be done with what lies in the file.
fn exercise(file: &SnapshotFile) {
    let mut memory = begin(file);
    let last = memory.snapshot_len().wrapping_sub(1);
    for number in (0..memory.snapshot_len().min(100)).chain([last, u32::MAX]) {
        let _ = (
            memory.holds(number, 1),
            memory.reasons(number),
            memory.is_kept_by_node(number),
        );
    }
    let _ = memory.does_snapshot_hold(2);
    let (snapshot, _) = file.read();
    let others: Vec<_> = snapshot.iter().map(|found| found.snapshot().clone()).collect();
    if let Some(written) = memory.record(&others) {
        assert!(
            Snapshot::new(written, file.key()).is_ok(),
            "what was written can't be read"
        );
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
