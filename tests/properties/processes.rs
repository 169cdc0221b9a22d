//! Processes, one after the other, that share a snapshot while the tree changes between them: each answers as one that
//! knows nothing.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use fast_resolve::cache::snapshot::SnapshotFile;
use fast_resolve::cache::{Consultation, Fact, Memory, PackageJsons, now};
use fast_resolve::resolver::RememberingResolver;
use fast_resolve::{AbsolutePath, Policy, ResolveError, ResolveOptions, Resolver};
use proptest::prelude::*;

use crate::config::cases;
use crate::resolver::options;
use crate::stamped::StampedTree;
use crate::tree::{Tree, parent, request, tree_of};

/// The name of the request and the file that asks.
type Question = (String, String);

/// A directory that goes when the case ends.
struct Directory(PathBuf);

impl Directory {
    /// Its number makes it, and all that is kept for the life of the process, this case's own.
    fn new() -> (Self, usize) {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("fast-resolve-properties-{}-{number}", std::process::id());
        (Self(std::env::temp_dir().join(name)), number)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        // A case without an answer has written nothing.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn fresh_answer(
    tree: &StampedTree,
    options: &ResolveOptions,
    (request, parent): &Question,
) -> Result<String, ResolveError> {
    let package_jsons = PackageJsons::new(options.main_fields.clone());
    let facts = Consultation::new(tree, &package_jsons);
    let parent = AbsolutePath::new(parent).unwrap();
    Resolver::new(options, &facts)
        .resolve(request, &parent)
        .map(|found| found.path.into_string())
}

/// One process: asks everything twice, writes its snapshot, and tells how many answers came from the one before and how many
/// different ones can be proven to the next.
fn run(
    tree: &Tree,
    options: &ResolveOptions,
    directory: &Path,
    questions: &[Question],
) -> Result<(u64, usize), TestCaseError> {
    let tree = StampedTree::new(tree);
    let since = now();
    let file = SnapshotFile::new(directory.to_owned(), "the options", false);
    let memory = Arc::new(Memory::new(&options.main_fields, Some(file)));
    let resolver = RememberingResolver::new(options.clone(), memory.clone());
    let mut provable = BTreeSet::new();
    for question in questions.iter().chain(questions) {
        let (request, parent) = question;
        let parent = AbsolutePath::new(parent).unwrap();
        let given = resolver.resolve(&tree, request, &parent, since);
        let expected = fresh_answer(&tree, options, question);
        prop_assert_eq!(
            given.map(|given| given.path.to_string()),
            expected.clone(),
            "{:?}",
            question
        );
        let reasons = resolver.reasons(request, &parent).unwrap_or_default();
        if expected.is_ok() && !reasons.is_empty() && reasons.iter().all(Fact::is_provable) {
            provable.insert((parent.parent(), request));
        }
    }
    memory.save().unwrap();
    Ok((memory.stats().snapshot_hits, provable.len()))
}

/// What a process asks, and what becomes of the tree after it.
#[derive(Debug, Clone)]
struct Change {
    asked: [bool; MAXIMUM_QUESTIONS],
    removed: Vec<prop::sample::Index>,
    added: Tree,
}

const MAXIMUM_QUESTIONS: usize = 20;

fn change() -> impl Strategy<Value = Change> {
    let removed = prop::collection::vec(any::<prop::sample::Index>(), 0..5);
    (any::<[bool; MAXIMUM_QUESTIONS]>(), removed, tree_of(0..4)).prop_map(|(asked, removed, added)| Change {
        asked,
        removed,
        added,
    })
}

fn questions() -> impl Strategy<Value = Vec<Question>> {
    prop::collection::vec((request(), parent()), 1..=MAXIMUM_QUESTIONS)
}

fn own_options(policy: Policy, preserve_symlinks: bool, number: usize) -> ResolveOptions {
    ResolveOptions {
        main_fields: vec!["main".to_owned(), format!("field of case {number}")],
        ..options(policy, preserve_symlinks)
    }
}

fn policy() -> impl Strategy<Value = Policy> {
    prop::sample::select([Policy::AskNode, Policy::Specification].as_slice())
}

proptest! {
    #![proptest_config(cases(384))]

    #[test]
    fn in_a_tree_that_changes_each_process_answers_anew(
        first in tree_of(0..40),
        changes in prop::collection::vec(change(), 1..5),
        questions in questions(),
        policy in policy(),
        preserve_symlinks in any::<bool>(),
    ) {
        let (directory, number) = Directory::new();
        let options = own_options(policy, preserve_symlinks, number);
        let mut tree = first;
        for Change { asked, removed, added } in changes {
            // What is not asked is written again as it was.
            let asked = questions.iter().zip(asked).filter(|(_, is_asked)| *is_asked);
            let asked: Vec<Question> = asked.map(|(question, _)| question.clone()).collect();
            run(&tree, &options, &directory.0, &asked)?;
            tree = tree.changed(&removed, &added);
        }
        run(&tree, &options, &directory.0, &questions)?;
    }

    #[test]
    fn in_a_tree_that_does_not_the_second_takes_all_that_can_be_proven_from_the_first(
        tree in tree_of(0..40),
        questions in questions(),
        policy in policy(),
    ) {
        let (directory, number) = Directory::new();
        let options = own_options(policy, false, number);
        let (hits, provable) = run(&tree, &options, &directory.0, &questions)?;
        prop_assert_eq!(hits, 0);
        let (hits, still_provable) = run(&tree, &options, &directory.0, &questions)?;
        prop_assert_eq!(still_provable, provable);
        prop_assert!(hits >= provable as u64, "{} of {} answers", hits, provable);
    }
}
