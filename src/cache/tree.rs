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
use std::mem;

use xxhash_rust::xxh3::xxh3_64;

use super::node::{Detail, Epoch, FIRST, Id, Kind, NOBODY, Node, Place, Proof, ROOT, Stamped};
use crate::fs::{Entry, FileSystem};

/// A process that has seen more begins anew, at about 24 MiB.
const MAXIMUM_BYTES: usize = 24 << 20;
/// What a node takes besides its path, about.
const NODE_BYTES: usize = size_of::<Node>() + 40;

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
    pub(super) trail: Vec<Proof>,
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
    /// How often somebody asked in it.
    entered: u32,
}

impl Tree {
    /// A tree that has heard of all that was to be forgotten up to a generation.
    pub(super) fn new(file_system: &'static dyn FileSystem, main_fields: Vec<String>, generation: u32) -> Self {
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
                entered: 0,
            },
            now: file_system.now(),
            began: file_system.now(),
            trail: Vec::new(),
            is_trail_unprovable: false,
            moved: FIRST,
            generation,
            age: 0,
        };
        tree.plant();
        tree
    }

    /// Begins a turn, unless it is the one that is going on; the epoch from which on is believed what was seen.
    pub(super) fn enter(&mut self, turn: u32) -> Epoch {
        if turn != self.turn.number {
            self.turn = Turn {
                number: turn,
                began: self.begin_epoch(),
                entered: 0,
            };
        }
        self.turn.entered = self.turn.entered.saturating_add(1);
        self.turn.began
    }

    /// Whether somebody has asked before in this turn, so that something of it may be believed.
    pub(super) fn is_turn_under_way(&self) -> bool {
        self.turn.entered > 1
    }

    /// Has nothing be believed that was seen in this turn so far.
    pub(super) fn restart_turn(&mut self) -> Epoch {
        self.turn.began = self.begin_epoch();
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
        self.restart_turn();
        self.plant();
    }

    /// The root is the one directory that nobody meets as a name in another: its stamp has to be known before it can prove anything.
    fn plant(&mut self) {
        self.push("/", ROOT);
        self.look_anew(ROOT);
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
        if let Some(id) = self.known(path) {
            return id;
        }
        let parent = match path.rfind('/') {
            None | Some(0) => ROOT,
            Some(end) => self.id(path.get(..end).unwrap_or_default()),
        };
        self.push(path, parent)
    }

    /// The number of a name in a directory.
    pub(super) fn child(&mut self, directory: Id, name: &str) -> Id {
        let path = self.path(directory);
        let separator = if directory == ROOT { "" } else { "/" };
        let path = [path, separator, name].concat();
        self.known(&path).unwrap_or_else(|| self.push(&path, directory))
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

    /// Since when the stamp of a real directory has proved what lies in it, or that of a package.json what it says, if it does now;
    /// looks at it at most once in a turn.
    pub(super) fn unchanged_since(&mut self, id: Id, since: Epoch) -> Option<Epoch> {
        let node = self.node(id)?;
        let stamped = node.stamped()?;
        if stamped.compared < since {
            // What it says has to be read anew in any case.
            if !stamped.is_settled && matches!(node.detail, Detail::Package(_)) {
                return None;
            }
            self.look_anew(id);
        }
        let stamped = self.node(id)?.stamped()?;
        (stamped.is_settled || stamped.since >= since).then_some(stamped.since)
    }

    /// Notes what was seen in this turn by looks that began at a time.
    pub(super) fn note_all(&mut self, began: i64, seen: impl Iterator<Item = (Id, Entry)>) {
        let now = mem::replace(&mut self.now, began);
        for (id, entry) in seen {
            self.note(id, entry);
        }
        self.now = now;
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
                    Detail::Package(package) if package.stamped.stamp == stamp => package.stamped.compared = epoch,
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
                        *detail = Detail::Directory(Stamped {
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

    /// Forgets what was seen at a path and below it, there where its links lead, too, and that their directories were unchanged.
    pub(super) fn invalidate(&mut self, path: &str) {
        let top = self.id(path);
        // As far as it was believed; what was worked out from that counts no more in the epoch that begins.
        self.locate(top, FIRST);
        let epoch = self.begin_epoch();
        self.turn.began = epoch;
        self.moved = epoch;
        self.distrust(self.parent(top), epoch);
        // What is above may have been missing, too, or no directory; below that, nobody looks.
        let mut above = self.parent(top);
        while let Some(node) = self
            .node_mut(above)
            .filter(|node| node.seen == 0 || !matches!(node.kind, Kind::Directory | Kind::Link))
        {
            if above == ROOT {
                break;
            }
            node.seen = 0;
            if !matches!(node.detail, Detail::Directory(_)) {
                node.detail = Detail::None;
            }
            above = node.parent;
            self.distrust(above, epoch);
        }
        let mut pending = vec![top];
        while let Some(id) = pending.pop() {
            let Some(node) = self.node_mut(id) else { continue };
            node.seen = 0;
            if !matches!(node.detail, Detail::Directory(_)) {
                node.detail = Detail::None;
            }
            let (place, was_placed, mut child) = (node.place, node.placed != 0, node.first_child);
            node.placed = 0;
            self.distrust(id, epoch);
            while child != NOBODY {
                pending.push(child);
                child = self.node(child).map_or(NOBODY, |node| node.next_sibling);
            }
            // Without a link on the way, nothing is known of it but at the path itself.
            if !was_placed || place.links == 0 || place.at == id {
                continue;
            }
            if place.kind == Kind::Absent {
                self.distrust_names(place.at, epoch);
            } else {
                self.distrust(self.parent(place.at), epoch);
                pending.push(place.at);
            }
        }
    }

    /// Forgets that a directory was unchanged.
    fn distrust(&mut self, id: Id, epoch: Epoch) {
        if let Some(Detail::Directory(directory)) = self.node_mut(id).map(|node| &mut node.detail) {
            directory.since = epoch;
            directory.compared = 0;
        }
    }

    /// Forgets which names a directory has.
    fn distrust_names(&mut self, id: Id, epoch: Epoch) {
        self.distrust(id, epoch);
        let mut child = self.node(id).map_or(NOBODY, |node| node.first_child);
        while let Some(node) = self.node_mut(child).filter(|_| child != NOBODY) {
            node.seen = 0;
            child = node.next_sibling;
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
