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

use rustc_hash::FxHasher;

use super::node::{BEYOND, Detail, Epoch, FIRST, Id, Kind, NOBODY, Node, Place, Proof, ROOT, Stamped};
use crate::fs::{Entry, FileSystem};
use crate::package_json::PackageFields;
use crate::path::AbsolutePath;

/// A process that has seen more begins anew, at about 24 MiB.
const MAXIMUM_BYTES: usize = 24 << 20;
/// What a node takes besides its path, about.
const NODE_BYTES: usize = size_of::<Node>() + 40;
/// No system takes a longer path.
const MAXIMUM_PATH: usize = 4096;

/// A thread's view of the disk.
pub struct Tree {
    pub(super) file_system: &'static dyn FileSystem,
    pub(super) fields: PackageFields,
    pub(super) nodes: Vec<Node>,
    /// The paths of all nodes, one behind the other.
    text: String,
    /// Where the last absolute path lay: others lie near by.
    last: Id,
    /// Room for a name.
    scratch: String,
    /// The numbers of nodes, by the hash of their directory's number and their name.
    by_hash: HashMap<u64, Id, BuildHasherDefault<AsItIs>>,
    pub(super) epoch: Epoch,
    turn: Turn,
    /// The clock at the beginning of the turn, and at that of the tree.
    pub(super) now: i64,
    pub(super) began: i64,
    /// What the answer that is being worked out rests on.
    pub(super) trail: Vec<Proof>,
    spare_trail: Vec<Proof>,
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
    /// Whether it is of this file system, and has these fields of package.json.
    pub(super) fn is_for(&self, file_system: &'static dyn FileSystem, fields: &PackageFields) -> bool {
        self.fields == *fields && std::ptr::addr_eq(self.file_system, file_system)
    }

    /// A tree that has heard of all that was to be forgotten up to a generation.
    pub(super) fn new(file_system: &'static dyn FileSystem, fields: PackageFields, generation: u32) -> Self {
        let mut tree = Self {
            file_system,
            fields,
            nodes: Vec::new(),
            text: String::new(),
            last: ROOT,
            scratch: String::new(),
            by_hash: HashMap::default(),
            epoch: FIRST,
            turn: Turn {
                number: 0,
                began: FIRST,
                entered: 0,
            },
            now: file_system.now(),
            began: file_system.now(),
            trail: Vec::new(),
            spare_trail: Vec::new(),
            is_trail_unprovable: false,
            moved: FIRST,
            generation,
            age: 0,
        };
        tree.plant();
        tree
    }

    /// Begins a trail of its own for a part of what is being worked out; what there was goes on with `join_trail`.
    pub(super) fn fork_trail(&mut self) -> (Vec<Proof>, bool) {
        let spare = mem::take(&mut self.spare_trail);
        let trail = mem::replace(&mut self.trail, spare);
        (trail, mem::take(&mut self.is_trail_unprovable))
    }

    pub(super) fn join_trail(&mut self, (trail, is_unprovable): (Vec<Proof>, bool)) {
        let mut of_part = mem::replace(&mut self.trail, trail);
        self.leave_all(&of_part, is_unprovable);
        of_part.clear();
        self.spare_trail = of_part;
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
        self.text = String::new();
        self.last = ROOT;
        self.by_hash = HashMap::default();
        self.age += 1;
        self.restart_turn();
        self.plant();
    }

    /// The root is the one directory that nobody meets as a name in another: its stamp has to be known before it can prove anything.
    fn plant(&mut self) {
        self.push("", "/", ROOT);
        self.look_anew(ROOT);
        self.push("", "", BEYOND);
    }

    /// Bytes held, about.
    pub(super) fn bytes(&self) -> usize {
        self.nodes.capacity() * NODE_BYTES + self.text.capacity()
    }

    pub(super) fn path(&self, id: Id) -> &str {
        let node = self.node(id);
        node.and_then(|node| self.text.get(node.start as usize..node.end as usize))
            .unwrap_or_default()
    }

