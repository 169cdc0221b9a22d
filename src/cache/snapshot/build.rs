//! Making the bytes of a snapshot: what was learnt in this process, and what an earlier one has that was not found wrong.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rustc_hash::FxBuildHasher;

use super::Snapshot;
use super::format::{
    COVERED, DIRECTORY_BYTES, FACT_BYTES, FACT_NUMBER, HEADER_BYTES, KEPT_BY_NODE, LOOKED_AT_AGAIN, LOOKED_AT_ONCE,
    MAGIC, MAXIMUM_BYTES, MAXIMUM_REASONS, NONE, STAMP_BYTES, checksum, kind, push_stamp, stamp_at, u32_at,
};
use crate::cache::{Answer, AnswerKey, DirectoryStamps, Fact, FactKind};
use crate::fs::{EntryType, Stamp};

type FastMap<K, V> = HashMap<K, V, FxBuildHasher>;

/// No path is longer on Linux, and a request that is longer is not worth the room.
const MAXIMUM_TEXT: usize = 4096;

/// The bytes of a snapshot with these answers and those of `known`. Where that would be too large, `known` is left out, and
/// then what was learnt last.
#[must_use]
pub fn build(key: &str, answers: &[Arc<Answer>], stamps: &DirectoryStamps, known: Option<&Snapshot>) -> Vec<u8> {
    let mut builder = Builder::new(stamps, known);
    for answer in answers.iter().filter(|answer| answer.is_provable()) {
        if builder.bytes() > MAXIMUM_BYTES / 2 {
            break;
        }
        builder.add(answer);
    }
    if let Some(known) = known
        && builder.bytes() + known.bytes() < MAXIMUM_BYTES
    {
        builder.add_known(known);
    }
    builder.finish(key)
}

/// What is to be written, table by table.
struct Builder<'a> {
    stamps: &'a DirectoryStamps,
    /// Stamps that an earlier process took.
    known_stamps: FastMap<Box<str>, Stamp>,
    strings: Vec<u8>,
    places: FastMap<Box<str>, (u32, u32)>,
    stamp_table: Vec<u8>,
    stamp_ids: FastMap<Stamp, u32>,
    directories: Vec<u8>,
    directory_ids: FastMap<Box<str>, u32>,
    facts: Vec<u8>,
    fact_ids: FastMap<FactKey, u32>,
    reasons: Vec<u8>,
    answers: Vec<u8>,
    answer_hashes: Vec<u64>,
    known_keys: HashSet<u64, FxBuildHasher>,
}

/// Two facts with one key are one.
type FactKey = (u32, u32, u32, u32, u32);

impl<'a> Builder<'a> {
    fn new(stamps: &'a DirectoryStamps, known: Option<&Snapshot>) -> Self {
        Self {
            stamps,
            known_stamps: known.map(Snapshot::stamps).unwrap_or_default(),
            strings: Vec::new(),
            places: FastMap::default(),
            stamp_table: Vec::new(),
            stamp_ids: FastMap::default(),
            directories: Vec::new(),
            directory_ids: FastMap::default(),
            facts: Vec::new(),
            fact_ids: FastMap::default(),
            reasons: Vec::new(),
            answers: Vec::new(),
            answer_hashes: Vec::new(),
            known_keys: HashSet::default(),
        }
    }

    fn bytes(&self) -> usize {
        self.strings.len()
            + self.stamp_table.len()
            + self.directories.len()
            + self.facts.len()
            + self.reasons.len()
            + 2 * self.answers.len()
    }

    fn add(&mut self, answer: &Answer) {
        let reasons: Vec<u32> = answer
            .facts
            .iter()
            .filter_map(|fact| Some(self.fact(fact)? | flags_of(fact)))
            .collect();
        // A fact without a place in the tables is none that can be checked.
        if reasons.len() == answer.facts.len() {
            let texts = [&*answer.directory, &*answer.request, &*answer.path];
            self.push_answer(texts, &reasons, answer.is_kept_by_node);
        }
    }

