//! What several threads have learnt is written together.

use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::thread;

use fast_resolve::Policy;
use fast_resolve::cache::snapshot::{SnapshotFile, Trust};
use fast_resolve::cache::{Believe, memories, new_memory, save_all};
use fast_resolve::package_json::PackageFields;
use fast_resolve::resolver::RememberingResolver;

use crate::asking::{ask, remembering, undisturbed};
use crate::disk::{Disk, SECOND};
use crate::resolver::options;
use crate::snapshot::{Directory, answers_in};

/// All of them write what the whole process has.
static WRITING: Mutex<()> = Mutex::new(());

fn disk() -> &'static Disk {
    let disk = Disk::new();
    for name in ["a", "b", "c", "d"] {
        disk.write(&format!("/app/src/{name}.js"), "");
    }
    disk.wait(10 * SECOND);
    disk
}

/// One test at a time, and the first thread that remembers anything is another than those that end in a test.
fn begin() -> MutexGuard<'static, ()> {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let first = || drop(new_memory(Disk::new(), &PackageFields::default(), Believe::Turn, None));
        thread::spawn(first).join().unwrap();
    });
    WRITING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn resolver(disk: &'static Disk, file: &SnapshotFile) -> RememberingResolver {
    let options = options(Policy::Specification, false);
    let memory = new_memory(
        disk,
        &PackageFields::of_main(&options.main_fields),
        Believe::Turn,
        Some(file.clone()),
    );
    RememberingResolver::new(options, memory)
}

/// Asks in a thread of its own, that ends.
fn ask_elsewhere(disk: &'static Disk, file: &SnapshotFile, request: &str) {
    let (file, request) = (file.clone(), request.to_owned());
    let asking = move || {
        ask(&mut resolver(disk, &file), &(request, "/app/src".to_owned()), 1).unwrap();
    };
    thread::spawn(asking).join().unwrap();
}

fn written(disk: &'static Disk, file: &SnapshotFile) -> Vec<String> {
    let process = remembering(
        disk,
        &options(Policy::Specification, false),
        Believe::Turn,
        Some(file.clone()),
    );
    let mut memory = process.memory();
    let answers = answers_in(memory.snapshot_lines());
    assert!(answers.is_empty() || memory.does_snapshot_hold(1));
    let mut requests: Vec<_> = answers.into_iter().map(|((request, _), _)| request).collect();
    requests.sort();
    requests
}

#[test]
fn of_threads_that_run_and_threads_that_have_ended_all_is_written() {
    let _writing = begin();
    let _undisturbed = undisturbed();
    let directory = Directory::new();
    let file = directory.file(Trust::Nothing);
    let disk = disk();
    ask_elsewhere(disk, &file, "./a");
    let main = move |file: SnapshotFile| {
        let mut resolver = resolver(disk, &file);
        ask(&mut resolver, &("./b".to_owned(), "/app/src".to_owned()), 1).unwrap();
        ask_elsewhere(disk, &file, "./c");
        assert_eq!(save_all(), 1);
        assert_eq!(written(disk, &file), ["./a", "./b", "./c"]);
        assert_eq!(save_all(), 0, "there is nothing new");
        // What was written once is written again with what is new.
        ask(&mut resolver, &("./d".to_owned(), "/app/src".to_owned()), 2).unwrap();
        assert_eq!(save_all(), 1);
        assert_eq!(written(disk, &file), ["./a", "./b", "./c", "./d"]);
    };
    let of_main = file.clone();
    thread::spawn(move || main(of_main)).join().unwrap();
}

#[test]
fn what_only_threads_have_learnt_that_have_ended_is_written() {
    let _writing = begin();
    let _undisturbed = undisturbed();
    let directory = Directory::new();
    let file = directory.file(Trust::Nothing);
    let disk = disk();
    ask_elsewhere(disk, &file, "./a");
    ask_elsewhere(disk, &file, "./b");
    assert_eq!(save_all(), 1);
    assert_eq!(written(disk, &file), ["./a", "./b"]);
    assert_eq!(save_all(), 0, "there is nothing new");
}

#[test]
fn what_a_thread_had_goes_with_it() {
    let _writing = begin();
    let directory = Directory::new();
    let file = directory.file(Trust::Nothing);
    ask_elsewhere(disk(), &file, "./a");
    let is_of_file = memories().iter().any(|memory| {
        let state = memory.lock().unwrap_or_else(PoisonError::into_inner).stats().snapshot;
        format!("{state:?}").contains(directory.0.to_str().unwrap())
    });
    assert!(!is_of_file);
    assert_eq!(save_all(), 1);
}
