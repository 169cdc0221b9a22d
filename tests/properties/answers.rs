//! Random answers, each with facts of every kind, as a snapshot may have to hold them.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use fast_resolve::cache::{Answer, AnswerKey, Fact, FactKind};
use fast_resolve::fs::{EntryType, Stamp};
use proptest::prelude::*;

/// What an [`Answer`] is made of; that one can't be cloned.
#[derive(Debug, Clone)]
pub struct RandomAnswer {
    pub directory: String,
    pub request: String,
    pub path: String,
    pub facts: Vec<Fact>,
    pub is_kept_by_node: bool,
}

impl RandomAnswer {
    pub fn key(&self) -> AnswerKey<'_> {
        AnswerKey::new(&self.directory, &self.request)
    }

    pub fn to_answer(&self) -> Arc<Answer> {
        Arc::new(Answer {
            directory: self.directory.as_str().into(),
            request: self.request.as_str().into(),
            path: self.path.as_str().into(),
            facts: self.facts.clone().into_boxed_slice(),
            is_kept_by_node: self.is_kept_by_node,
            is_always_checked: false,
            seen: AtomicU64::new(1),
        })
    }
}

/// Few names, so that answers share directories and facts.
fn path() -> impl Strategy<Value = String> {
    let name = prop::sample::select(["a", "b", "node_modules", "package.json", "é", " ", "-"].as_slice());
    prop::collection::vec(name, 1..4).prop_map(|names| format!("/{}", names.join("/")))
}

fn directory() -> impl Strategy<Value = String> {
    prop_oneof![9 => path(), 1 => Just("/".to_owned())]
}

fn stamp() -> impl Strategy<Value = Stamp> {
    (any::<[u64; 3]>(), any::<[i64; 2]>()).prop_map(|([device, inode, size], [modified, changed])| Stamp {
        device,
        inode,
        size,
        modified,
        changed,
    })
}

fn contents() -> impl Strategy<Value = FactKind> {
    // A stamp stands for one content.
    stamp().prop_map(|stamp| FactKind::Contents {
        stamp: Some(stamp),
        hash: u32::from_le_bytes(stamp.inode.to_le_bytes()[..4].try_into().unwrap()),
    })
}

fn kind() -> impl Strategy<Value = FactKind> {
    prop_oneof![
        8 => prop::sample::select([None, Some(EntryType::File), Some(EntryType::Directory)].as_slice())
            .prop_map(FactKind::Entry),
        4 => contents(),
        4 => Just(FactKind::RealDirectory),
        4 => Just(FactKind::RealFile),
        4 => "[./a-z]{1,9}".prop_map(|text| FactKind::Link(text.into())),
        1 => Just(FactKind::Contents { stamp: None, hash: 0 }),
        1 => Just(FactKind::Unprovable),
    ]
}

fn fact() -> impl Strategy<Value = Fact> {
    (directory(), kind(), any::<[bool; 3]>()).prop_map(
        |(path, kind, [is_covered, is_looked_at_again, is_looked_at_once])| Fact {
            path: path.into(),
            kind,
            is_covered,
            is_looked_at_again,
            is_looked_at_once,
        },
    )
}

pub fn answer() -> impl Strategy<Value = RandomAnswer> {
    let request = prop_oneof![
        prop::sample::select(["./a", "a", "#a", ""].as_slice()).prop_map(str::to_owned),
        ".{0,9}"
    ];
    let facts = prop::collection::vec(fact(), 1..7);
    (directory(), request, path(), facts, any::<bool>()).prop_map(
        |(directory, request, path, facts, is_kept_by_node)| RandomAnswer {
            directory,
            request,
            path,
            facts,
            is_kept_by_node,
        },
    )
}