    fn add_known(&mut self, known: &Snapshot) {
        let mut ids: FastMap<u32, Option<u32>> = FastMap::default();
        for index in 0..u32::try_from(known.len()).unwrap_or(0) {
            if self.bytes() > MAXIMUM_BYTES {
                break;
            }
            let Some(answer) = known.records().answer(index) else {
                continue;
            };
            let reasons: Option<Vec<u32>> = known
                .records()
                .reasons_of(&answer)
                .map(|reason| {
                    let reason = reason?;
                    let id = reason & FACT_NUMBER;
                    let copied = *ids.entry(id).or_insert_with(|| self.known_fact(known, id));
                    copied.map(|copied| copied | (reason & !FACT_NUMBER))
                })
                .collect();
            if let Some(reasons) = reasons {
                let texts = [answer.directory, answer.request, answer.path];
                self.push_answer(texts, &reasons, answer.is_kept_by_node);
            }
        }
    }

    fn known_fact(&mut self, known: &Snapshot, id: u32) -> Option<u32> {
        if known.has_failed(id) {
            return None;
        }
        let fact = known.full_fact(id)?;
        let directory = known.records().fact(id)?.directory;
        // A stamp proves only what was looked at after it was taken.
        let covering = known.covering_stamp(id, fact.is_covered);
        let path = known.records().directory(directory)?.0;
        let is_covered = covering.is_some() && covering == self.stamp_for(path);
        self.fact(&Fact { is_covered, ..fact })
    }

    fn push_answer(&mut self, texts: [&str; 3], reasons: &[u32], is_kept_by_node: bool) {
        if texts.iter().any(|text| text.len() > MAXIMUM_TEXT) {
            return;
        }
        let [directory, request, _] = texts;
        let hash = AnswerKey::new(directory, request).hash;
        if reasons.is_empty() || reasons.len() > MAXIMUM_REASONS || !self.known_keys.insert(hash) {
            return;
        }
        let first = count_u32(&self.reasons, 4);
        for reason in reasons {
            push_u32(&mut self.reasons, *reason);
        }
        for text in texts {
            let (start, length) = self.string(text);
            push_u32(&mut self.answers, start);
            push_u32(&mut self.answers, length);
        }
        push_u32(&mut self.answers, first);
        let flag = if is_kept_by_node { KEPT_BY_NODE } else { 0 };
        push_u32(&mut self.answers, u32::try_from(reasons.len()).unwrap_or(0) | flag);
        self.answer_hashes.push(hash);
    }

    /// The number of a fact; `None` if it can't be written down.
    fn fact(&mut self, fact: &Fact) -> Option<u32> {
        if fact.path.len() > MAXIMUM_TEXT {
            return None;
        }
        let number = match &fact.kind {
            FactKind::Entry(None) => kind::ABSENT,
            FactKind::Entry(Some(EntryType::File)) => kind::FILE,
            FactKind::Entry(Some(EntryType::Directory)) => kind::DIRECTORY,
            FactKind::Contents { stamp: Some(_), .. } => kind::CONTENTS,
            FactKind::RealDirectory => kind::REAL_DIRECTORY,
            FactKind::RealFile => kind::REAL_FILE,
            FactKind::Link(_) => kind::LINK,
            FactKind::Contents { stamp: None, .. } | FactKind::Unprovable => return None,
        };
        let (directory, name) = if number == kind::REAL_DIRECTORY || *fact.path == *"/" {
            (&*fact.path, "")
        } else {
            let (above, name) = fact.path.rsplit_once('/')?;
            (if above.is_empty() { "/" } else { above }, name)
        };
        let directory_id = self.directory(directory);
        let flags = if fact.is_covered && self.stamp_of(directory_id).is_some() {
            COVERED
        } else {
            0
        };
        let (name_start, name_length) = self.string(name);
        let (extra, extra_length) = match &fact.kind {
            FactKind::Contents {
                stamp: Some(stamp),
                hash,
            } => (self.push_stamp(stamp), *hash),
            FactKind::Link(text) => self.string(text),
            _ => (NONE, 0),
        };
        let key = (number | flags, directory_id, name_start, name_length, extra);
        if let Some(id) = self.fact_ids.get(&key) {
            return Some(*id);
        }
        let id = Some(count_u32(&self.facts, FACT_BYTES)).filter(|id| *id < FACT_NUMBER)?;
        for word in [
            number | flags,
            directory_id,
            name_start,
            name_length,
            extra,
            extra_length,
        ] {
            push_u32(&mut self.facts, word);
        }
        self.fact_ids.insert(key, id);
        Some(id)
    }

    /// The number of a directory. Those above it have smaller ones.
    fn directory(&mut self, path: &str) -> u32 {
        if let Some(id) = self.directory_ids.get(path) {
            return *id;
        }
        let mut above = if path == "/" { NONE } else { self.directory("/") };
        for (end, _) in path.match_indices('/').skip(1) {
            let parent = path.get(..end).unwrap_or_default();
            above = match self.directory_ids.get(parent) {
                Some(id) => *id,
                None => self.push_directory(parent, above),
            };
        }
        self.push_directory(path, above)
    }

