//! Making the bytes of a snapshot: what was learnt in this process, and what earlier ones have recorded that still counts.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::Snapshot;
use super::format::{
    ANSWER_BYTES, HEADER_BYTES, KEPT_BY_NODE, MAGIC, MAXIMUM_BYTES, NONE, PATH_BYTES, STAMP_BYTES, Table, checksum,
    push_stamp, push_u32, word_of,
};
use crate::cache::node::{EARLIER, Epoch, Id, Needs, Node, Proof, ROOT};
use crate::cache::tree::Tree;
use crate::fs::{Entry, Stamp};

type FastMap<K, V> = HashMap<K, V, FxBuildHasher>;

/// No path is longer on Linux, and a request that is longer is not worth the room.
const MAXIMUM_TEXT: usize = 4096;
/// The hook has two texts of which V8's code is kept; those of another version are of no use.
const MAXIMUM_CODES: usize = 2;
/// An answer that was of no use for so many days is left out.
const MAXIMUM_AGE: u32 = 30;
const DAY: i64 = 86_400_000_000_000;
/// Where package managers say what they have installed.
const RECORDS: [&str; 4] = [
    ".package-lock.json",
    ".yarn-state.yml",
    ".yarn-integrity",
    ".modules.yaml",
];

/// What is to be written.
pub(in crate::cache) struct Recording<'a> {
    tree: &'a mut Tree,
    today: u32,
    /// By directory, in the order in which they came.
    groups: Vec<Group>,
    group_of: FastMap<Box<str>, usize>,
    paths: Vec<(Id, Option<Stamp>)>,
    index_of_path: FastMap<Id, u32>,
    /// What V8 made of the hook's texts, with their keys.
    codes: Vec<(Vec<u8>, Vec<u8>)>,
    bytes: usize,
}

/// The answers of one directory.
struct Group {
    directory: Box<str>,
    answers: FastMap<Box<str>, RecordedAnswer>,
}

struct RecordedAnswer {
    path: Box<str>,
    proofs: Box<[u32]>,
    is_kept: bool,
    day: u32,
}

impl<'a> Recording<'a> {
    pub fn new(tree: &'a mut Tree) -> Self {
        Self {
            today: u32::try_from(tree.now / DAY).unwrap_or(0),
            tree,
            groups: Vec::new(),
            group_of: FastMap::default(),
            paths: Vec::new(),
            index_of_path: FastMap::default(),
            codes: Vec::new(),
            bytes: 0,
        }
    }

    pub fn tree(&mut self) -> &mut Tree {
        self.tree
    }

    /// Adds what V8 made of a text of the hook, unless there is some of that, or of as many others as the hook has.
    pub fn add_code(&mut self, key: &[u8], code: &[u8]) {
        if self.codes.len() < MAXIMUM_CODES && self.codes.iter().all(|(known, _)| known != key) {
            self.codes.push((key.to_vec(), code.to_vec()));
        }
    }

    /// Adds an answer (directory, request, path) of an epoch, unless there is one already or nobody could prove it.
    pub fn add(&mut self, texts: [&str; 3], proofs: &[Proof], answered: Epoch, is_kept: bool) {
        self.add_of_day(texts, proofs, answered, (is_kept, self.today));
    }

    /// Adds the answers of another snapshot, of which these are the proofs; and whether each was found to hold in this process, if
    /// that is known of each.
    pub fn add_known(&mut self, known: &Snapshot, proofs: &[Proof], is_used: Option<&[bool]>) {
        for (key, code) in known.codes() {
            self.add_code(key, code);
        }
        let changed = self.changed_installations(known);
        let texts = known.texts().collect::<Vec<_>>();
        for (number, texts) in (0..).zip(texts) {
            let Some(proofs) = known.range(number).and_then(|range| proofs.get(range)) else {
                continue;
            };
            let is_used = is_used.map(|is_used| is_used.get(number as usize) == Some(&true));
            let is_fresh = is_used.unwrap_or(true);
            let day = if is_used == Some(true) {
                self.today
            } else {
                known.day(number).unwrap_or(0)
            };
            let is_of_changed = || {
                proofs
                    .iter()
                    .any(|proof| changed.iter().any(|directory| self.is_below(proof.id, directory)))
            };
            if day + MAXIMUM_AGE >= self.today && (is_fresh || !is_of_changed()) {
                self.add_of_day(texts, proofs, EARLIER, (known.is_kept_by_node(number), day));
            }
        }
    }

