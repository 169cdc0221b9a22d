//! The manifest and the resolution over it.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Issuer, Locator, Manifest, ManifestError, PnpError, Resolution};
use crate::path::AbsolutePath;

const VIRTUAL: &str = "./.yarn/__virtual__/dom-virtual-1a/0/cache/dom.zip/node_modules/dom/";

fn absolute(path: &str) -> AbsolutePath {
    AbsolutePath::new(path).unwrap()
}

fn package(location: &str, dependencies: &Value) -> Value {
    json!({ "packageLocation": location, "packageDependencies": dependencies, "linkType": "HARD" })
}

/// A project in `/p` with a workspace, a peer dependency that is met once and once not, and an alias.
fn state() -> Value {
    let top = json!([
        ["a", "npm:1"],
        ["dom", "virtual:1"],
        ["alias", ["a", "npm:2"]],
        ["@s/n", "npm:1"],
        ["null", null]
    ]);
    let mut discarded = package("./.yarn/cache/a1.zip/node_modules/a/", &json!([["a", "npm:1"]]));
    discarded["discardFromLookup"] = json!(true);
    json!({
        "__info": [],
        "dependencyTreeRoots": [
            { "name": "root", "reference": "workspace:." },
            { "name": "w", "reference": "workspace:w" },
        ],
        "enableTopLevelFallback": true,
        "ignorePatternData": r"(^(?:ignored(?:\/|$)))",
        "fallbackExclusionList": [["root", ["workspace:."]], ["w", ["workspace:w"]]],
        "fallbackPool": [["pooled", "npm:1"], ["null", ["a", "npm:2"]]],
        "packageRegistryData": [
            [null, [[null, package("./", &top)]]],
            ["root", [["workspace:.", package("./", &top)]]],
            ["w", [["workspace:w", package("./w/", &json!([["dom", "virtual:2"], ["w", "workspace:w"]]))]]],
            ["a", [
                ["npm:1", package("./.yarn/cache/a1.zip/node_modules/a/", &json!([["a", "npm:1"]]))],
                ["npm:2", package("../elsewhere/a2/", &json!([["a", "npm:2"]]))],
                ["discarded", discarded],
            ]],
            ["@s/n", [["npm:1", package("./.yarn/cache/n.zip/node_modules/@s/n/", &json!([]))]]],
            ["pooled", [["npm:1", package("./pooled/", &json!([]))]]],
            ["dom", [
                ["virtual:1", package(VIRTUAL, &json!([["a", "npm:1"], ["peer", null]]))],
                ["virtual:2", package("./.yarn/__virtual__/dom-virtual-2b/0/cache/dom.zip/node_modules/dom/", &json!([["a", null]]))],
            ]],
        ],
    })
}

fn parse(state: &Value) -> Result<Manifest, ManifestError> {
    Manifest::parse(state.to_string().as_bytes(), &absolute("/p/.pnp.data.json"))
}

fn resolve(state: &Value, from: &str, specifier: &str) -> Result<Resolution, PnpError> {
    parse(state).unwrap().resolve_to_unqualified(specifier, &absolute(from))
}

/// The answer as one text: the directory, and behind a space the subpath.
fn answer(state: &Value, from: &str, specifier: &str) -> String {
    match resolve(state, from, specifier) {
        Ok(Resolution::Resolved {
            directory,
            subpath: None,
        }) => directory.into_string(),
        Ok(Resolution::Resolved {
            directory,
            subpath: Some(subpath),
        }) => format!("{} {subpath}", directory.as_str()),
        Ok(Resolution::Skipped) => "skipped".to_owned(),
        Err(PnpError::NotBare) => "not bare".to_owned(),
        Err(PnpError::UndeclaredDependency { dependency, issuer }) => {
            format!("undeclared {dependency} {}", named(&issuer))
        }
        Err(PnpError::MissingPeerDependency { dependency, issuer }) => format!("peer {dependency} {}", named(&issuer)),
    }
}

fn named(issuer: &Issuer) -> String {
    let root = if issuer.is_dependency_tree_root { " root" } else { "" };
    match &issuer.locator {
        Some(Locator { name, reference }) => format!("{name}@{reference}{root}"),
        None => format!("top{root}"),
    }
}

