//! A directory whose files decide what code runs, so that nobody but its user may have written them.

#![expect(
    clippy::disallowed_methods,
    reason = "the files that hold what is remembered are no part of what is resolved"
)]

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustix::fs::OFlags;

use super::{OWN_FILES, PrivateFile};

/// Write permission of the group and of others.
const WRITABLE_BY_OTHERS: u32 = 0o022;
/// A temporary file of that age has no writer any more.
const ABANDONED_AFTER: Duration = Duration::from_secs(600);
/// Beyond that, files are taken away, the oldest first.
const MAXIMUM_FILES: usize = 64;
/// A file that nobody has used for so long is taken away.
const UNUSED_AFTER: Duration = Duration::from_secs(30 * 24 * 3600);
/// How old the time of a file may be before it is set anew, to show that it is used.
const TOUCHED_AFTER: Duration = Duration::from_secs(24 * 3600);

/// A directory that belongs to the user alone.
#[derive(Debug, Clone)]
pub struct PrivateDirectory(PathBuf);

impl PrivateDirectory {
    /// A directory, which need not exist.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Whether anything is there.
    #[must_use]
    pub fn exists(&self) -> bool {
        fs::symlink_metadata(&self.0).is_ok()
    }

    /// Whether it is there and belongs to the user.
    #[must_use]
    pub fn is_own(&self) -> bool {
        fs::symlink_metadata(&self.0).is_ok_and(|metadata| metadata.is_dir() && metadata.uid() == current_user())
    }

    /// Reads a file, unless somebody else may have written it.
    #[must_use]
    pub fn read(&self, name: &str, maximum_bytes: usize) -> PrivateFile {
        match self.try_read(name, maximum_bytes) {
            Ok(bytes) => PrivateFile::Bytes(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => PrivateFile::Missing,
            Err(error) => PrivateFile::Refused(error.to_string()),
        }
    }

    fn try_read(&self, name: &str, maximum_bytes: usize) -> io::Result<Vec<u8>> {
        self.check()?;
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
        let mut file = OpenOptions::new()
            .read(true)
            .custom_flags(flags.bits().cast_signed())
            .open(self.0.join(name))?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(refused("not a regular file"));
        }
        check_owner(&metadata, "file")?;
        if metadata.len() > maximum_bytes as u64 {
            return Err(refused("too large"));
        }
        let now = SystemTime::now();
        if metadata
            .modified()
            .is_ok_and(|modified| age(now, modified) > TOUCHED_AFTER)
        {
            // On a disk that can't be written to, its age tells nothing, and nothing is taken away.
            let _ = file.set_modified(now);
        }
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0) + 1);
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Writes a file under a name of its own and then gives it this one.
    ///
    /// # Errors
    /// Those of the file system, and `PermissionDenied` if somebody else may write to the directory.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.create()?;
        self.check()?;
        let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let nanoseconds = since_epoch.map_or(0, |since| since.as_nanos());
        let temporary = self.0.join(format!("{name}.{}.{nanoseconds}.tmp", std::process::id()));
        let written = write_new(&temporary, bytes).and_then(|()| fs::rename(&temporary, self.0.join(name)));
        if written.is_err() {
            // What can't be removed is found again by `tidy`.
            let _ = fs::remove_file(&temporary);
        }
        written?;
        self.tidy(name);
        Ok(())
    }

    fn create(&self) -> io::Result<()> {
        if self.0.is_dir() {
            return Ok(());
        }
        if let Some(parent) = self.0.parent() {
            fs::create_dir_all(parent)?;
        }
        match DirBuilder::new().mode(0o700).create(&self.0) {
            // Another process may have been quicker.
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        }
    }

    fn check(&self) -> io::Result<()> {
        let metadata = fs::symlink_metadata(&self.0)?;
        if !metadata.is_dir() {
            return Err(refused("the directory is none"));
        }
        check_owner(&metadata, "directory")
    }

    /// Takes away what writers left that were killed, and files beyond a number, the oldest first. What can't be taken
    /// away stays.
    fn tidy(&self, newest: &str) {
        let Ok(entries) = fs::read_dir(&self.0) else { return };
        let now = SystemTime::now();
        let mut others = Vec::new();
        for entry in entries.flatten() {
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| *name != newest) else {
                continue;
            };
            let Ok(modified) = entry.metadata().and_then(|metadata| metadata.modified()) else {
                continue;
            };
            let age = age(now, modified);
            match own_kind(name) {
                Some(OwnFile::Temporary) if age > ABANDONED_AFTER => {
                    let _ = fs::remove_file(entry.path());
                }
                Some(OwnFile::Snapshot) if age > UNUSED_AFTER => {
                    let _ = fs::remove_file(entry.path());
                }
                Some(OwnFile::Snapshot) => others.push((modified, entry.path())),
                _ => {}
            }
        }
        others.sort();
        let surplus = (others.len() + 1).saturating_sub(MAXIMUM_FILES);
        for (_, path) in others.iter().take(surplus) {
            let _ = fs::remove_file(path);
        }
    }
}

fn age(now: SystemTime, modified: SystemTime) -> Duration {
    now.duration_since(modified).unwrap_or_default()
}

/// The number of the user that the process runs as.
#[must_use]
pub fn current_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// What this process may take away.
enum OwnFile {
    Snapshot,
    Temporary,
}

/// Tells files that were written here from whatever else somebody keeps in the directory.
fn own_kind(name: &str) -> Option<OwnFile> {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (_, rest) = name.split_once(OWN_FILES)?;
    match rest.split('.').collect::<Vec<_>>().as_slice() {
        [""] => Some(OwnFile::Snapshot),
        ["", process, moment, "tmp"] if is_number(process) && is_number(moment) => Some(OwnFile::Temporary),
        _ => None,
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file: File = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)
}

fn check_owner(metadata: &fs::Metadata, what: &str) -> io::Result<()> {
    if metadata.uid() != current_user() {
        return Err(refused(&format!("the {what} belongs to another user")));
    }
    if metadata.mode() & WRITABLE_BY_OTHERS != 0 {
        return Err(refused(&format!("the {what} is writable by others")));
    }
    Ok(())
}

fn refused(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, reason)
}
