//! `LOAD_AS_FILE(X)` and `LOAD_INDEX(X)`

use super::Resolver;
use crate::cache::{Id, Step};
use crate::fs::EntryType;

impl Resolver<'_> {
    /// `LOAD_AS_FILE(X)`, where it is known what X leads to.
    pub(super) fn load_as_file(&self, path: Id, entry_type: Option<EntryType>) -> Step {
        // 1. If X is a file, load X as its file extension format.
        if entry_type == Some(EntryType::File) {
            return self.finish_file(path).map(Some);
        }
        // 2.-4. If X.js (.json, .node) is a file, load it.
        self.load_with_extensions(path)
    }

    /// `LOAD_INDEX(X)`
    pub(super) fn load_index(&self, directory: Id) -> Step {
        self.facts.begin_at("LOAD_INDEX", directory);
        // 1.-3. If X/index.js (.json, .node) is a file, load it.
        self.load_with_extensions(self.facts.resolve(directory, "index"))
    }

    /// The extensions are those of `Module._extensions`, in its order.
    fn load_with_extensions(&self, path: Id) -> Step {
        for extension in &self.options.extensions {
            let candidate = self.facts.with_suffix(path, extension);
            if self.is_file(candidate) {
                return self.finish_file(candidate).map(Some);
            }
        }
        Ok(None)
    }
}
