//! package.json files that were read, each with the stamp that proves its contents.

use std::sync::Arc;

use dashmap::DashMap;
use once_cell::sync::OnceCell;
use rustc_hash::FxBuildHasher;

use super::PackageJsonFact;
use super::node::{Contents, Detail, Epoch, Id, Kind, Needs, Place, Stamped};
use super::tree::Tree;
use crate::fs::{Entry, FileContent, Stamp};
use crate::package_json::{Malformed, PackageFields, PackageJson};

const NAME: &str = "package.json";
/// No more are shared: memory is bounded.
const MAXIMUM_SHARED: usize = 20_000;

/// What was read, by main fields and path: parsed once for all threads.
type Shared = DashMap<Box<str>, (Stamp, Contents), FxBuildHasher>;

/// How many threads write at once without a wait. Left to itself, the map would ask how many processors there are, which takes two
/// dozen system calls in a control group.
const SHARDS: usize = 16;

fn shared() -> &'static Shared {
    static SHARED: OnceCell<Shared> = OnceCell::new();
    SHARED.get_or_init(|| DashMap::with_hasher_and_shard_amount(FxBuildHasher, SHARDS))
}

impl Tree {
    /// The package.json of a directory; what that rests on goes to the trail.
    pub(super) fn package_json(&mut self, directory: Id, since: Epoch) -> PackageJsonFact {
        let Place { at, kind, .. } = self.consult(directory, since);
        match kind {
            Kind::Directory => {}
            Kind::Unknown => return PackageJsonFact::Unknown,
            _ => return PackageJsonFact::Absent,
        }
        let file = self.child(at, NAME);
        // Where nothing at all is known, opening it tells most.
        let is_new = self
            .node(file)
            .is_some_and(|node| node.seen == 0 && matches!(node.detail, Detail::None));
        if is_new && !self.take_shared(file) {
            self.read(file);
        }
        self.leave(at, Needs::Stamp);
        let place = self.locate(file, since);
        if place.links > 0 {
            self.consult(file, since);
        }
        match place.kind {
            Kind::Absent => PackageJsonFact::Absent,
            Kind::Directory => PackageJsonFact::NoFile,
            Kind::Link | Kind::Unknown => {
                self.is_trail_unprovable = true;
                PackageJsonFact::Unknown
            }
            Kind::File => self.contents(place.at, since),
        }
    }

    fn contents(&mut self, file: Id, since: Epoch) -> PackageJsonFact {
        if let Some(fact) = self.good_contents(file, since) {
            return fact;
        }
        match self.read(file) {
            FileContent::Bytes(..) => self.good_contents(file, since).unwrap_or(PackageJsonFact::Unknown),
            FileContent::Missing => PackageJsonFact::Absent,
            FileContent::NoFile => PackageJsonFact::NoFile,
            // It has changed since it was looked at, or can't be read.
            FileContent::Link | FileContent::Unknown => {
                self.is_trail_unprovable = true;
                PackageJsonFact::Unknown
            }
        }
    }

    /// What it says, if that is known and was proved since this epoch.
    fn good_contents(&mut self, file: Id, since: Epoch) -> Option<PackageJsonFact> {
        self.unchanged_since(file, since)?;
        let Detail::Package(package) = &self.node(file)?.detail else {
            return None;
        };
        let fact = match package.contents.as_ref()? {
            Ok(package_json) => PackageJsonFact::Present(package_json.clone()),
            Err(Malformed) => PackageJsonFact::Malformed,
        };
        self.leave(file, Needs::Package);
        Some(fact)
    }

    /// Reads what lies at a real path, and notes what it is.
    fn read(&mut self, file: Id) -> FileContent {
        let content = self.file_system.read_file(self.path(file).as_ref());
        match &content {
            FileContent::Bytes(bytes, stamp) => {
                let contents = PackageJson::parse(bytes, &self.fields).map(Arc::new);
                self.note(file, Entry::File(*stamp));
                self.keep(file, *stamp, contents);
            }
            FileContent::Missing => self.note(file, Entry::Missing),
            FileContent::Link => self.note(file, Entry::Link),
            FileContent::NoFile | FileContent::Unknown => self.look_anew(file),
        }
        content
    }

    fn keep(&mut self, file: Id, stamp: Stamp, contents: Contents) {
        let (epoch, is_settled) = (self.epoch, stamp.is_settled(self.now));
        if is_settled && shared().len() < MAXIMUM_SHARED {
            shared().insert(self.shared_key(file), (stamp, contents.clone()));
        }
        let Some(node) = self.node_mut(file) else { return };
        // A snapshot's stamp proves what rests on it from then on.
        let known = node.stamped().filter(|known| known.is_settled && known.stamp == stamp);
        let stamped = Stamped {
            stamp,
            since: known.map_or(epoch, |known| known.since),
            is_settled,
            compared: epoch,
        };
        node.detail = Detail::package(stamped, Some(contents));
    }

    fn shared_key(&self, file: Id) -> Box<str> {
        let PackageFields { main, others } = &self.fields;
        [&main.join("\0"), "\0\0", &others.join("\0"), "\0\0", self.path(file)]
            .concat()
            .into()
    }

    /// Takes what another thread has read, to be proved by a look; whether there is any.
    fn take_shared(&mut self, file: Id) -> bool {
        if shared().is_empty() {
            return false;
        }
        let Some((stamp, contents)) = shared().get(&self.shared_key(file)).map(|known| known.clone()) else {
            return false;
        };
        let stamped = Stamped {
            stamp,
            since: self.epoch,
            is_settled: true,
            compared: 0,
        };
        let Some(node) = self.node_mut(file) else { return false };
        node.detail = Detail::package(stamped, Some(contents));
        true
    }
}

/// Forgets what threads share.
pub(super) fn clear_shared() {
    shared().clear();
}
