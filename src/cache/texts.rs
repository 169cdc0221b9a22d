//! Files whose contents others keep: a stamp proves them, as that of a package.json does.

use super::node::{Detail, Epoch, Id, Kind, Needs, Stamped};
use super::tree::Tree;
use crate::fs::{Entry, FileContent, Stamp};

/// A state of a file: two that are the same say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    stamp: Stamp,
    /// When the file was first seen so. A file that has just changed may change again without its stamp showing it, and is another in
    /// each turn.
    since: Epoch,
}

impl Tree {
    /// The version of a file, links followed; it goes to the trail.
    pub(super) fn version(&mut self, id: Id, since: Epoch) -> Option<Version> {
        let place = self.consult(id, since);
        if place.kind != Kind::File {
            return None;
        }
        let file = place.at;
        if self.unchanged_since(file, since).is_none() {
            let entry = self.file_system.entry(self.path(file).as_ref());
            self.note(file, entry);
            let Entry::File(stamp) = entry else {
                // It has changed since it was looked at.
                self.is_trail_unprovable = true;
                return None;
            };
            let stamped = Stamped {
                stamp,
                since: self.epoch,
                is_settled: stamp.is_settled(self.now),
                compared: self.epoch,
            };
            self.node_mut(file)?.detail = Detail::package(stamped, None);
        }
        self.leave(file, Needs::Package);
        let stamped = self.node(file)?.stamped()?;
        Some(Version {
            stamp: stamped.stamp,
            since: stamped.since,
        })
    }

    /// The bytes of a file that has the version that it was last seen with.
    pub(super) fn read_text(&mut self, id: Id, since: Epoch) -> Option<Vec<u8>> {
        let place = self.locate(id, since);
        let stamp = self.node(place.at)?.stamped()?.stamp;
        let FileContent::Bytes(bytes, found) = self.file_system.read_file(self.path(place.at).as_ref()) else {
            self.is_trail_unprovable = true;
            return None;
        };
        // What was read may be of another version than what was told.
        self.is_trail_unprovable |= found != stamp;
        Some(bytes)
    }
}
