//! A file system in which zip files are directories, and virtual paths stand for others: what Yarn's Plug'n'Play needs.
//!
//! Each look at something in an archive looks at the archive's own stamp first, so that one that was replaced is read anew. Of an
//! archive, only the central directory is kept.
//!
//! Under Yarn, `fs.stat` says of an archive itself that it is a file. Here it is a directory, since whoever goes from directory to
//! directory could not come into it otherwise. An archive that can't be read is a file here as well.

mod crc32;
mod zip;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use self::zip::{Archive, Item, Unreadable};
use super::{Entry, EntryType, FileContent, FileSystem, Link, ProcessFile, Stamp};
use crate::path::AbsolutePath;
use crate::pnp::{in_same_virtual, to_real};

/// Linux follows no more links than this on the way to one file.
const MAXIMUM_LINKS: usize = 40;
/// Where the central directories that are kept take more, all are read anew.
const MAXIMUM_BYTES: usize = 64 << 20;

/// Another file system, with archives as directories and virtual paths.
#[derive(Debug, Default)]
pub struct ArchiveFileSystem<F> {
    inner: F,
    opened: RwLock<Opened>,
}

#[derive(Debug, Default)]
struct Opened {
    archives: FxHashMap<AbsolutePath, Known>,
    bytes: usize,
}

#[derive(Debug, Clone)]
struct Known {
    stamp: Stamp,
    /// Whether the stamp tells every later state of the file from this one.
    is_settled: bool,
    archive: Result<Arc<Archive>, Unreadable>,
}

/// Where a path leads.
enum Place<'a> {
    /// To what the inner file system has at this path.
    Inner(Cow<'a, Path>),
    /// To something in an archive, or to the archive.
    Archived(Archived),
}

/// A path in an archive.
struct Archived {
    /// The archive as it was asked for, but not virtual.
    mount: AbsolutePath,
    /// The same with links followed.
    file: AbsolutePath,
    stamp: Stamp,
    archive: Result<Arc<Archive>, Unreadable>,
    /// What is asked for in it, without slashes at either end; empty is the archive itself.
    subpath: String,
}

impl<F: FileSystem> ArchiveFileSystem<F> {
    /// Archives of this file system.
    pub fn new(inner: F) -> Self {
        Self {
            inner,
            opened: RwLock::default(),
        }
    }

