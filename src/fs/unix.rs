//! The file system of Linux (raw system calls) and macOS (libc), by `rustix`.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use rustix::fs::{FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use super::{Entry, EntryType, FileContent, FileSystem, Link, Look, Stamp};

const NANOSECONDS: i64 = 1_000_000_000;

static SYSTEM_CALLS: AtomicU64 = AtomicU64::new(0);

fn count(calls: u64) {
    SYSTEM_CALLS.fetch_add(calls, Ordering::Relaxed);
}

/// The operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsFileSystem;

impl FileSystem for OsFileSystem {
    fn entry_type(&self, path: &Path) -> Option<EntryType> {
        count(1);
        let stat = rustix::fs::stat(path).ok()?;
        Some(match file_type(&stat) {
            FileType::Directory => EntryType::Directory,
            _ => EntryType::File,
        })
    }

    fn read_link(&self, path: &Path) -> Link {
        count(1);
        // Most components are no links; asking for the link at once spares the `lstat` before it.
        match rustix::fs::readlink(path, Vec::new()) {
            Ok(target) => target.into_string().map_or(Link::NotUtf8, Link::To),
            Err(Errno::INVAL) => Link::No,
            Err(_) => Link::Missing,
        }
    }

    /// Asks for a directory and takes the refusal for the answer: one system call tells what `stat` and an `lstat` for each
    /// component would tell. Kernels before 5.6, and sandboxes that do not know the call, refuse it; then nothing is known.
    #[cfg(target_os = "linux")]
    fn look(&self, path: &Path) -> Look {
        use rustix::fs::{CWD, ResolveFlags, openat2};
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        count(1);
        match openat2(CWD, path, flags, Mode::empty(), ResolveFlags::NO_SYMLINKS) {
            Ok(_directory) => {
                count(1);
                Look::Directory
            }
            Err(Errno::NOENT) => Look::Missing,
            Err(Errno::NOTDIR) => Look::NotADirectory,
            Err(_) => Look::Unknown,
        }
    }

    fn entry(&self, path: &Path) -> Entry {
        count(1);
        let Ok(stat) = rustix::fs::lstat(path) else {
            return Entry::Missing;
        };
        match file_type(&stat) {
            FileType::Directory => Entry::Directory(stamp_of(&stat)),
            FileType::Symlink => Entry::Link,
            _ => Entry::File,
        }
    }

    fn stamp(&self, path: &Path) -> Option<Stamp> {
        count(1);
        let stat = rustix::fs::stat(path).ok()?;
        (file_type(&stat) == FileType::RegularFile).then(|| stamp_of(&stat))
    }

    fn changed_at(&self, path: &Path) -> Option<i64> {
        count(1);
        Some(stamp_of(&rustix::fs::lstat(path).ok()?).changed)
    }

    fn read_file(&self, path: &Path) -> FileContent {
        // Without NONBLOCK, opening a FIFO would wait for a writer.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
        count(1);
        let file = match rustix::fs::open(path, flags, Mode::empty()) {
            Ok(file) => file,
            Err(Errno::NOENT | Errno::NOTDIR) => return FileContent::Missing,
            Err(Errno::NXIO) => return FileContent::NoFile,
            Err(_) => return FileContent::Unknown,
        };
        // `fstat` and `close`.
        count(2);
        let Ok(stat) = rustix::fs::fstat(&file) else {
            return FileContent::Unknown;
        };
        match file_type(&stat) {
            FileType::RegularFile => {}
            FileType::Directory | FileType::Fifo | FileType::Socket => return FileContent::NoFile,
            _ => return FileContent::Unknown,
        }
        let size = usize::try_from(stat.st_size).unwrap_or(0);
        let mut bytes = Vec::with_capacity(size + 1);
        loop {
            count(1);
            // There is room for one byte more than the size, so that a read that gives just the size has met the end.
            match rustix::io::read(&file, rustix::buffer::spare_capacity(&mut bytes)) {
                Ok(0) => break,
                Ok(_) if size > 0 && bytes.len() == size => break,
                Ok(_) => bytes.reserve(size.max(4096)),
                Err(Errno::INTR) => {}
                Err(_) => return FileContent::Unknown,
            }
        }
        FileContent::Bytes(bytes, stamp_of(&stat))
    }

    fn now(&self) -> i64 {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
    }

    fn system_calls(&self) -> u64 {
        SYSTEM_CALLS.load(Ordering::Relaxed)
    }
}

fn file_type(stat: &Stat) -> FileType {
    FileType::from_raw_mode(stat.st_mode)
}

/// The fields have different types on different platforms; all of them fit.
#[expect(
    clippy::allow_attributes,
    reason = "which of the conversions are needless depends on the platform"
)]
#[allow(clippy::cast_sign_loss, clippy::cast_possible_wrap, clippy::unnecessary_cast)]
pub(crate) fn stamp_of(stat: &Stat) -> Stamp {
    Stamp {
        device: stat.st_dev as u64,
        inode: stat.st_ino as u64,
        size: stat.st_size as u64,
        modified: nanoseconds(stat.st_mtime as i64, stat.st_mtime_nsec as i64),
        changed: nanoseconds(stat.st_ctime as i64, stat.st_ctime_nsec as i64),
    }
}

fn nanoseconds(seconds: i64, rest: i64) -> i64 {
    seconds.saturating_mul(NANOSECONDS).saturating_add(rest)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn sees_links_in_every_position() {
        // Every Linux has these; `/proc/self` is a link, `/proc` and `/` are none.
        for (path, expected) in [
            ("/", Look::Directory),
            ("/proc", Look::Directory),
            ("/proc/self", Look::Unknown),
            ("/proc/self/stat", Look::Unknown),
            ("/proc/version", Look::NotADirectory),
            ("/proc/version/x", Look::NotADirectory),
            ("/proc/no-such-thing", Look::Missing),
        ] {
            let look = OsFileSystem.look(path.as_ref());
            // A sandbox may forbid the call altogether.
            assert!(look == expected || look == Look::Unknown, "{path}: {look:?}");
        }
    }

    #[test]
    fn tells_entries_from_what_they_link_to() {
        assert_eq!(OsFileSystem.entry("/proc/self".as_ref()), Entry::Link);
        assert_eq!(OsFileSystem.entry("/proc/version".as_ref()), Entry::File);
        assert!(matches!(OsFileSystem.entry("/proc".as_ref()), Entry::Directory(_)));
        assert_eq!(OsFileSystem.entry("/proc/no-such-thing".as_ref()), Entry::Missing);
    }
}