    fn add_of_day(&mut self, texts: [&str; 3], proofs: &[Proof], answered: Epoch, (is_kept, day): (bool, u32)) {
        let is_odd = texts
            .iter()
            .any(|text| text.len() > MAXIMUM_TEXT || text.contains('\n'));
        if is_odd || self.bytes > MAXIMUM_BYTES / 2 || proofs.is_empty() || !self.tree.is_provable(proofs, answered) {
            return;
        }
        let [directory, request, path] = texts;
        let known = self.group_of.get(directory).copied();
        let group = known.unwrap_or(self.groups.len());
        if known.is_none() {
            self.groups.push(Group {
                directory: directory.into(),
                answers: FastMap::default(),
            });
            self.group_of.insert(directory.into(), group);
        }
        let known = self
            .groups
            .get_mut(group)
            .and_then(|group| group.answers.get_mut(request));
        if let Some(known) = known {
            known.day = known.day.max(day);
            return;
        }
        let proofs: Box<[u32]> = proofs.iter().map(|proof| self.proof(*proof)).collect();
        self.bytes += request.len() + path.len() + 4 * proofs.len() + 24;
        if let Some(group) = self.groups.get_mut(group) {
            let path = path.into();
            group.answers.insert(
                request.into(),
                RecordedAnswer {
                    path,
                    proofs,
                    is_kept,
                    day,
                },
            );
        }
    }

    fn proof(&mut self, Proof { id, needs }: Proof) -> u32 {
        let stamped = self.tree.node(id).and_then(Node::stamped);
        let stamp = stamped.filter(|_| needs != Needs::Real).map(|stamped| stamped.stamp);
        word_of(self.path(id, stamp), needs)
    }

    fn path(&mut self, id: Id, stamp: Option<Stamp>) -> u32 {
        let next = u32::try_from(self.paths.len()).unwrap_or(NONE);
        let index = *self.index_of_path.entry(id).or_insert(next);
        if index == next {
            self.bytes += self.tree.path(id).len() + PATH_BYTES + STAMP_BYTES;
            self.paths.push((id, None));
        }
        if let Some((_, known)) = self.paths.get_mut(index as usize) {
            *known = known.or(stamp);
        }
        index
    }

    /// The `node_modules` directories whose record is not what it was when a snapshot was written.
    fn changed_installations(&self, known: &Snapshot) -> Vec<String> {
        let has_changed =
            |(path, stamp): &(&str, Stamp)| self.tree.file_system.entry(path.as_ref()) != Entry::File(*stamp);
        let directory = |(path, _): (&str, Stamp)| Some(path.rsplit_once('/')?.0.to_owned());
        known.records().filter(has_changed).filter_map(directory).collect()
    }

    fn is_below(&self, id: Id, directory: &str) -> bool {
        self.tree
            .path(id)
            .strip_prefix(directory)
            .is_some_and(|rest| rest.starts_with('/'))
    }

    /// The records of the installations that paths are a part of, as far as they are older than this process.
    fn records(&mut self) -> Vec<u32> {
        let mut directories: Vec<String> = Vec::new();
        for (id, _) in &self.paths {
            let path = self.tree.path(*id);
            let end = path.find("/node_modules/").map(|start| start + "/node_modules".len());
            let directory = end.and_then(|end| path.get(..end)).unwrap_or_default();
            if !directory.is_empty() && !directories.iter().any(|known| known == directory) {
                directories.push(directory.to_owned());
            }
        }
        let mut records = Vec::new();
        for directory in directories {
            for name in RECORDS {
                let path = format!("{directory}/{name}");
                if let Entry::File(stamp) = self.tree.file_system.entry(path.as_ref())
                    && stamp.is_settled(self.tree.began)
                {
                    let id = self.tree.resolve(ROOT, &path);
                    records.push(self.path(id, Some(stamp)));
                }
            }
        }
        records
    }

