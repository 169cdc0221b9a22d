//! One copy of each path, however many answers rest on it.

use std::sync::Arc;

use dashmap::DashSet;
use rustc_hash::FxBuildHasher;

/// Texts that are shared by all threads.
#[derive(Debug, Default)]
pub struct Interner(DashSet<Arc<str>, FxBuildHasher>);

impl Interner {
    /// The shared copy of a text.
    #[must_use]
    pub fn intern(&self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let shared: Arc<str> = text.into();
        // Another thread may have been quicker; a second copy does no harm.
        self.0.insert(shared.clone());
        shared
    }

    /// Bytes held, as far as they can be told.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let header = 2 * size_of::<usize>();
        self.0
            .iter()
            .map(|text| text.len() + header + size_of::<Arc<str>>())
            .sum()
    }

    /// Forgets all texts that nobody else holds.
    pub fn clear(&self) {
        self.0.clear();
    }
}
