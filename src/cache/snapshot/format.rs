//! The layout of the file: a header, and tables of numbers (32 bits, little endian) that point into each other.

use xxhash_rust::xxh3::xxh3_64;

use crate::fs::Stamp;

/// Changes with the layout.
pub const MAGIC: [u8; 8] = *b"FRSNAP\x00\x02";
/// In place of a number, where there is none.
pub const NONE: u32 = u32::MAX;
/// The magic, the checksum, and the place and length of each table.
pub const HEADER_BYTES: usize = 16 + 8 * Table::COUNT;
/// A larger snapshot is neither written nor read.
pub const MAXIMUM_BYTES: usize = 32 * 1024 * 1024;

/// No answer rests on more; one that claims to is none.
pub const MAXIMUM_REASONS: usize = 10_000;

/// In a reason: Node looks at this fact each time.
pub const LOOKED_AT_AGAIN: u32 = 1 << 31;
/// In a reason: Node looks at this fact once in a thread, if at all.
pub const LOOKED_AT_ONCE: u32 = 1 << 30;
/// What remains of a reason is the number of the fact.
pub const FACT_NUMBER: u32 = LOOKED_AT_ONCE - 1;
/// In an answer's number of reasons: Node keeps the answer.
pub const KEPT_BY_NODE: u32 = 1 << 31;
/// In a fact: the stamp of its directory proves it.
pub const COVERED: u32 = 1 << 8;

/// The tables, in the order of the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// What the snapshot is for; it has to be that of the reader, byte for byte.
    Key,
    /// UTF-8.
    Strings,
    /// See [`STAMP_BYTES`].
    Stamps,
    /// See [`DIRECTORY_BYTES`].
    Directories,
    /// See [`FACT_BYTES`].
    Facts,
    /// Numbers of facts.
    Reasons,
    /// See [`ANSWER_BYTES`].
    Answers,
    /// A hash table of numbers of answers; its length is a power of two.
    Buckets,
}

impl Table {
    /// How many there are.
    pub const COUNT: usize = 8;
}

/// Device, inode, size, modified, changed: 64 bits each.
pub const STAMP_BYTES: usize = 40;
/// Path (place and length in the strings), number of the directory above, number of the stamp.
pub const DIRECTORY_BYTES: usize = 16;
/// Kind and flags, number of the directory, name (place and length), and what belongs to the kind: number of the stamp and
/// hash of the contents, or place and length of the link's text.
pub const FACT_BYTES: usize = 24;
/// Directory, request, path (place and length each), first reason, number of reasons.
pub const ANSWER_BYTES: usize = 32;

/// The kinds of facts, as numbers.
pub mod kind {
    /// Leads nowhere.
    pub const ABSENT: u32 = 0;
    /// Leads to something that is no directory.
    pub const FILE: u32 = 1;
    /// Leads to a directory.
    pub const DIRECTORY: u32 = 2;
    /// A file with this stamp.
    pub const CONTENTS: u32 = 3;
    /// A directory, and no link on the way.
    pub const REAL_DIRECTORY: u32 = 4;
    /// No directory, no link, and none on the way.
    pub const REAL_FILE: u32 = 5;
    /// A link with this text.
    pub const LINK: u32 = 6;
}

/// The checksum of all that follows it.
#[must_use]
pub fn checksum(bytes: &[u8]) -> u64 {
    xxh3_64(bytes.get(16..).unwrap_or_default())
}

/// The number at this place.
#[must_use]
pub fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    let chunk = bytes.get(offset..offset.checked_add(4)?)?;
    Some(u32::from_le_bytes(chunk.try_into().ok()?))
}

/// The long number at this place.
#[must_use]
pub fn u64_at(bytes: &[u8], offset: usize) -> Option<u64> {
    let chunk = bytes.get(offset..offset.checked_add(8)?)?;
    Some(u64::from_le_bytes(chunk.try_into().ok()?))
}

/// The stamp at this place.
#[must_use]
pub fn stamp_at(bytes: &[u8], offset: usize) -> Option<Stamp> {
    let word = |index: usize| u64_at(bytes, offset + 8 * index);
    Some(Stamp {
        device: word(0)?,
        inode: word(1)?,
        size: word(2)?,
        modified: word(3)?.cast_signed(),
        changed: word(4)?.cast_signed(),
    })
}

/// Appends a stamp.
pub fn push_stamp(bytes: &mut Vec<u8>, stamp: &Stamp) {
    for word in [
        stamp.device,
        stamp.inode,
        stamp.size,
        stamp.modified.cast_unsigned(),
        stamp.changed.cast_unsigned(),
    ] {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
}
