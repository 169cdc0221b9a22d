//! What an answer rests on, and whether that is as it was.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rustc_hash::FxBuildHasher;

use super::node::{Epoch, Id, Kind, Needs, Node, Proof};
use super::tree::Tree;

impl Tree {
    /// Notes what the answer that is being worked out rests on.
    pub(super) fn leave(&mut self, id: Id, needs: Needs) {
        for proof in self.trail.iter_mut().rev() {
            if proof.id == id {
                if needs == Needs::Stamp {
                    proof.needs = needs;
                }
                return;
            }
        }
        self.trail.push(Proof { id, needs });
    }

    /// The same for all that a part of it rests on.
    pub(super) fn leave_all(&mut self, proofs: &[Proof], is_unprovable: bool) {
        if self.trail.is_empty() {
            self.trail.extend_from_slice(proofs);
        } else {
            for proof in proofs {
                self.leave(proof.id, proof.needs);
            }
        }
        self.is_trail_unprovable |= is_unprovable;
    }

    /// Whether everything that an answer of this epoch rests on is as it was then, as far as was seen since `since`. Looks at
    /// each path at most once in a turn.
    pub(super) fn holds(&mut self, proofs: &[Proof], answered: Epoch, since: Epoch) -> bool {
        proofs.iter().all(|proof| self.is_good(*proof, answered, since))
    }

    fn is_good(&mut self, Proof { id, needs }: Proof, answered: Epoch, since: Epoch) -> bool {
        if self.is_of_unchanged_installation(id, answered, since) {
            return true;
        }
        let directory = if needs == Needs::Package { self.parent(id) } else { id };
        if !self.is_real_directory(directory, since) {
            return false;
        }
        needs == Needs::Real || self.is_unchanged(id, answered, since)
    }

    fn is_real_directory(&mut self, id: Id, since: Epoch) -> bool {
        let place = self.locate(id, since);
        place.at == id && place.kind == Kind::Directory && place.links == 0
    }

    /// Whether the path belongs to an installation whose record, where it is believed, is as it was.
    fn is_of_unchanged_installation(&mut self, id: Id, answered: Epoch, since: Epoch) -> bool {
        let record = self.node(id).map_or(0, |node| node.record);
        record != 0 && self.is_unchanged(record, answered, since)
    }

    fn is_unchanged(&mut self, id: Id, answered: Epoch, since: Epoch) -> bool {
        self.unchanged_since(id, since).is_some_and(|first| first <= answered)
    }

    /// Whether a later process could prove all of this, with what is known now and without a look.
    pub(super) fn is_provable(&self, proofs: &[Proof], answered: Epoch) -> bool {
        proofs.iter().all(|proof| {
            let stamped = self.node(proof.id).and_then(Node::stamped);
            let is_stamped = stamped.is_some_and(|stamped| stamped.is_settled && stamped.since <= answered);
            proof.needs == Needs::Real || is_stamped
        })
    }
}

/// Each proof once; where a path needs more for one answer than for another, what it needs most.
pub(super) fn distinct(proofs: &[Proof], paths: usize) -> Vec<Proof> {
    let mut most: HashMap<u32, Needs, FxBuildHasher> = HashMap::with_capacity_and_hasher(paths, FxBuildHasher);
    let mut order = Vec::with_capacity(paths);
    for Proof { id, needs } in proofs {
        match most.entry(*id) {
            Entry::Vacant(place) => {
                place.insert(*needs);
                order.push(*id);
            }
            Entry::Occupied(mut known) if *needs == Needs::Stamp => *known.get_mut() = Needs::Stamp,
            Entry::Occupied(_) => {}
        }
    }
    let needs = |id: u32| most.get(&id).copied().unwrap_or(Needs::Stamp);
    order.into_iter().map(|id| Proof { id, needs: needs(id) }).collect()
}
