//! The algorithm over a file system in memory. The real oracles are other resolvers of tools (`__test__/tools`).

use std::sync::{Arc, Mutex};

use proptest::prelude::*;

use super::{
    Alias, AliasValue, ConfigChoice, EnhancedOptions, EnhancedQuestion, Failure, Modules, RememberingEnhancedResolver,
    Wanted,
};
use crate::AbsolutePath;
use crate::cache::{Believe, Memory};
use crate::fs::MemoryFileSystem;
use crate::tsconfig::References;

fn strings(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

fn options() -> EnhancedOptions {
    EnhancedOptions {
        condition_names: strings(&["require"]),
        extensions: strings(&[".js", ".json"]),
        main_fields: vec![strings(&["main"])],
        main_files: strings(&["index"]),
        exports_fields: vec![strings(&["exports"])],
        imports_fields: vec![strings(&["imports"])],
        modules: vec![Modules::Hierarchical(strings(&["node_modules"]))],
        symlinks: true,
        ..EnhancedOptions::default()
    }
}

fn alias(name: &str, values: &[&str]) -> Alias {
    let values = values.iter().map(|value| match *value {
        "" => AliasValue::Ignore,
        request => AliasValue::Request(request.to_owned()),
    });
    Alias::new(name.to_owned(), false, values.collect())
}

struct Asked {
    resolver: RememberingEnhancedResolver,
    directory: u32,
}

impl Asked {
    fn new(options: EnhancedOptions, tree: MemoryFileSystem, believe: Believe) -> Self {
        let tree = Box::leak(Box::new(tree));
        let memory = Memory::unshared(tree, &options.package_fields(), believe, None);
        let resolver = RememberingEnhancedResolver::new(options, Arc::new(Mutex::new(memory)));
        let directory = resolver.memory().enter_directory("/app/src").unwrap();
        Self { resolver, directory }
    }

    fn ask(&self, request: &str, wanted: Wanted) -> (Result<String, Failure>, Option<u32>) {
        let answer = self.resolver.resolve(&EnhancedQuestion {
            request,
            wanted,
            directory: self.directory,
            file: Some("/app/src/a.ts"),
            turn: 1,
            excluded: &[],
            earlier: None,
        });
        (answer.outcome.map(|found| found.path + &found.query), answer.number)
    }
}

/// Checks requests of modules in `/app/src`; `None` where nothing is found.
fn check(options: EnhancedOptions, tree: MemoryFileSystem, cases: &[(&str, Option<&str>)]) {
    let asked = Asked::new(options, tree, Believe::Turn);
    for (request, expected) in cases {
        let (outcome, _) = asked.ask(request, Wanted::File);
        assert_eq!(outcome.as_deref().ok(), *expected, "{request}: {outcome:?}");
    }
}

#[test]
fn finds_files_directories_and_packages() {
    let tree = MemoryFileSystem::new()
        .file("/app/src/b.js", "")
        .file("/app/src/d/index.json", "")
        .file("/app/node_modules/p/package.json", r#"{"main":"lib"}"#)
        .file("/app/node_modules/p/lib/index.js", "")
        .file(
            "/app/node_modules/q/package.json",
            r#"{"exports":{"./x":{"import":"./i.js","require":"./r.js"}}}"#,
        )
        .file("/app/node_modules/q/r.js", "");
    check(
        options(),
        tree,
        &[
            ("./b", Some("/app/src/b.js")),
            ("./b?c#d", Some("/app/src/b.js?c#d")),
            ("./d", Some("/app/src/d/index.json")),
            ("./d/", Some("/app/src/d/index.json")),
            (".", None),
            ("p", Some("/app/node_modules/p/lib/index.js")),
            ("q/x", Some("/app/node_modules/q/r.js")),
            ("q/r.js", None),
            ("q", None),
            ("/app/src/b", Some("/app/src/b.js")),
            ("file:///app/src/b%2ejs", Some("/app/src/b.js")),
            ("", None),
            ("a\0b", None),
        ],
    );
}

#[test]
fn replaces_requests() {
    let tree = MemoryFileSystem::new()
        .file("/app/lib/a.js", "")
        .file(
            "/app/node_modules/p/package.json",
            r#"{"browser":{"./a.js":"./b.js","q":false}}"#,
        )
        .file("/app/node_modules/p/a.js", "")
        .file("/app/node_modules/p/b.js", "");
    let options = EnhancedOptions {
        alias: vec![
            alias("@", &["/missing", "/app/lib"]),
            alias("none", &[""]),
            alias("circle", &["circle/circle"]),
        ],
        fallback: vec![alias("gone", &["/app/lib/a"])],
        alias_fields: vec![strings(&["browser"])],
        ..options()
    };
    let asked = Asked::new(options.clone(), tree.clone(), Believe::Turn);
    assert!(matches!(
        asked.ask("circle", Wanted::File).0,
        Err(Failure::AliasNotFound { .. } | Failure::Recursion)
    ));
    assert_eq!(
        asked.ask("none", Wanted::File).0,
        Err(Failure::Ignored("/app/src/none".to_owned()))
    );
    check(
        options,
        tree,
        &[
            ("@/a", Some("/app/lib/a.js")),
            ("@a", None),
            ("gone", Some("/app/lib/a.js")),
            ("p/a", Some("/app/node_modules/p/b.js")),
        ],
    );
}

#[test]
fn follows_a_config() {
    let tree = MemoryFileSystem::new()
        .file(
            "/app/tsconfig.json",
            r#"{"compilerOptions":{"paths":{"@/*":["./lib/*"]}}}"#,
        )
        .file("/app/lib/a.js", "")
        .file("/app/lib/b.ts", "");
    for choice in [
        ConfigChoice::Auto,
        ConfigChoice::Given(AbsolutePath::new("/app").unwrap(), References::None),
    ] {
        let options = EnhancedOptions {
            tsconfig: Some(choice),
            ..options()
        };
        check(options, tree.clone(), &[("@/a", Some("/app/lib/a.js")), ("@/b", None)]);
    }
}

#[test]
fn an_answer_holds_as_long_as_it_is_believed() {
    let tree = MemoryFileSystem::new().file("/app/src/b.js", "");
    let asked = Asked::new(options(), tree.clone(), Believe::UntilInvalidated);
    let number = asked.ask("./b", Wanted::File).1.unwrap();
    assert!(asked.resolver.memory().holds(number, 1));
    let nothing = Asked::new(options(), tree, Believe::Nothing);
    assert_eq!(nothing.ask("./b", Wanted::File).1, None);
}

proptest! {
    #[test]
    fn any_request_ends(request in "[./@#?a-c\0%*$: -]{0,24}", json in "[{}\"./a-c:,\\[\\]*]{0,40}") {
        let tree = MemoryFileSystem::new()
            .file("/app/package.json", &json)
            .file("/app/src/a.js", "")
            .file("/app/node_modules/a/package.json", r#"{"name":"a","exports":{"./*":"./*.js"},"browser":{"./a.js":"a"}}"#)
            .file("/app/node_modules/a/a.js", "");
        let options = EnhancedOptions {
            alias: vec![alias("a/*", &["b/*", "a"]), alias("b", &["a/b"])],
            alias_fields: vec![strings(&["browser"])],
            extension_alias: vec![(".js".to_owned(), strings(&[".ts", ".js"]))],
            ..options()
        };
        let asked = Asked::new(options, tree, Believe::Turn);
        for wanted in [Wanted::File, Wanted::Declarations] {
            let (first, _) = asked.ask(&request, wanted);
            prop_assert_eq!(asked.ask(&request, wanted).0, first);
        }
    }
}
