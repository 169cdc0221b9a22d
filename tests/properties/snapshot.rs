//! Processes, one after the other, that share a snapshot over a disk that changes: what one has recorded, another proves.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use fast_resolve::cache::snapshot::{Snapshot, SnapshotFile, Trust};
use fast_resolve::cache::{Believe, Memory};
use fast_resolve::package_json::PackageFields;
use fast_resolve::resolver::RememberingResolver;
use fast_resolve::{Policy, ResolveOptions};
use proptest::prelude::*;

use crate::asking::{Question, ask, change, fresh, questions, remembering, settled, undisturbed};
use crate::config::cases;
use crate::disk::{Disk, SECOND};
use crate::resolver::options;
use crate::target::policy;
use crate::tree::{tree, tree_of};

const DAY: i64 = 86_400 * SECOND;

/// A directory that goes when the case ends.
pub struct Directory(pub PathBuf);

impl Directory {
    pub fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("fast-resolve-properties-{}-{number}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    pub fn file(&self, trust: Trust) -> SnapshotFile {
        SnapshotFile::new(self.0.clone(), "/app/src/main.js", "the options", trust)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        // A case without an answer has written nothing.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The answers of a snapshot as JavaScript has them, in the order of their numbers.
pub fn answers_in(lines: Option<([&str; 3], Vec<u32>)>) -> Vec<(Question, String)> {
    let Some(([directories, requests, paths], firsts)) = lines else {
        return Vec::new();
    };
    let mut answers = requests.split('\n').zip(paths.split('\n'));
    let mut found = Vec::new();
    for (index, directory) in directories.split('\n').enumerate() {
        assert_eq!(firsts[index] as usize, found.len());
        let count = (firsts[index + 1] - firsts[index]) as usize;
        for (request, path) in answers.by_ref().take(count) {
            found.push(((request.to_owned(), directory.to_owned()), path.to_owned()));
        }
    }
    assert_eq!(answers.next(), None);
    found
}

fn write(file: &SnapshotFile, resolver: &RememberingResolver) {
    if let Some(bytes) = resolver.memory().record(&[]) {
        file.write(&bytes).unwrap();
    }
}

/// What of the snapshot holds, and that it is true.
fn prove(
    resolver: &RememberingResolver,
    disk: &'static Disk,
    options: &ResolveOptions,
) -> Result<HashSet<Question>, TestCaseError> {
    let mut memory = resolver.memory();
    let answers = answers_in(memory.snapshot_lines());
    prop_assert_eq!(memory.snapshot_len() as usize, answers.len());
    let mut holding = HashSet::new();
    for (number, (question, path)) in (0..).zip(&answers) {
        if memory.holds(number, 1) {
            prop_assert_eq!(fresh(disk, options, question), Ok(path.clone()), "{:?}", question);
            holding.insert(question.clone());
        }
    }
    if memory.does_snapshot_hold(1) {
        prop_assert_eq!(holding.len(), answers.len());
    }
    Ok(holding)
}

proptest! {
    #![proptest_config(cases(384))]

    #[test]
    fn what_one_process_records_another_proves(tree in tree(), questions in questions(1..20), policy in policy()) {
        let _undisturbed = undisturbed();
        let directory = Directory::new();
        let file = directory.file(Trust::Nothing);
        let disk = settled(&tree);
        let options = options(policy, false);
        let mut first = remembering(disk, &options, Believe::Turn, Some(file.clone()));
        let mut found = HashMap::new();
        for question in &questions {
            if let Ok(path) = ask(&mut first, question, 1) {
                found.insert(question.clone(), path);
            }
        }
        write(&file, &first);

        let second = remembering(disk, &options, Believe::Turn, Some(file));
        disk.forget_looks();
        let does_hold = second.memory().does_snapshot_hold(1);
        prop_assert_eq!(disk.looked_at_again(), []);
        let paths = second.memory().stats().snapshot_proofs;
        let answers = answers_in(second.memory().snapshot_lines());
        prop_assert_eq!(does_hold, !answers.is_empty());
        prop_assert!(paths >= 1 || answers.is_empty());
        for (question, path) in &answers {
            prop_assert_eq!(found.get(question), Some(path));
        }
        // Only what rests on a link that leads nowhere for want of a limit can't be proved.
        prop_assert!(tree.has_links() || answers.len() == found.len());
        let total = disk.total_looks();
        prop_assert_eq!(prove(&second, disk, &options)?.len(), answers.len());
        prop_assert!(disk.total_looks() >= total);
    }

    #[test]
    fn of_a_disk_that_changes_only_what_is_true_holds(
        first in tree_of(0..40),
        changes in prop::collection::vec((change(), any::<[bool; 12]>()), 1..6),
        questions in questions(12..13),
        policy in policy(),
        preserve_symlinks in any::<bool>(),
    ) {
        let _undisturbed = undisturbed();
        let directory = Directory::new();
        let file = directory.file(Trust::Nothing);
        let disk = settled(&first);
        let options = options(policy, preserve_symlinks);
        for (change, asked) in changes {
            let mut process = remembering(disk, &options, Believe::Turn, Some(file.clone()));
            prove(&process, disk, &options)?;
            for (turn, (question, _)) in (1..).zip(questions.iter().zip(asked).filter(|(_, is_asked)| *is_asked)) {
                prop_assert_eq!(ask(&mut process, question, turn / 4), fresh(disk, &options, question));
            }
            write(&file, &process);
            change.make(disk);
        }
        prove(&remembering(disk, &options, Believe::Turn, Some(file)), disk, &options)?;
    }

    #[test]
    fn what_changes_before_the_end_is_not_recorded_as_if_it_had_not(
        first in tree_of(0..40),
        changes in prop::collection::vec(change(), 1..4),
        questions in questions(1..12),
    ) {
        let _undisturbed = undisturbed();
        let directory = Directory::new();
        let file = directory.file(Trust::Nothing);
        let disk = settled(&first);
        let options = options(Policy::Specification, false);
        let mut process = remembering(disk, &options, Believe::Turn, Some(file.clone()));
        for (turn, change) in (1..).zip(changes) {
            for question in &questions {
                ask(&mut process, question, turn).ok();
            }
            change.make(disk);
        }
        write(&file, &process);
        prove(&remembering(disk, &options, Believe::Turn, Some(file)), disk, &options)?;
    }

    #[test]
    fn what_several_have_recorded_at_different_times_is_put_together_truly(
        first in tree_of(0..40),
        changes in prop::collection::vec((change(), any::<[bool; 12]>()), 2..5),
        questions in questions(12..13),
        is_turned in any::<bool>(),
    ) {
        let _undisturbed = undisturbed();
        let directory = Directory::new();
        let file = directory.file(Trust::Nothing);
        let disk = settled(&first);
        let options = options(Policy::Specification, false);
        let mut recorded = Vec::new();
        for (change, asked) in changes {
            let mut thread = remembering(disk, &options, Believe::Turn, Some(file.clone()));
            for (question, _) in questions.iter().zip(asked).filter(|(_, is_asked)| *is_asked) {
                ask(&mut thread, question, 1).ok();
            }
            let bytes = thread.memory().record(&[]);
            recorded.extend(bytes.map(|bytes| Arc::new(Snapshot::new(bytes, file.key()).unwrap())));
            change.make(disk);
        }
        if is_turned {
            recorded.reverse();
        }
        let last = remembering(disk, &options, Believe::Turn, Some(file.clone()));
        let bytes = last.memory().record(&recorded);
        if let Some(bytes) = bytes {
            file.write(&bytes).unwrap();
        }
        prove(&remembering(disk, &options, Believe::Turn, Some(file)), disk, &options)?;
    }
}

fn of(request: &str) -> Question {
    (request.to_owned(), "/app/src".to_owned())
}

fn names(lines: Option<([&str; 3], Vec<u32>)>) -> Vec<String> {
    let mut names: Vec<_> = answers_in(lines).into_iter().map(|((request, _), _)| request).collect();
    names.sort();
    names
}

fn small() -> &'static Disk {
    let disk = Disk::new();
    for name in ["a", "b", "c"] {
        disk.write(&format!("/app/src/{name}.js"), "");
    }
    disk.write("/app/node_modules/p/package.json", r#"{"main":"m1"}"#);
    disk.write("/app/node_modules/p/m1.js", "");
    disk.write("/app/node_modules/p/m2.js", "");
    disk.write("/app/node_modules/.package-lock.json", "{}");
    disk.wait(10 * SECOND);
    disk
}

#[test]
fn what_was_of_no_use_for_thirty_days_is_left_out() {
    let _undisturbed = undisturbed();
    let directory = Directory::new();
    let file = directory.file(Trust::Nothing);
    let disk = small();
    let options = options(Policy::Specification, false);
    let begin = || remembering(disk, &options, Believe::Turn, Some(file.clone()));
    let mut process = begin();
    ask(&mut process, &of("./a"), 1).unwrap();
    ask(&mut process, &of("./b"), 1).unwrap();
    write(&file, &process);

    disk.wait(20 * DAY);
    let mut process = begin();
    let a = answers_in(process.memory().snapshot_lines())
        .iter()
        .position(|(question, _)| question.0 == "./a");
    assert!(process.memory().holds(u32::try_from(a.unwrap()).unwrap(), 1));
    ask(&mut process, &of("./c"), 1).unwrap();
    write(&file, &process);
    assert_eq!(names(begin().memory().snapshot_lines()), ["./a", "./b", "./c"]);

    disk.wait(11 * DAY);
    let mut process = begin();
    ask(&mut process, &of("p"), 1).unwrap();
    write(&file, &process);
    assert_eq!(names(begin().memory().snapshot_lines()), ["./a", "./c", "p"]);
}

/// One specifier from one directory may lead `require` and `import` to different files.
#[test]
fn imports_and_requests_of_one_directory_are_told_apart() {
    let _undisturbed = undisturbed();
    let directory = Directory::new();
    let file = directory.file(Trust::Nothing);
    let disk: &'static Disk = Disk::new();
    disk.write("/app/src/a.js", "");
    disk.write("/app/package.json", r#"{"type":"module"}"#);
    disk.write(
        "/app/node_modules/p/package.json",
        r#"{"exports":{"require":"./c.cjs","default":"./m.mjs"}}"#,
    );
    disk.write("/app/node_modules/p/c.cjs", "");
    disk.write("/app/node_modules/p/m.mjs", "");
    disk.wait(10 * SECOND);
    let options = options(Policy::Specification, false);
    let begin = || remembering(disk, &options, Believe::Turn, Some(file.clone()));
    let question = |request: &str, directory: &str| (request.to_owned(), directory.to_owned());
    let asked = [
        (question("p", "/app/src"), "/app/node_modules/p/c.cjs"),
        (question("p", "file:///app/src"), "mfile:///app/node_modules/p/m.mjs"),
        (question("./a.js", "/app/src"), "/app/src/a.js"),
        (question("./a.js", "file:///app/src"), "mfile:///app/src/a.js"),
    ];
    let mut process = begin();
    // The second time, it is the number of the answer that the path is told by.
    for _ in 0..2 {
        for (question, expected) in &asked {
            assert_eq!(ask(&mut process, question, 1).as_deref(), Ok(*expected), "{question:?}");
        }
    }
    assert_eq!(process.memory().stats().misses, 4);
    write(&file, &process);
    let mut recorded = answers_in(begin().memory().snapshot_lines());
    recorded.sort();
    let mut expected = asked.map(|(question, path)| (question, path.to_owned()));
    expected.sort();
    assert_eq!(recorded, expected);

    // What was found first is kept by Node only for `require`.
    let kept = |directory: &str| {
        let mut memory = process.memory();
        let number = memory.enter_directory(directory).unwrap();
        memory.kept_answer(number, "./a.js")
    };
    assert_eq!(kept("/app/src").as_deref(), Some("/app/src/a.js"));
    assert_eq!(kept("file:///app/src"), None);

    disk.write("/app/package.json", r#"{"type":"commonjs"}"#);
    let a = question("./a.js", "file:///app/src");
    assert_eq!(ask(&mut process, &a, 2).as_deref(), Ok("cfile:///app/src/a.js"));
}

#[test]
fn an_installation_is_believed_while_its_record_is_unchanged() {
    let _undisturbed = undisturbed();
    let directory = Directory::new();
    let disk = small();
    let options = options(Policy::Specification, false);
    let mut process = remembering(disk, &options, Believe::Turn, Some(directory.file(Trust::Nothing)));
    ask(&mut process, &("p".to_owned(), "/app".to_owned()), 1).unwrap();
    ask(&mut process, &of("./a"), 1).unwrap();
    write(&directory.file(Trust::Nothing), &process);

    let holding = |trust| {
        let process = remembering(disk, &options, Believe::Turn, Some(directory.file(trust)));
        let mut memory = process.memory();
        let answers = answers_in(memory.snapshot_lines());
        let numbers = (0..).zip(answers).filter(|(number, _)| memory.holds(*number, 1));
        let mut names: Vec<_> = numbers.map(|(_, (question, _))| question.0).collect();
        names.sort();
        names
    };
    let all = [Trust::Nothing, Trust::Installation, Trust::Everything];
    assert_eq!(all.map(holding), [["./a", "p"], ["./a", "p"], ["./a", "p"]]);
    disk.write("/app/node_modules/p/m1", "");
    assert_eq!(all.map(holding), [vec!["./a"], vec!["./a", "p"], vec!["./a", "p"]]);
    disk.write("/app/src/a", "");
    assert_eq!(all.map(holding), [vec![], vec!["p"], vec!["./a", "p"]]);
    disk.write("/app/node_modules/.package-lock.json", "{ }");
    assert_eq!(all.map(holding), [vec![], vec![], vec!["./a", "p"]]);
}

#[test]
fn a_record_that_is_younger_than_the_process_is_none() {
    let _undisturbed = undisturbed();
    let directory = Directory::new();
    let disk = small();
    let options = options(Policy::Specification, false);
    let mut process = remembering(disk, &options, Believe::Turn, Some(directory.file(Trust::Nothing)));
    ask(&mut process, &of("p"), 1).unwrap();
    disk.write("/app/node_modules/.package-lock.json", "{ }");
    disk.wait(10 * SECOND);
    write(&directory.file(Trust::Nothing), &process);
    disk.write("/app/node_modules/p/m1", "");
    let process = remembering(disk, &options, Believe::Turn, Some(directory.file(Trust::Installation)));
    assert!(!process.memory().holds(0, 1));
}

#[test]
fn two_snapshots_of_one_tree_do_not_prove_each_other() {
    use fast_resolve::cache::new_memory;

    let _undisturbed = undisturbed();
    let directory = Directory::new();
    let (old, new) = (
        directory.file(Trust::Nothing),
        directory.file(Trust::Nothing).of_later_options(),
    );
    let disk = small();
    let options = options(Policy::Specification, false);
    for file in [&old, &new] {
        let mut process = remembering(disk, &options, Believe::Turn, Some(file.clone()));
        ask(&mut process, &of("./a"), 1).unwrap();
        write(file, &process);
        disk.write("/app/src/a", "");
        disk.wait(10 * SECOND);
    }
    for files in [[&old, &new], [&new, &old]] {
        let memories = files.map(|file| {
            new_memory(
                disk,
                &PackageFields::of_main(&options.main_fields),
                Believe::Turn,
                Some(file.clone()),
            )
        });
        for memory in memories {
            let mut memory = memory.lock().unwrap();
            let [(_, path)] = &answers_in(memory.snapshot_lines())[..] else {
                panic!("one answer")
            };
            let is_true = path == "/app/src/a";
            // Behind the older one, the newer has no stamp of its own to be proved by.
            let is_proved = is_true && files == [&new, &old];
            assert_eq!(memory.holds(0, 1), is_proved, "{path}");
        }
    }
}

#[test]
fn a_snapshot_is_for_one_key() {
    let _undisturbed = undisturbed();
    let directory = Directory::new();
    let file = directory.file(Trust::Nothing);
    let mut process = remembering(
        small(),
        &options(Policy::Specification, false),
        Believe::Turn,
        Some(file.clone()),
    );
    ask(&mut process, &of("./a"), 1).unwrap();
    let bytes = process.memory().record(&[]).unwrap();
    assert!(Snapshot::new(bytes.clone(), file.key()).is_ok());
    assert!(Snapshot::new(bytes, "another").is_err());
}

#[test]
fn who_believes_until_told_records_nothing() {
    let _undisturbed = undisturbed();
    let directory = Directory::new();
    let file = Some(directory.file(Trust::Nothing));
    let memory = Memory::unshared(
        small(),
        &PackageFields::of_main(&["main".to_owned()]),
        Believe::UntilInvalidated,
        file,
    );
    let memory = Arc::new(std::sync::Mutex::new(memory));
    let mut process = RememberingResolver::new(options(Policy::Specification, false), memory);
    ask(&mut process, &of("./a"), 1).unwrap();
    assert!(process.memory().record(&[]).is_none());
}
