//! The core's resolver and Node's loader, written down once more, agree on random trees.

use std::cell::Cell;

use fast_resolve::{AbsolutePath, Policy, ResolveOptions};
use proptest::prelude::*;

use crate::asking::fresh;
use crate::config::cases;
use crate::loader::Loader;
use crate::resolver::{options, question};
use crate::tree::{Tree, parent, request, tree};

fn check(tree: &Tree, options: &ResolveOptions, request: &str, parent: &str) -> Result<(), TestCaseError> {
    let file_system = tree.leaked();
    let loader = Loader {
        file_system,
        options,
        was_odd: Cell::new(false),
    };
    let parent = AbsolutePath::new(parent).unwrap();
    let expected = loader.resolve_filename(request, parent.parent_str().unwrap());

    let answer = fresh(file_system, options, &question(request, parent.as_str()));
    let answer = answer.map_err(|error| error.code().unwrap_or("unsure"));
    if answer == Err("unsure") {
        prop_assert_eq!(options.policy, Policy::AskNode);
    } else {
        prop_assert!(
            options.policy == Policy::Specification || !loader.was_odd.get(),
            "{answer:?} is not for sure"
        );
        prop_assert_eq!(answer, expected);
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(2048))]

    #[test]
    fn both_find_the_same_file_or_fail_alike(
        tree in tree(),
        requests in prop::collection::vec(request(), 1..4),
        parent in parent(),
        is_sure in any::<bool>(),
    ) {
        let policy = if is_sure { Policy::Specification } else { Policy::AskNode };
        for request in requests {
            // Requests that begin with `#` have rules of their own; a NUL or nothing at all is Node's to answer.
            if !request.starts_with('#') && !request.contains('\0') && !request.is_empty() {
                check(&tree, &options(policy, false), &request, &parent)?;
            }
        }
    }
}
