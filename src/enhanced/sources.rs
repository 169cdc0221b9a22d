//! What was made of files: it is made anew when one of them is another than before.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::cache::{Facts, Version};
use crate::path::AbsolutePath;

/// What something was made of.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// A file of this version, or the lack of one.
    File(AbsolutePath, Option<Version>),
    /// The file that a name leads to from a directory.
    Extended {
        name: String,
        directory: AbsolutePath,
        found: Option<AbsolutePath>,
    },
}

/// Things by their key, each with its sources.
pub(super) struct Made<K, T>(Mutex<HashMap<K, (T, Vec<Source>)>>);

impl<K, T> Default for Made<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Clone + Eq + Hash, T: Clone> Made<K, T> {
    /// What was made of the same sources before, or what `make` makes now.
    pub fn get(&self, key: &K, is_unchanged: impl Fn(&Source) -> bool, make: impl FnOnce() -> (T, Vec<Source>)) -> T {
        let known = self.lock().get(key).cloned();
        // All are looked at, so that what rests on the thing rests on all of them.
        let is_known = |sources: &[Source]| sources.iter().filter(|source| !is_unchanged(source)).count() == 0;
        if let Some((thing, _)) = known.filter(|(_, sources)| is_known(sources)) {
            return thing;
        }
        let (thing, sources) = make();
        self.lock().insert(key.clone(), (thing.clone(), sources));
        thing
    }

    /// What was made last, whatever its sources are now.
    pub fn known(&self, key: &K) -> Option<T> {
        self.lock().get(key).map(|(thing, _)| thing.clone())
    }

    pub fn keys(&self) -> Vec<K> {
        self.lock().keys().cloned().collect()
    }

    pub fn forget(&self, key: &K) {
        self.lock().remove(key);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, (T, Vec<Source>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Source {
    /// A file as it is now.
    pub fn file(facts: &dyn Facts, path: &AbsolutePath) -> Self {
        Self::File(path.clone(), facts.version(facts.id(path)))
    }
}
