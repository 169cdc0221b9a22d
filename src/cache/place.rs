//! Where a path leads when its links are followed, worked out from facts at real paths.
//!
//! A link's text is followed as the kernel does it. `fs.realpathSync`, which Node uses for the answer, joins texts instead, and
//! comes to another place where `..` stands behind a link; such places are marked, and left to Node.

use super::RealPath;
use super::node::{BEYOND, Detail, Epoch, Id, Kind, Needs, Oddity, Place, ROOT};
use super::tree::Tree;
use crate::fs::{EntryType, Link};

/// Linux follows no more links than this on the way to one file.
const MAXIMUM_LINKS: u8 = 40;

impl Tree {
    /// Where a path leads; what that rests on goes to the trail.
    pub(super) fn consult(&mut self, id: Id, since: Epoch) -> Place {
        let place = self.locate(id, since);
        if place.links > 0 {
            // The directories of all links on the way go to the trail.
            self.find_way(id, since, true);
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
        self.find_way(id, since, false)
    }

    fn find_way(&mut self, id: Id, since: Epoch, is_traced: bool) -> Place {
        match id {
            ROOT => return Place::plain(ROOT, Kind::Directory),
            BEYOND => return Place::plain(BEYOND, Kind::Unknown),
            _ => {}
        }
        let moved = self.moved;
        if let Some(node) = self.node(id)
            && node.placed >= since
            && node.placed >= moved
            && !(is_traced && node.place.links > 0)
        {
            return node.place;
        }
        let above = self.find_way(self.parent(id), since, is_traced);
        let place = if above.kind == Kind::Directory {
            let real = self.name_in(above.at, id);
            self.enter_name(real, above, since, is_traced)
        } else {
            self.below(above)
        };
        let epoch = self.epoch;
        if let Some(node) = self.node_mut(id) {
            node.place = place;
            node.placed = epoch;
        }
        place
    }

    /// A path's name in the real directory that its own leads to.
    pub(super) fn name_in(&mut self, real: Id, id: Id) -> Id {
        if real == self.parent(id) {
            return id;
        }
        let name = self.name(id).to_owned();
        self.child(real, &name)
    }

    /// Where a name in a real directory leads.
    fn enter_name(&mut self, real: Id, above: Place, since: Epoch, is_traced: bool) -> Place {
        match self.look(real, since) {
            Kind::Link => self.follow(real, above, since, is_traced),
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

    fn follow(&mut self, link: Id, above: Place, since: Epoch, is_traced: bool) -> Place {
        let directory = above.at;
        let links = above.links + 1;
        if is_traced {
            self.leave(directory, Needs::Stamp);
        }
        let unknown = |oddity, kind| Place {
            at: link,
            kind,
            links,
            oddity,
        };
        if links > MAXIMUM_LINKS {
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
            links,
            oddity: above.oddity,
        };
        let mut has_link_before = false;
        for name in text.split('/') {
            if place.kind != Kind::Directory {
                return self.below(place);
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
                    let links = place.links;
                    let real = self.child(place.at, name);
                    place = self.enter_name(real, place, since, is_traced);
                    has_link_before |= place.links > links;
                }
            }
        }
        place
    }

    /// Nothing lies below a file; that it is one, its directory proves. Where nothing was, it stays so.
    fn below(&self, place: Place) -> Place {
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
            (Oddity::None, Kind::File | Kind::Directory) => RealPath::Path(place.at),
            _ => RealPath::Unknown,
        }
    }
}
