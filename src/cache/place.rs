//! Where a path leads when its links are followed, worked out from facts at real paths.
//!
//! A link's text is followed as the kernel does it. `fs.realpathSync`, which Node uses for the answer, joins texts instead, and
//! comes to another place where `..` stands behind a link; such places are marked, and left to Node.

use super::tree::{Detail, Epoch, Id, Kind, ROOT, Tree};
use super::{Needs, RealPath};
use crate::fs::{EntryType, Link};
use crate::path::AbsolutePath;

/// Linux follows no more links than this on the way to one file.
const MAXIMUM_LINKS: u32 = 40;

/// Where a path leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The real path; where nothing is there, the real directory in which the first missing name was looked for.
    pub at: Id,
    pub kind: Kind,
    /// Whether there was a link on the way.
    pub is_linked: bool,
    pub oddity: Oddity,
}

/// Why Node may tell another real path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Oddity {
    None,
    /// `..` behind a link, or more links than a kernel follows.
    Text,
    /// The text of a link is not UTF-8.
    NotUtf8,
}

impl Place {
    /// Where a path leads of which nothing is known.
    pub fn nowhere(directory: Id) -> Self {
        Self::plain(directory, Kind::Absent)
    }

    fn plain(at: Id, kind: Kind) -> Self {
        Self {
            at,
            kind,
            is_linked: false,
            oddity: Oddity::None,
        }
    }

    /// What Node takes it for.
    pub fn entry_type(self) -> Option<EntryType> {
        match self.kind {
            Kind::Directory => Some(EntryType::Directory),
            Kind::File => Some(EntryType::File),
            Kind::Absent | Kind::Link | Kind::Unknown => None,
        }
    }
}

/// Links that were followed on the way to one place, and the real directories that hold them.
struct Way {
    links: u32,
    is_traced: bool,
}

impl Tree {
    /// Where a path leads; what that rests on goes to the trail.
    pub(super) fn consult(&mut self, id: Id, since: Epoch) -> Place {
        let place = self.locate(id, since);
        if place.is_linked {
            self.trace(id, since);
        }
        match place.kind {
            Kind::Directory => self.leave(place.at, Needs::Real),
            Kind::File => self.leave(self.parent(place.at), Needs::Stamp),
            Kind::Absent => self.leave(place.at, Needs::Stamp),
            Kind::Link | Kind::Unknown => self.is_trail_unprovable = true,
        }
        place
    }

    /// Where a path leads.
    pub(super) fn locate(&mut self, id: Id, since: Epoch) -> Place {
        if let Some(node) = self.node(id)
            && node.placed >= since
            && node.placed >= self.moved
        {
            return node.place;
        }
        let mut way = Way {
            links: 0,
            is_traced: false,
        };
        self.find_way(id, since, &mut way)
    }

    /// Leaves the directories of all links on the way to a path on the trail.
    fn trace(&mut self, id: Id, since: Epoch) {
        let mut way = Way {
            links: 0,
            is_traced: true,
        };
        self.find_way(id, since, &mut way);
    }

    fn find_way(&mut self, id: Id, since: Epoch, way: &mut Way) -> Place {
        if id == ROOT {
            return Place::plain(ROOT, Kind::Directory);
        }
        let moved = self.moved;
        if let Some(node) = self.node(id)
            && node.placed >= since
            && node.placed >= moved
            && !(way.is_traced && node.place.is_linked)
        {
            return node.place;
        }
        let parent = self.parent(id);
        let above = self.find_way(parent, since, way);
        let place = match above.kind {
            Kind::Directory if above.at == parent => self.enter_name(id, above, since, way),
            Kind::Directory => {
                let path = self.path(id);
                let name = path
                    .get(path.rfind('/').map_or(0, |end| end + 1)..)
                    .unwrap_or_default()
                    .to_owned();
                let real = self.child(above.at, &name);
                self.enter_name(real, above, since, way)
            }
            // Below a file there is nothing; that it is one, its directory proves.
            Kind::File => Place {
                at: self.parent(above.at),
                kind: Kind::Absent,
                ..above
            },
            Kind::Absent | Kind::Link | Kind::Unknown => above,
        };
        let epoch = self.epoch;
        if let Some(node) = self.node_mut(id) {
            node.place = place;
            node.placed = epoch;
        }
        place
    }

