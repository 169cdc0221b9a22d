//! The algorithm over a file system in memory. The real oracle is Node (`__test__/differential`).

use crate::cache::{Believe, Memory, Outcome, Question};
use crate::fs::MemoryFileSystem;
use crate::package_json::PackageFields;
use crate::{AbsolutePath, Policy, ResolveError, ResolveOptions, Resolver};

fn options() -> ResolveOptions {
    let strings = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    ResolveOptions {
        conditions: strings(&["node", "require"]),
        extensions: strings(&[".js", ".json", ".node"]),
        main_fields: strings(&["main"]),
        slash_imports: Some(false),
        builtins: Some(["fs".to_owned()].into()),
        ..ResolveOptions::default()
    }
}

fn resolve_with(
    options: &ResolveOptions,
    file_system: &MemoryFileSystem,
    request: &str,
    parent: &str,
) -> Result<String, ResolveError> {
    let parent = AbsolutePath::new(parent).unwrap();
    let file_system = Box::leak(Box::new(file_system.clone()));
    let mut memory = Memory::unshared(
        file_system,
        &PackageFields::of_main(&options.main_fields),
        Believe::Nothing,
        None,
    );
    let question = Question {
        request,
        directory: memory.enter_directory(parent.parent_str().unwrap()).unwrap(),
        turn: 0,
    };
    let answer = memory.answer(&question, |facts, asking| {
        let found = Resolver::new(options, facts).resolve(request, asking.directory)?;
        Ok(found.into())
    });
    answer.map(|outcome| match outcome {
        Outcome::New(path) => path,
        Outcome::Again(number) => memory.path_of(number).unwrap(),
    })
}

/// Checks requests from `/app/src/a.js`: `"code"` for an error, else the path.
fn check(file_system: &MemoryFileSystem, cases: &[(&str, &str)]) {
    for (request, expected) in cases {
        let answer = resolve_with(&options(), file_system, request, "/app/src/a.js")
            .unwrap_or_else(|error| error.code().unwrap_or("unsure").to_owned());
        assert_eq!(answer, *expected, "{request}");
    }
}

