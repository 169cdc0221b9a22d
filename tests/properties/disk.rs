//! A disk in memory as a kernel has it: inodes with times that tick, links that are followed, and a count of every look.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};

use fast_resolve::fs::{Entry, EntryType, FileContent, FileSystem, Link, Stamp};

const MAXIMUM_LINKS: usize = 40;
pub const SECOND: i64 = 1_000_000_000;

#[derive(Debug, Clone)]
enum Kind {
    File(Vec<u8>),
    Directory,
    Link(String),
}

#[derive(Debug, Clone)]
struct Inode {
    kind: Kind,
    number: u64,
    changed: i64,
}

#[derive(Debug)]
struct State {
    device: u64,
    /// By the path without links.
    inodes: BTreeMap<String, Inode>,
    now: i64,
    next: u64,
    /// How often each path was looked at by each call, and all calls.
    looks: HashMap<(&'static str, String), usize>,
    total: usize,
}

/// Times tick every second: what changes twice in one has one stamp.
#[derive(Debug)]
pub struct Disk(Mutex<State>);

impl Disk {
    /// An empty one, that lives as long as the process.
    pub fn new() -> &'static Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let root = Inode {
            kind: Kind::Directory,
            number: 1,
            changed: 0,
        };
        Box::leak(Box::new(Self(Mutex::new(State {
            device: COUNT.fetch_add(1, Ordering::Relaxed),
            inodes: [("/".to_owned(), root)].into(),
            now: 20_000 * 86_400 * SECOND,
            next: 2,
            looks: HashMap::new(),
            total: 0,
        }))))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    pub fn wait(&self, nanoseconds: i64) {
        self.state().now += nanoseconds;
    }

    pub fn write(&self, path: &str, content: &str) {
        self.state().put(path, Kind::File(content.as_bytes().to_vec()));
    }

    pub fn make_directory(&self, path: &str) {
        self.state().directory(path);
    }

    pub fn link(&self, path: &str, text: &str) {
        self.state().put(path, Kind::Link(text.to_owned()));
    }

    pub fn remove(&self, path: &str) {
        self.state().remove(path);
    }

    /// Paths that are there, without links on the way.
    pub fn paths(&self) -> Vec<String> {
        self.state().inodes.keys().cloned().collect()
    }

    /// Begins to count anew.
    pub fn forget_looks(&self) {
        let mut state = self.state();
        state.looks.clear();
        state.total = 0;
    }

    /// Calls since then.
    pub fn total_looks(&self) -> usize {
        self.state().total
    }

    /// What was looked at more than once by the same call.
    pub fn looked_at_again(&self) -> Vec<(&'static str, String)> {
        let state = self.state();
        let again = state.looks.iter().filter(|(_, count)| **count > 1);
        again.map(|(what, _)| what.clone()).collect()
    }

    /// How often a file was read.
    pub fn reads_of(&self, path: &str) -> usize {
        self.state().looks.get(&("open", path.to_owned())).copied().unwrap_or(0)
    }

    /// How often a path was looked at, by whatever call.
    pub fn looks_at(&self, path: &str) -> usize {
        let state = self.state();
        let of_path = state.looks.iter().filter(|((_, looked_at), _)| looked_at == path);
        of_path.map(|(_, count)| count).sum()
    }
}

impl State {
    fn tick(&self) -> i64 {
        self.now / SECOND * SECOND
    }

    /// Where a path leads. A last name that is not there gives the path where it would be.
    fn walk(&self, path: &str, follows_last: bool) -> Option<String> {
        let mut pending: Vec<String> = path.split('/').rev().map(str::to_owned).collect();
        let mut at = "/".to_owned();
        let mut links = 0;
        while let Some(name) = pending.pop() {
            let is_directory = matches!(self.inodes.get(&at)?.kind, Kind::Directory);
            if !is_directory {
                return None;
            }
            match name.as_str() {
                "" | "." => continue,
                ".." => {
                    at = parent(&at).to_owned();
                    continue;
                }
                _ => {}
            }
            let next = child(&at, &name);
            match self.inodes.get(&next).map(|inode| &inode.kind) {
                Some(Kind::Link(text)) if follows_last || !pending.is_empty() => {
                    links += 1;
                    if links > MAXIMUM_LINKS {
                        return None;
                    }
                    if text.starts_with('/') {
                        at = "/".to_owned();
                    }
                    pending.extend(text.split('/').rev().map(str::to_owned));
                }
                _ => at = next,
            }
        }
        Some(at)
    }

    fn touch(&mut self, directory: &str) {
        let tick = self.tick();
        if let Some(inode) = self.inodes.get_mut(directory) {
            inode.changed = tick;
        }
    }

