//! The file system of Linux (raw system calls) and macOS (libc), by `rustix`.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use rustix::fs::{FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use super::{EntryType, FileContent, FileSystem, Link, Stamp};

const NANOSECONDS: i128 = 1_000_000_000;

/// The operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsFileSystem;

impl FileSystem for OsFileSystem {
    fn entry_type(&self, path: &Path) -> Option<EntryType> {
        let stat = rustix::fs::stat(path).ok()?;
        Some(match file_type(&stat) {
            FileType::Directory => EntryType::Directory,
            _ => EntryType::File,
        })
    }

    fn read_link(&self, path: &Path) -> Link {
        // Most components are no links; asking for the link at once spares the `lstat` before it.
        match rustix::fs::readlink(path, Vec::new()) {
            Ok(target) => target.into_string().map_or(Link::NotUtf8, Link::To),
            Err(Errno::INVAL) => Link::No,
            Err(_) => Link::Missing,
        }
    }

    /// One system call instead of one for each component. Kernels before 5.6, and sandboxes that do not know the call,
    /// refuse it; then nothing is known.
    #[cfg(target_os = "linux")]
    fn has_no_links(&self, path: &Path) -> bool {
        use rustix::fs::{CWD, ResolveFlags, openat2};
        openat2(
            CWD,
            path,
            OFlags::PATH | OFlags::CLOEXEC,
            Mode::empty(),
            ResolveFlags::NO_SYMLINKS,
        )
        .is_ok()
    }

    fn stamp(&self, path: &Path) -> Option<Stamp> {
        let stat = rustix::fs::stat(path).ok()?;
        (file_type(&stat) == FileType::RegularFile).then(|| stamp_of(&stat))
    }

    fn read_file(&self, path: &Path) -> FileContent {
        // Without NONBLOCK, opening a FIFO would wait for a writer.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
        let file = match rustix::fs::open(path, flags, Mode::empty()) {
            Ok(file) => file,
            Err(Errno::NOENT | Errno::NOTDIR | Errno::NXIO) => return FileContent::Missing,
            Err(_) => return FileContent::Unknown,
        };
        let Ok(stat) = rustix::fs::fstat(&file) else {
            return FileContent::Unknown;
        };
        match file_type(&stat) {
            FileType::RegularFile => {}
            FileType::Directory | FileType::Fifo | FileType::Socket => return FileContent::Missing,
            _ => return FileContent::Unknown,
        }
        let size = usize::try_from(stat.st_size).unwrap_or(0);
        let mut bytes = Vec::with_capacity(size + 1);
        loop {
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

    fn now(&self) -> i128 {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| i128::try_from(since.as_nanos()).unwrap_or(i128::MAX))
    }
}

fn file_type(stat: &Stat) -> FileType {
    FileType::from_raw_mode(stat.st_mode)
}

/// The fields have different types on different platforms; all of them fit.
fn stamp_of(stat: &Stat) -> Stamp {
    Stamp {
        device: i128::from(stat.st_dev),
        inode: i128::from(stat.st_ino),
        size: i128::from(stat.st_size),
        modified: i128::from(stat.st_mtime) * NANOSECONDS + i128::from(stat.st_mtime_nsec),
        changed: i128::from(stat.st_ctime) * NANOSECONDS + i128::from(stat.st_ctime_nsec),
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn sees_links_in_every_position() {
        // Every Linux has these two; `/proc/self` is a link, `/proc` and `/` are none.
        for (path, expected) in [
            ("/", true),
            ("/proc", true),
            ("/proc/self", false),
            ("/proc/self/stat", false),
        ] {
            let has_no_links = OsFileSystem.has_no_links(path.as_ref());
            // A sandbox may forbid the call altogether.
            assert!(has_no_links == expected || !has_no_links, "{path}");
        }
    }
}