    /// Where a name in a real directory leads.
    fn enter_name(&mut self, real: Id, above: Place, since: Epoch, way: &mut Way) -> Place {
        match self.look(real, since) {
            Kind::Link => self.follow(real, above, since, way),
            Kind::Absent => Place {
                kind: Kind::Absent,
                ..above
            },
            kind => Place {
                at: real,
                kind,
                ..above
            },
        }
    }

    fn follow(&mut self, link: Id, above: Place, since: Epoch, way: &mut Way) -> Place {
        let directory = above.at;
        way.links += 1;
        if way.is_traced {
            self.leave(directory, Needs::Stamp);
        }
        let unknown = |oddity, kind| Place {
            at: link,
            kind,
            is_linked: true,
            oddity,
        };
        if way.links > MAXIMUM_LINKS {
            return unknown(Oddity::Text, Kind::Unknown);
        }
        let text = match self.link_text(link) {
            Link::To(text) => text,
            // The kernel knows where it leads. That is no fact of ours, and no later turn can prove it.
            Link::NotUtf8 => {
                self.is_trail_unprovable = true;
                let kind = match self.file_system.entry_type(self.path(link).as_ref()) {
                    Some(EntryType::File) => Kind::File,
                    Some(EntryType::Directory) => Kind::Directory,
                    None => Kind::Unknown,
                };
                return unknown(Oddity::NotUtf8, kind);
            }
            // It has changed since it was looked at.
            Link::No | Link::Missing => return unknown(Oddity::Text, Kind::Unknown),
        };
        let start = if text.starts_with('/') { ROOT } else { directory };
        let mut place = Place {
            at: start,
            kind: Kind::Directory,
            is_linked: true,
            oddity: above.oddity,
        };
        let mut has_link_before = false;
        for name in text.split('/') {
            if place.kind != Kind::Directory {
                return self.below_file(place);
            }
            match name {
                "" | "." => {}
                ".." => {
                    if has_link_before {
                        place.oddity = Oddity::Text;
                    }
                    place.at = self.parent(place.at);
                }
                name => {
                    let links = way.links;
                    let real = self.child(place.at, name);
                    place = self.enter_name(real, place, since, way);
                    has_link_before |= way.links > links;
                }
            }
        }
        place
    }

    /// Nothing lies below a file; where there was none, it stays so.
    fn below_file(&self, place: Place) -> Place {
        match place.kind {
            Kind::File => Place {
                at: self.parent(place.at),
                kind: Kind::Absent,
                ..place
            },
            _ => place,
        }
    }

    fn link_text(&mut self, link: Id) -> Link {
        if let Some(Detail::Link(text)) = self.node(link).map(|node| &node.detail) {
            return Link::To(text.to_string());
        }
        let found = self.file_system.read_link(self.path(link).as_ref());
        if let (Link::To(text), Some(node)) = (&found, self.node_mut(link)) {
            node.detail = Detail::Link(text.as_str().into());
        }
        found
    }

    /// The real path of a file that was found, as Node tells it.
    pub(super) fn real_path(&mut self, id: Id, since: Epoch) -> RealPath {
        let place = self.locate(id, since);
        match (place.oddity, place.kind) {
            (Oddity::NotUtf8, _) => RealPath::NotUtf8,
            (Oddity::None, Kind::File | Kind::Directory) => {
                RealPath::Path(AbsolutePath::of_normalised(self.path(place.at)))
            }
            _ => RealPath::Unknown,
        }
    }
}
