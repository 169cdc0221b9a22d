//! Conditions, lists and nulls, against `PACKAGE_TARGET_RESOLVE` as Node's loader writes it down.

use fast_resolve::exports::{TargetContext, package_exports_resolve};
use fast_resolve::package_json::Target;
use fast_resolve::{AbsolutePath, Policy, ResolveError};
use proptest::prelude::*;

use crate::config::cases;
use crate::target::CONDITIONS;

#[derive(Debug, PartialEq)]
enum Outcome {
    Undefined,
    Null,
    Path(String),
    InvalidTarget,
    InvalidConfig,
}

/// Strings are either `./` and a name, or no valid target of `exports` at all.
fn target() -> impl Strategy<Value = Target> {
    let leaf = prop_oneof![
        4 => "\\./[a-d]".prop_map(|text| Target::String(text.into())),
        2 => Just(Target::String("bare".into())),
        2 => Just(Target::Null),
        1 => Just(Target::Other("7".into())),
    ];
    let keys: &[&str] = &["node", "require", "default", "import", "browser", "0"];
    let entry_key = prop::sample::select(keys).prop_map(Box::<str>::from).boxed();
    leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Target::Array),
            prop::collection::vec((entry_key.clone(), inner), 0..5).prop_map(Target::Object),
        ]
    })
}

fn naive_resolve(target: &Target) -> Outcome {
    match target {
        Target::String(text) => text
            .strip_prefix("./")
            .map_or(Outcome::InvalidTarget, |name| Outcome::Path(name.to_owned())),
        Target::Null => Outcome::Null,
        Target::Other(_) => Outcome::InvalidTarget,
        Target::Object(entries) if entries.iter().any(|(key, _)| **key == *"0") => Outcome::InvalidConfig,
        Target::Object(entries) => entries
            .iter()
            .filter(|(key, _)| **key == *"default" || CONDITIONS.contains(&&**key))
            .map(|(_, value)| naive_resolve(value))
            .find(|outcome| *outcome != Outcome::Undefined)
            .unwrap_or(Outcome::Undefined),
        Target::Array(items) if items.is_empty() => Outcome::Null,
        Target::Array(items) => {
            let outcomes: Vec<Outcome> = items
                .iter()
                .map(naive_resolve)
                .filter(|outcome| *outcome != Outcome::Undefined)
                .collect();
            let is_final = |outcome: &Outcome| matches!(outcome, Outcome::Path(_) | Outcome::InvalidConfig);
            let index = outcomes
                .iter()
                .position(is_final)
                .unwrap_or(outcomes.len().saturating_sub(1));
            outcomes.into_iter().nth(index).unwrap_or(Outcome::Undefined)
        }
    }
}

proptest! {
    #![proptest_config(cases(2048))]

    #[test]
    fn conditions_lists_and_nulls_count_as_in_nodes_loader(target in target(), specification in any::<bool>()) {
        let context = TargetContext {
            package: &AbsolutePath::new("/p").unwrap(),
            base: None,
            conditions: &CONDITIONS.map(str::to_owned),
            policy: if specification { Policy::Specification } else { Policy::AskNode },
            is_url_wanted: false,
            resolve_bare: None,
        };
        let exports = Target::Object(vec![(".".into(), target.clone())]);
        let expected = match naive_resolve(&target) {
            Outcome::Path(name) => Ok(format!("/p/{name}")),
            Outcome::Undefined | Outcome::Null => Err("ERR_PACKAGE_PATH_NOT_EXPORTED"),
            Outcome::InvalidTarget => Err("ERR_INVALID_PACKAGE_TARGET"),
            Outcome::InvalidConfig => Err("ERR_INVALID_PACKAGE_CONFIG"),
        };
        let answer = package_exports_resolve(&context, ".", &exports)
            .map(AbsolutePath::into_string)
            .map_err(|error: ResolveError| error.code().unwrap());
        prop_assert_eq!(answer, expected);
    }
}
