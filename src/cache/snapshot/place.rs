//! Where snapshots are kept unless somebody says otherwise.

use std::path::{Path, PathBuf};

use crate::fs::{EntryType, FileSystem, PrivateDirectory};
use crate::path::AbsolutePath;

const NAME: &str = "fast-resolve";

/// `node_modules/.cache/fast-resolve` of the package that `start` belongs to, if that has a `node_modules/.cache` of the user's own;
/// else a directory in the user's cache, if it is known where that is; else the former, in a `node_modules` of the user's own.
///
/// A new name in `node_modules` would change its stamp, and so take away what proves most answers of the very process that writes.
#[must_use]
pub fn default_directory(
    file_system: &dyn FileSystem,
    start: &AbsolutePath,
    user_cache: Option<&str>,
) -> Option<PathBuf> {
    let node_modules = package_root(file_system, start)
        .map(|root| PathBuf::from(root.child("node_modules").as_str()))
        .filter(|node_modules| PrivateDirectory::new(node_modules).is_own());
    let of_package = node_modules.map(|node_modules| node_modules.join(".cache"));
    let has_cache = of_package
        .as_ref()
        .is_some_and(|cache| PrivateDirectory::new(cache).is_own());
    let of_user = user_cache
        .map(Path::new)
        .filter(|path| path.is_absolute() && is_own(path));
    let cache = match (of_package, of_user) {
        (Some(of_package), of_user) if has_cache || of_user.is_none() => Some(of_package),
        (_, of_user) => of_user.map(Path::to_owned),
    };
    cache.map(|cache| cache.join(NAME))
}

/// Whether the directory is the user's own, or would be made in one that is: under `sudo`, HOME may be somebody else's, who
/// could not use what root makes there.
fn is_own(directory: &Path) -> bool {
    let existing = directory.ancestors().find(|path| PrivateDirectory::new(path).exists());
    existing.is_some_and(|path| PrivateDirectory::new(path).is_own())
}

/// The directory of the package whose program runs. A tool in `node_modules` runs for the package that has it installed.
fn package_root(file_system: &dyn FileSystem, start: &AbsolutePath) -> Option<AbsolutePath> {
    if let Some((above, _)) = start.as_str().split_once("/node_modules/") {
        return AbsolutePath::new(if above.is_empty() { "/" } else { above });
    }
    start
        .ancestors()
        .find(|directory| file_system.entry_type(directory.child("package.json").as_path()) == Some(EntryType::File))
}
