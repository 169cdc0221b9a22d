//! Virtual paths: one package at several paths, so that each may have peer dependencies of its own.
//!
//! `/p/.yarn/__virtual__/react-dom-virtual-1a2b/1/cache/x.zip` is `/p/cache/x.zip`: of the directory that holds `__virtual__`, one
//! level up, and from there on. The segment behind `__virtual__` only tells the paths apart, and ends in hexadecimal digits.

use crate::path::AbsolutePath;

/// The first virtual directory of a path.
struct Virtual<'a> {
    /// What holds `__virtual__`; empty for the root.
    holder: &'a str,
    /// `__virtual__`, or `$$virtual` in the days of Yarn 2.
    folder: &'a str,
    /// What tells the paths apart.
    hash: Option<&'a str>,
    /// How many levels up.
    depth: Option<&'a str>,
    /// The rest, with its slash.
    subpath: &'a str,
}

/// The path that a virtual path stands for; `None` if it is not virtual.
#[must_use]
pub fn to_real(path: &str) -> Option<AbsolutePath> {
    let mut real = real_of_first(path)?;
    while let Some(next) = real_of_first(real.as_str()) {
        real = next;
    }
    Some(real)
}

/// The virtual path by which whoever uses the virtual path `asked` comes to `real`.
///
/// A link within a virtual directory leads to a path within it, as `fs.realpath` has it under Yarn.
#[must_use]
pub fn in_same_virtual(asked: &str, real: &AbsolutePath) -> Option<AbsolutePath> {
    let first = split(asked)?;
    let (holder, hash) = (AbsolutePath::new(&format!("{}/", first.holder))?, first.hash?);
    let relative = real.relative_to(&holder);
    let depth = relative.split('/').take_while(|name| *name == "..").count();
    let below: Vec<&str> = relative.split('/').skip(depth).collect();
    let folder = holder.child(first.folder).child(hash).child(&depth.to_string());
    Some(folder.resolve(&format!("./{}", below.join("/"))))
}

fn real_of_first(path: &str) -> Option<AbsolutePath> {
    let Virtual {
        holder,
        hash,
        depth,
        subpath,
        ..
    } = split(path)?;
    let holder = AbsolutePath::new(&format!("{holder}/"))?;
    let Some(depth) = hash.and(depth) else {
        // The folder itself and what is named by the hash are where the folder lies.
        return subpath.is_empty().then_some(holder);
    };
    let is_number = depth.bytes().all(|byte| byte.is_ascii_digit());
    // No path has so many levels that a number which is too large would matter.
    let depth = is_number.then(|| depth.parse().unwrap_or(usize::MAX))?;
    let above = holder.ancestors().nth(depth).or_else(|| AbsolutePath::new("/"))?;
    Some(above.resolve(&format!("./{subpath}")))
}

fn split(path: &str) -> Option<Virtual<'_>> {
    let mut start = 0;
    loop {
        let end = start + path.get(start..)?.find('/')?;
        let behind = path.get(end + 1..)?;
        let (folder, rest) = behind.split_at(behind.find('/').unwrap_or(behind.len()));
        if matches!(folder, "__virtual__" | "$$virtual") {
            let holder = path.get(..end)?;
            let (hash, depth, subpath) = split_rest(rest);
            return Some(Virtual {
                holder,
                folder,
                hash,
                depth,
                subpath,
            });
        }
        start = end + 1;
    }
}

/// The hash, the depth, and what is behind them.
fn split_rest(rest: &str) -> (Option<&str>, Option<&str>, &str) {
    let Some((hash, behind)) = first_segment(rest).filter(|(hash, _)| is_hash(hash)) else {
        return (None, None, rest);
    };
    match first_segment(behind) {
        Some((depth, subpath)) => (Some(hash), Some(depth), subpath),
        None => (Some(hash), None, behind),
    }
}

fn first_segment(rest: &str) -> Option<(&str, &str)> {
    let rest = rest.strip_prefix('/')?;
    let (name, behind) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    (!name.is_empty()).then_some((name, behind))
}

/// Hexadecimal digits, behind a dash if there is more.
fn is_hash(segment: &str) -> bool {
    let digits = match segment.rsplit_once('-') {
        Some(("", _)) => return false,
        Some((_, digits)) => digits,
        None => segment,
    };
    !digits.is_empty() && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn virtual_paths_stand_for_others() {
        for (path, expected) in [
            (
                "/p/.yarn/__virtual__/a-virtual-1a/0/cache/a.zip",
                Some("/p/.yarn/cache/a.zip"),
            ),
            ("/p/.yarn/__virtual__/a-virtual-1a/1/packages/a", Some("/p/packages/a")),
            ("/p/.yarn/$$virtual/1a/2/a", Some("/a")),
            ("/p/__virtual__/1a/99999999999999999999999/a", Some("/a")),
            ("/p/__virtual__/1a/0", Some("/p")),
            ("/p/__virtual__/1a", Some("/p")),
            ("/p/__virtual__", Some("/p")),
            ("/__virtual__/1a/0/b", Some("/b")),
            ("/__virtual__", Some("/")),
            ("/p/__virtual__/1a/0/q/__virtual__/2b/1/a", Some("/p/a")),
            ("/p/__virtual__/1a/1/__virtual__/2b/0/a", Some("/a")),
            // What is no hash or no number makes nothing virtual.
            ("/p/__virtual__/1A/0/a", None),
            ("/p/__virtual__/-1a/0/a", None),
            ("/p/__virtual__/a-/0/a", None),
            ("/p/__virtual__/1a/x/a", None),
            ("/p/__virtual__x/1a/0/a", None),
            ("/p/x__virtual__/1a/0/a", None),
            ("/p/a", None),
            ("/", None),
        ] {
            let real = to_real(path);
            assert_eq!(real.as_ref().map(AbsolutePath::as_str), expected, "{path}");
        }
    }

    #[test]
    fn a_link_stays_within_its_virtual_directory() {
        for (asked, real, expected) in [
            (
                "/p/.yarn/__virtual__/x-1a/0/a",
                "/p/.yarn/b",
                Some("/p/.yarn/__virtual__/x-1a/0/b"),
            ),
            (
                "/p/.yarn/__virtual__/x-1a/0/a",
                "/q/b",
                Some("/p/.yarn/__virtual__/x-1a/2/q/b"),
            ),
            (
                "/p/.yarn/$$virtual/x-1a/0/a",
                "/p/.yarn",
                Some("/p/.yarn/$$virtual/x-1a/0"),
            ),
            ("/p/a", "/q/b", None),
        ] {
            let real = AbsolutePath::new(real).unwrap();
            let found = in_same_virtual(asked, &real);
            assert_eq!(found.as_ref().map(AbsolutePath::as_str), expected, "{asked}");
            if let Some(found) = found {
                assert_eq!(to_real(found.as_str()), Some(real));
            }
        }
    }
}
