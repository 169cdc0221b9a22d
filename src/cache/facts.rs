//! The facts of one resolution, from what the thread has seen.

use std::cell::RefCell;

use super::answers::{Answer, Answers, Asking};
use super::node::{Epoch, Id, ROOT};
use super::tree::Tree;
use super::{Facts, Found, PackageJsonFact, RealPath, Step, Version};
use crate::fs::EntryType;
use crate::path::AbsolutePath;

/// What may be believed from an epoch on; all else is looked at.
pub(super) struct TreeFacts<'a> {
    tree: RefCell<&'a mut Tree>,
    /// What was found in parts, by their directory and text.
    parts: RefCell<&'a mut Answers>,
    since: Epoch,
}

impl<'a> TreeFacts<'a> {
    /// Begins a trail of its own.
    pub fn new(tree: &'a mut Tree, parts: &'a mut Answers, since: Epoch) -> Self {
        tree.trail.clear();
        tree.is_trail_unprovable = false;
        Self {
            tree: RefCell::new(tree),
            parts: RefCell::new(parts),
            since,
        }
    }
}

impl Facts for TreeFacts<'_> {
    fn id(&self, path: &AbsolutePath) -> Id {
        self.tree.borrow_mut().resolve(ROOT, path.as_str())
    }

    fn path(&self, id: Id) -> AbsolutePath {
        AbsolutePath::of_normalised(self.tree.borrow().path(id))
    }

    fn path_length(&self, id: Id) -> usize {
        self.tree.borrow().path(id).len()
    }

    fn resolve(&self, directory: Id, path: &str) -> Id {
        self.tree.borrow_mut().resolve(directory, path)
    }

    fn with_suffix(&self, path: Id, suffix: &str) -> Id {
        self.tree.borrow_mut().with_suffix(path, suffix)
    }

    fn parent(&self, path: Id) -> Option<Id> {
        let parent = self.tree.borrow().parent(path);
        (parent != path).then_some(parent)
    }

    fn is_named(&self, path: Id, name: &str) -> bool {
        self.tree.borrow().name(path) == name
    }

    fn is_name_ending(&self, path: Id, ending: &str) -> bool {
        self.tree.borrow().name(path).ends_with(ending)
    }

    fn entry_type(&self, path: Id) -> Option<EntryType> {
        self.tree.borrow_mut().consult(path, self.since).entry_type()
    }

    fn real_path(&self, path: Id) -> RealPath {
        self.tree.borrow_mut().real_path(path, self.since)
    }

    fn package_json(&self, directory: Id) -> PackageJsonFact {
        self.tree.borrow_mut().package_json(directory, self.since)
    }

    fn version(&self, path: Id) -> Option<Version> {
        self.tree.borrow_mut().version(path, self.since)
    }

    fn read(&self, path: Id) -> Option<Vec<u8>> {
        self.tree.borrow_mut().read_text(path, self.since)
    }

    fn once(&self, directory: Id, text: &str, part: &mut dyn FnMut() -> Step) -> Step {
        let asking = Asking {
            directory,
            is_import: false,
        };
        let trail = {
            let (parts, mut tree) = (self.parts.borrow(), self.tree.borrow_mut());
            let known = parts.find(asking, text).and_then(|place| parts.get(place));
            if let Some(known) = known.filter(|known| known.answered >= self.since.max(tree.moved)) {
                tree.leave_all(parts.proofs(known), !known.is_provable);
                return Ok(Some(Found {
                    path: known.path,
                    is_target: known.is_kept,
                }));
            }
            tree.fork_trail()
        };
        let found = part();
        let mut tree = self.tree.borrow_mut();
        // What is not there is asked for in too many ways.
        if let Ok(Some(Found { path, is_target })) = found {
            let answer = Answer {
                asking,
                path,
                answered: tree.epoch,
                is_provable: !tree.is_trail_unprovable,
                is_kept: is_target,
                ..Answer::default()
            };
            let mut parts = self.parts.borrow_mut();
            let place = parts.find(asking, text);
            parts.put(place, answer, text, &tree.trail);
        }
        tree.join_trail(trail);
        found
    }

    fn proofs(&self) -> Option<Vec<String>> {
        let tree = self.tree.borrow();
        (!tree.is_trail_unprovable).then(|| tree.trail.iter().map(|proof| tree.describe(*proof)).collect())
    }

    fn is_supported(&self) -> bool {
        self.tree.borrow().file_system.is_supported()
    }
}
