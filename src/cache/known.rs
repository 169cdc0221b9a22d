//! What earlier processes have found, as this one knows of it: the snapshot, and which of its answers hold.

use std::sync::Arc;

use super::node::{EARLIER, Epoch, Id, Proof};
use super::snapshot::{EnteredPaths, FoundSnapshot, Looks, Recording, Snapshot, Trust};
use super::tree::Tree;

/// Answers of earlier processes: their numbers begin at zero.
pub(super) struct Known {
    snapshot: Arc<Snapshot>,
    /// Those of each answer, one behind the other.
    proofs: Vec<Proof>,
    /// The same, each once.
    distinct: Vec<Proof>,
    /// The paths that they rest on, and what looks at those meanwhile.
    paths: Vec<Id>,
    looks: Option<Looks>,
    /// Which were asked for one by one, and held.
    is_used: Vec<bool>,
    /// Whether all have been found to hold.
    is_whole: bool,
    is_trusted: bool,
}

impl Known {
    /// `entered`: its paths, if the tree has them already.
    pub(super) fn new(found: FoundSnapshot, tree: &mut Tree, entered: Option<EnteredPaths>, trust: Trust) -> Self {
        let FoundSnapshot { snapshot, looks, .. } = found;
        let EnteredPaths { ids, proofs, distinct } =
            entered.unwrap_or_else(|| snapshot.enter(tree, trust == Trust::Installation));
        Self {
            distinct,
            proofs,
            paths: ids,
            looks,
            is_used: vec![false; snapshot.answers()],
            is_whole: false,
            is_trusted: trust == Trust::Everything,
            snapshot,
        }
    }

    pub(super) fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Whether its answers are believed without a look.
    pub(super) fn is_trusted(&self) -> bool {
        self.is_trusted
    }

    /// What an answer rests on.
    pub(super) fn proofs(&self, number: u32) -> Option<&[Proof]> {
        self.proofs.get(self.snapshot.range(number)?)
    }

    /// Whether an answer is what the algorithm would find now.
    pub(super) fn holds(&mut self, number: u32, tree: &mut Tree, since: Epoch) -> bool {
        let Some(proofs) = self.proofs(number) else {
            return false;
        };
        let holds = self.is_trusted || (!proofs.is_empty() && tree.holds(proofs, EARLIER, since));
        if holds && let Some(is_used) = self.is_used.get_mut(number as usize) {
            *is_used = true;
        }
        holds
    }

    /// The same of all at once.
    pub(super) fn does_hold(&mut self, tree: &mut Tree, since: Epoch) -> bool {
        self.is_whole = self.is_trusted || tree.holds(&self.distinct, EARLIER, since);
        self.is_whole
    }

    /// Takes what was seen at its paths meanwhile.
    pub(super) fn take_looks(&mut self, tree: &mut Tree) {
        let Some(looks) = self.looks.take() else { return };
        let seen = self.paths.iter().copied().zip(looks.entries);
        tree.note_all(looks.began, seen.filter_map(|(id, entry)| Some((id, entry?))));
    }

    pub(super) fn record(&self, recording: &mut Recording<'_>) {
        // Where all were found to hold at once, nobody knows which were of use.
        let all = vec![true; self.is_used.len()];
        let is_used = if self.is_whole { &all } else { &self.is_used };
        recording.add_known(&self.snapshot, &self.proofs, Some(is_used));
    }
}