    /// The last segment of a path; empty for the root.
    pub(super) fn name(&self, id: Id) -> &str {
        let node = self.node(id);
        node.and_then(|node| self.text.get(node.name as usize..node.end as usize))
            .unwrap_or_default()
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

    /// The number of an absolute path, or of one below a directory, as `path.resolve` takes them.
    pub(super) fn resolve(&mut self, directory: Id, path: &str) -> Id {
        let is_absolute = path.starts_with('/');
        let (start, below) = if is_absolute {
            self.split(path)
        } else {
            (directory, path)
        };
        let mut id = start;
        for name in segments(below) {
            id = match name {
                "" | "." => id,
                ".." => self.parent(id),
                name => self.child(id, name),
            };
            // What is behind `..` may be short.
            if id == BEYOND && start != BEYOND {
                let normalised = AbsolutePath::of_normalised(self.path(start)).resolve(path);
                return if normalised.as_str().len() < MAXIMUM_PATH {
                    self.resolve(ROOT, normalised.as_str())
                } else {
                    BEYOND
                };
            }
        }
        if is_absolute {
            self.last = self.parent(id);
        }
        id
    }

    /// A directory near by that an absolute path lies in, and the rest of the path.
    fn split<'a>(&self, path: &'a str) -> (Id, &'a str) {
        let mut above = self.last;
        while above != ROOT && above != BEYOND {
            let below = path.strip_prefix(self.path(above));
            if let Some(below) = below.filter(|below| below.starts_with('/')) {
                return (above, below);
            }
            above = self.parent(above);
        }
        (ROOT, path)
    }

    /// The number of a name in a directory.
    pub(super) fn child(&mut self, directory: Id, name: &str) -> Id {
        match self.find(directory, name) {
            Ok(id) => id,
            Err(hash) => {
                let separator = if directory == ROOT { "" } else { "/" };
                let length = self.path(directory).len() + separator.len() + name.len();
                if directory == BEYOND || length >= MAXIMUM_PATH {
                    return BEYOND;
                }
                let id = self.push(name, separator, directory);
                self.by_hash.insert(hash, id);
                id
            }
        }
    }

    /// The number of the path that has a suffix more, which is no segment of its own.
    pub(super) fn with_suffix(&mut self, id: Id, suffix: &str) -> Id {
        if suffix.is_empty() {
            return id;
        }
        let mut name = mem::take(&mut self.scratch);
        name.clear();
        name.push_str(self.name(id));
        name.push_str(suffix);
        let with_suffix = self.child(self.parent(id), &name);
        self.scratch = name;
        with_suffix
    }

    /// The number of a name in a directory, or where its hash has room.
    fn find(&self, directory: Id, name: &str) -> Result<Id, u64> {
        let mut hash = hash_of(directory, name);
        while let Some(id) = self.by_hash.get(&hash) {
            if self.parent(*id) == directory && self.name(*id) == name {
                return Ok(*id);
            }
            hash = hash.wrapping_add(1);
        }
        Err(hash)
    }

    fn push(&mut self, name: &str, separator: &str, parent: Id) -> Id {
        let id = Id::try_from(self.nodes.len()).unwrap_or(BEYOND);
        let offset = |text: &String| u32::try_from(text.len()).unwrap_or(u32::MAX);
        let start = offset(&self.text);
        if let Some(above) = self.node(parent) {
            let above = above.start as usize..above.end as usize;
            if !above.is_empty() {
                self.text.extend_from_within(above);
            }
        }
        self.text.push_str(separator);
        let name_start = offset(&self.text);
        self.text.push_str(name);
        let mut next_sibling = NOBODY;
        if let Some(parent) = self.node_mut(parent) {
            next_sibling = parent.first_child;
            parent.first_child = id;
        }
        let end = offset(&self.text);
        self.nodes.push(Node {
            start,
            name: name_start,
            end,
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
                        *detail = Detail::directory(Stamped {
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
}

/// As `split('/')`, which takes longer for texts as short as paths.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(path);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = text.bytes().position(|byte| byte == b'/');
        rest = end.and_then(|end| text.get(end + 1..));
        text.get(..end.unwrap_or(text.len()))
    })
}

/// The hash of a name in a directory.
pub(super) fn hash_of(directory: Id, name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u32(directory);
    hasher.write(name.as_bytes());
    hasher.finish()
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
