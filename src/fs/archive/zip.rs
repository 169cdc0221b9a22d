//! A zip file: its central directory read once, and its entries one by one. It reaches the bytes by a function.
//!
//! Names are kept sorted, in one text. A directory needs no entry of its own: it is there if something begins with its name. So
//! nothing grows beyond what was read, however deep the names go.

use super::crc32::crc32;
use crate::path::AbsolutePath;

/// No central directory may be larger.
const MAXIMUM_DIRECTORY: usize = 256 << 20;
/// No entry may be larger, packed or unpacked.
const MAXIMUM_ENTRY: u32 = 64 << 20;
/// Nor the text of a link, which is a path.
const MAXIMUM_LINK: u32 = 4096;

const END_LENGTH: usize = 22;
const RECORD_LENGTH: usize = 46;
const HEADER_LENGTH: usize = 30;
/// How much of the end is read at once: the longest comment, and most central directories before it.
const TAIL: usize = 0xffff + END_LENGTH;
/// What a local header may have beyond what the central directory says, without another read.
const SLACK: usize = 64;

/// Gives so many bytes from an offset on, or fewer at the end.
pub(super) type Read<'a> = &'a dyn Fn(u64, usize) -> Option<Vec<u8>>;

/// Why an archive, or an entry of it, has no contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// The bytes could not be read, or were those of another state of the file.
    Disk,
    /// It is no zip file, or a broken one.
    Malformed,
    /// It may be a good one, but is of a kind or size that is not read here.
    Refused,
}

/// What lies at a path in the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item<'a> {
    Directory,
    File(&'a Packed),
    Link(&'a Packed),
}

/// What the central directory says of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Packed {
    /// Where its name is in the text of all names.
    start: usize,
    end: usize,
    header: u32,
    /// Bytes in the archive, and unpacked.
    stored_size: u32,
    size: u32,
    crc: u32,
    method: u16,
    flags: u16,
    is_link: bool,
    /// Its name ended with a slash.
    is_directory: bool,
}

/// The central directory of a zip file.
#[derive(Debug)]
pub(super) struct Archive {
    /// One behind the other, without slashes at either end.
    names: String,
    /// By their names.
    entries: Vec<Packed>,
    /// Whether any is a link.
    pub(super) has_links: bool,
}

impl Archive {
    /// Reads the central directory of a zip file of this size.
    pub(super) fn open(read: Read<'_>, size: u64) -> Result<Self, Unreadable> {
        let tail_start = size.saturating_sub(TAIL as u64);
        let tail = read(tail_start, TAIL).ok_or(Unreadable::Disk)?;
        let end = End::find(&tail)?;
        if end.size > MAXIMUM_DIRECTORY {
            return Err(Unreadable::Refused);
        }
        let directory = match end.start.checked_sub(tail_start).map(usize::try_from) {
            Some(Ok(start)) => tail.get(start..).unwrap_or_default().to_vec(),
            _ => read(end.start, end.size).ok_or(Unreadable::Disk)?,
        };
        let records = directory.get(..end.size).ok_or(Unreadable::Malformed)?;
        Self::of_records(records, end.count)
    }

    fn of_records(records: &[u8], count: u16) -> Result<Self, Unreadable> {
        let mut archive = Self {
            names: String::new(),
            entries: Vec::new(),
            has_links: false,
        };
        let mut rest = records;
        for _ in 0..count {
            rest = archive.push_record(rest).ok_or(Unreadable::Malformed)?;
        }
        archive.has_links = archive.entries.iter().any(|entry| entry.is_link);
        let Self { names, entries, .. } = &mut archive;
        let name = |entry: &Packed| names.get(entry.start..entry.end).unwrap_or_default();
        // The sort is stable, and of two with one name the last one counts, as in Yarn.
        entries.sort_by(|a, b| name(a).cmp(name(b)));
        entries.reverse();
        entries.dedup_by(|a, b| {
            let is_same = name(a) == name(b);
            b.is_directory |= is_same && a.is_directory;
            is_same
        });
        entries.reverse();
        Ok(archive)
    }

