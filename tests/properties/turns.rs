//! What is believed within a turn, and what has to be proved in a later one, over a disk that changes.

use std::collections::HashMap;

use fast_resolve::cache::{Believe, clear_all, invalidate_all};
use fast_resolve::package_json::PackageFields;
use fast_resolve::{AbsolutePath, Policy};
use proptest::prelude::*;

use crate::asking::{
    Question, ask, change, disturbing, fresh, number_of, questions, remembering, settled, undisturbed,
};
use crate::config::cases;
use crate::disk::{Disk, SECOND};
use crate::resolver::options;
use crate::target::policy;
use crate::tree::{tree, tree_of};

const TURN: u32 = 7;

fn of(request: &str) -> Question {
    (request.to_owned(), "/app/src".to_owned())
}

/// Invalidates what JavaScript could.
fn invalidate(paths: &[String]) {
    for path in paths {
        invalidate_all(AbsolutePath::new(path).unwrap().as_str());
    }
}

proptest! {
    #![proptest_config(cases(384))]

    #[test]
    fn in_a_turn_nothing_is_looked_at_twice(
        tree in tree(), first in change(), questions in questions(1..20), policy in policy(),
    ) {
        let _undisturbed = undisturbed();
        let disk = settled(&tree);
        let options = options(policy, false);
        let mut remembering = remembering(disk, &options, Believe::Turn, None);
        let mut before = Vec::new();
        for turn in 1..4 {
            // Nothing of what was seen in the first turn is settled in the second.
            if turn == 2 {
                first.make(disk);
            }
            disk.forget_looks();
            let answers: Vec<_> = questions.iter().map(|question| ask(&mut remembering, question, turn)).collect();
            for question in &questions {
                ask(&mut remembering, question, turn).ok();
            }
            // An answer that is not the one of the turn before is worked out anew, from what is seen then.
            if turn == 1 || answers == before {
                prop_assert_eq!(disk.looked_at_again(), []);
            }
            before.clone_from(&answers);
            let total = disk.total_looks();
            for (question, answer) in questions.iter().zip(answers) {
                prop_assert_eq!(ask(&mut remembering, question, turn), answer);
            }
            prop_assert_eq!(disk.total_looks(), total);
        }
    }

    #[test]
    fn in_a_turn_what_was_found_is_believed_whatever_happens(
        tree in tree(), change in change(), questions in questions(1..9),
    ) {
        let _undisturbed = undisturbed();
        let disk = settled(&tree);
        let mut remembering = remembering(disk, &options(Policy::Specification, false), Believe::Turn, None);
        let before: Vec<_> = questions.iter().map(|question| ask(&mut remembering, question, TURN)).collect();
        change.make(disk);
        for (question, before) in questions.iter().zip(before) {
            if before.is_ok() {
                prop_assert_eq!(ask(&mut remembering, question, TURN), before);
            }
        }
    }

    #[test]
    fn in_a_later_turn_nothing_is_believed_that_is_not_so(
        first in tree_of(0..40),
        changes in prop::collection::vec((change(), any::<[bool; 12]>(), any::<bool>()), 1..8),
        questions in questions(12..13),
        policy in policy(),
        preserve_symlinks in any::<bool>(),
    ) {
        let _undisturbed = undisturbed();
        let disk = settled(&first);
        let options = options(policy, preserve_symlinks);
        let mut remembering = remembering(disk, &options, Believe::Turn, None);
        let mut known: HashMap<u32, (Question, String)> = HashMap::new();
        for (turn, (change, asked, does_prove_first)) in (1..).zip(changes) {
            let asked = || questions.iter().zip(asked).filter(|(_, is_asked)| *is_asked);
            let proves = |known: &HashMap<u32, (Question, String)>, remembering: &mut fast_resolve::resolver::RememberingResolver| {
                for (number, (question, path)) in known {
                    if remembering.memory().holds(*number, turn) {
                        prop_assert_eq!(fresh(disk, &options, question), Ok(path.clone()), "{:?}", question);
                    }
                }
                Ok(())
            };
            if does_prove_first {
                proves(&known, &mut remembering)?;
            }
            for (question, _) in asked() {
                let expected = fresh(disk, &options, question);
                prop_assert_eq!(ask(&mut remembering, question, turn), expected.clone(), "{:?}", question);
                if let (Ok(path), Some(number)) = (expected, number_of(&mut remembering, question, turn)) {
                    known.insert(number, (question.clone(), path));
                }
            }
            proves(&known, &mut remembering)?;
            change.make(disk);
        }
    }

    #[test]
    fn what_was_invalidated_is_not_believed(
        first in tree_of(0..40),
        changes in prop::collection::vec(change(), 1..6),
        questions in questions(1..12),
        believe in prop::sample::select([Believe::Turn, Believe::UntilInvalidated].as_slice()),
        is_cleared in any::<bool>(),
    ) {
        let _disturbing = disturbing();
        let disk = settled(&first);
        let options = options(Policy::Specification, false);
        let mut remembering = remembering(disk, &options, believe, None);
        for change in changes {
            for question in &questions {
                let expected = fresh(disk, &options, question);
                prop_assert_eq!(ask(&mut remembering, question, TURN), expected, "{:?}", question);
            }
            let changed = change.make(disk);
            if is_cleared {
                clear_all();
            } else {
                invalidate(&changed);
            }
        }
    }

    #[test]
    fn who_believes_nothing_is_as_one_that_has_just_begun(
        first in tree_of(0..40), changes in prop::collection::vec(change(), 1..5), questions in questions(1..9),
    ) {
        let _undisturbed = undisturbed();
        let disk = settled(&first);
        let options = options(Policy::AskNode, false);
        let mut remembering = remembering(disk, &options, Believe::Nothing, None);
        for change in changes {
            for question in &questions {
                prop_assert_eq!(ask(&mut remembering, question, TURN), fresh(disk, &options, question));
            }
            change.make(disk);
        }
    }

    #[test]
    fn until_somebody_says_so_nothing_is_looked_at_twice(
        tree in tree(), questions in questions(1..20), changed in change(),
    ) {
        let _undisturbed = undisturbed();
        let disk = settled(&tree);
        let mut remembering =
            remembering(disk, &options(Policy::Specification, false), Believe::UntilInvalidated, None);
        let answers: Vec<_> = questions.iter().map(|question| ask(&mut remembering, question, 1)).collect();
        changed.make(disk);
        let total = disk.total_looks();
        for turn in 2..4 {
            for (question, answer) in questions.iter().zip(&answers) {
                prop_assert_eq!(&ask(&mut remembering, question, turn), answer);
            }
        }
        prop_assert_eq!(disk.looked_at_again(), []);
        prop_assert_eq!(disk.total_looks(), total);
    }
}