#[test]
fn follows_the_dependencies_of_whoever_asks() {
    let a = "/p/.yarn/cache/a1.zip/node_modules/a";
    let dom = "/p/.yarn/__virtual__/dom-virtual-1a/0/cache/dom.zip/node_modules/dom";
    for (from, specifier, expected) in [
        ("/p", "a", a),
        ("/p/src/deep", "a/lib//x.js", &format!("{a} lib//x.js")),
        ("/p", "a/", a),
        ("/p", "a//b", &format!("{a} b")),
        ("/p", "alias", "/elsewhere/a2"),
        ("/p", "@s/n/sub", "/p/.yarn/cache/n.zip/node_modules/@s/n sub"),
        ("/p", "dom", dom),
        ("/p/w/src", "w", "/p/w"),
        (
            "/p/w",
            "dom",
            "/p/.yarn/__virtual__/dom-virtual-2b/0/cache/dom.zip/node_modules/dom",
        ),
        (&format!("{dom}/lib"), "a", a),
        ("/elsewhere/a2/lib", "a", "/elsewhere/a2"),
        ("/p", "pnpapi", "/p/.pnp.cjs"),
        // The workspace's name is no dependency of its neighbours.
        ("/p", "w", "undeclared w root@workspace:. root"),
        ("/p/w", "a", "undeclared a w@workspace:w root"),
        ("/p/w", "a/b", "undeclared a w@workspace:w root"),
        ("/p", "@s", "undeclared @s root@workspace:. root"),
        ("/p", "@s/", "undeclared @s root@workspace:. root"),
        ("/p", "null", "peer null root@workspace:. root"),
        (dom, "peer", "peer peer dom@virtual:1"),
        (dom, "nowhere", "undeclared nowhere dom@virtual:1"),
        // Beside the tree, and where the project says so, Node's own algorithm is right.
        ("/elsewhere/a3", "a", "skipped"),
        ("/", "a", "skipped"),
        ("/p/ignored/x", "a", "skipped"),
        ("/p/ignoredx", "a", a),
    ] {
        assert_eq!(answer(&state(), from, specifier), expected, "{specifier} from {from}");
    }
    for specifier in ["", ".", "..", "./a", "../a", "/a", "#a", "C:\\a", "c:/a", "\\\\a"] {
        assert_eq!(answer(&state(), "/p", specifier), "not bare", "{specifier}");
    }
}

#[test]
fn packages_may_use_what_the_top_level_depends_on() {
    let dom = "/p/.yarn/__virtual__/dom-virtual-2b/0/cache/dom.zip/node_modules/dom";
    for (specifier, expected) in [
        // An unmet peer dependency as well.
        ("a", "/p/.yarn/cache/a1.zip/node_modules/a"),
        ("alias", "/elsewhere/a2"),
        ("pooled", "/p/pooled"),
        // The top level has nothing for it, but the pool has.
        ("null", "/elsewhere/a2"),
        ("w", "undeclared w dom@virtual:2"),
    ] {
        assert_eq!(answer(&state(), dom, specifier), expected, "{specifier}");
    }
    let mut strict = state();
    strict["enableTopLevelFallback"] = json!(false);
    assert_eq!(answer(&strict, dom, "a"), "peer a dom@virtual:2");
    assert_eq!(answer(&strict, dom, "pooled"), "undeclared pooled dom@virtual:2");

    strict["packageRegistryData"].as_array_mut().unwrap().push(json!([
        "react-scripts",
        [["npm:1", package("./scripts/", &json!([["alias", ["a", "npm:2"]]]))],]
    ]));
    assert_eq!(answer(&strict, dom, "alias"), "/elsewhere/a2");
    assert_eq!(answer(&strict, "/p/w", "alias"), "undeclared alias w@workspace:w root");
}

#[test]
fn the_last_package_of_a_location_has_it() {
    let mut state = state();
    let packages = state["packageRegistryData"].as_array_mut().unwrap();
    packages.retain(|package| package[0] != json!("root"));
    assert_eq!(answer(&state, "/p", "nowhere"), "undeclared nowhere top root");
    // One that is discarded takes none.
    assert_eq!(
        answer(&state, "/p/.yarn/cache/a1.zip/node_modules/a", "b"),
        "undeclared b a@npm:1"
    );
}

#[test]
fn outside_texts_are_compared_as_yarn_does() {
    let mut state = state();
    state["packageRegistryData"][0][1][0][1]["packageLocation"] = json!("../");
    state["ignorePatternData"] = json!(r"^\.\.");
    assert_eq!(answer(&state, "/b", "nowhere"), "undeclared nowhere top root");
    assert_eq!(answer(&state, "/p/..b", "a"), "skipped");
}

