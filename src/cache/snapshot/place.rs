//! Where snapshots are kept unless somebody says otherwise.

use std::path::{Path, PathBuf};

use crate::fs::{FileSystem, PrivateDirectory};
use crate::path::AbsolutePath;

const NAME: &str = "fast-resolve";

/// `node_modules/.cache/fast-resolve` of the package that `start` belongs to, if that has a `node_modules` of the user's
/// own; else a directory in the user's cache, if it is known where that is.
#[must_use]
pub fn default_directory(
    file_system: &dyn FileSystem,
    start: &AbsolutePath,
    user_cache: Option<&str>,
) -> Option<PathBuf> {
    let of_package = package_root(file_system, start)
        .map(|root| PathBuf::from(root.child("node_modules").as_str()))
        .filter(|node_modules| PrivateDirectory::new(node_modules).is_own())
        .map(|node_modules| node_modules.join(".cache").join(NAME));
    of_package.or_else(|| {
        user_cache
            .map(Path::new)
            .filter(|path| path.is_absolute())
            .map(|path| path.join(NAME))
    })
}

/// The directory of the package whose program runs. A tool in `node_modules` runs for the package that has it installed.
fn package_root(file_system: &dyn FileSystem, start: &AbsolutePath) -> Option<AbsolutePath> {
    if let Some((above, _)) = start.as_str().split_once("/node_modules/") {
        return AbsolutePath::new(if above.is_empty() { "/" } else { above });
    }
    start
        .ancestors()
        .find(|directory| file_system.stamp(directory.child("package.json").as_path()).is_some())
}
