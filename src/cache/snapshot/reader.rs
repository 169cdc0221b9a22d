//! A snapshot as it lies in the file. Every offset is checked: what does not fit counts as not there.

use std::ops::Range;

use super::format::{
    ANSWER_BYTES, CODE_KEY_BYTES, HEADER_BYTES, KEPT_BY_NODE, MAGIC, MAXIMUM_BYTES, NONE, PATH_BYTES, STAMP_BYTES,
    Table, checksum, proof_of, stamp_at, u32_at,
};
use crate::cache::node::{Detail, EARLIER, Id, Needs, Proof, ROOT, Stamped};
use crate::cache::proofs::distinct;
use crate::cache::tree::Tree;
use crate::fs::Stamp;
use crate::path::is_normalised;

/// The bytes of a file that was found to be a snapshot.
pub struct Snapshot {
    bytes: Vec<u8>,
    tables: [(usize, usize); Table::COUNT],
    paths: usize,
    answers: usize,
}

/// The paths of a snapshot in a tree.
pub struct EnteredPaths {
    /// By their indices.
    pub ids: Vec<Id>,
    /// What each answer rests on, one behind the other.
    pub proofs: Vec<Proof>,
    /// The same, each once.
    pub distinct: Vec<Proof>,
}

/// A path of a snapshot in the tree.
#[derive(Clone, Copy)]
struct Entered {
    id: Id,
    /// Whether the stamp that the tree has for it is that of the snapshot.
    is_as_recorded: bool,
}

