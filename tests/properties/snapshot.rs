//! What is written into a snapshot is what is read from it.

use std::collections::HashMap;

use fast_resolve::cache::snapshot::{Snapshot, build};
use fast_resolve::cache::{AnswerKey, DirectoryStamps, Fact, now};
use fast_resolve::fs::MemoryFileSystem;
use proptest::prelude::*;

use crate::answers::{RandomAnswer, answer};
use crate::config::cases;

const KEY: &str = "the options";

/// Believes everything, so that only what is written decides.
fn read(bytes: Vec<u8>) -> Snapshot {
    Snapshot::new(bytes, KEY, true).unwrap()
}

fn write(answers: &[RandomAnswer], known: Option<&Snapshot>) -> Vec<u8> {
    let answers: Vec<_> = answers.iter().map(RandomAnswer::to_answer).collect();
    build(KEY, &answers, &DirectoryStamps::default(), known)
}

/// Of two answers to one request, the first counts; one that can't be proven is not written.
fn expected(answers: &[RandomAnswer]) -> HashMap<(&str, &str), &RandomAnswer> {
    let mut expected = HashMap::new();
    for answer in answers
        .iter()
        .filter(|answer| answer.facts.iter().all(Fact::is_provable))
    {
        expected.entry((&*answer.directory, &*answer.request)).or_insert(answer);
    }
    expected
}

/// No directory was stamped.
fn uncovered(facts: &[Fact]) -> Vec<Fact> {
    facts
        .iter()
        .map(|fact| Fact {
            is_covered: false,
            ..fact.clone()
        })
        .collect()
}

fn check(snapshot: &Snapshot, answers: &[RandomAnswer]) -> Result<(), TestCaseError> {
    let expected = expected(answers);
    prop_assert_eq!(snapshot.len(), expected.len());
    for asked in answers {
        let key = asked.key();
        let found = snapshot.find(&MemoryFileSystem::new(), &key, now());
        let answer = expected.get(&(&*asked.directory, &*asked.request));
        prop_assert_eq!(found.map(|found| found.path), answer.map(|answer| &*answer.path));
        prop_assert_eq!(snapshot.reasons(&key), answer.map(|answer| uncovered(&answer.facts)));
        let other = format!("{}/", asked.request);
        if !expected.contains_key(&(&*asked.directory, &*other)) {
            let key = AnswerKey::new(&asked.directory, &other);
            prop_assert_eq!(snapshot.find(&MemoryFileSystem::new(), &key, now()), None);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn every_answer_that_can_be_proven_is_there_with_its_reasons(answers in prop::collection::vec(answer(), 0..30)) {
        check(&read(write(&answers, None)), &answers)?;
    }

    #[test]
    fn what_was_known_is_written_again_behind_what_was_learnt(
        learnt in prop::collection::vec(answer(), 0..15),
        known in prop::collection::vec(answer(), 0..15),
    ) {
        let earlier = read(write(&known, None));
        // What was learnt and can't be proven does not hide what was known.
        let both: Vec<_> = learnt.into_iter().chain(known).collect();
        let learnt = &both[..both.len().min(15)];
        check(&read(write(learnt, Some(&earlier))), &both)?;
    }

    #[test]
    fn what_is_forgotten_is_not_given_and_not_written_again(
        answers in prop::collection::vec(answer(), 1..20),
        path in "/[ab](/[ab])?",
    ) {
        let snapshot = read(write(&answers, None));
        snapshot.forget(&path);
        let is_below = |fact: &Fact| *fact.path == *path || fact.path.starts_with(&format!("{path}/"));
        let expected = expected(&answers);
        let written = read(write(&[], Some(&snapshot)));
        for answer in expected.values() {
            let is_forgotten = answer.facts.iter().any(is_below);
            for snapshot in [&snapshot, &written] {
                let found = snapshot.find(&MemoryFileSystem::new(), &answer.key(), now());
                prop_assert_eq!(found.is_none(), is_forgotten);
            }
        }
    }

    #[test]
    fn a_snapshot_is_for_one_key(answers in prop::collection::vec(answer(), 0..9), other in ".{0,20}") {
        let refused = Snapshot::new(write(&answers, None), &other, true).err();
        prop_assert_eq!(refused, (other != KEY).then_some("made for other options"));
    }
}
