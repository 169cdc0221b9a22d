//! The facts of one resolution, from what the thread has seen.

use std::cell::RefCell;

use super::node::Epoch;
use super::tree::Tree;
use super::{Facts, PackageJsonFact, RealPath};
use crate::fs::EntryType;
use crate::path::AbsolutePath;

/// What may be believed from an epoch on; all else is looked at.
pub(super) struct TreeFacts<'a> {
    tree: RefCell<&'a mut Tree>,
    since: Epoch,
}

impl<'a> TreeFacts<'a> {
    /// Begins a trail of its own.
    pub fn new(tree: &'a mut Tree, since: Epoch) -> Self {
        tree.trail.clear();
        tree.is_trail_unprovable = false;
        Self {
            tree: RefCell::new(tree),
            since,
        }
    }
}

impl Facts for TreeFacts<'_> {
    fn entry_type(&self, path: &AbsolutePath) -> Option<EntryType> {
        let mut tree = self.tree.borrow_mut();
        let id = tree.id(path.as_str());
        tree.consult(id, self.since).entry_type()
    }

    fn real_path(&self, path: &AbsolutePath) -> RealPath {
        let mut tree = self.tree.borrow_mut();
        let id = tree.id(path.as_str());
        tree.real_path(id, self.since)
    }

    fn package_json(&self, directory: &AbsolutePath) -> PackageJsonFact {
        let mut tree = self.tree.borrow_mut();
        let id = tree.id(directory.as_str());
        tree.package_json(id, self.since)
    }

    fn is_supported(&self) -> bool {
        self.tree.borrow().file_system.is_supported()
    }
}
