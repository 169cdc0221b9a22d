//! The file system of Linux (raw system calls) and macOS (libc), by `rustix`.

use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use once_cell::sync::OnceCell;
use rustix::fs::{FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use super::{Entry, EntryType, FileContent, FileSystem, Link, ProcessFile, Stamp};

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

    fn entry(&self, path: &Path) -> Entry {
        count(1);
        match rustix::fs::lstat(path) {
            Ok(stat) => match file_type(&stat) {
                FileType::Directory => Entry::Directory(stamp_of(&stat)),
                FileType::Symlink => Entry::Link,
                _ => Entry::File(stamp_of(&stat)),
            },
            Err(Errno::NOENT | Errno::NOTDIR) => Entry::Missing,
            Err(_) => Entry::Unknown,
        }
    }

    fn read_file(&self, path: &Path) -> FileContent {
        let (file, stat) = match open_regular(path) {
            Ok(opened) => opened,
            Err(content) => return content,
        };
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

    fn read_part(&self, path: &Path, offset: u64, length: usize) -> FileContent {
        let (file, stat) = match open_regular(path) {
            Ok(opened) => opened,
            Err(content) => return content,
        };
        let size = u64::try_from(stat.st_size).unwrap_or(0);
        // No more than there is, whatever was asked for.
        let length = length.min(usize::try_from(size.saturating_sub(offset)).unwrap_or(0));
        let mut bytes = vec![0; length];
        let mut filled = 0;
        while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            count(1);
            match rustix::io::pread(&file, rest, offset + filled as u64) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(Errno::INTR) => {}
                Err(_) => return FileContent::Unknown,
            }
        }
        bytes.truncate(filled);
        FileContent::Bytes(bytes, stamp_of(&stat))
    }

    fn now(&self) -> i64 {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
    }

    fn process_file(&self, file: ProcessFile) -> Option<Vec<String>> {
        let path = match file {
            ProcessFile::CommandLine => "/proc/self/cmdline",
            ProcessFile::Environment => "/proc/self/environ",
        };
        let FileContent::Bytes(bytes, _) = self.read_file(path.as_ref()) else {
            return None;
        };
        let text = String::from_utf8(bytes).ok()?;
        Some(text.split_terminator('\0').map(str::to_owned).collect())
    }

    #[cfg(target_os = "linux")]
    fn is_main_thread(&self) -> bool {
        rustix::thread::gettid() == rustix::process::getpid()
    }

    fn system_calls(&self) -> u64 {
        SYSTEM_CALLS.load(Ordering::Relaxed)
    }
}

/// Opens the regular file at the path itself; otherwise gives what reading it gives.
fn open_regular(path: &Path) -> Result<(OwnedFd, Stat), FileContent> {
    // Without NONBLOCK, opening a FIFO would wait for a writer.
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::NOFOLLOW;
    count(1);
    let file = rustix::fs::open(path, flags, Mode::empty()).map_err(|error| match error {
        Errno::NOENT | Errno::NOTDIR => FileContent::Missing,
        Errno::NXIO => FileContent::NoFile,
        Errno::LOOP => FileContent::Link,
        _ => FileContent::Unknown,
    })?;
    // `fstat` and `close`.
    count(2);
    let stat = rustix::fs::fstat(&file).map_err(|_| FileContent::Unknown)?;
    match file_type(&stat) {
        FileType::RegularFile => Ok((file, stat)),
        FileType::Directory | FileType::Fifo | FileType::Socket => Err(FileContent::NoFile),
        _ => Err(FileContent::Unknown),
    }
}

/// Has a function run when the process ends by `exit`, on the thread that ends it.
pub fn at_exit(callback: fn()) {
    static CALLBACK: OnceCell<fn()> = OnceCell::new();
    extern "C" fn run() {
        if let Some(callback) = CALLBACK.get() {
            // Unwinding into libc would abort the process.
            let _ = std::panic::catch_unwind(callback);
        }
    }
    // SAFETY: this is its declaration in C, and it may be called with any function that does not unwind.
    unsafe extern "C" {
        safe fn atexit(callback: extern "C" fn()) -> i32;
    }
    // Where there is no room for another one, nothing is run.
    if CALLBACK.set(callback).is_ok() {
        let _ = atexit(run);
    }
}

/// The loader looks this up when the addon is loaded, and not only when it is called: musl has no such function, and is to refuse the
/// addon for glibc at once.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[used]
static ONLY_IN_GLIBC: unsafe extern "C" fn(usize) -> libc::c_int = libc::malloc_trim;

/// Gives the system the memory that is free: glibc keeps what was small, for this process.
pub fn give_memory_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: it takes the locks of the allocator itself, and touches nothing that is in use.
    unsafe {
        libc::malloc_trim(0);
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
    fn tells_entries_from_what_they_link_to() {
        assert_eq!(OsFileSystem.entry("/proc/self".as_ref()), Entry::Link);
        assert!(matches!(OsFileSystem.entry("/proc/version".as_ref()), Entry::File(_)));
        assert!(matches!(OsFileSystem.entry("/proc".as_ref()), Entry::Directory(_)));
        assert_eq!(OsFileSystem.entry("/proc/no-such-thing".as_ref()), Entry::Missing);
        assert_eq!(OsFileSystem.entry("/proc/version/below".as_ref()), Entry::Missing);
        let too_long = format!("/{}", "x".repeat(300));
        assert_eq!(OsFileSystem.entry(too_long.as_ref()), Entry::Unknown);
        assert_eq!(OsFileSystem.read_file("/proc/self".as_ref()), FileContent::Link);
    }

    #[test]
    fn reads_parts() {
        let path = std::env::current_exe().unwrap();
        let FileContent::Bytes(whole, stamp) = OsFileSystem.read_file(&path) else {
            panic!("{} is not read", path.display());
        };
        let size = whole.len();
        for (offset, length) in [
            (0, 4),
            (1, 0),
            (size - 3, 3),
            (size - 3, usize::MAX),
            (size, 1),
            (usize::MAX, 1),
        ] {
            let part = OsFileSystem.read_part(&path, offset as u64, length);
            let start = offset.min(size);
            let expected = whole[start..start.saturating_add(length).min(size)].to_vec();
            assert_eq!(part, FileContent::Bytes(expected, stamp), "{length} from {offset} on");
        }
        assert_eq!(OsFileSystem.read_part("/proc".as_ref(), 0, 1), FileContent::NoFile);
    }
}