    /// The bytes; nothing if there is no answer, or too much.
    pub fn finish(mut self, key: &str) -> Option<Vec<u8>> {
        if self.groups.is_empty() {
            return None;
        }
        let records = self.records();
        let (mut proofs, mut answers) = (Vec::new(), Vec::new());
        let (mut directories, mut requests, mut found) = (Vec::new(), Vec::new(), Vec::new());
        let mut firsts = Vec::new();
        for group in &self.groups {
            directories.push(&*group.directory);
            push_u32(&mut firsts, u32::try_from(answers.len() / ANSWER_BYTES).ok()?);
            for (request, answer) in &group.answers {
                requests.push(&**request);
                found.push(&*answer.path);
                push_u32(&mut answers, u32::try_from(proofs.len() / 4).ok()?);
                let flag = if answer.is_kept { KEPT_BY_NODE } else { 0 };
                push_u32(&mut answers, u32::try_from(answer.proofs.len()).ok()? | flag);
                push_u32(&mut answers, answer.day);
                for word in &answer.proofs {
                    push_u32(&mut proofs, *word);
                }
            }
        }
        push_u32(&mut firsts, u32::try_from(answers.len() / ANSWER_BYTES).ok()?);
        let [directories, requests, found] = [directories, requests, found].map(|lines| lines.join("\n"));
        let (mut strings, mut paths, mut stamps) = (Vec::new(), Vec::new(), Vec::new());
        for (id, stamp) in &self.paths {
            let path = self.tree.path(*id).as_bytes();
            push_u32(&mut paths, u32::try_from(strings.len()).ok()?);
            push_u32(&mut paths, u32::try_from(path.len()).ok()?);
            strings.extend_from_slice(path);
            let index = u32::try_from(stamps.len() / STAMP_BYTES).ok()?;
            push_u32(&mut paths, if stamp.is_some() { index } else { NONE });
            if let Some(stamp) = stamp {
                push_stamp(&mut stamps, stamp);
            }
        }
        let mut words = Vec::new();
        for index in records {
            push_u32(&mut words, index);
        }
        let mut codes = Vec::new();
        for (key, code) in &self.codes {
            codes.extend_from_slice(key);
            push_u32(&mut codes, u32::try_from(code.len()).ok()?);
            codes.extend_from_slice(code);
        }
        let tables: [&[u8]; Table::COUNT] = [
            key.as_bytes(),
            directories.as_bytes(),
            &firsts,
            requests.as_bytes(),
            found.as_bytes(),
            &strings,
            &paths,
            &stamps,
            &proofs,
            &answers,
            &words,
            &codes,
        ];
        let bytes = lay_out(&tables)?;
        (bytes.len() <= MAXIMUM_BYTES).then_some(bytes)
    }
}

fn lay_out(tables: &[&[u8]; Table::COUNT]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(HEADER_BYTES + tables.iter().map(|table| table.len()).sum::<usize>());
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&[0; 8]);
    let mut start = HEADER_BYTES;
    for table in tables {
        push_u32(&mut bytes, u32::try_from(start).ok()?);
        push_u32(&mut bytes, u32::try_from(table.len()).ok()?);
        start += table.len();
    }
    debug_assert_eq!(bytes.len(), HEADER_BYTES, "each table has its place in the header");
    for table in tables {
        bytes.extend_from_slice(table);
    }
    let sum = checksum(&bytes).to_le_bytes();
    bytes.get_mut(8..16)?.copy_from_slice(&sum);
    Some(bytes)
}
