//! The cases in `cases.json` hold what TypeScript 5.9 and 6.0 answer; the other tests are about what it has no answer to.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Files, References, TsConfig, TsConfigError};
use crate::path::{AbsolutePath, is_normalised};

/// Files in memory. A bare name in `extends` is looked for in `node_modules` only.
struct Memory(BTreeMap<String, String>);

impl Memory {
    fn new(files: &[(&str, &str)]) -> Self {
        Self(
            files
                .iter()
                .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
                .collect(),
        )
    }

    fn load(&self, path: &str, references: References) -> Result<TsConfig, TsConfigError> {
        TsConfig::load(self, &absolute(path), references)
    }
}

impl Files for Memory {
    fn read(&self, path: &AbsolutePath) -> Option<Vec<u8>> {
        self.0.get(path.as_str()).map(|text| text.as_bytes().to_vec())
    }

    fn is_file(&self, path: &AbsolutePath) -> bool {
        self.0.contains_key(path.as_str())
    }

    fn resolve_extends(&self, name: &str, directory: &AbsolutePath) -> Option<AbsolutePath> {
        assert!(!name.is_empty(), "nothing has no name");
        let mut places = directory.ancestors().flat_map(|above| {
            let place = above.child("node_modules").child(name);
            [place.with_suffix(".json"), place.child("tsconfig.json"), place]
        });
        places.find(|place| self.is_file(place))
    }
}

fn absolute(path: &str) -> AbsolutePath {
    AbsolutePath::new(path).unwrap()
}

fn texts(paths: &[AbsolutePath]) -> Vec<&str> {
    paths.iter().map(AbsolutePath::as_str).collect()
}

fn option(config: &TsConfig, name: &str) -> Value {
    let options = config.options();
    let path = |path: &Option<AbsolutePath>| json!(path.as_ref().map(AbsolutePath::as_str));
    match name {
        "allowJs" => json!(options.allow_js),
        "baseUrl" => path(&options.base_url),
        "customConditions" => json!(options.custom_conditions),
        "declarationDir" => path(&options.declaration_dir),
        "moduleSuffixes" => json!(options.module_suffixes),
        "outDir" => path(&options.out_dir),
        "preserveSymlinks" => json!(options.preserve_symlinks),
        "resolveJsonModule" => json!(options.resolve_json_module),
        "rootDirs" => json!(texts(&options.root_dirs)),
        "typeRoots" => json!(options.type_roots.as_deref().map(texts)),
        "types" => json!(options.types),
        _ => panic!("{name} is not looked at"),
    }
}

/// What TypeScript tries: `paths`, and `baseUrl` only where no key matches.
fn candidates(config: &TsConfig, specifier: &str) -> Vec<AbsolutePath> {
    let below_base_url = || config.base_url_candidate(specifier).into_iter().collect();
    config.candidates(specifier).unwrap_or_else(below_base_url)
}

fn entries<'a>(case: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    case.get(key).and_then(Value::as_object).into_iter().flatten()
}

#[test]
fn answers_as_typescript_does() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("cases.json")).unwrap();
    assert!(cases.len() > 50);
    for case in &cases {
        let name = &case["name"];
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let memory = Memory(
            entries(case, "files")
                .map(|(path, value)| (path.clone(), text(value)))
                .collect(),
        );
        let config = memory.load(case["config"].as_str().unwrap(), References::None).unwrap();
        for (key, expected) in entries(case, "options") {
            assert_eq!(&option(&config, key), expected, "{name}: {key}");
        }
        for (specifier, expected) in entries(case, "candidates") {
            assert_eq!(
                &json!(texts(&candidates(&config, specifier))),
                expected,
                "{name}: {specifier}"
            );
        }
        for (path, expected) in entries(case, "rootDirs") {
            let candidates = config.root_dirs_candidates(&absolute(path));
            assert_eq!(&json!(texts(&candidates)), expected, "{name}: {path}");
        }
        for (file, expected) in entries(case, "covers") {
            assert_eq!(&json!(config.covers(&absolute(file))), expected, "{name}: {file}");
        }
    }
}

#[test]
fn no_candidates_and_no_key_are_told_apart() {
    let memory = Memory::new(&[(
        "/p/tsconfig.json",
        r#"{"compilerOptions":{"baseUrl":".","paths":{"a":[],"/*":["x/*"],".*":["y/*"]}}}"#,
    )]);
    let config = memory.load("/p", References::None).unwrap();
    assert_eq!(config.candidates("a"), Some(Vec::new()));
    assert_eq!(config.candidates("b"), None);
    assert_eq!(config.candidates("/b"), Some(vec![absolute("/p/x/b")]));
    for specifier in ["./a", "../a", ".", "..", ".\\a"] {
        assert_eq!(config.candidates(specifier), None, "{specifier}");
        assert_eq!(config.base_url_candidate(specifier), None, "{specifier}");
    }
    assert_eq!(config.base_url_candidate("/b"), None);
    assert_eq!(config.base_url_candidate("a\0b"), Some(absolute("/p/a\u{fffd}b")));
}

