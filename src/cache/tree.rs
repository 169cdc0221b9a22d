//! What one thread has seen of the disk: a tree of paths, and when each was looked at.
//!
//! Time is counted in epochs: each turn begins a new one. Within a turn, what was seen in its epoch is believed. What is older is
//! believed again once the stamp of its directory was compared in this turn and found unchanged; so a directory is looked at
//! once in a turn, whatever lies in it.
//!
//! Paths in which no component is a link are called real. Facts are kept at real paths only; where another path leads is worked out
//! from them (`place.rs`).

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use xxhash_rust::xxh3::xxh3_64;

use super::package_jsons::Package;
use super::place::Place;
use crate::fs::{Entry, FileSystem, Stamp};

/// The number of a path. Zero is the root.
pub(super) type Id = u32;
/// Numbers turns; zero is never.
pub(super) type Epoch = u32;

pub(super) const ROOT: Id = 0;
/// In place of a number, where there is none.
const NOBODY: Id = 0;
/// When earlier processes took the stamps of a snapshot.
pub(super) const EARLIER: Epoch = 1;
/// The first epoch of this process.
pub(super) const FIRST: Epoch = 2;

/// A process that has seen more begins anew, at about 64 MiB.
const MAXIMUM_BYTES: usize = 64 << 20;
/// What a node takes besides its path, about.
const NODE_BYTES: usize = size_of::<Node>() + 40;

/// What lies at a path itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Absent,
    File,
    Directory,
    Link,
    /// It can't be examined, which no stamp proves.
    Unknown,
}

/// What is known of a path besides its kind.
pub(super) enum Detail {
    None,
    Directory(Directory),
    /// The text of a link.
    Link(Box<str>),
    Package(Box<Package>),
}

/// The stamp of a directory.
#[derive(Debug, Clone, Copy)]
pub(super) struct Directory {
    pub stamp: Stamp,
    /// The epoch since which it has been this stamp and old enough to prove what was seen from then on.
    pub since: Epoch,
    pub is_settled: bool,
    /// When it was last compared.
    pub compared: Epoch,
}

pub(super) struct Node {
    pub path: Box<str>,
    pub parent: Id,
    first_child: Id,
    next_sibling: Id,
    pub kind: Kind,
    /// When its kind was last looked at.
    pub seen: Epoch,
    pub detail: Detail,
    /// Where the path leads, and when that was worked out.
    pub place: Place,
    pub placed: Epoch,
    /// The record of the installation that it is a part of, where that is believed; else [`NOBODY`].
    pub record: Id,
}

/// A thread's view of the disk.
pub struct Tree {
    pub(super) file_system: &'static dyn FileSystem,
    pub(super) main_fields: Vec<String>,
    pub(super) nodes: Vec<Node>,
    by_hash: HashMap<u64, Id, BuildHasherDefault<AsItIs>>,
    path_bytes: usize,
    pub(super) epoch: Epoch,
    turn: Turn,
    /// The clock at the beginning of the turn, and at that of the tree.
    pub(super) now: i64,
    pub(super) began: i64,
    /// What the answer that is being worked out rests on.
    pub(super) trail: Vec<super::Proof>,
    /// Whether that includes something that no later turn can prove.
    pub(super) is_trail_unprovable: bool,
    /// The epoch of the last invalidation: where paths lead is worked out anew after it.
    pub(super) moved: Epoch,
    /// How much of what was to be forgotten in all threads has been.
    pub(super) generation: u32,
    /// How often everything was forgotten; numbers of paths mean something else afterwards.
    pub(super) age: u32,
}

/// The turn of JavaScript that is going on, by its number there.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Turn {
    number: u32,
    began: Epoch,
}

impl Tree {
    pub(super) fn new(file_system: &'static dyn FileSystem, main_fields: Vec<String>) -> Self {
        let mut tree = Self {
            file_system,
            main_fields,
            nodes: Vec::new(),
            by_hash: HashMap::default(),
            path_bytes: 0,
            epoch: FIRST,
            turn: Turn {
                number: 0,
                began: FIRST,
            },
            now: file_system.now(),
            began: file_system.now(),
            trail: Vec::new(),
            is_trail_unprovable: false,
            moved: FIRST,
            generation: super::current_generation(),
            age: 0,
        };
        tree.push("/", ROOT);
        tree
    }

