//! The records of a snapshot, as they lie in the file. Every offset is checked: what does not fit counts as not there.

use super::format::{
    ANSWER_BYTES, COVERED, DIRECTORY_BYTES, FACT_BYTES, HEADER_BYTES, KEPT_BY_NODE, MAGIC, MAXIMUM_BYTES,
    MAXIMUM_REASONS, NONE, STAMP_BYTES, Table, checksum, kind, stamp_at, u32_at, u64_at,
};
use crate::cache::AnswerKey;
use crate::fs::Stamp;

/// The bytes of a file that was found to be a snapshot.
pub struct Records {
    bytes: Vec<u8>,
    tables: [(usize, usize); Table::COUNT],
}

/// An answer as it lies in the file.
#[derive(Clone, Copy)]
pub struct RawAnswer<'a> {
    pub directory: &'a str,
    pub request: &'a str,
    pub path: &'a str,
    pub is_kept_by_node: bool,
    first_reason: usize,
    reasons: usize,
}

/// A fact as it lies in the file.
#[derive(Clone, Copy)]
pub struct RawFact<'a> {
    pub kind: u32,
    pub is_covered: bool,
    pub directory: u32,
    pub directory_path: &'a str,
    pub name: &'a str,
    pub extra: u32,
    pub hash: u32,
    pub link_text: &'a str,
}

impl RawFact<'_> {
    pub fn path(&self) -> String {
        match (self.directory_path, self.name) {
            (directory, "") => directory.to_owned(),
            ("/", name) => ["/", name].concat(),
            (directory, name) => [directory, "/", name].concat(),
        }
    }
}

impl Records {
    /// Takes the bytes of a file for a snapshot.
    ///
    /// # Errors
    /// Why they are none, or none for this key.
    pub fn new(bytes: Vec<u8>, key: &str) -> Result<Self, &'static str> {
        if bytes.len() > MAXIMUM_BYTES {
            return Err("too large");
        }
        if bytes.get(..8) != Some(&MAGIC) {
            return Err("not a snapshot of this format");
        }
        if u64_at(&bytes, 8) != Some(checksum(&bytes)) || bytes.len() < HEADER_BYTES {
            return Err("wrong checksum");
        }
        let tables = read_tables(&bytes).ok_or("malformed")?;
        let records = Self { bytes, tables };
        if records.table(Table::Key) != key.as_bytes() {
            return Err("made for other options");
        }
        if std::str::from_utf8(records.table(Table::Strings)).is_err() {
            return Err("malformed");
        }
        Ok(records)
    }

    /// The size of the file.
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    pub fn answers(&self) -> usize {
        self.table(Table::Answers).len() / ANSWER_BYTES
    }

    pub fn facts(&self) -> usize {
        self.table(Table::Facts).len() / FACT_BYTES
    }

    pub fn directories(&self) -> usize {
        self.table(Table::Directories).len() / DIRECTORY_BYTES
    }

    /// The answer to a request, and its number.
    pub fn lookup(&self, key: &AnswerKey<'_>) -> Option<(u32, RawAnswer<'_>)> {
        let buckets = self.table(Table::Buckets);
        let mask = (buckets.len() / 4).checked_sub(1)?;
        let start = usize::try_from(key.hash & u64::from(u32::MAX)).ok()?;
        for step in 0..=mask {
            let index = u32_at(buckets, ((start + step) & mask) * 4)?;
            if index == NONE {
                return None;
            }
            let answer = self.answer(index)?;
            if answer.directory == key.directory && answer.request == key.request {
                return Some((index, answer));
            }
        }
        None
    }

    pub fn answer(&self, index: u32) -> Option<RawAnswer<'_>> {
        let record = self.record(Table::Answers, index, ANSWER_BYTES)?;
        let reasons = u32_at(record, 28)?;
        Some(RawAnswer {
            directory: self.string(record, 0)?,
            request: self.string(record, 8)?,
            path: self.string(record, 16)?,
            first_reason: usize::try_from(u32_at(record, 24)?).ok()?,
            is_kept_by_node: reasons & KEPT_BY_NODE != 0,
            reasons: usize::try_from(reasons & !KEPT_BY_NODE)
                .ok()
                .filter(|reasons| *reasons <= MAXIMUM_REASONS)?,
        })
    }

    /// The facts behind an answer, with [`LOOKED_AT_AGAIN`]; `None` in place of what is out of bounds.
    pub fn reasons_of(&self, answer: &RawAnswer<'_>) -> impl Iterator<Item = Option<u32>> {
        let table = self.table(Table::Reasons);
        let bytes = answer
            .first_reason
            .checked_mul(4)
            .zip(answer.reasons.checked_mul(4))
            .and_then(|(start, length)| table.get(start..start.checked_add(length)?));
        // An answer without reasons proves nothing.
        let bytes = bytes.filter(|bytes| !bytes.is_empty()).unwrap_or(&[0]);
        bytes.chunks(4).map(|chunk| u32_at(chunk, 0))
    }

    pub fn fact(&self, id: u32) -> Option<RawFact<'_>> {
        let record = self.record(Table::Facts, id, FACT_BYTES)?;
        let kind = u32_at(record, 0)?;
        let directory = u32_at(record, 4)?;
        Some(RawFact {
            kind: kind & 0xff,
            is_covered: kind & COVERED != 0,
            directory,
            directory_path: self.directory(directory)?.0,
            name: self.string(record, 8)?,
            extra: u32_at(record, 16)?,
            hash: u32_at(record, 20)?,
            link_text: if kind & 0xff == kind::LINK {
                self.string(record, 16)?
            } else {
                ""
            },
        })
    }

    /// The path of a directory, the number of the one above, and its stamp.
    pub fn directory(&self, id: u32) -> Option<(&str, u32, Option<Stamp>)> {
        let record = self.record(Table::Directories, id, DIRECTORY_BYTES)?;
        let stamp = u32_at(record, 12)?;
        let stamp = if stamp == NONE { None } else { Some(self.stamp(stamp)?) };
        Some((self.string(record, 0)?, u32_at(record, 8)?, stamp))
    }

    pub fn stamp(&self, id: u32) -> Option<Stamp> {
        stamp_at(self.record(Table::Stamps, id, STAMP_BYTES)?, 0)
    }

    fn table(&self, table: Table) -> &[u8] {
        let (start, end) = self.tables.get(table as usize).copied().unwrap_or_default();
        self.bytes.get(start..end).unwrap_or_default()
    }

    fn record(&self, table: Table, index: u32, size: usize) -> Option<&[u8]> {
        let start = usize::try_from(index).ok()?.checked_mul(size)?;
        self.table(table).get(start..start.checked_add(size)?)
    }

    fn string(&self, record: &[u8], offset: usize) -> Option<&str> {
        let start = usize::try_from(u32_at(record, offset)?).ok()?;
        let length = usize::try_from(u32_at(record, offset + 4)?).ok()?;
        // SAFETY: `new` has found the table to be UTF-8, and the bytes never change.
        let strings = unsafe { std::str::from_utf8_unchecked(self.table(Table::Strings)) };
        strings.get(start..start.checked_add(length)?)
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
    let (start, end) = tables.get(Table::Buckets as usize).copied()?;
    let buckets = end.checked_sub(start)? / 4;
    (buckets.is_power_of_two() && (end - start) % 4 == 0).then_some(tables)
}
