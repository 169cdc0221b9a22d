//! Random trees in memory: packages, files with odd names, links that loop, dangle and cross, and requests into them.

use std::ops::Range;

use fast_resolve::fs::MemoryFileSystem;
use proptest::prelude::*;

use crate::disk::Disk;

const DIRECTORIES: [&str; 17] = [
    "/app/node_modules/node_modules",
    "",
    "/app",
    "/app",
    "/app/src",
    "/app/src",
    "/app/src",
    "/app/node_modules",
    "/app/node_modules/p",
    "/app/node_modules/p",
    "/app/node_modules/@s/q",
    "/node_modules/p",
    "/node_modules",
    "/x_node_modules",
    "/app/..odd",
    "/app/lib",
    "/app/src/lib",
];
const NAMES: [&str; 12] = [
    "index.js",
    "index.js",
    "index.json",
    "a.js",
    "a.js",
    "a",
    "main.node",
    "p",
    "p.js",
    "..a.js",
    "é.js",
    "#i.js",
];
const PACKAGE_JSONS: [&str; 22] = [
    "{}",
    "{",
    "[]",
    r#"{"main":"a"}"#,
    r#"{"main":"./lib/"}"#,
    r#"{"main":"missing"}"#,
    r#"{"main":".."}"#,
    r#"{"main":"/app/a.js"}"#,
    r#"{"main":"."}"#,
    r#"{"name":"p","exports":"./a.js"}"#,
    r#"{"name":"mis","exports":{"./*":"./*.js",".":"./a.js"}}"#,
    r#"{"name":"missing","exports":{".":"./a.js"}}"#,
    r#"{"name":"p","exports":{".":"./index.js","./*":"./*.js"}}"#,
    r#"{"name":"@s/q","exports":{"./a":["x","./a.js"],"./b":null}}"#,
    r#"{"exports":{"node":"./a","default":"./index.js"}}"#,
    r##"{"imports":{"#i":"./a.js","#p":"p","#p/*":"p/*","#q/*":"@s/q/*"}}"##,
    r##"{"imports":{"#*":"./*.js","#fs":"fs"}}"##,
    r##"{"name":"p","exports":{"./*":"./*"},"imports":{"#i":"p/a.js","#loop":"#loop"}}"##,
    r#"{"main":"a","main":"index.js"}"#,
    r#"{"exports":false}"#,
    r#"{"name":"","exports":{"./*":"./*"}}"#,
    r#"{"name":1,"main":["a"]}"#,
];
const REQUESTS: [&str; 36] = [
    "..a/../../a",
    "..a/../../a.js",
    ".",
    "..",
    "./",
    "../",
    "./a",
    "./a/",
    "./a.js",
    "./lib",
    "./lib/",
    "../a",
    "../../a",
    "./missing",
    "./.",
    "./..odd",
    "..\\a",
    "/app/a",
    "/app/lib/",
    "/",
    "p",
    "p/",
    "p/a",
    "p/a.js",
    "p/index",
    "@s/q",
    "@s/q/a",
    "@s",
    "#i",
    "#p",
    "#p/a",
    "#fs",
    "#loop",
    "missing",
    "..a.js",
    "é",
];

/// One entry of a tree, to be put in one after the other; a later one replaces an earlier one.
#[derive(Debug, Clone)]
enum Entry {
    File(String),
    PackageJson(String, &'static str),
    Link(String, String),
}

#[derive(Debug, Clone)]
pub struct Tree(Vec<Entry>);

impl Tree {
    pub fn to_file_system(&self) -> MemoryFileSystem {
        self.0.iter().fold(
            MemoryFileSystem::new().directory("/app/src"),
            |file_system, entry| match entry {
                Entry::File(path) => file_system.file(path, ""),
                Entry::PackageJson(path, content) => file_system.file(path, content),
                Entry::Link(path, target) => file_system.link(path, target),
            },
        )
    }

    /// The paths of all entries.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|entry| match entry {
            Entry::File(path) | Entry::PackageJson(path, _) | Entry::Link(path, _) => path.as_str(),
        })
    }

    pub fn has_links(&self) -> bool {
        self.0.iter().any(|entry| matches!(entry, Entry::Link(..)))
    }

    /// The same, for what lives as long as the process.
    pub fn leaked(&self) -> &'static MemoryFileSystem {
        Box::leak(Box::new(self.to_file_system()))
    }

    /// Puts all of it on a disk, over what is there.
    pub fn put_on(&self, disk: &Disk) {
        disk.make_directory("/app/src");
        for entry in &self.0 {
            match entry {
                Entry::File(path) => disk.write(path, ""),
                Entry::PackageJson(path, content) => disk.write(path, content),
                Entry::Link(path, text) => disk.link(path, text),
            }
        }
    }
}

fn directory() -> impl Strategy<Value = &'static str> {
    prop::sample::select(DIRECTORIES.as_slice())
}

fn path() -> impl Strategy<Value = String> {
    let name = prop::sample::select(NAMES.as_slice());
    (directory(), name).prop_map(|(directory, name)| format!("{directory}/{name}"))
}

/// What a link says. `..` comes only at its beginning: behind a link in the middle of a text, the kernel and Node
/// understand different things by it.
fn link_text() -> impl Strategy<Value = String> {
    let absolute = prop_oneof![path(), directory().prop_map(|path| format!("{path}/"))];
    (absolute, 0_usize..4).prop_map(|(path, ups)| match ups {
        0 => path,
        ups => format!("{}{}", "../".repeat(ups - 1), path.trim_start_matches('/')),
    })
}

fn entry() -> impl Strategy<Value = Entry> {
    let directory_path = directory()
        .prop_filter("the root is no link", |path| !path.is_empty())
        .prop_map(str::to_owned);
    prop_oneof![
        6 => path().prop_map(Entry::File),
        3 => (directory(), prop::sample::select(PACKAGE_JSONS.as_slice()))
            .prop_map(|(directory, content)| Entry::PackageJson(format!("{directory}/package.json"), content)),
        2 => (prop_oneof![path(), directory_path], link_text()).prop_map(|(path, text)| Entry::Link(path, text)),
    ]
}

pub fn tree() -> impl Strategy<Value = Tree> {
    tree_of(0..40)
}

/// A tree with as many entries.
pub fn tree_of(entries: Range<usize>) -> impl Strategy<Value = Tree> {
    prop::collection::vec(entry(), entries).prop_map(Tree)
}

pub fn request() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(
        [
            "/", ".", "..", "a", "p", "@", "#", "i", ".js", "\\", "%2e", "?", "*", "\0", "é",
        ]
        .as_slice(),
    );
    prop_oneof![
        6 => prop::sample::select(REQUESTS.as_slice()).prop_map(str::to_owned),
        1 => path(),
        2 => prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat()),
    ]
}

/// The module that asks; its directory need not exist.
pub fn parent() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just("/app/src/any.js".to_owned()),
        2 => directory().prop_map(|directory| format!("{directory}/any.js")),
        1 => Just("/nowhere/at/all/any.js".to_owned()),
    ]
}