    fn push_directory(&mut self, path: &str, above: u32) -> u32 {
        let stamp = self.stamp_for(path).map_or(NONE, |stamp| self.push_stamp(&stamp));
        let (start, length) = self.string(path);
        let id = count_u32(&self.directories, DIRECTORY_BYTES);
        for word in [start, length, above, stamp] {
            push_u32(&mut self.directories, word);
        }
        self.directory_ids.insert(path.into(), id);
        id
    }

    fn stamp_for(&self, directory: &str) -> Option<Stamp> {
        self.stamps
            .get(directory)
            .or_else(|| self.known_stamps.get(directory).copied())
    }

    fn stamp_of(&self, directory: u32) -> Option<Stamp> {
        let record = usize::try_from(directory).ok()?.checked_mul(DIRECTORY_BYTES)?;
        let id = u32_at(&self.directories, record.checked_add(12)?)?;
        stamp_at(&self.stamp_table, usize::try_from(id).ok()?.checked_mul(STAMP_BYTES)?)
    }

    fn push_stamp(&mut self, stamp: &Stamp) -> u32 {
        if let Some(id) = self.stamp_ids.get(stamp) {
            return *id;
        }
        let id = count_u32(&self.stamp_table, STAMP_BYTES);
        push_stamp(&mut self.stamp_table, stamp);
        self.stamp_ids.insert(*stamp, id);
        id
    }

    fn string(&mut self, text: &str) -> (u32, u32) {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let place = (count_u32(&self.strings, 1), u32::try_from(text.len()).unwrap_or(0));
        self.strings.extend_from_slice(text.as_bytes());
        self.places.insert(text.into(), place);
        place
    }

    fn finish(self, key: &str) -> Vec<u8> {
        let buckets = hash_table(&self.answer_hashes);
        let tables = [
            key.as_bytes(),
            &self.strings,
            &self.stamp_table,
            &self.directories,
            &self.facts,
            &self.reasons,
            &self.answers,
            &buckets,
        ];
        let mut bytes = Vec::with_capacity(HEADER_BYTES + tables.iter().map(|table| table.len()).sum::<usize>());
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&[0; 8]);
        let mut start = HEADER_BYTES;
        for table in tables {
            push_u32(&mut bytes, u32::try_from(start).unwrap_or(NONE));
            push_u32(&mut bytes, u32::try_from(table.len()).unwrap_or(NONE));
            start += table.len();
        }
        debug_assert_eq!(bytes.len(), HEADER_BYTES, "each table has its place in the header");
        for table in tables {
            bytes.extend_from_slice(table);
        }
        let sum = checksum(&bytes).to_le_bytes();
        if let Some(place) = bytes.get_mut(8..16) {
            place.copy_from_slice(&sum);
        }
        bytes
    }
}

fn flags_of(fact: &Fact) -> u32 {
    let again = if fact.is_looked_at_again { LOOKED_AT_AGAIN } else { 0 };
    let once = if fact.is_looked_at_once { LOOKED_AT_ONCE } else { 0 };
    again | once
}

/// Half of the buckets stay empty, so that a search ends soon.
fn hash_table(hashes: &[u64]) -> Vec<u8> {
    let length = (hashes.len() * 2).next_power_of_two().max(2);
    let mut buckets = vec![NONE; length];
    for (index, hash) in hashes.iter().enumerate() {
        let start = usize::try_from(hash & u64::from(u32::MAX)).unwrap_or(0);
        let free = (0..length)
            .map(|step| (start + step) & (length - 1))
            .find(|place| buckets.get(*place) == Some(&NONE));
        if let Some(bucket) = free.and_then(|place| buckets.get_mut(place)) {
            *bucket = u32::try_from(index).unwrap_or(NONE);
        }
    }
    buckets.iter().flat_map(|bucket| bucket.to_le_bytes()).collect()
}

fn push_u32(bytes: &mut Vec<u8>, word: u32) {
    bytes.extend_from_slice(&word.to_le_bytes());
}

/// How many records of this size there are.
fn count_u32(bytes: &[u8], size: usize) -> u32 {
    u32::try_from(bytes.len() / size).unwrap_or(NONE)
}
