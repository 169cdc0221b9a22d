//! `fs.realpathSync` as Node's JavaScript does it.

use super::RealPath;
use crate::fs::{FileSystem, Link};
use crate::path::AbsolutePath;

/// The kernel gives up after 40 links on the way to one file; who asks for more has met a loop that changes under way.
const MAXIMUM_LINKS: usize = 1_000;

/// A link on the way to a real path, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossedLink {
    /// Where it lies; no directory above it is a link.
    pub path: AbsolutePath,
    /// Its text.
    pub text: String,
}

/// Follows the links of a path component by component, and tells which were crossed.
///
/// A link's text is resolved against the path of its directory as text, not by the kernel, so that `..` behind a link
/// to a directory leads where Node's answer leads.
pub fn real_path(file_system: &dyn FileSystem, path: &AbsolutePath) -> (RealPath, Vec<CrossedLink>) {
    let mut crossed = Vec::new();
    let real = follow(file_system, path, &mut crossed);
    (real, crossed)
}

fn follow(file_system: &dyn FileSystem, path: &AbsolutePath, crossed: &mut Vec<CrossedLink>) -> RealPath {
    let mut real = path.clone();
    while crossed.len() < MAXIMUM_LINKS {
        match first_link(file_system, &real) {
            FirstLink::None => return RealPath::Path(real),
            // The caller knows that the path leads somewhere, and so does the first link. Where that leads was found as
            // text; Node throws where a further link dangles.
            FirstLink::At { link, .. }
                if !crossed.is_empty() && file_system.entry_type(link.path.as_path()).is_none() =>
            {
                return RealPath::Unknown;
            }
            FirstLink::At { link, replaced } => {
                crossed.push(link);
                real = replaced;
            }
            FirstLink::Unknown => return RealPath::Unknown,
            FirstLink::NotUtf8 => return RealPath::NotUtf8,
        }
    }
    RealPath::Unknown
}

enum FirstLink {
    None,
    At { link: CrossedLink, replaced: AbsolutePath },
    Unknown,
    NotUtf8,
}

fn first_link(file_system: &dyn FileSystem, path: &AbsolutePath) -> FirstLink {
    let text = path.as_str();
    let ends = text
        .match_indices('/')
        .skip(1)
        .map(|(index, _)| index)
        .chain([text.len()]);
    for end in ends {
        let (Some(prefix), Some(rest)) = (text.get(..end), text.get(end..)) else {
            return FirstLink::Unknown;
        };
        match file_system.read_link(prefix.as_ref()) {
            Link::No => {}
            Link::Missing => return FirstLink::Unknown,
            Link::NotUtf8 => return FirstLink::NotUtf8,
            Link::To(target) => {
                let Some(link) = AbsolutePath::new(prefix) else {
                    return FirstLink::Unknown;
                };
                let Some(directory) = link.parent() else {
                    return FirstLink::Unknown;
                };
                let replaced = directory.resolve(&target).resolve(rest.trim_start_matches('/'));
                return FirstLink::At {
                    link: CrossedLink {
                        path: link,
                        text: target,
                    },
                    replaced,
                };
            }
        }
    }
    FirstLink::None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::MemoryFileSystem;

    fn real(file_system: &MemoryFileSystem, path: &str) -> RealPath {
        real_path(file_system, &AbsolutePath::new(path).unwrap()).0
    }

    fn path(text: &str) -> RealPath {
        RealPath::Path(AbsolutePath::new(text).unwrap())
    }

    #[test]
    fn follows_links_in_every_position() {
        let file_system = MemoryFileSystem::new()
            .file("/store/a/index.js", "")
            .link("/node_modules", "modules")
            .link("/modules/a", "../store/a")
            .link("/store/a/link.js", "./index.js");
        assert_eq!(real(&file_system, "/store/a/index.js"), path("/store/a/index.js"));
        assert_eq!(real(&file_system, "/node_modules/a/link.js"), path("/store/a/index.js"));
        assert_eq!(real(&file_system, "/"), path("/"));
        assert_eq!(real(&file_system, "/missing"), RealPath::Unknown);
    }

    #[test]
    fn takes_dots_behind_a_link_as_text() {
        let file_system = MemoryFileSystem::new()
            .file("/far/away/x", "")
            .file("/x", "")
            .link("/near", "far/away")
            .link("/link", "near/../x");
        // The kernel would look for `/far/x`.
        assert_eq!(real(&file_system, "/link"), path("/x"));
    }

    #[test]
    fn gives_up_where_a_further_link_dangles() {
        let file_system = MemoryFileSystem::new()
            .file("/far/away/q", "")
            .file("/far/link2", "")
            .file("/x", "")
            .file("/far2/away/q", "")
            .link("/near", "far/away")
            .link("/near2", "far2/away")
            .link("/l1", "near/../link2")
            .link("/link2", "near2/../x");
        assert_eq!(real(&file_system, "/l1"), RealPath::Unknown);
    }
}
