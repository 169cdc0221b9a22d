//! What was to be forgotten in all threads. Each thread reads it up before its next answer.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use super::lock;
use super::node::{Detail, Epoch, FIRST, Id, Kind, NOBODY, ROOT};
use super::package_jsons::clear_shared;
use super::tree::Tree;

/// Who is further behind forgets everything.
const MAXIMUM: usize = 256;

static GENERATION: AtomicU32 = AtomicU32::new(0);
static PATHS: Mutex<Vec<Option<Box<str>>>> = Mutex::new(Vec::new());

/// What is to be forgotten.
enum Forget {
    Paths(Vec<Box<str>>),
    Everything,
}

/// How often something was to be forgotten.
#[must_use]
pub fn current_generation() -> u32 {
    GENERATION.load(Ordering::Acquire)
}

/// Has all threads forget a path and what lies below it; everything, if there is none.
pub fn announce(path: Option<&str>) {
    let mut paths = lock(&PATHS);
    paths.push(path.map(Into::into));
    if paths.len() > MAXIMUM {
        paths.remove(0);
    }
    GENERATION.fetch_add(1, Ordering::AcqRel);
}

/// What was announced since a generation, and the generation now.
fn since(seen: u32) -> (u32, Forget) {
    let paths = lock(&PATHS);
    let now = current_generation();
    let missed = now.wrapping_sub(seen) as usize;
    let new = paths.len().checked_sub(missed).and_then(|first| paths.get(first..));
    let all = new.and_then(|new| new.iter().cloned().collect::<Option<Vec<_>>>());
    (now, all.map_or(Forget::Everything, Forget::Paths))
}

impl Tree {
    /// Forgets what others have said since it was last asked.
    pub(super) fn hear(&mut self) {
        let seen = self.generation;
        if current_generation() == seen {
            return;
        }
        let (now, forget) = since(seen);
        self.generation = now;
        match forget {
            Forget::Paths(paths) => {
                for path in paths {
                    self.invalidate(&path);
                }
            }
            Forget::Everything => {
                clear_shared();
                self.clear();
            }
        }
    }

    /// Forgets what was seen at a path and below it, there where its links lead, too, and that their directories were unchanged.
    pub(super) fn invalidate(&mut self, path: &str) {
        let top = self.resolve(ROOT, path);
        // As far as it was believed; what was worked out from that counts no more in the epoch that begins.
        self.locate(top, FIRST);
        let above = self.locate(self.parent(top), FIRST);
        // It may be a link itself, which nothing else tells of that is known by the path.
        let real = match above.kind {
            Kind::Directory => self.name_in(above.at, top),
            _ => top,
        };
        let epoch = self.restart_turn();
        self.moved = epoch;
        self.distrust(self.parent(top), epoch);
        self.distrust(self.parent(real), epoch);
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
        if real != top {
            pending.push(real);
        }
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