    fn put(&mut self, path: &str, kind: Kind) {
        let Some(directory) = self.directory(parent(path)) else {
            return;
        };
        let real = child(&directory, path.rsplit('/').next().unwrap());
        if let (Some(inode), Kind::File(bytes)) = (self.inodes.get(&real), &kind)
            && matches!(inode.kind, Kind::File(_))
        {
            // Written over: the same inode.
            let bytes = bytes.clone();
            let changed = self.tick();
            let inode = self.inodes.get_mut(&real).unwrap();
            inode.kind = Kind::File(bytes);
            inode.changed = changed;
            return;
        }
        self.remove_real(&real);
        self.enter(&real, kind);
    }

    fn enter(&mut self, real: &str, kind: Kind) {
        let inode = Inode {
            kind,
            number: self.next,
            changed: self.tick(),
        };
        self.next += 1;
        self.inodes.insert(real.to_owned(), inode);
        self.touch(parent(real));
    }

    /// Makes a directory and those above it, in place of files; nothing if links lead nowhere.
    fn directory(&mut self, path: &str) -> Option<String> {
        if path.is_empty() || path == "/" {
            return Some("/".to_owned());
        }
        let above = self.directory(parent(path))?;
        let real = self.walk(&child(&above, path.rsplit('/').next()?), true)?;
        match self.inodes.get(&real).map(|inode| &inode.kind) {
            Some(Kind::Directory) => {}
            Some(_) => {
                self.remove_real(&real);
                self.enter(&real, Kind::Directory);
            }
            None => {
                self.inodes.get(parent(&real))?;
                self.enter(&real, Kind::Directory);
            }
        }
        Some(real)
    }

    fn remove(&mut self, path: &str) {
        if let Some(real) = self.walk(path, false) {
            self.remove_real(&real);
        }
    }

    fn remove_real(&mut self, real: &str) {
        if real == "/" || !self.inodes.contains_key(real) {
            return;
        }
        let below = format!("{real}/");
        self.inodes.retain(|path, _| path != real && !path.starts_with(&below));
        self.touch(parent(real));
    }

    fn note(&mut self, call: &'static str, path: &Path) -> String {
        let path = path.to_str().unwrap().to_owned();
        *self.looks.entry((call, path.clone())).or_default() += 1;
        self.total += 1;
        path
    }

    fn at(&self, path: &str, follows_last: bool) -> Option<&Inode> {
        self.inodes.get(&self.walk(path, follows_last)?)
    }
}

fn parent(path: &str) -> &str {
    match path.rfind('/') {
        None | Some(0) => "/",
        Some(end) => &path[..end],
    }
}

fn child(directory: &str, name: &str) -> String {
    format!("{}/{name}", directory.trim_end_matches('/'))
}

fn stamp(device: u64, inode: &Inode) -> Stamp {
    Stamp {
        device,
        inode: inode.number,
        size: match &inode.kind {
            Kind::File(bytes) => bytes.len() as u64,
            _ => 4096,
        },
        modified: inode.changed,
        changed: inode.changed,
    }
}

impl FileSystem for Disk {
    fn entry_type(&self, path: &Path) -> Option<EntryType> {
        let mut state = self.state();
        let path = state.note("stat", path);
        Some(match state.at(&path, true)?.kind {
            Kind::Directory => EntryType::Directory,
            _ => EntryType::File,
        })
    }

    fn read_link(&self, path: &Path) -> Link {
        let mut state = self.state();
        let path = state.note("readlink", path);
        match state.at(&path, false).map(|inode| &inode.kind) {
            Some(Kind::Link(text)) => Link::To(text.clone()),
            Some(_) => Link::No,
            None => Link::Missing,
        }
    }

    fn entry(&self, path: &Path) -> Entry {
        let mut state = self.state();
        let path = state.note("lstat", path);
        let Some(inode) = state.at(&path, false) else {
            return Entry::Missing;
        };
        match inode.kind {
            Kind::File(_) => Entry::File(stamp(state.device, inode)),
            Kind::Directory => Entry::Directory(stamp(state.device, inode)),
            Kind::Link(_) => Entry::Link,
        }
    }

    fn read_file(&self, path: &Path) -> FileContent {
        let mut state = self.state();
        let path = state.note("open", path);
        let Some(inode) = state.at(&path, false) else {
            return FileContent::Missing;
        };
        match &inode.kind {
            Kind::File(bytes) => FileContent::Bytes(bytes.clone(), stamp(state.device, inode)),
            Kind::Directory => FileContent::NoFile,
            Kind::Link(_) => FileContent::Link,
        }
    }

    fn now(&self) -> i64 {
        self.state().now
    }
}
