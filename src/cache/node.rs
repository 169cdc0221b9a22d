//! What is known of one path.

use std::sync::Arc;

use crate::fs::{EntryType, Stamp};
use crate::package_json::{Malformed, PackageJson};

/// The number of a path in one tree. Zero is the root.
pub type Id = u32;
/// Numbers turns; zero is never.
pub(super) type Epoch = u32;

pub(super) const ROOT: Id = 0;
/// Where every path lies that is longer than any that a system takes: nothing is known of it.
pub(super) const BEYOND: Id = 1;
/// In place of a number, where there is none.
pub(super) const NOBODY: Id = 0;
/// When earlier processes took the stamps of a snapshot.
pub(super) const EARLIER: Epoch = 1;
/// The first epoch of this process.
pub(super) const FIRST: Epoch = 2;

/// What lies at a path itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Absent,
    File,
    Directory,
    Link,
    /// It can't be examined, which no stamp proves.
    Unknown,
}

/// What is known of a path besides its kind.
pub(super) enum Detail {
    None,
    Directory(Box<Stamped>),
    /// The text of a link.
    Link(Box<str>),
    Package(Box<Package>),
}

/// The stamp of a directory or of a package.json.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stamped {
    pub stamp: Stamp,
    /// The epoch since which it has been this stamp; and, of a directory, old enough to prove what was seen from then on.
    pub since: Epoch,
    pub is_settled: bool,
    /// When it was last compared.
    pub compared: Epoch,
}

/// A package.json at a real path.
#[derive(Debug, Clone)]
pub(super) struct Package {
    pub stamped: Stamped,
    /// What it says; nothing if only a snapshot's stamp is known.
    pub contents: Option<Contents>,
}

pub(super) type Contents = Result<Arc<PackageJson>, Malformed>;

pub(super) struct Node {
    /// Its path and, at the end of that, its name, in the text of the tree.
    pub start: u32,
    pub name: u32,
    pub end: u32,
    pub parent: Id,
    pub first_child: Id,
    pub next_sibling: Id,
    pub kind: Kind,
    /// When its kind was last looked at.
    pub seen: Epoch,
    pub detail: Detail,
    /// Where the path leads, and when that was worked out.
    pub place: Place,
    pub placed: Epoch,
    /// The record of the installation that it is a part of, where that is believed; else [`NOBODY`].
    pub record: Id,
}

impl Detail {
    pub fn directory(stamped: Stamped) -> Self {
        Self::Directory(Box::new(stamped))
    }

    pub fn package(stamped: Stamped, contents: Option<Contents>) -> Self {
        Self::Package(Box::new(Package { stamped, contents }))
    }
}

impl Node {
    pub fn stamped(&self) -> Option<&Stamped> {
        match &self.detail {
            Detail::Directory(stamped) => Some(stamped),
            Detail::Package(package) => Some(&package.stamped),
            Detail::None | Detail::Link(_) => None,
        }
    }

    pub fn stamped_mut(&mut self) -> Option<&mut Stamped> {
        match &mut self.detail {
            Detail::Directory(stamped) => Some(stamped),
            Detail::Package(package) => Some(&mut package.stamped),
            Detail::None | Detail::Link(_) => None,
        }
    }
}

/// Where a path leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The real path; where nothing is there, the real directory in which the first missing name was looked for.
    pub at: Id,
    pub kind: Kind,
    /// How many links were followed on the way.
    pub links: u8,
    pub oddity: Oddity,
}

/// Why Node may tell another real path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Oddity {
    None,
    /// `..` behind a link, or more links than a kernel follows.
    Text,
    /// The text of a link is not UTF-8.
    NotUtf8,
}

impl Place {
    /// Where a path leads of which nothing is known.
    pub fn nowhere(directory: Id) -> Self {
        Self::plain(directory, Kind::Absent)
    }

    pub fn plain(at: Id, kind: Kind) -> Self {
        Self {
            at,
            kind,
            links: 0,
            oddity: Oddity::None,
        }
    }

    /// What Node takes it for.
    pub fn entry_type(self) -> Option<EntryType> {
        match self.kind {
            Kind::Directory => Some(EntryType::Directory),
            Kind::File => Some(EntryType::File),
            Kind::Absent | Kind::Link | Kind::Unknown => None,
        }
    }
}

/// A path that an answer rests on, and what has to hold there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    pub(super) id: Id,
    pub(super) needs: Needs,
}

/// What has to hold at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// It is a directory; neither it nor any directory above it is a link.
    Real,
    /// The same, and its stamp is unchanged, which proves every name in it, present or absent.
    Stamp,
    /// It is a package.json in such a directory, and its stamp is unchanged.
    Package,
}
