//! The whole algorithm over random trees: it ends, and an answer is a file of the tree with no link on the way.

use std::path::Path;

use fast_resolve::cache::Believe;
use fast_resolve::fs::{EntryType, FileSystem as _, Link, MemoryFileSystem};
use fast_resolve::path::is_normalised;
use fast_resolve::{AbsolutePath, Policy, ResolveError, ResolveOptions};
use proptest::prelude::*;

use crate::asking::{Question, ask, fresh, remembering};
use crate::config::cases;
use crate::target::{CONDITIONS, policy};
use crate::tree::{Tree, parent, request, tree};

pub fn options(policy: Policy, preserve_symlinks: bool) -> ResolveOptions {
    ResolveOptions {
        conditions: CONDITIONS.map(str::to_owned).to_vec(),
        import_conditions: Vec::new(),
        extensions: [".js", ".json", ".node"].map(str::to_owned).to_vec(),
        main_fields: vec!["main".to_owned()],
        preserve_symlinks,
        global_paths: AbsolutePath::new("/app/lib").into_iter().collect(),
        slash_imports: Some(true),
        unreadable_is_error: true,
        policy,
        builtins: Some(["fs".to_owned()].into()),
    }
}

/// Resolves as a process does that has just begun.
fn resolve(
    file_system: &'static MemoryFileSystem,
    options: &ResolveOptions,
    request: &str,
    parent: &str,
) -> Result<String, ResolveError> {
    fresh(file_system, options, &question(request, parent))
}

pub fn question(request: &str, parent: &str) -> Question {
    let parent = AbsolutePath::new(parent).unwrap();
    (request.to_owned(), parent.parent_str().unwrap().to_owned())
}

fn is_file(file_system: &MemoryFileSystem, path: &str) -> bool {
    file_system.entry_type(Path::new(path)) == Some(EntryType::File)
}

/// Whether no component of the path is a link.
fn is_real(file_system: &MemoryFileSystem, path: &str) -> bool {
    Path::new(path)
        .ancestors()
        .filter(|ancestor| *ancestor != Path::new("/"))
        .all(|ancestor| file_system.read_link(ancestor) == Link::No)
}

fn describe(file_system: &MemoryFileSystem, tree: &Tree) -> String {
    format!("{tree:?} is\n{file_system:?}")
}

proptest! {
    #![proptest_config(cases(1024))]

    #[test]
    fn an_answer_is_a_file_without_links_on_the_way(
        tree in tree(), policy in policy(), request in request(), parent in parent(),
    ) {
        let file_system = tree.leaked();
        if let Ok(path) = resolve(file_system, &options(policy, false), &request, &parent) {
            prop_assert!(is_normalised(&path), "{path}");
            prop_assert!(is_file(file_system, &path), "{path}: {}", describe(file_system, &tree));
            prop_assert!(is_real(file_system, &path), "{path}: {}", describe(file_system, &tree));
        }
    }

    #[test]
    fn preserved_links_only_change_how_the_answer_is_spelt(
        tree in tree(), policy in policy(), request in request(), parent in parent(),
    ) {
        let file_system = tree.leaked();
        let preserved = resolve(file_system, &options(policy, true), &request, &parent);
        let real = resolve(file_system, &options(policy, false), &request, &parent);
        prop_assert_eq!(preserved.is_ok(), real.is_ok());
        if let (Ok(preserved), Ok(real)) = (preserved, real) {
            prop_assert!(is_file(file_system, &preserved));
            prop_assert!(preserved == real || !is_real(file_system, &preserved), "{preserved} or {real}");
            let absolute = resolve(file_system, &options(Policy::Specification, false), &preserved, "/nowhere/any.js");
            prop_assert!(absolute.is_err() || absolute == Ok(real));
        }
    }

    #[test]
    fn the_same_question_has_the_same_answer(
        tree in tree(), policy in policy(), requests in prop::collection::vec(request(), 1..6), parent in parent(),
    ) {
        let file_system = tree.leaked();
        let options = options(policy, false);
        let mut remembering = remembering(file_system, &options, Believe::Turn, None);
        for (turn, request) in (0..).zip(requests.iter().chain(requests.iter().rev())) {
            prop_assert_eq!(
                ask(&mut remembering, &question(request, &parent), turn / 4),
                resolve(file_system, &options, request, &parent)
            );
        }
    }

    #[test]
    fn an_answer_answers_for_itself(tree in tree(), request in request(), parent in parent()) {
        let file_system = tree.leaked();
        let options = options(Policy::AskNode, false);
        // A package without a name takes absolute requests for its own.
        let answer = resolve(file_system, &options, &request, &parent);
        if let Ok(path) = answer {
            let again = resolve(file_system, &options, &path, "/nowhere/any.js");
            prop_assert!(again == Ok(path.clone()) || matches!(again, Err(ResolveError::Unsure(_))), "{again:?}");
        }
    }

    #[test]
    fn what_the_specification_answers_node_is_asked_or_agrees(
        tree in tree(), request in request(), parent in parent(),
    ) {
        let file_system = tree.leaked();
        let asked = resolve(file_system, &options(Policy::AskNode, false), &request, &parent);
        if let Ok(path) = asked {
            prop_assert_eq!(resolve(file_system, &options(Policy::Specification, false), &request, &parent), Ok(path));
        }
    }
}
