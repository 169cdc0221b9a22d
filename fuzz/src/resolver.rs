//! The whole algorithm over any tree: it ends, and an answer is a path without links that leads to a file.

use std::path::Path;

use arbitrary::{Arbitrary, Result, Unstructured};
use fast_resolve::cache::{Believe, Memory, Outcome, Question};
use fast_resolve::fs::{EntryType, FileSystem as _, Link, MemoryFileSystem};
use fast_resolve::package_json::PackageFields;
use fast_resolve::{AbsolutePath, Policy, ResolveError, ResolveOptions, Resolver};

use crate::disk::Disk;
use crate::target::{AnyTarget, conditions, policy};
use crate::text::Text;

static DISK: Disk = Disk::new();

const DIRECTORIES: [&str; 9] = [
    "",
    "/app",
    "/app/src",
    "/app/node_modules/p",
    "/app/node_modules/@s/q",
    "/node_modules/p",
    "/x_node_modules",
    "/app/lib",
    "/app/..a",
];
const NAMES: [&str; 9] = ["index.js", "a.js", "a", "a.json", "p", "lib", "#a", "p.js", "b"];
const REQUESTS: [&str; 16] = [
    "./", ".", "..", "./a", "./lib/", "../a", "/app/lib", "p", "p/a", "p/lib/", "@s/q", "@s/q/a", "#a", "#a/b",
    "p/a.js", "..\\a",
];

#[derive(Debug, Clone)]
enum Entry {
    File(String),
    PackageJson(String, String),
    Link(String, String),
}

/// A tree, and a request into it.
#[derive(Debug, Clone)]
pub struct Input {
    entries: Vec<Entry>,
    request: String,
    parent: AbsolutePath,
    policy: Policy,
    preserve_symlinks: bool,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(unstructured: &mut Unstructured<'a>) -> Result<Self> {
        let request = if unstructured.ratio(2, 3)? {
            (*unstructured.choose(&REQUESTS)?).to_owned()
        } else {
            Text::arbitrary(unstructured)?.0
        };
        let parent = format!("{}/any.js", unstructured.choose(&DIRECTORIES)?);
        Ok(Self {
            request,
            parent: AbsolutePath::new(&parent).ok_or(arbitrary::Error::IncorrectFormat)?,
            policy: policy(unstructured)?,
            preserve_symlinks: unstructured.ratio(1, 8)?,
            entries: (0..unstructured.int_in_range(0..=16)?)
                .map(|_| entry(unstructured))
                .collect::<Result<_>>()?,
        })
    }
}

fn entry(unstructured: &mut Unstructured<'_>) -> Result<Entry> {
    let directory = *unstructured.choose(&DIRECTORIES)?;
    let path = format!("{directory}/{}", unstructured.choose(&NAMES)?);
    Ok(match unstructured.int_in_range(0..=5)? {
        0..=2 => Entry::File(path),
        3 | 4 => Entry::PackageJson(format!("{directory}/package.json"), package_json(unstructured)?),
        _ => Entry::Link(path, link_text(unstructured)?),
    })
}

/// `..` comes only at the beginning of a link's text: behind another link, the kernel and Node understand different
/// things by it, and Node's answer need not be a file then.
fn link_text(unstructured: &mut Unstructured<'_>) -> Result<String> {
    let ups = unstructured.int_in_range(0..=3)?;
    let directory = *unstructured.choose(&DIRECTORIES)?;
    let name = *unstructured.choose(&["", "a.js", "a", "lib", "p", "index.js"])?;
    let path = format!("{directory}/{name}");
    Ok(if ups == 0 {
        path
    } else {
        format!("{}{}", "../".repeat(ups - 1), path.trim_start_matches('/'))
    })
}

fn package_json(unstructured: &mut Unstructured<'_>) -> Result<String> {
    let mut fields = Vec::new();
    if unstructured.ratio(1, 2)? {
        fields.push(format!(
            "\"name\":\"{}\"",
            unstructured.choose(&["p", "@s/q", "", "app", "."])?
        ));
    }
    if unstructured.ratio(1, 2)? {
        fields.push(format!(
            "\"main\":{}",
            serde_json::Value::from(Text::arbitrary(unstructured)?.0)
        ));
    }
    for (field, key) in [("exports", "./"), ("imports", "#")] {
        match unstructured.int_in_range(0..=3)? {
            0 => fields.push(format!(
                "\"{field}\":{}",
                AnyTarget::arbitrary(unstructured)?.0.to_json()
            )),
            1 => {
                let key = serde_json::Value::from(format!("{key}{}", Text::arbitrary(unstructured)?.0));
                fields.push(format!(
                    "\"{field}\":{{{key}:{}}}",
                    AnyTarget::arbitrary(unstructured)?.0.to_json()
                ));
            }
            _ => {}
        }
    }
    Ok(format!("{{{}}}", fields.join(",")))
}

/// Builds the tree and resolves the request, and again, in the same turn and in a later one.
pub fn check(input: &Input) {
    let file_system = input.entries.iter().fold(
        MemoryFileSystem::new().directory("/app/src"),
        |tree, entry| match entry {
            Entry::File(path) => tree.file(path, ""),
            Entry::PackageJson(path, content) => tree.file(path, content),
            Entry::Link(path, text) => tree.link(path, text),
        },
    );
    let options = ResolveOptions {
        conditions: conditions(),
        import_conditions: Vec::new(),
        extensions: [".js", ".json", ".node"].map(str::to_owned).to_vec(),
        main_fields: vec!["main".to_owned()],
        preserve_symlinks: input.preserve_symlinks,
        global_paths: AbsolutePath::new("/app/lib").into_iter().collect(),
        slash_imports: Some(true),
        unreadable_is_error: true,
        policy: input.policy,
        builtins: Some(["fs".to_owned()].into()),
    };
    DISK.replace(file_system.clone());
    let mut memory = Memory::unshared(
        &DISK,
        &PackageFields::of_main(&options.main_fields),
        Believe::Turn,
        None,
    );
    let mut resolve = |turn| resolve(&mut memory, &options, input, turn);
    let answer = resolve(1);
    if let Ok(path) = &answer {
        let path = AbsolutePath::new(path).expect("an answer is an absolute path");
        let is_file = file_system.entry_type(path.as_path()) == Some(EntryType::File);
        assert!(is_file, "{path:?} is no file");
        let is_real = path
            .as_path()
            .ancestors()
            .filter(|ancestor| *ancestor != Path::new("/"))
            .all(|ancestor| file_system.read_link(ancestor) == Link::No);
        assert!(input.preserve_symlinks || is_real, "{path:?} has a link on the way");
    }
    assert_eq!(resolve(1), answer, "in the same turn");
    assert_eq!(resolve(2), answer, "in a later turn");
}

fn resolve(memory: &mut Memory, options: &ResolveOptions, input: &Input, turn: u32) -> Result<String, ResolveError> {
    let directory = memory.enter_directory(input.parent.parent_str().expect("a file lies in a directory"));
    let question = Question {
        request: &input.request,
        directory: directory.expect("it is an absolute path"),
        turn,
    };
    let outcome = memory.answer(&question, |facts, asking| {
        let found = Resolver::new(options, facts).resolve(&input.request, asking.directory)?;
        Ok(found.into())
    })?;
    Ok(match outcome {
        Outcome::New(path) => path,
        Outcome::Again(number) => memory.path_of(number).expect("it was just given"),
    })
}
