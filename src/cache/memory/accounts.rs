//! What a memory tells of itself, and what is written of it.

use std::sync::Arc;

use super::{Believe, FILE_SCHEME, Memory};
use crate::cache::answers::Asking;
use crate::cache::known::Known;
use crate::cache::lock;
use crate::cache::node::{Id, Needs, Proof};
use crate::cache::snapshot::{CODE_KEY_BYTES, EnteredPaths, Recording, Snapshot, SnapshotState};
use crate::cache::tree::Tree;
use crate::format::Format;

/// Numbers of what was asked and what is held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stats {
    /// Answers of this process that were proved and repeated.
    pub process_hits: u64,
    /// Answers of the snapshot that were proved and given.
    pub snapshot_hits: u64,
    /// Requests that the algorithm was run for.
    pub misses: u64,
    /// Answers held.
    pub entries: usize,
    /// Bytes held, about.
    pub bytes: usize,
    /// What became of the snapshot.
    pub snapshot: SnapshotState,
    /// Answers in it.
    pub snapshot_entries: usize,
    /// Its bytes.
    pub snapshot_bytes: usize,
    /// Directories and package.json files that the snapshot's answers rest on.
    pub snapshot_proofs: usize,
}

impl Memory {
    /// Whether Node would have kept an answer of the snapshot.
    #[must_use]
    pub fn is_kept_by_node(&self, number: u32) -> bool {
        self.snapshot
            .as_ref()
            .is_some_and(|known| known.snapshot().is_kept_by_node(number))
    }

    /// What was answered earlier in this process, if Node would have kept that.
    #[must_use]
    pub fn kept_answer(&mut self, directory: u32, request: &str) -> Option<String> {
        let tree = self.tree.clone();
        let mut tree = lock(&tree);
        self.keep_up(&mut tree);
        let asking = self.asking(&mut tree, directory).ok()?;
        let place = self.answers.find(asking, request)?;
        let kept = self.answers.get(place)?.kept()?;
        Some(tree.path(kept).to_owned())
    }

    /// Keeps what V8 made of a text of the hook.
    pub fn keep_code(&mut self, key: &str, code: &[u8]) {
        if key.len() == CODE_KEY_BYTES {
            self.codes.push((key.to_owned(), code.to_vec()));
            self.has_learnt = true;
        }
    }

    /// What an answer that is remembered rests on, one line each.
    #[must_use]
    pub fn reasons(&mut self, number: u32) -> Option<Vec<String>> {
        let tree = self.tree.clone();
        let mut tree = lock(&tree);
        self.keep_up(&mut tree);
        let proofs = match (number.checked_sub(self.first), &self.snapshot) {
            (Some(place), _) => self.answers.proofs(self.answers.get(place)?),
            (None, Some(known)) => known.proofs(number)?,
            (None, None) => return None,
        };
        Some(proofs.iter().map(|proof| tree.describe(*proof)).collect())
    }

    /// What is held, and how often it was of use.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let known = self.snapshot.as_ref().map(Known::snapshot);
        let snapshot_entries = known.map_or(0, Snapshot::answers);
        let snapshot_bytes = known.map_or(0, Snapshot::bytes);
        // Memories of one thread may share a tree; each counts its part.
        let tree_bytes = lock(&self.tree).bytes() / Arc::strong_count(&self.tree);
        Stats {
            process_hits: self.counts.process_hits,
            snapshot_hits: self.counts.snapshot_hits,
            misses: self.counts.misses,
            entries: self.answers.len() as usize + snapshot_entries,
            bytes: tree_bytes + self.answer_bytes() + snapshot_bytes,
            snapshot: self.state.clone(),
            snapshot_entries,
            snapshot_bytes,
            snapshot_proofs: known.map_or(0, Snapshot::paths),
        }
    }

    /// What is to be written, with what other threads have recorded; nothing if there is no answer.
    #[must_use]
    pub fn record(&mut self, others: &[Arc<Snapshot>]) -> Option<Vec<u8>> {
        let tree = self.tree.clone();
        let mut tree = lock(&tree);
        // Another memory may have forgotten the tree that both have.
        self.keep_up(&mut tree);
        let file = self.file.as_ref()?;
        self.has_learnt = false;
        let mut recording = Recording::new(&mut tree);
        for (key, code) in &self.codes {
            recording.add_code(key.as_bytes(), code);
        }
        for answer in self.answers.iter() {
            if answer.is_provable && self.believe == Believe::Turn {
                let tree = recording.tree();
                let directory = tree.text_of_asking(answer.asking);
                let path = tree.text_of(answer.path, answer.format);
                let texts = [&*directory, self.answers.request(answer), &*path];
                recording.add(texts, self.answers.proofs(answer), answer.answered, answer.is_kept);
            }
        }
        if let Some(known) = &self.snapshot {
            known.record(&mut recording);
        }
        for other in others {
            let EnteredPaths { proofs, .. } = other.enter(recording.tree(), false);
            recording.add_known(other, &proofs, None);
        }
        recording.finish(file.key())
    }
}

impl Tree {
    /// What an answer rests on, as a line.
    pub(in crate::cache) fn describe(&self, proof: Proof) -> String {
        let what = match proof.needs {
            Needs::Real => "real directory",
            Needs::Stamp => "directory",
            Needs::Package => "contents",
        };
        format!("{what} {}", self.path(proof.id))
    }

    /// What was found, as a text.
    pub(super) fn text_of(&self, path: Id, format: Option<Format>) -> String {
        let path = self.path(path);
        match format {
            Some(format) => format!("{}{FILE_SCHEME}{path}", format.letter()),
            None => path.to_owned(),
        }
    }

    /// A directory that asks, as a text.
    fn text_of_asking(&self, Asking { directory, is_import }: Asking) -> String {
        let scheme = if is_import { FILE_SCHEME } else { "" };
        format!("{scheme}{}", self.path(directory))
    }
}