    /// Takes up what the first record says; gives the others.
    fn push_record<'a>(&mut self, records: &'a [u8]) -> Option<&'a [u8]> {
        let fixed = records.get(..RECORD_LENGTH)?;
        if fixed.get(..4)? != b"PK\x01\x02" {
            return None;
        }
        let name_end = RECORD_LENGTH + usize::from(u16_at(fixed, 28)?);
        let behind = name_end + usize::from(u16_at(fixed, 30)?) + usize::from(u16_at(fixed, 32)?);
        let name = records.get(RECORD_LENGTH..name_end)?;
        let rest = records.get(behind..)?;
        // Yarn leaves out what is absolute. What is not UTF-8, nobody can ask for.
        let relative = std::str::from_utf8(name).ok().filter(|name| !name.starts_with('/'));
        let Some(path) = relative.and_then(|name| AbsolutePath::new(&format!("/{name}"))) else {
            return Some(rest);
        };
        let start = self.names.len();
        self.names.push_str(path.as_str().trim_start_matches('/'));
        // Only Unix says which entries are links.
        let is_unix = u16_at(fixed, 4)? >> 8 == 3;
        self.entries.push(Packed {
            start,
            end: self.names.len(),
            header: u32_at(fixed, 42)?,
            stored_size: u32_at(fixed, 20)?,
            size: u32_at(fixed, 24)?,
            crc: u32_at(fixed, 16)?,
            method: u16_at(fixed, 10)?,
            flags: u16_at(fixed, 8)?,
            is_link: is_unix && (u32_at(fixed, 38)? >> 16) & 0o170_000 == 0o120_000,
            is_directory: name.ends_with(b"/"),
        });
        Some(rest)
    }

    /// What lies at a path, which has no slash at either end; empty is the archive itself.
    pub(super) fn item(&self, path: &str) -> Option<Item<'_>> {
        if path.is_empty() {
            return Some(Item::Directory);
        }
        let first_from = |name: &str| {
            self.entries
                .get(self.entries.partition_point(|entry| self.name(entry) < name))
        };
        let own = first_from(path).filter(|entry| self.name(entry) == path);
        let below = format!("{path}/");
        let has_below = first_from(&below).is_some_and(|entry| self.name(entry).starts_with(&below));
        // What has something below it is a directory, whatever its own entry says.
        if has_below || own.is_some_and(|entry| entry.is_directory) {
            return Some(Item::Directory);
        }
        own.map(|entry| {
            if entry.is_link {
                Item::Link(entry)
            } else {
                Item::File(entry)
            }
        })
    }

    /// How much memory it takes.
    pub(super) fn bytes(&self) -> usize {
        self.names.capacity() + self.entries.capacity() * size_of::<Packed>()
    }

    fn name(&self, entry: &Packed) -> &str {
        self.names.get(entry.start..entry.end).unwrap_or_default()
    }
}

impl Packed {
    /// The text of a link.
    pub(super) fn link_text(&self, read: Read<'_>) -> Result<String, Unreadable> {
        if self.size > MAXIMUM_LINK {
            return Err(Unreadable::Refused);
        }
        String::from_utf8(self.content(read)?).map_err(|_| Unreadable::Malformed)
    }

    /// The contents, unpacked.
    pub(super) fn content(&self, read: Read<'_>) -> Result<Vec<u8>, Unreadable> {
        const ENCRYPTED: u16 = 1;
        if self.size > MAXIMUM_ENTRY
            || self.stored_size > MAXIMUM_ENTRY
            || self.flags & ENCRYPTED != 0
            || self.header == u32::MAX
        {
            return Err(Unreadable::Refused);
        }
        let packed = self.packed(read)?;
        let size = self.size as usize;
        let content = match self.method {
            0 => packed,
            // No more than it says, so that little can't become much.
            8 => {
                miniz_oxide::inflate::decompress_to_vec_with_limit(&packed, size).map_err(|_| Unreadable::Malformed)?
            }
            _ => return Err(Unreadable::Refused),
        };
        if content.len() != size || crc32(&content) != self.crc {
            return Err(Unreadable::Malformed);
        }
        Ok(content)
    }

    /// The bytes behind the local header, which has a name and extra fields of its own.
    fn packed(&self, read: Read<'_>) -> Result<Vec<u8>, Unreadable> {
        let (header, size) = (u64::from(self.header), self.stored_size as usize);
        let guess = HEADER_LENGTH + (self.end - self.start) + SLACK + size;
        let mut bytes = read(header, guess).ok_or(Unreadable::Disk)?;
        let start = data_start(&bytes).ok_or(Unreadable::Malformed)?;
        if start + size > guess {
            bytes = read(header, start + size).ok_or(Unreadable::Disk)?;
        }
        if bytes.len() < start + size {
            return Err(Unreadable::Malformed);
        }
        bytes.truncate(start + size);
        bytes.drain(..start);
        Ok(bytes)
    }
}

/// Where the data are, behind a local header.
fn data_start(header: &[u8]) -> Option<usize> {
    if header.get(..4)? != b"PK\x03\x04" {
        return None;
    }
    Some(HEADER_LENGTH + usize::from(u16_at(header, 26)?) + usize::from(u16_at(header, 28)?))
}

/// What the end of the file says of the central directory.
struct End {
    start: u64,
    size: usize,
    count: u16,
}

impl End {
    /// Finds it in the last bytes of the file: nothing but its own comment is behind it.
    fn find(tail: &[u8]) -> Result<Self, Unreadable> {
        let last = tail.len().checked_sub(END_LENGTH).ok_or(Unreadable::Malformed)?;
        let record = (0..=last).rev().find_map(|start| {
            let record = tail.get(start..)?;
            let comment = record.starts_with(b"PK\x05\x06").then(|| u16_at(record, 20))??;
            (record.len() == END_LENGTH + usize::from(comment)).then_some(record)
        });
        Self::parse(record.ok_or(Unreadable::Malformed)?).ok_or(Unreadable::Refused)
    }

    /// `None` for an archive of several files, or one that needs the larger numbers of zip64.
    fn parse(record: &[u8]) -> Option<Self> {
        let (disk, of_directory) = (u16_at(record, 4)?, u16_at(record, 6)?);
        let (on_disk, count) = (u16_at(record, 8)?, u16_at(record, 10)?);
        let (size, start) = (u32_at(record, 12)?, u32_at(record, 16)?);
        let is_large = count == u16::MAX || start == u32::MAX;
        (disk == 0 && of_directory == 0 && on_disk == count && !is_large).then_some(Self {
            start: u64::from(start),
            size: size as usize,
            count,
        })
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at + 2)?;
    Some(u16::from_le_bytes(bytes.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + 4)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}