    /// Where a path leads. A link to an archive is followed where something in the archive is asked for.
    fn place<'a>(&self, path: &'a Path) -> Place<'a> {
        let Some(text) = path.to_str().filter(|text| may_lead_elsewhere(text)) else {
            return Place::Inner(Cow::Borrowed(path));
        };
        let real = to_real(text);
        if let Some(archived) = self.archived(real.as_ref().map_or(text, AbsolutePath::as_str)) {
            return Place::Archived(archived);
        }
        Place::Inner(match real {
            Some(real) => Cow::Owned(real.into_string().into()),
            None => Cow::Borrowed(path),
        })
    }

    fn archived(&self, path: &str) -> Option<Archived> {
        let mut end = 0;
        loop {
            end = archive_end(path, end)?;
            let mount = AbsolutePath::new(path.get(..end)?)?;
            let subpath = path.get(end..)?.trim_matches('/').to_owned();
            let (file, entry) = self.leads_to(&mount)?;
            let stamp = match entry {
                Entry::File(stamp) => stamp,
                Entry::Directory(_) => continue,
                Entry::Link | Entry::Missing | Entry::Unknown => return None,
            };
            if subpath.is_empty() && file != mount {
                return None;
            }
            return Some(Archived {
                archive: self.open(&file, stamp),
                mount,
                file,
                stamp,
                subpath,
            });
        }
    }

    /// Where a path leads, and what is there. The texts of links are joined, as `fs.realpath` does.
    fn leads_to(&self, path: &AbsolutePath) -> Option<(AbsolutePath, Entry)> {
        let mut path = path.clone();
        for _ in 0..=MAXIMUM_LINKS {
            let entry = self.inner.entry(path.as_path());
            if entry != Entry::Link {
                return Some((path, entry));
            }
            let Link::To(text) = self.inner.read_link(path.as_path()) else {
                return None;
            };
            path = path.parent()?.resolve(&text);
        }
        None
    }

    fn open(&self, file: &AbsolutePath, stamp: Stamp) -> Result<Arc<Archive>, Unreadable> {
        let opened = self.opened.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = opened.archives.get(file)
            && known.is_settled
            && known.stamp == stamp
        {
            return known.archive.clone();
        }
        drop(opened);

        let is_settled = stamp.is_settled(self.inner.now());
        let archive = Archive::open(&self.reader(file, stamp), stamp.size).map(Arc::new);
        // What changed meanwhile, or could not be read, may be there the next time.
        if archive.as_ref().err() != Some(&Unreadable::Disk) {
            let archive = archive.clone();
            self.remember(
                file,
                Known {
                    stamp,
                    is_settled,
                    archive,
                },
            );
        }
        archive
    }

    fn remember(&self, file: &AbsolutePath, known: Known) {
        let bytes_of = |known: &Known| known.archive.as_ref().map_or(0, |archive| archive.bytes());
        let mut opened = self.opened.write().unwrap_or_else(PoisonError::into_inner);
        let added = bytes_of(&known);
        if opened.bytes + added > MAXIMUM_BYTES {
            *opened = Opened::default();
        }
        let before = opened.archives.insert(file.clone(), known);
        opened.bytes = opened.bytes + added - before.as_ref().map_or(0, bytes_of);
    }

    /// Reads parts of an archive as long as it is in the state of that stamp.
    fn reader(&self, file: &AbsolutePath, stamp: Stamp) -> impl Fn(u64, usize) -> Option<Vec<u8>> {
        move |offset, length| match self.inner.read_part(file.as_path(), offset, length) {
            FileContent::Bytes(bytes, found) if found == stamp => Some(bytes),
            _ => None,
        }
    }

    /// The path in the archive that a path in it leads to, links followed, but for one that it is itself.
    fn locate(&self, archived: &Archived, archive: &Archive) -> Result<Option<AbsolutePath>, Unreadable> {
        let subpath = AbsolutePath::new(&format!("/{}", archived.subpath)).ok_or(Unreadable::Malformed)?;
        if !archive.has_links {
            return Ok(Some(subpath));
        }
        let (Some(parent), name) = (subpath.parent(), subpath.file_name()) else {
            return Ok(Some(subpath));
        };
        let parent = self.follow(archived, archive, &parent)?;
        Ok(parent.map(|parent| parent.child(name)))
    }

    /// The path that a path in the archive leads to, all links followed; `None` if that is no path.
    ///
    /// No link leads out of the archive: to Yarn, its root is the root.
    fn follow(
        &self,
        archived: &Archived,
        archive: &Archive,
        path: &AbsolutePath,
    ) -> Result<Option<AbsolutePath>, Unreadable> {
        let mut path = path.clone();
        let mut links = 0;
        'again: loop {
            for above in path.ancestors().collect::<Vec<_>>().iter().rev() {
                let Some(Item::Link(link)) = archive.item(inside(above)) else {
                    continue;
                };
                links += 1;
                let Some(directory) = above.parent().filter(|_| links <= MAXIMUM_LINKS) else {
                    return Ok(None);
                };
                let text = link.link_text(&self.reader(&archived.file, archived.stamp))?;
                let below = path.as_str().strip_prefix(above.as_str()).unwrap_or_default();
                path = directory.resolve(&text).resolve(&format!("./{below}"));
                continue 'again;
            }
            return Ok(Some(path));
        }
    }

    fn entry_in(&self, archived: &Archived, archive: &Archive) -> Result<Entry, Unreadable> {
        let path = self.locate(archived, archive)?;
        Ok(match path.as_ref().and_then(|path| archive.item(inside(path))) {
            Some(Item::Directory) => Entry::Directory(archived.stamp),
            Some(Item::File(_)) => Entry::File(archived.stamp),
            Some(Item::Link(_)) => Entry::Link,
            None => Entry::Missing,
        })
    }

    fn content_in(&self, archived: &Archived, archive: &Archive) -> Result<FileContent, Unreadable> {
        let path = self.locate(archived, archive)?;
        Ok(match path.as_ref().and_then(|path| archive.item(inside(path))) {
            Some(Item::Directory) => FileContent::NoFile,
            Some(Item::File(packed)) => {
                let bytes = packed.content(&self.reader(&archived.file, archived.stamp))?;
                FileContent::Bytes(bytes, archived.stamp)
            }
            Some(Item::Link(_)) => FileContent::Link,
            None => FileContent::Missing,
        })
    }

    /// What a link in an archive says, as an absolute path.
    fn link_in(&self, archived: &Archived, archive: &Archive) -> Result<Link, Unreadable> {
        let path = self.locate(archived, archive)?;
        let Some((path, item)) = path.and_then(|path| archive.item(inside(&path)).map(|item| (path.clone(), item)))
        else {
            return Ok(Link::Missing);
        };
        let (Item::Link(link), Some(directory)) = (item, path.parent()) else {
            return Ok(Link::No);
        };
        let text = link.link_text(&self.reader(&archived.file, archived.stamp))?;
        let target = archived
            .mount
            .resolve(&format!("./{}", inside(&directory.resolve(&text))));
        Ok(Link::To(target.into_string()))
    }
}

