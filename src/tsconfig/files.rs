//! The seam to the disk.

use crate::path::AbsolutePath;

/// What the loader asks of the disk.
pub trait Files {
    /// The bytes of a file, links followed; `None` where there is none or it can't be read.
    fn read(&self, path: &AbsolutePath) -> Option<Vec<u8>>;

    /// Whether the path leads to a file, links followed.
    fn is_file(&self, path: &AbsolutePath) -> bool;

    /// The file that a name in `extends` leads to from a directory, if the name is neither absolute nor begins with
    /// `./` or `../`. TypeScript looks for it as for a module, with `require` among the conditions: the file `name`,
    /// `name.json`, package.json's `exports` or `tsconfig`, `name/tsconfig.json`; links are followed.
    ///
    /// What is looked at on the way is not in [`TsConfig::read_files`](super::TsConfig::read_files).
    fn resolve_extends(&self, name: &str, directory: &AbsolutePath) -> Option<AbsolutePath>;
}
