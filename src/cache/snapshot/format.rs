//! The layout of the file: a header, and tables of numbers (32 bits, little endian) that point into each other.

use xxhash_rust::xxh3::xxh3_64;

use crate::cache::node::Needs;
use crate::fs::Stamp;

/// Changes with the layout.
pub const MAGIC: [u8; 8] = *b"FRSNAP\x00\x05";
/// In place of a number, where there is none.
pub const NONE: u32 = u32::MAX;
/// The magic, the checksum, and the place and length of each table.
pub const HEADER_BYTES: usize = 16 + 8 * Table::COUNT;
/// A larger snapshot is neither written nor read.
pub const MAXIMUM_BYTES: usize = 32 * 1024 * 1024;

/// The tables, in the order of the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// What the snapshot is for; it has to be that of the reader, byte for byte.
    Key,
    /// The directories that requests come from, a line each.
    Directories,
    /// How many answers come before those of each directory, and how many there are.
    Firsts,
    /// What is asked for, a line for each answer.
    Requests,
    /// What is found, a line for each answer.
    Found,
    /// UTF-8.
    Strings,
    /// See [`PATH_BYTES`].
    Paths,
    /// See [`STAMP_BYTES`].
    Stamps,
    /// See [`proof_of`].
    Proofs,
    /// See [`ANSWER_BYTES`].
    Answers,
    /// Numbers of the paths of records of installations.
    Records,
    /// What V8 made of JavaScript of the hook, for each text: a key of [`CODE_KEY_BYTES`], how many bytes there are, and those.
    Code,
}

impl Table {
    /// How many there are.
    pub const COUNT: usize = 12;
}

/// Tells one text of the hook from another.
pub const CODE_KEY_BYTES: usize = 16;
/// A path (place and length in the strings) and the number of its stamp.
pub const PATH_BYTES: usize = 12;
/// Device, inode, size, modified, changed: 64 bits each.
pub const STAMP_BYTES: usize = 40;
/// First proof, number of proofs with [`KEPT_BY_NODE`], and the day on which it was last of use, counted from 1970.
pub const ANSWER_BYTES: usize = 12;
/// In an answer's number of proofs: Node keeps the answer.
pub const KEPT_BY_NODE: u32 = 1 << 31;

/// The word for a path's number and what has to hold there, which is in the two lowest bits.
#[must_use]
pub fn word_of(index: u32, needs: Needs) -> u32 {
    let needs = match needs {
        Needs::Real => 0,
        Needs::Stamp => 1,
        Needs::Package => 2,
    };
    (index << 2) | needs
}

/// The number of a path, and what has to hold there.
#[must_use]
pub fn proof_of(word: u32) -> (u32, Option<Needs>) {
    let needs = [Needs::Real, Needs::Stamp, Needs::Package];
    (word >> 2, needs.get((word & 3) as usize).copied())
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

/// Appends a number.
pub fn push_u32(bytes: &mut Vec<u8>, word: u32) {
    bytes.extend_from_slice(&word.to_le_bytes());
}