    /// Begins a turn, unless it is the one that is going on; the epoch from which on is believed what was seen.
    pub(super) fn enter(&mut self, turn: u32) -> Epoch {
        if turn != self.turn.number {
            self.turn = Turn {
                number: turn,
                began: self.begin_epoch(),
            };
        }
        self.turn.began
    }

    /// Begins an epoch. What was seen before is not believed without a look.
    pub(super) fn begin_epoch(&mut self) -> Epoch {
        self.epoch += 1;
        self.now = self.file_system.now();
        self.epoch
    }

    /// Forgets everything where it has become too much.
    pub(super) fn bound(&mut self) {
        if self.bytes() > MAXIMUM_BYTES {
            self.clear();
        }
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.nodes = Vec::new();
        self.by_hash = HashMap::default();
        self.path_bytes = 0;
        self.age += 1;
        self.turn.began = self.begin_epoch();
        self.push("/", ROOT);
    }

    /// Bytes held, about.
    pub(super) fn bytes(&self) -> usize {
        self.nodes.len() * NODE_BYTES + self.path_bytes
    }

    pub(super) fn path(&self, id: Id) -> &str {
        self.node(id).map_or("", |node| &node.path)
    }

    pub(super) fn node(&self, id: Id) -> Option<&Node> {
        self.nodes.get(id as usize)
    }

    pub(super) fn node_mut(&mut self, id: Id) -> Option<&mut Node> {
        self.nodes.get_mut(id as usize)
    }

    pub(super) fn parent(&self, id: Id) -> Id {
        self.node(id).map_or(ROOT, |node| node.parent)
    }

    /// The number of a normalised absolute path.
    pub(super) fn id(&mut self, path: &str) -> Id {
        match self.find(path) {
            Ok(id) => id,
            Err(_) => {
                let parent = match path.rfind('/') {
                    None | Some(0) => ROOT,
                    Some(end) => self.id(path.get(..end).unwrap_or_default()),
                };
                self.push(path, parent)
            }
        }
    }

    /// The number of a name in a directory.
    pub(super) fn child(&mut self, directory: Id, name: &str) -> Id {
        let path = self.path(directory);
        let separator = if directory == ROOT { "" } else { "/" };
        let path = [path, separator, name].concat();
        match self.find(&path) {
            Ok(id) => id,
            Err(_) => self.push(&path, directory),
        }
    }

    /// The number of a path, if it has one.
    pub(super) fn known(&self, path: &str) -> Option<Id> {
        self.find(path).ok()
    }

    /// The number of a path, or where its hash has room.
    fn find(&self, path: &str) -> Result<Id, u64> {
        let mut hash = xxh3_64(path.as_bytes());
        while let Some(id) = self.by_hash.get(&hash) {
            if self.path(*id) == path {
                return Ok(*id);
            }
            hash = hash.wrapping_add(1);
        }
        Err(hash)
    }

    fn push(&mut self, path: &str, parent: Id) -> Id {
        // Another path may have taken the place since.
        let (Ok(id), Err(hash)) = (Id::try_from(self.nodes.len()), self.find(path)) else {
            return self.known(path).unwrap_or(ROOT);
        };
        self.by_hash.insert(hash, id);
        let mut next_sibling = NOBODY;
        if let Some(parent) = self.node_mut(parent) {
            next_sibling = parent.first_child;
            parent.first_child = id;
        }
        self.path_bytes += path.len();
        self.nodes.push(Node {
            path: path.into(),
            parent,
            first_child: NOBODY,
            next_sibling,
            kind: Kind::Unknown,
            seen: 0,
            detail: Detail::None,
            place: Place::nowhere(parent),
            placed: 0,
            record: NOBODY,
        });
        id
    }

    /// What lies at a real path itself, whose directory is there.
    pub(super) fn look(&mut self, id: Id, since: Epoch) -> Kind {
        if !self.is_known(id, since) {
            self.look_anew(id);
        }
        self.node(id).map_or(Kind::Unknown, |node| node.kind)
    }

    pub(super) fn look_anew(&mut self, id: Id) {
        let entry = self.file_system.entry(self.path(id).as_ref());
        self.note(id, entry);
    }

