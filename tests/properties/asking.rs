//! Asking a memory that remembers, and one that has just begun, over a disk that changes.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use fast_resolve::cache::snapshot::SnapshotFile;
use fast_resolve::cache::{self, Believe, Memory, Outcome};
use fast_resolve::fs::FileSystem;
use fast_resolve::package_json::PackageFields;
use fast_resolve::resolver::RememberingResolver;
use fast_resolve::{Doubt, ResolveError, ResolveOptions};
use proptest::prelude::*;

use crate::disk::{Disk, SECOND};
use crate::resolver::question;
use crate::tree::{Tree, parent, request, tree_of};

const WAITS: [i64; 5] = [0, SECOND / 10, SECOND, 2 * SECOND + 1, 10 * SECOND];
const NAMES: [&str; 11] = [
    "..",
    "..",
    ".",
    "app",
    "src",
    "lib",
    "node_modules",
    "p",
    "a",
    "a.js",
    "",
];
const PATHS: [&str; 6] = [
    "/app/lib",
    "/app/src/lib",
    "/app/src/a",
    "/app/a",
    "/app/node_modules/p",
    "/app/src/a.js",
];

/// A request, and the directory that asks.
pub type Question = (String, String);

pub fn remembering(
    file_system: &'static dyn FileSystem,
    options: &ResolveOptions,
    believe: Believe,
    file: Option<SnapshotFile>,
) -> RememberingResolver {
    let memory = Memory::unshared(
        file_system,
        &PackageFields::of_main(&options.main_fields),
        believe,
        file,
    );
    RememberingResolver::new(options.clone(), Arc::new(Mutex::new(memory)))
}

pub fn path_of(resolver: &RememberingResolver, outcome: Outcome) -> String {
    match outcome {
        Outcome::New(path) => path,
        Outcome::Again(number) => resolver.memory().path_of(number).unwrap(),
    }
}

pub fn ask(resolver: &mut RememberingResolver, question: &Question, turn: u32) -> Result<String, ResolveError> {
    outcome(resolver, question, turn).map(|outcome| path_of(resolver, outcome))
}

fn outcome(
    resolver: &mut RememberingResolver,
    (request, directory): &Question,
    turn: u32,
) -> Result<Outcome, ResolveError> {
    let directory = resolver.memory().enter_directory(directory);
    resolver.resolve(&cache::Question {
        request,
        directory: directory.ok_or(ResolveError::Unsure(Doubt::Parent))?,
        turn,
    })
}

/// The answer of a process that has just begun.
pub fn fresh(
    file_system: &'static dyn FileSystem,
    options: &ResolveOptions,
    question: &Question,
) -> Result<String, ResolveError> {
    // What is read is shared among all that want the same fields.
    let mut options = options.clone();
    options.main_fields.push("of one that has just begun".to_owned());
    ask(
        &mut remembering(file_system, &options, Believe::Nothing, None),
        question,
        0,
    )
}

/// The number of an answer that is remembered.
pub fn number_of(resolver: &mut RememberingResolver, question: &Question, turn: u32) -> Option<u32> {
    for _ in 0..2 {
        if let Ok(Outcome::Again(number)) = outcome(resolver, question, turn) {
            return Some(number);
        }
    }
    None
}

/// What has all memories of the process forget something can't run beside what counts looks.
static ANNOUNCING: RwLock<()> = RwLock::new(());

pub fn undisturbed() -> RwLockReadGuard<'static, ()> {
    ANNOUNCING.read().unwrap_or_else(PoisonError::into_inner)
}

pub fn disturbing() -> RwLockWriteGuard<'static, ()> {
    ANNOUNCING.write().unwrap_or_else(PoisonError::into_inner)
}

/// Puts this on a new disk, and lets it settle.
pub fn settled(tree: &Tree) -> &'static Disk {
    let disk = Disk::new();
    tree.put_on(disk);
    disk.wait(10 * SECOND);
    disk
}

pub fn questions(count: Range<usize>) -> impl Strategy<Value = Vec<Question>> {
    let question = (request(), parent()).prop_map(|(request, parent)| question(&request, &parent));
    prop::collection::vec(question, count)
}

/// What becomes of a disk from one turn to the next.
#[derive(Debug, Clone)]
pub struct Change {
    removed: Vec<prop::sample::Index>,
    added: Tree,
    odd_links: Vec<(String, String)>,
    wait: i64,
}

impl Change {
    /// Changes the disk; the paths that were given for it.
    pub fn make(&self, disk: &Disk) -> Vec<String> {
        let mut changed = Vec::new();
        for index in &self.removed {
            let path = index.get(&disk.paths()).clone();
            disk.remove(&path);
            changed.push(path);
        }
        self.added.put_on(disk);
        changed.push("/app/src".to_owned());
        changed.extend(self.added.paths().map(str::to_owned));
        for (path, text) in &self.odd_links {
            disk.link(path, text);
            changed.push(path.clone());
        }
        disk.wait(self.wait);
        changed
    }
}

pub fn change() -> impl Strategy<Value = Change> {
    let removed = prop::collection::vec(any::<prop::sample::Index>(), 0..4);
    let odd_links = prop::collection::vec(odd_link(), 0..2);
    let wait = prop::sample::select(WAITS.as_slice());
    (removed, tree_of(0..4), odd_links, wait).prop_map(|(removed, added, odd_links, wait)| Change {
        removed,
        added,
        odd_links,
        wait,
    })
}

/// Links to anywhere, with `..` behind other links, too.
fn odd_link() -> impl Strategy<Value = (String, String)> {
    let text = prop::collection::vec(prop::sample::select(NAMES.as_slice()), 1..6).prop_map(|names| names.join("/"));
    let path = prop::sample::select(PATHS.as_slice()).prop_map(str::to_owned);
    (path, text.prop_filter("a link says something", |text| !text.is_empty()))
}