impl Snapshot {
    /// Takes the bytes of a file for a snapshot.
    ///
    /// # Errors
    /// Why they are none, or none for this key.
    pub fn new(bytes: Vec<u8>, key: &str) -> Result<Self, &'static str> {
        let snapshot = Self::of_anybody(bytes)?;
        if !snapshot.is_for(key) {
            return Err("for another Node, other options or another user");
        }
        Ok(snapshot)
    }

    /// The same, whoever it is for.
    ///
    /// # Errors
    /// Why they are none.
    pub fn of_anybody(bytes: Vec<u8>) -> Result<Self, &'static str> {
        if bytes.len() < HEADER_BYTES || bytes.get(..8) != Some(&MAGIC) {
            return Err("not a snapshot of this version");
        }
        if bytes.len() > MAXIMUM_BYTES {
            return Err("too large");
        }
        let sum = bytes
            .get(8..16)
            .and_then(|sum| sum.try_into().ok())
            .map(u64::from_le_bytes);
        if sum != Some(checksum(&bytes)) {
            return Err("the checksum is wrong");
        }
        let tables = read_tables(&bytes).ok_or("a table lies outside of the file")?;
        let mut snapshot = Self {
            bytes,
            tables,
            paths: 0,
            answers: 0,
        };
        let is_text = |table: &Table| std::str::from_utf8(snapshot.table(*table)).is_ok();
        let texts = [Table::Strings, Table::Directories, Table::Requests, Table::Found];
        if !texts.iter().all(is_text) {
            return Err("its texts are not UTF-8");
        }
        snapshot.paths = snapshot.table(Table::Paths).len() / PATH_BYTES;
        snapshot.answers = snapshot.table(Table::Answers).len() / ANSWER_BYTES;
        Ok(snapshot)
    }

    /// What the file holds.
    pub(in crate::cache) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many answers there are.
    #[must_use]
    pub fn answers(&self) -> usize {
        self.answers
    }

    /// Bytes held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Directories and package.json files that answers rest on.
    #[must_use]
    pub fn paths(&self) -> usize {
        self.paths
    }

    /// The directories, requests and paths that were found, as lines, and the number of the first answer of each directory.
    #[must_use]
    pub fn lines(&self) -> ([&str; 3], Vec<u32>) {
        let texts = [Table::Directories, Table::Requests, Table::Found].map(|table| self.text(table));
        (texts, self.words(Table::Firsts).collect())
    }

    /// Directory, request and path of each answer.
    pub fn texts(&self) -> impl Iterator<Item = [&str; 3]> {
        let firsts: Vec<u32> = self.words(Table::Firsts).collect();
        let sizes = firsts
            .iter()
            .zip(firsts.iter().skip(1))
            .map(|(first, next)| next.saturating_sub(*first));
        let directories: Vec<_> = self.text(Table::Directories).split('\n').zip(sizes).collect();
        let of_answers = directories
            .into_iter()
            .flat_map(|(directory, size)| std::iter::repeat_n(directory, size as usize));
        let answers = self
            .text(Table::Requests)
            .split('\n')
            .zip(self.text(Table::Found).split('\n'));
        of_answers
            .zip(answers)
            .map(|(directory, (request, path))| [directory, request, path])
    }

    /// What V8 made of the text of the hook that has this key.
    #[must_use]
    pub fn code(&self, key: &str) -> Option<&[u8]> {
        self.codes()
            .find_map(|(known, code)| (known == key.as_bytes()).then_some(code))
    }

    /// The same of all texts, each with its key.
    pub(super) fn codes(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let mut rest = self.table(Table::Code);
        std::iter::from_fn(move || {
            let (key, others) = rest.split_at_checked(CODE_KEY_BYTES)?;
            let length = u32_at(others, 0)? as usize;
            let (code, others) = others.get(4..)?.split_at_checked(length)?;
            rest = others;
            Some((key, code))
        })
    }

    /// Whether it is for this key.
    #[must_use]
    pub fn is_for(&self, key: &str) -> bool {
        self.table(Table::Key) == key.as_bytes()
    }

    /// The day on which an answer was last of use.
    pub(super) fn day(&self, number: u32) -> Option<u32> {
        u32_at(self.record(Table::Answers, number, ANSWER_BYTES)?, 8)
    }

    /// Whether Node keeps an answer.
    pub(in crate::cache) fn is_kept_by_node(&self, number: u32) -> bool {
        let record = self.record(Table::Answers, number, ANSWER_BYTES);
        record
            .and_then(|record| u32_at(record, 4))
            .is_some_and(|count| count & KEPT_BY_NODE != 0)
    }

    /// The places of an answer's proofs among those that [`Snapshot::enter`] gives.
    pub(in crate::cache) fn range(&self, number: u32) -> Option<Range<usize>> {
        let record = self.record(Table::Answers, number, ANSWER_BYTES)?;
        let first = usize::try_from(u32_at(record, 0)?).ok()?;
        let count = usize::try_from(u32_at(record, 4)? & !KEPT_BY_NODE).ok()?;
        Some(first..first.checked_add(count)?)
    }

    /// The paths that answers rest on, by their index; nothing where it is none.
    pub(super) fn path_texts(&self) -> impl Iterator<Item = Option<&str>> {
        let (records, _) = self.table(Table::Paths).as_chunks::<PATH_BYTES>();
        // In a file that was tampered with, it may be anything.
        records
            .iter()
            .map(|record| self.string(record).filter(|path| is_normalised(path)))
    }

    /// Enters paths and stamps into a tree, where that knows no better, and tells the paths by their index and all proofs in order.
    /// What is out of bounds makes a proof that never holds.
    pub(in crate::cache) fn enter(&self, tree: &mut Tree, believes_installations: bool) -> EnteredPaths {
        let kinds = self.kinds_of_paths();
        let paths: Vec<Option<Entered>> = (0..self.paths)
            .map(|index| self.enter_path(tree, index, &kinds))
            .collect();
        if believes_installations {
            self.enter_records(tree, &paths);
        }
        let never = Proof {
            id: Id::MAX,
            needs: Needs::Stamp,
        };
        let proof = |(index, needs): (u32, Option<Needs>)| {
            let (entered, needs) = ((*paths.get(index as usize)?)?, needs?);
            let id = entered.id;
            (needs == Needs::Real || entered.is_as_recorded).then_some(Proof { id, needs })
        };
        let proofs: Vec<_> = self
            .words(Table::Proofs)
            .map(|word| proof(proof_of(word)).unwrap_or(never))
            .collect();
        let ids = paths.iter().map(|path| path.map_or(never.id, |entered| entered.id));
        EnteredPaths {
            ids: ids.collect(),
            distinct: distinct(&proofs, self.paths),
            proofs,
        }
    }

    /// Which of the paths are files.
    fn kinds_of_paths(&self) -> Vec<bool> {
        let mut are_files = vec![false; self.paths];
        let of_proofs = self
            .words(Table::Proofs)
            .map(proof_of)
            .filter(|(_, needs)| *needs == Some(Needs::Package));
        for index in of_proofs.map(|(index, _)| index).chain(self.words(Table::Records)) {
            if let Some(is_file) = are_files.get_mut(index as usize) {
                *is_file = true;
            }
        }
        are_files
    }

    fn enter_path(&self, tree: &mut Tree, index: usize, are_files: &[bool]) -> Option<Entered> {
        let index_of_record = u32::try_from(index).ok()?;
        let record = self.record(Table::Paths, index_of_record, PATH_BYTES)?;
        let path = self.string(record)?;
        // In a file that was tampered with, it may be anything.
        if !is_normalised(path) {
            return None;
        }
        let id = tree.resolve(ROOT, path);
        let stamp = u32_at(record, 8)?;
        let is_as_recorded = stamp == NONE || {
            let stamp = self.stamp(stamp)?;
            tree.enter_stamp(id, stamp, are_files.get(index) == Some(&true))
        };
        Some(Entered { id, is_as_recorded })
    }

    /// What lies below a `node_modules` directory with a record is of that installation.
    fn enter_records(&self, tree: &mut Tree, paths: &[Option<Entered>]) {
        for index in self.words(Table::Records) {
            let Some(Some(Entered {
                id: record,
                is_as_recorded: true,
            })) = paths.get(index as usize)
            else {
                continue;
            };
            let directory = tree.path(tree.parent(*record)).to_owned();
            for Entered { id, .. } in paths.iter().flatten() {
                let is_below = tree
                    .path(*id)
                    .strip_prefix(directory.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
                if let Some(node) = tree.node_mut(*id).filter(|_| is_below && id != record) {
                    node.record = *record;
                }
            }
        }
    }

    /// The stamps of the records of installations.
    pub(super) fn records(&self) -> impl Iterator<Item = (&str, Stamp)> {
        self.words(Table::Records).filter_map(|index| {
            let record = self.record(Table::Paths, index, PATH_BYTES)?;
            Some((self.string(record)?, self.stamp(u32_at(record, 8)?)?))
        })
    }

    fn words(&self, table: Table) -> impl Iterator<Item = u32> {
        let (words, _) = self.table(table).as_chunks::<4>();
        words.iter().map(|word| u32::from_le_bytes(*word))
    }

    fn stamp(&self, index: u32) -> Option<Stamp> {
        stamp_at(self.record(Table::Stamps, index, STAMP_BYTES)?, 0)
    }

    fn table(&self, table: Table) -> &[u8] {
        let (start, end) = self.tables.get(table as usize).copied().unwrap_or_default();
        self.bytes.get(start..end).unwrap_or_default()
    }

    fn record(&self, table: Table, index: u32, size: usize) -> Option<&[u8]> {
        let start = usize::try_from(index).ok()?.checked_mul(size)?;
        self.table(table).get(start..start.checked_add(size)?)
    }

    fn string(&self, record: &[u8]) -> Option<&str> {
        let start = usize::try_from(u32_at(record, 0)?).ok()?;
        let length = usize::try_from(u32_at(record, 4)?).ok()?;
        self.text(Table::Strings).get(start..start.checked_add(length)?)
    }

    fn text(&self, table: Table) -> &str {
        // SAFETY: `of_anybody` has found these tables to be UTF-8, and the bytes never change.
        unsafe { std::str::from_utf8_unchecked(self.table(table)) }
    }
}