#[test]
fn a_directory_means_its_tsconfig_json() {
    let memory = Memory::new(&[("/p/tsconfig.json", "{}"), ("/tsconfig.json", "{}")]);
    for (path, expected) in [
        ("/p", "/p/tsconfig.json"),
        ("/p/tsconfig.json", "/p/tsconfig.json"),
        ("/", "/tsconfig.json"),
    ] {
        assert_eq!(
            memory.load(path, References::None).unwrap().path().as_str(),
            expected,
            "{path}"
        );
    }
}

#[test]
fn an_error_says_where() {
    let memory = Memory::new(&[
        ("/malformed.json", "{\n  // é😀\n  \"a\": /* é😀 */ x\n}"),
        ("/list.json", "\n[]"),
        ("/extends.json", r#"{"extends":"./none.json"}"#),
        ("/none.json.json", "{}"),
        ("/bare.json", r#"{"extends":["none"]}"#),
        ("/empty.json", r#"{"extends":""}"#),
        ("/references.json", r#"{"references":[{"path":"./none"}]}"#),
        ("/a.json", r#"{"extends":"./b"}"#),
        ("/b.json", r#"{"extends":["./a.json"]}"#),
        ("/self.json", r#"{"extends":"./self"}"#),
        ("/to_malformed.json", r#"{"extends":"./malformed"}"#),
    ]);
    for (path, expected) in [
        ("/none.json", "/none.json can't be read"),
        ("/malformed.json", "/malformed.json:3:18: expected a value"),
        ("/to_malformed.json", "/malformed.json:3:18: expected a value"),
        ("/list.json", "/list.json:1:1: expected an object"),
        (
            "/extends.json",
            "/extends.json extends './none.json', which is not there",
        ),
        ("/bare.json", "/bare.json extends 'none', which is not there"),
        ("/empty.json", "/empty.json extends '', which is not there"),
        (
            "/references.json",
            "/references.json references /none/tsconfig.json, which is not there",
        ),
        ("/a.json", "configs extend each other: /a.json -> /b.json -> /a.json"),
        ("/self.json", "configs extend each other: /self.json -> /self.json"),
    ] {
        let error = memory.load(path, References::Auto).unwrap_err();
        assert_eq!(error.to_string(), expected, "{path}");
    }
    assert!(memory.load("/references.json", References::None).is_ok());
}

#[test]
fn a_long_chain_is_an_error_and_a_wide_one_is_read_once() {
    let chain = (0..1000).map(|number| {
        (
            format!("/{number}.json"),
            format!(r#"{{"extends":"./{}"}}"#, number + 1),
        )
    });
    let memory = Memory(chain.collect());
    let too_deep = TsConfigError::TooDeep {
        path: absolute("/64.json"),
    };
    assert_eq!(memory.load("/0.json", References::None), Err(too_deep));

    let next = |number| format!(r#"{{"extends":["./{number}","./{number}.json"]}}"#);
    let mut wide: BTreeMap<_, _> = (0..50)
        .map(|number| (format!("/{number}.json"), next(number + 1)))
        .collect();
    wide.insert(
        "/50.json".to_owned(),
        r#"{"compilerOptions":{"types":["a"]}}"#.to_owned(),
    );
    let config = Memory(wide).load("/0.json", References::None).unwrap();
    assert_eq!(config.options().types.as_deref(), Some(&["a".to_owned()][..]));
}

#[test]
fn what_was_looked_for_and_missing_is_kept() {
    let memory = Memory::new(&[
        (
            "/p/tsconfig.json",
            r#"{"extends":["./a","b"],"references":[{"path":"r"},{"path":"./s.json"}]}"#,
        ),
        ("/p/a.json", "{}"),
        ("/p/node_modules/b/tsconfig.json", r#"{"extends":"../../a.json"}"#),
        (
            "/p/r/tsconfig.json",
            r#"{"extends":"../a.json","references":[{"path":"none"}]}"#,
        ),
        ("/p/s.json", "{}"),
    ]);
    let own = [
        "/p",
        "/p/tsconfig.json",
        "/p/a",
        "/p/a.json",
        "/p/node_modules/b/tsconfig.json",
    ];
    assert_eq!(texts(memory.load("/p", References::None).unwrap().read_files()), own);

    let config = memory.load("/p", References::Auto).unwrap();
    assert_eq!(
        texts(config.read_files()),
        [&own[..], &["/p/r/tsconfig.json", "/p/s.json"]].concat()
    );
    let references: Vec<_> = config
        .references()
        .iter()
        .map(|reference| reference.path().as_str())
        .collect();
    assert_eq!(references, ["/p/r/tsconfig.json", "/p/s.json"]);
}

#[test]
fn references_are_no_ones_to_inherit() {
    let memory = Memory::new(&[
        ("/p/tsconfig.json", r#"{"extends":"./b"}"#),
        ("/p/b.json", r#"{"references":[{"path":"none"}]}"#),
    ]);
    assert_eq!(memory.load("/p", References::Auto).unwrap().references(), []);
}

#[test]
fn the_first_reference_that_covers_a_file_counts_for_it() {
    let memory = Memory::new(&[
        (
            "/p/tsconfig.json",
            r#"{"files":[],"references":[{"path":"./tsconfig.node.json"},{"path":"./tsconfig.app.json"},{"path":"lib"}]}"#,
        ),
        ("/p/tsconfig.node.json", r#"{"include":["*.config.ts"]}"#),
        ("/p/tsconfig.app.json", r#"{"include":["src"]}"#),
        (
            "/p/lib/tsconfig.json",
            r#"{"include":["**/*.ts"],"exclude":["../lib/x"]}"#,
        ),
    ]);
    let config = memory.load("/p", References::Auto).unwrap();
    for (file, expected) in [
        ("/p/vite.config.ts", "/p/tsconfig.node.json"),
        ("/p/src/a.ts", "/p/tsconfig.app.json"),
        ("/p/src/a.vue", "/p/tsconfig.app.json"),
        ("/p/lib/a.ts", "/p/lib/tsconfig.json"),
        ("/p/lib/x/a.ts", "/p/tsconfig.json"),
        ("/p/other/a.ts", "/p/tsconfig.json"),
    ] {
        assert_eq!(config.for_file(&absolute(file)).path().as_str(), expected, "{file}");
    }
}

#[test]
fn a_config_that_covers_a_file_comes_before_its_references() {
    let memory = Memory::new(&[
        ("/p/tsconfig.json", r#"{"references":[{"path":"r.json"}]}"#),
        ("/p/r.json", r#"{"compilerOptions":{"allowJs":true}}"#),
    ]);
    let config = memory.load("/p", References::Auto).unwrap();
    assert_eq!(config.for_file(&absolute("/p/a.ts")), &config);
    assert_eq!(config.for_file(&absolute("/p/a.js")).path().as_str(), "/p/r.json");
}

#[test]
fn a_config_can_be_shared_by_threads() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<TsConfig>();
    is_shared::<TsConfigError>();
}

proptest! {
    #[test]
    fn a_config_of_any_strings_does_not_panic(
        texts in proptest::collection::vec(r"(\$\{configDir\}|\$\{configDi|\*\*|[*?./\\é@\x00]|\.\.|a|(?s).){0,8}", 12),
    ) {
        let [a, b, c, d, e, f, g, h, i, j, specifier, path] = &texts[..] else { unreachable!() };
        let config = json!({
            "compilerOptions": {"baseUrl": a, "paths": {b: [c, d], e: [f]}, "rootDirs": [d, "."], "outDir": e},
            "include": [f, g, "**/*"], "exclude": [h], "files": [i],
        });
        let base = json!({"compilerOptions": {"rootDirs": [a], "typeRoots": [j]}, "references": [{"path": j}]});
        let mut extending = config.clone();
        extending["extends"] = json!([j, "./base.json"]);
        let files = [("/p/tsconfig.json", config), ("/p/base.json", base), ("/p/extending.json", extending)];
        let memory = Memory(files.into_iter().map(|(path, json)| (path.to_owned(), json.to_string())).collect());
        let path = absolute("/p").resolve(&path.replace('\0', ""));
        for config in ["/p", "/p/base.json", "/p/extending.json"] {
            let Ok(config) = memory.load(config, References::Auto) else { continue };
            let found = config.candidates(specifier).into_iter().flatten();
            let found = found.chain(config.base_url_candidate(specifier)).chain(config.root_dirs_candidates(&path));
            for candidate in found {
                prop_assert!(is_normalised(candidate.as_str()), "{}", candidate.as_str());
            }
            let _ = config.for_file(&path);
        }
    }
}