#[test]
fn loads_files_and_directories() {
    let tree = MemoryFileSystem::new()
        .file("/app/src/a.js", "")
        .file("/app/src/b.json", "")
        .file("/app/src/both", "")
        .file("/app/src/both.js", "")
        .file("/app/src/dir.js", "")
        .file("/app/src/dir/index.js", "")
        .file("/app/src/main/package.json", r#"{"main":"lib"}"#)
        .file("/app/src/main/lib/index.json", "")
        .file("/app/src/broken/package.json", r#"{"main":"missing"}"#)
        .file("/app/src/fallback/package.json", r#"{"main":"missing"}"#)
        .file("/app/src/fallback/index.js", "")
        .file("/app/index.js", "");
    check(
        &tree,
        &[
            ("./a", "/app/src/a.js"),
            ("./a.js", "/app/src/a.js"),
            ("./b", "/app/src/b.json"),
            ("./both", "/app/src/both"),
            ("./both/", "MODULE_NOT_FOUND"),
            ("./dir", "/app/src/dir.js"),
            ("./dir/", "/app/src/dir/index.js"),
            ("./main", "/app/src/main/lib/index.json"),
            ("./broken", "MODULE_NOT_FOUND"),
            ("./fallback", "unsure"),
            ("..", "/app/index.js"),
            ("../", "/app/index.js"),
            ("/app/src/b", "/app/src/b.json"),
            ("./missing", "MODULE_NOT_FOUND"),
            ("./a\0", "unsure"),
        ],
    );
    let from_nowhere = |request: &str| resolve_with(&options(), &tree, request, "/app/missing/a.js").ok();
    assert_eq!(from_nowhere("../index"), Some("/app/index.js".to_owned()));
    assert_eq!(from_nowhere("..a/../../index"), None);
}

#[test]
fn looks_through_node_modules_upwards() {
    let tree = MemoryFileSystem::new()
        .file("/app/src/node_modules/near/index.js", "")
        .file("/app/node_modules/near/index.js", "")
        .file("/node_modules/far.js", "")
        .directory("/app/node_modules/empty")
        .file("/node_modules/empty/index.js", "")
        .file("/node_modules/@s/p/package.json", r#"{"main":"m.js"}"#)
        .file("/node_modules/@s/p/m.js", "")
        .file("/app/src/.dot", "");
    check(
        &tree,
        &[
            ("near", "/app/src/node_modules/near/index.js"),
            ("far", "/node_modules/far.js"),
            ("empty", "/node_modules/empty/index.js"),
            ("@s/p", "/node_modules/@s/p/m.js"),
            ("@s/p/m", "/node_modules/@s/p/m.js"),
            ("@s", "MODULE_NOT_FOUND"),
            (".dot", "MODULE_NOT_FOUND"),
        ],
    );
}

#[test]
fn resolves_exports_self_and_imports() {
    let tree = MemoryFileSystem::new()
        .file(
            "/app/package.json",
            r##"{"name":"app","exports":{"./*":"./src/*.js"},"imports":{
                "#a":"./src/a.js","#dep":"dep","#dep/*":"dep/*","#fs":"fs","#none":null,"#self":"app/a","#slash/*":"./src/*.js"}}"##,
        )
        .file("/app/src/a.js", "")
        .file("/node_modules/dep/package.json", r#"{"exports":{".":"./d.js","./x":"./missing.js"}}"#)
        .file("/node_modules/dep/d.js", "")
        .file("/node_modules/#raw.js", "");
    check(
        &tree,
        &[
            ("app/a", "/app/src/a.js"),
            ("app", "ERR_PACKAGE_PATH_NOT_EXPORTED"),
            ("#a", "/app/src/a.js"),
            ("#dep", "/node_modules/dep/d.js"),
            ("#dep/x", "MODULE_NOT_FOUND"),
            ("#dep/y", "ERR_PACKAGE_PATH_NOT_EXPORTED"),
            ("#fs", "ERR_INVALID_URL_SCHEME"),
            ("#none", "ERR_PACKAGE_IMPORT_NOT_DEFINED"),
            ("#self", "/app/src/a.js"),
            ("#/a", "ERR_INVALID_MODULE_SPECIFIER"),
            ("#slash/a", "/app/src/a.js"),
            ("dep/x", "MODULE_NOT_FOUND"),
            ("dep/d.js", "ERR_PACKAGE_PATH_NOT_EXPORTED"),
        ],
    );
}

#[test]
fn follows_links_unless_told_not_to() {
    let tree = MemoryFileSystem::new()
        .file("/store/p/index.js", "")
        .link("/app/node_modules/p", "/store/p");
    check(&tree, &[("p", "/store/p/index.js")]);
    let preserving = ResolveOptions {
        preserve_symlinks: true,
        ..options()
    };
    assert_eq!(
        resolve_with(&preserving, &tree, "p", "/app/a.js"),
        Ok("/app/node_modules/p/index.js".to_owned())
    );
}

#[test]
fn answers_without_node_where_there_is_none_to_ask() {
    let tree = MemoryFileSystem::new()
        .file("/app/fallback/package.json", r#"{"main":"missing"}"#)
        .file("/app/fallback/index.js", "")
        .file("/app/bad/package.json", "{");
    let specification = ResolveOptions {
        policy: Policy::Specification,
        ..options()
    };
    let resolve = |request: &str| resolve_with(&specification, &tree, request, "/app/a.js");
    assert_eq!(resolve("./fallback"), Ok("/app/fallback/index.js".to_owned()));
    assert_eq!(resolve("./bad").unwrap_err().code(), Some("ERR_INVALID_PACKAGE_CONFIG"));
}

#[test]
fn looks_names_up_in_the_directories_that_node_looks_in() {
    let tree = MemoryFileSystem::new()
        .file("/node_modules/p.js", "")
        .file("/a/node_modules/node_modules/p.js", "")
        .file("/a/node_modules/q/r.js", "")
        .file("/a/node_modules/q/node_modules/p.js", "")
        .file("/x_node_modules/node_modules/p.js", "");
    for (parent, expected) in [
        ("/b.js", "/node_modules/p.js"),
        ("/node_modules/b.js", "/node_modules/p.js"),
        ("/a/b.js", "/node_modules/p.js"),
        ("/a/node_modules/b.js", "/node_modules/p.js"),
        ("/a/node_modules/q/r.js", "/a/node_modules/q/node_modules/p.js"),
        ("/x_node_modules/b.js", "/x_node_modules/node_modules/p.js"),
        ("/not/there/b.js", "/node_modules/p.js"),
    ] {
        let answer = resolve_with(&options(), &tree, "p", parent);
        assert_eq!(answer.as_deref(), Ok(expected), "{parent}");
    }
}
