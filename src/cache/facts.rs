//! The facts of one resolution, from what the thread has seen.

use std::cell::RefCell;

use super::node::{Epoch, Id};
use super::tree::Tree;
use super::{Facts, PackageJsonFact, RealPath};
use crate::fs::EntryType;
use crate::path::AbsolutePath;

/// No system takes a longer path, and what can't be looked at gets no place in the tree.
const MAXIMUM_PATH: usize = 4096;

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
        let id = place_for(&mut tree, path)?;
        tree.consult(id, self.since).entry_type()
    }

    fn real_path(&self, path: &AbsolutePath) -> RealPath {
        let mut tree = self.tree.borrow_mut();
        let id = place_for(&mut tree, path);
        id.map_or(RealPath::Unknown, |id| tree.real_path(id, self.since))
    }

    fn package_json(&self, directory: &AbsolutePath) -> PackageJsonFact {
        let mut tree = self.tree.borrow_mut();
        let id = place_for(&mut tree, directory);
        id.map_or(PackageJsonFact::Unknown, |id| tree.package_json(id, self.since))
    }

    fn is_supported(&self) -> bool {
        self.tree.borrow().file_system.is_supported()
    }
}

/// The number of a path; `None` if it can't be examined.
fn place_for(tree: &mut Tree, path: &AbsolutePath) -> Option<Id> {
    if path.as_str().len() >= MAXIMUM_PATH {
        tree.is_trail_unprovable = true;
        return None;
    }
    Some(tree.id(path.as_str()))
}