impl<F: FileSystem> FileSystem for ArchiveFileSystem<F> {
    fn entry(&self, path: &Path) -> Entry {
        match self.place(path) {
            Place::Inner(path) => self.inner.entry(&path),
            Place::Archived(archived) => match &archived.archive {
                Ok(archive) => self.entry_in(&archived, archive).unwrap_or(Entry::Unknown),
                // Yarn can't read it either.
                Err(Unreadable::Malformed) if archived.subpath.is_empty() => Entry::File(archived.stamp),
                Err(_) => Entry::Unknown,
            },
        }
    }

    fn entry_type(&self, path: &Path) -> Option<EntryType> {
        let archived = match self.place(path) {
            Place::Inner(path) => return self.inner.entry_type(&path),
            Place::Archived(archived) => archived,
        };
        let Ok(archive) = &archived.archive else {
            return archived.subpath.is_empty().then_some(EntryType::File);
        };
        let path = AbsolutePath::new(&format!("/{}", archived.subpath))?;
        let path = self.follow(&archived, archive, &path).ok()??;
        match archive.item(inside(&path))? {
            Item::Directory => Some(EntryType::Directory),
            Item::File(_) => Some(EntryType::File),
            Item::Link(_) => None,
        }
    }

    fn read_link(&self, path: &Path) -> Link {
        let (link, directory) = match self.place(path) {
            Place::Inner(real) => (self.inner.read_link(&real), real.parent().map(Path::to_path_buf)),
            Place::Archived(archived) => match &archived.archive {
                Ok(archive) => (self.link_in(&archived, archive).unwrap_or(Link::Missing), None),
                Err(_) => (self.inner.read_link(archived.mount.as_path()), None),
            },
        };
        // Whoever came by a virtual path stays within it.
        let Link::To(text) = &link else { return link };
        let directory = directory.as_deref().and_then(Path::to_str).unwrap_or("/");
        let in_virtual = path.to_str().filter(|path| may_lead_elsewhere(path)).and_then(|asked| {
            let target = AbsolutePath::new(directory)?.resolve(text);
            in_same_virtual(asked, &target)
        });
        in_virtual.map_or(link, |target| Link::To(target.into_string()))
    }

    fn read_file(&self, path: &Path) -> FileContent {
        match self.place(path) {
            Place::Inner(path) => self.inner.read_file(&path),
            Place::Archived(archived) if archived.subpath.is_empty() => self.inner.read_file(archived.mount.as_path()),
            Place::Archived(archived) => match &archived.archive {
                Ok(archive) => self.content_in(&archived, archive).unwrap_or(FileContent::Unknown),
                Err(_) => FileContent::Unknown,
            },
        }
    }

    fn read_part(&self, path: &Path, offset: u64, length: usize) -> FileContent {
        match self.place(path) {
            Place::Inner(path) => self.inner.read_part(&path, offset, length),
            Place::Archived(_) => self.read_file(path).part(offset, length),
        }
    }

    fn now(&self) -> i64 {
        self.inner.now()
    }

    fn system_calls(&self) -> u64 {
        self.inner.system_calls()
    }

    fn process_file(&self, file: ProcessFile) -> Option<Vec<String>> {
        self.inner.process_file(file)
    }

    fn is_main_thread(&self) -> bool {
        self.inner.is_main_thread()
    }

    fn is_supported(&self) -> bool {
        self.inner.is_supported()
    }
}

/// Whether there may be an archive or a virtual directory in a path. Most have neither, and this is all that they cost.
fn may_lead_elsewhere(path: &str) -> bool {
    path.as_bytes()
        .windows(4)
        .any(|bytes| matches!(bytes, b".zip" | b"/__v" | b"/$$v"))
}

/// Where the next segment that ends in `.zip` ends, behind a place where another one does.
///
/// As Yarn has it: a segment that begins with `.zip` hides all that follow, unless it is `.zip` itself, above something else.
fn archive_end(path: &str, from: usize) -> Option<usize> {
    let mut from = from;
    loop {
        let start = from + path.get(from..)?.find(".zip")?;
        let end = start + ".zip".len();
        let next = path.as_bytes().get(end);
        if next == Some(&b'/') {
            return Some(end);
        }
        if path.get(..start)?.ends_with('/') {
            return None;
        }
        if next.is_none() {
            return Some(end);
        }
        from = end;
    }
}

/// A path in an archive as its entries have it.
fn inside(path: &AbsolutePath) -> &str {
    path.as_str().trim_start_matches('/')
}