/// `./a` is found in `/app/src`, and rests on nothing else below `/app`.
fn small() -> &'static Disk {
    let disk = Disk::new();
    disk.write("/app/src/a.js", "");
    disk.write("/app/node_modules/p/package.json", r#"{"main":"m1"}"#);
    disk.write("/app/node_modules/p/m1.js", "");
    disk.write("/app/node_modules/p/m2.js", "");
    disk
}

#[test]
fn a_stamp_that_is_younger_than_two_seconds_proves_nothing() {
    for (age, is_proof) in [(2 * SECOND, false), (2 * SECOND + 1, true)] {
        let _undisturbed = undisturbed();
        let disk = small();
        disk.wait(age);
        let options = options(Policy::Specification, false);
        let mut remembering = remembering(disk, &options, Believe::Turn, None);
        let number = number_of(&mut remembering, &of("./a"), 1).unwrap();
        assert!(remembering.memory().holds(number, 1), "it was found in this turn");
        assert_eq!(remembering.memory().holds(number, 2), is_proof);
    }
}

#[test]
fn what_changes_within_a_tick_is_seen_in_the_next_turn() {
    let _undisturbed = undisturbed();
    let disk = small();
    let options = options(Policy::Specification, false);
    let mut remembering = remembering(disk, &options, Believe::Turn, None);
    assert_eq!(ask(&mut remembering, &of("./a"), 1).unwrap(), "/app/src/a.js");
    assert_eq!(ask(&mut remembering, &of("p"), 1).unwrap(), "/app/node_modules/p/m1.js");
    disk.write("/app/src/a", "");
    disk.write("/app/node_modules/p/package.json", r#"{"main":"m2"}"#);
    assert_eq!(ask(&mut remembering, &of("./a"), 2).unwrap(), "/app/src/a");
    assert_eq!(ask(&mut remembering, &of("p"), 2).unwrap(), "/app/node_modules/p/m2.js");
}

#[test]
fn a_package_json_is_read_again_only_where_its_stamp_does_not_prove_it() {
    let _undisturbed = undisturbed();
    let path = "/app/node_modules/p/package.json";
    let disk = small();
    disk.wait(10 * SECOND);
    let mut options = options(Policy::Specification, false);
    options.main_fields.push("read by nobody else".to_owned());
    let mut remembering = remembering(disk, &options, Believe::Turn, None);
    let look = |remembering: &mut _, turn| {
        disk.forget_looks();
        let answer = ask(remembering, &of("p"), turn).unwrap();
        (answer, disk.looks_at(path), disk.reads_of(path))
    };
    let (first, second) = (
        "/app/node_modules/p/m1.js".to_owned(),
        "/app/node_modules/p/m2.js".to_owned(),
    );
    assert_eq!(look(&mut remembering, 1), (first.clone(), 1, 1));
    assert_eq!(look(&mut remembering, 1), (first.clone(), 0, 0));
    assert_eq!(look(&mut remembering, 2), (first, 1, 0));
    disk.write(path, r#"{"main":"m2"}"#);
    assert_eq!(look(&mut remembering, 3), (second.clone(), 2, 1));
    assert_eq!(
        look(&mut remembering, 4),
        (second.clone(), 1, 1),
        "its stamp proves nothing yet"
    );
    disk.wait(10 * SECOND);
    assert_eq!(look(&mut remembering, 5), (second.clone(), 1, 1));
    assert_eq!(look(&mut remembering, 6), (second, 1, 0));
}

#[test]
fn failures_are_not_remembered_beyond_the_turn() {
    let _undisturbed = undisturbed();
    let disk = small();
    disk.wait(10 * SECOND);
    let options = options(Policy::Specification, false);
    let mut remembering = remembering(disk, &options, Believe::Turn, None);
    assert!(ask(&mut remembering, &of("./new"), 1).is_err());
    disk.write("/app/src/new.js", "");
    assert_eq!(ask(&mut remembering, &of("./new"), 2).unwrap(), "/app/src/new.js");
}

#[test]
fn links_that_lead_nowhere_round_or_back_are_followed_as_a_kernel_does() {
    let _undisturbed = undisturbed();
    let disk = small();
    disk.link("/app/src/to.js", "a.js");
    disk.link("/app/src/to-to.js", "./to.js");
    disk.link("/app/src/dangling.js", "missing.js");
    disk.link("/app/src/loop.js", "loop.js");
    disk.link("/app/src/far", "/app/node_modules/p");
    disk.link("/app/src/behind.js", "far/../../src/a.js");
    disk.link("/app/src/up.js", "../src/a.js");
    disk.link("/app/src/below.js", "a.js/b.js");
    disk.link("/app/src/slash.js", "a.js/");
    disk.wait(10 * SECOND);
    let options = options(Policy::AskNode, false);
    let mut remembering = remembering(disk, &options, Believe::Turn, None);
    for turn in 1..3 {
        for (request, expected) in [
            ("./to", Some("/app/src/a.js")),
            ("./to-to", Some("/app/src/a.js")),
            ("./up", Some("/app/src/a.js")),
            ("./far/m1", Some("/app/node_modules/p/m1.js")),
            ("./dangling", None),
            ("./loop", None),
            ("./below", None),
            ("./slash", None),
            // There is a file, and Node's own way of following leads elsewhere.
            ("./behind", None),
        ] {
            let answer = ask(&mut remembering, &of(request), turn);
            assert_eq!(answer.as_deref().ok(), expected, "{request}");
            assert_eq!(answer, fresh(disk, &options, &of(request)), "{request}");
        }
    }
    // A link's directory proves where it leads.
    let number = number_of(&mut remembering, &of("./to-to"), 3).unwrap();
    assert!(remembering.memory().holds(number, 4));
    disk.link("/app/src/to.js", "../node_modules/p/m1.js");
    assert!(!remembering.memory().holds(number, 5));
    assert_eq!(
        ask(&mut remembering, &of("./to-to"), 5).unwrap(),
        "/app/node_modules/p/m1.js"
    );
}

#[test]
fn no_more_links_are_followed_than_a_kernel_follows_on_one_path() {
    let _undisturbed = undisturbed();
    let disk = Disk::new();
    disk.write("/app/src/a.js", "");
    disk.write("/d/d/a.js", "");
    disk.make_directory("/chain");
    disk.link("/chain/0", "../d");
    for index in 1..30 {
        disk.link(&format!("/chain/{index}"), &(index - 1).to_string());
    }
    disk.link("/d/again", "../chain/29/d");
    disk.wait(10 * SECOND);
    let options = options(Policy::Specification, false);
    let mut remembering = remembering(disk, &options, Believe::Turn, None);
    for request in [
        "/chain/29/d/a",
        "/chain/29/again/a",
        "/chain/29/d/a",
        "/d/again/a",
        "/chain/29/again/a",
    ] {
        let answer = ask(&mut remembering, &of(request), 1);
        assert_eq!(answer, fresh(disk, &options, &of(request)), "{request}");
        assert_eq!(answer.is_ok(), request != "/chain/29/again/a", "{request}");
    }
}

#[test]
fn what_was_invalidated_by_another_of_its_names_is_not_believed() {
    let _disturbing = disturbing();
    for invalidated in [
        "/app/link/lib/m.js",
        "/app/link/lib",
        "/real/lib/m.js",
        "/app/link",
        "/app",
        "/real",
    ] {
        for asked in ["/real/lib/m", "/app/link/lib/m"] {
            let disk = Disk::new();
            disk.write("/real/lib/m.js", "");
            disk.link("/app/link", "/real");
            disk.make_directory("/app/src");
            disk.wait(10 * SECOND);
            let options = options(Policy::Specification, false);
            let mut remembering = remembering(disk, &options, Believe::UntilInvalidated, None);
            assert_eq!(ask(&mut remembering, &of(asked), 1).unwrap(), "/real/lib/m.js");
            disk.write("/real/lib/m", "");
            let is_reached = asked.starts_with("/app") || invalidated != "/app";
            invalidate(&[invalidated.replace("m.js", "m")]);
            let answer = ask(&mut remembering, &of(asked), 1).unwrap();
            if is_reached {
                assert_eq!(answer, "/real/lib/m", "{asked} after {invalidated}");
            }
        }
    }
}

#[test]
fn a_changed_disk_is_not_believed_by_one_because_another_believes_it() {
    use fast_resolve::cache::new_memory;
    use fast_resolve::resolver::RememberingResolver;

    let _undisturbed = undisturbed();
    let disk = small();
    disk.link("/link", "/app/src");
    disk.wait(10 * SECOND);
    let options = options(Policy::Specification, false);
    let resolver = |believe| {
        RememberingResolver::new(
            options.clone(),
            new_memory(disk, &PackageFields::of_main(&options.main_fields), believe, None),
        )
    };
    let (mut for_long, mut for_a_turn) = (resolver(Believe::UntilInvalidated), resolver(Believe::Turn));
    for resolver in [&mut for_long, &mut for_a_turn] {
        assert_eq!(ask(resolver, &of("./a"), 1).unwrap(), "/app/src/a.js");
    }
    disk.write("/app/src/a", "");
    assert!(ask(&mut for_a_turn, &of("/nowhere"), 2).is_err());
    // Where this leads is worked out from what was seen in the first turn, which one of them still believes.
    assert_eq!(ask(&mut for_long, &of("/link/a"), 2).unwrap(), "/app/src/a.js");
    assert_eq!(ask(&mut for_a_turn, &of("/link/a"), 2).unwrap(), "/app/src/a");
}

#[test]
fn a_disk_of_its_own_is_not_taken_for_another() {
    use fast_resolve::cache::new_memory;

    let options = options(Policy::Specification, false);
    let (one, other) = (small(), Disk::new());
    let _kept = new_memory(one, &PackageFields::of_main(&options.main_fields), Believe::Turn, None);
    let memory = new_memory(
        other,
        &PackageFields::of_main(&options.main_fields),
        Believe::Turn,
        None,
    );
    let mut resolver = fast_resolve::resolver::RememberingResolver::new(options, memory);
    assert!(ask(&mut resolver, &of("./a"), 1).is_err());
}

#[test]
fn a_directory_that_has_settled_is_a_proof_from_then_on() {
    let _undisturbed = undisturbed();
    let disk = small();
    let options = options(Policy::Specification, false);
    let mut remembering = remembering(disk, &options, Believe::Turn, None);
    assert!(ask(&mut remembering, &of("./a"), 1).is_ok());
    disk.wait(10 * SECOND);
    let number = number_of(&mut remembering, &of("./a"), 2).unwrap();
    disk.forget_looks();
    assert!(remembering.memory().holds(number, 3));
    assert_eq!(disk.looks_at("/app/src"), 1);
    assert_eq!(disk.looks_at("/app/src/a.js"), 0);
}

#[test]
fn who_has_missed_too_many_changes_forgets_everything() {
    let _disturbing = disturbing();
    let disk = small();
    disk.wait(10 * SECOND);
    let options = options(Policy::Specification, false);
    let mut remembering = remembering(disk, &options, Believe::UntilInvalidated, None);
    assert_eq!(ask(&mut remembering, &of("./a"), 1).unwrap(), "/app/src/a.js");
    disk.write("/app/src/a", "");
    for _ in 0..256 {
        invalidate_all("/elsewhere");
    }
    assert_eq!(ask(&mut remembering, &of("./a"), 1).unwrap(), "/app/src/a.js");
    for _ in 0..257 {
        invalidate_all("/elsewhere");
    }
    assert_eq!(ask(&mut remembering, &of("./a"), 1).unwrap(), "/app/src/a");
}

#[test]
fn an_answer_rests_on_where_each_link_on_the_way_leads() {
    let _undisturbed = undisturbed();
    let disk = Disk::new();
    disk.make_directory("/app/src");
    disk.write("/app/package.json", "{}");
    for store in ["/store/1/p", "/store/2/p"] {
        disk.write(&format!("{store}/package.json"), r#"{"exports":"./m.js"}"#);
        disk.write(&format!("{store}/m.js"), "");
    }
    disk.link("/links/p", "../store/1/p");
    disk.link("/app/node_modules/p", "../../links/p");
    disk.wait(10 * SECOND);
    let options = options(Policy::Specification, false);
    let mut remembering = remembering(disk, &options, Believe::Turn, None);
    let number = number_of(&mut remembering, &of("p"), 1).unwrap();
    assert!(remembering.memory().holds(number, 2));
    disk.link("/links/p", "../store/2/p");
    assert!(!remembering.memory().holds(number, 3));
    assert_eq!(ask(&mut remembering, &of("p"), 3).unwrap(), "/store/2/p/m.js");
    disk.wait(10 * SECOND);
    let number = number_of(&mut remembering, &of("p"), 4).unwrap();
    assert!(remembering.memory().holds(number, 5));
    disk.link("/app/node_modules/p", "/store/1/p");
    assert!(!remembering.memory().holds(number, 6));
    assert_eq!(ask(&mut remembering, &of("p"), 6).unwrap(), "/store/1/p/m.js");
}