#[test]
fn what_does_not_mean_one_thing_is_refused() {
    let without = |field: &str| {
        let mut state = state();
        state.as_object_mut().unwrap().remove(field);
        parse(&state).unwrap_err()
    };
    for field in [
        "dependencyTreeRoots",
        "enableTopLevelFallback",
        "ignorePatternData",
        "fallbackExclusionList",
        "fallbackPool",
        "packageRegistryData",
    ] {
        assert_eq!(without(field), ManifestError::Field(field));
    }
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut state = state();
        change(&mut state);
        parse(&state).unwrap_err()
    };
    let location = |location: &'static str| {
        changed(&move |state| state["packageRegistryData"][0][1][0][1]["packageLocation"] = json!(location))
    };
    for wrong in ["./a", "/p/", "a/", "./\0/"] {
        assert_eq!(location(wrong), ManifestError::Field("packageLocation"), "{wrong}");
    }
    let unknown = Locator {
        name: "a".to_owned(),
        reference: "npm:9".to_owned(),
    };
    assert_eq!(
        changed(&|state| state["fallbackPool"] = json!([["x", ["a", "npm:9"]]])),
        ManifestError::NoPackage(unknown)
    );
    assert_eq!(
        changed(&|state| state["ignorePatternData"] = json!(r"\d")),
        ManifestError::IgnorePattern(r"\d".to_owned())
    );
    assert_eq!(
        changed(&|state| state["locationBlacklistData"] = json!(["./a/"])),
        ManifestError::Field("locationBlacklistData")
    );
    let twice =
        |state: &mut Value| state["packageRegistryData"][1] = json!([null, [[null, package("./", &json!([]))]]]);
    assert_eq!(changed(&twice), ManifestError::Twice(None));
    assert_eq!(changed(&|state| *state = json!([])), ManifestError::Json);
    assert_eq!(
        Manifest::parse(b"\xff", &absolute("/p/.pnp.cjs")).unwrap_err(),
        ManifestError::NotUtf8
    );
}

#[test]
fn both_forms_say_the_same() {
    let literal = serde_json::to_string_pretty(&state()).unwrap();
    let literal = literal.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\\n");
    let script = format!(
        "#!/usr/bin/env node\n\nconst RAW_RUNTIME_STATE =\n'{literal}';\n\nfunction $$SETUP_STATE(hydrateRuntimeState, basePath) {{\n  return hydrateRuntimeState(JSON.parse(RAW_RUNTIME_STATE), {{basePath: basePath || __dirname}});\n}}\n"
    );
    let manifest = Manifest::parse(script.as_bytes(), &absolute("/p/.pnp.cjs")).unwrap();
    assert_eq!(format!("{manifest:?}"), format!("{:?}", parse(&state()).unwrap()));
    let split = "{\n  const pnpDataFilepath = path.resolve(__dirname, \".pnp.data.json\");\n}\n";
    assert_eq!(
        Manifest::parse(split.as_bytes(), &absolute("/p/.pnp.cjs")).unwrap_err(),
        ManifestError::InDataFile(absolute("/p/.pnp.data.json"))
    );
}

proptest! {
    #[test]
    fn bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Manifest::parse(&bytes, &absolute("/.pnp.cjs"));
        let _ = Manifest::parse(&bytes, &absolute("/.pnp.data.json"));
    }

    /// Values of a manifest in places where they do not belong.
    #[test]
    fn a_shuffled_manifest_is_read_or_refused(from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>()) {
        let mut state = state();
        let pointers = pointers_in(&state);
        let value = state.pointer(from.get::<String>(&pointers)).unwrap().clone();
        *state.pointer_mut(to.get::<String>(&pointers)).unwrap() = value;
        if let Ok(manifest) = parse(&state) {
            let _ = manifest.resolve_to_unqualified("a", &absolute("/p/w"));
        }
    }

    #[test]
    fn any_specifier_has_an_answer(specifier in ".{0,20}", from in "(/[a-z.]{1,3}){0,4}") {
        if let Ok(Resolution::Resolved { directory, .. }) = resolve(&state(), &format!("/{from}"), &specifier) {
            prop_assert!(directory.as_str().starts_with('/'));
        }
    }
}

/// The place of every value within another, as JSON pointers.
fn pointers_in(value: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match value {
        Value::Array(values) => values
            .iter()
            .enumerate()
            .map(|(index, value)| (index.to_string(), value))
            .collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), value)).collect(),
        _ => Vec::new(),
    };
    let mut pointers = vec![String::new()];
    for (name, child) in children {
        pointers.extend(pointers_in(child).iter().map(|pointer| format!("/{name}{pointer}")));
    }
    pointers
}