impl Tree {
    /// Notes a stamp that an earlier process took, unless another is known; whether what was recorded with it may be proved by it.
    /// Two snapshots may be of different times: what rests on the stamp of one is not proved by that of the other.
    fn enter_stamp(&mut self, id: Id, stamp: Stamp, is_file: bool) -> bool {
        let Some(node) = self.node_mut(id) else { return false };
        if let Some(known) = node.stamped_mut() {
            let is_same = known.stamp == stamp && known.is_settled;
            if is_same {
                // It has been this since the earlier process.
                known.since = EARLIER;
            }
            return is_same;
        }
        let is_new = node.seen == 0 && matches!(node.detail, Detail::None);
        let stamped = Stamped {
            stamp,
            since: EARLIER,
            is_settled: true,
            compared: 0,
        };
        if is_new && is_file {
            node.detail = Detail::package(stamped, None);
        } else if is_new {
            node.detail = Detail::directory(stamped);
        }
        is_new
    }
}

fn read_tables(bytes: &[u8]) -> Option<[(usize, usize); Table::COUNT]> {
    let mut tables = [(0, 0); Table::COUNT];
    for (index, place) in tables.iter_mut().enumerate() {
        let start = usize::try_from(u32_at(bytes, 16 + 8 * index)?).ok()?;
        let length = usize::try_from(u32_at(bytes, 20 + 8 * index)?).ok()?;
        let end = start.checked_add(length)?;
        if start < HEADER_BYTES || end > bytes.len() {
            return None;
        }
        *place = (start, end);
    }
    Some(tables)
}