    /// Whether the kind of a path may be believed. It costs at most one look at its directory.
    pub(super) fn is_known(&mut self, id: Id, since: Epoch) -> bool {
        let Some(node) = self.node(id) else { return false };
        let (seen, parent) = (node.seen, node.parent);
        if seen >= since {
            return true;
        }
        let is_provable = seen != 0 && node.kind != Kind::Unknown && id != ROOT;
        is_provable && self.unchanged_since(parent, since).is_some_and(|first| first <= seen)
    }

    /// Since when the stamp of a real directory has proved what lies in it, if it does now; looks at it at most once in a turn.
    pub(super) fn unchanged_since(&mut self, id: Id, since: Epoch) -> Option<Epoch> {
        let directory = self.directory(id)?;
        if directory.compared < since {
            self.look_anew(id);
        }
        let directory = self.directory(id)?;
        directory.is_settled.then_some(directory.since)
    }

    pub(super) fn directory(&self, id: Id) -> Option<Directory> {
        match self.node(id)?.detail {
            Detail::Directory(directory) => Some(directory),
            _ => None,
        }
    }

    /// Notes what was found at a path itself just now.
    pub(super) fn note(&mut self, id: Id, entry: Entry) {
        let (epoch, now) = (self.epoch, self.now);
        let Some(node) = self.node_mut(id) else { return };
        node.seen = epoch;
        match entry {
            Entry::Missing | Entry::Unknown | Entry::Link => {
                node.kind = match entry {
                    Entry::Missing => Kind::Absent,
                    Entry::Link => Kind::Link,
                    _ => Kind::Unknown,
                };
                node.detail = Detail::None;
            }
            Entry::File(stamp) => {
                node.kind = Kind::File;
                match &mut node.detail {
                    Detail::Package(package) if package.stamp == stamp => package.compared = epoch,
                    detail => *detail = Detail::None,
                }
            }
            Entry::Directory(stamp) => {
                node.kind = Kind::Directory;
                let is_settled = stamp.is_settled(now);
                match &mut node.detail {
                    Detail::Directory(known) if known.stamp == stamp && (known.is_settled || !is_settled) => {
                        known.compared = epoch;
                    }
                    // What was seen before it was settled is not proved by it.
                    detail => {
                        *detail = Detail::Directory(Directory {
                            stamp,
                            since: epoch,
                            is_settled,
                            compared: epoch,
                        });
                    }
                }
            }
        }
    }

    /// Forgets what was seen at a path, below it, and that its directory was unchanged.
    pub(super) fn invalidate(&mut self, path: &str) {
        let epoch = self.begin_epoch();
        self.turn.began = epoch;
        self.moved = epoch;
        // A path that leads elsewhere means what is there, too: where it led when it was last followed, and where it leads now.
        let named = self.known(path);
        let followed = named.and_then(|id| self.node(id)).filter(|node| node.placed != 0);
        let followed = followed.map(|node| node.place.at);
        let mut ids: Vec<Id> = named
            .into_iter()
            .chain(followed)
            .chain(self.leads_to(path, epoch))
            .collect();
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            self.forget_at_and_below(id, epoch);
            if let Some(Detail::Directory(directory)) = self.node_mut(self.parent(id)).map(|node| &mut node.detail) {
                directory.since = epoch;
                directory.compared = 0;
            }
        }
    }

    /// The real path of a name, whether there is something or not, if its directory is there and anybody has looked at it.
    fn leads_to(&mut self, path: &str, since: Epoch) -> Option<Id> {
        let (directory, name) = path.rsplit_once('/')?;
        let directory = if directory.is_empty() { ROOT } else { self.id(directory) };
        let place = self.locate(directory, since);
        let real = [self.path(place.at).trim_end_matches('/'), "/", name].concat();
        (place.kind == Kind::Directory).then(|| self.known(&real)).flatten()
    }

    fn forget_at_and_below(&mut self, top: Id, epoch: Epoch) {
        let mut pending = vec![top];
        while let Some(id) = pending.pop() {
            let Some(node) = self.node_mut(id) else { continue };
            node.seen = 0;
            match &mut node.detail {
                Detail::Directory(directory) => {
                    directory.since = epoch;
                    directory.compared = 0;
                }
                detail => *detail = Detail::None,
            }
            let mut child = node.first_child;
            while child != NOBODY {
                pending.push(child);
                child = self.node(child).map_or(NOBODY, |node| node.next_sibling);
            }
        }
    }
}

/// Hashes are their own hashes.
#[derive(Default)]
pub(super) struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _bytes: &[u8]) {}
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
