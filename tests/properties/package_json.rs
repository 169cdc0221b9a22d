//! [`PackageJson`] against `serde_json::Value` and against the text that was written.

use fast_resolve::package_json::{Malformed, PackageFields, PackageJson, Target};
use proptest::prelude::*;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::config::cases;
use crate::json::{Json, Text, json, package_entries, without_duplicates};

const MAIN_FIELDS: [&str; 2] = ["module", "main"];

fn parse(bytes: &[u8]) -> Result<PackageJson, Malformed> {
    PackageJson::parse(bytes, &PackageFields::of_main(&MAIN_FIELDS.map(str::to_owned)))
}

/// What must hold whatever the bytes are.
fn check_against_serde_json(bytes: &[u8]) -> Result<(), TestCaseError> {
    let parsed = parse(bytes);
    let without_mark = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let is_json = std::str::from_utf8(bytes).is_ok() && serde_json::from_slice::<IgnoredAny>(without_mark).is_ok();
    let value = serde_json::from_slice::<Value>(without_mark)
        .ok()
        .filter(Value::is_object);
    let Ok(package_json) = parsed else {
        prop_assert!(value.is_none(), "a JSON object was taken for malformed");
        return Ok(());
    };
    prop_assert!(is_json);
    // `Value` refuses what is merely skipped here, such as numbers that are too large.
    let Some(value) = value else { return Ok(()) };
    let field = |name: &str| value.get(name).filter(|value| !value.is_null());
    if !package_json.is_odd {
        prop_assert_eq!(package_json.name.as_deref(), field("name").and_then(Value::as_str));
        let main = MAIN_FIELDS
            .iter()
            .filter_map(|name| field(name)?.as_str())
            .find(|main| !main.is_empty());
        prop_assert_eq!(package_json.main.as_deref(), main);
    }
    let exports = package_json.exports.as_ref().map(value_of);
    prop_assert_eq!(exports, field("exports").cloned().map(plain));
    if let Some(imports) = package_json.imports {
        if !package_json.is_odd {
            prop_assert_eq!(
                Some(value_of(&Target::Object(imports))),
                field("imports").cloned().map(plain)
            );
        }
    } else {
        prop_assert!(package_json.is_odd || field("imports").is_none());
    }
    Ok(())
}

fn value_of(target: &Target) -> Value {
    plain(serde_json::from_str(&target.to_json()).unwrap())
}

/// The value with all its numbers as floating-point ones: JavaScript knows no others.
fn plain(value: Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().map_or(Value::Null, Value::from),
        Value::Array(items) => items.into_iter().map(plain).collect(),
        Value::Object(entries) => entries.into_iter().map(|(key, value)| (key, plain(value))).collect(),
        other => other,
    }
}

/// Whether Node's versions could read the file differently: the cases that the module's comments name.
fn is_odd(entries: &[(Text, Json)]) -> bool {
    let relevant = ["name", "main", "module", "exports", "imports", "type", "scripts"];
    let is_twice = |name: &str| entries.iter().filter(|(key, _)| key.text == name).count() > 1;
    entries.iter().any(|(key, _)| key.has_escapes())
        || relevant.into_iter().any(is_twice)
        || entries.iter().any(|(key, value)| match key.text.as_str() {
            "name" | "type" => value.as_str().is_none(),
            // What is falsy counts as absent.
            "main" | "module" => value.as_str().is_none() && !matches!(value, Json::Null | Json::Boolean(false)),
            "scripts" => !matches!(value, Json::Object(_)),
            "imports" => !matches!(value, Json::Object(_) | Json::Null),
            "exports" => match value {
                Json::Boolean(_) | Json::Number(_) => true,
                Json::String(Text { text, .. }) => text.starts_with(['{', '[']) || text.chars().any(|c| c < ' '),
                _ => false,
            },
            _ => false,
        })
}

fn has_target(target: &Target, json: &Json) -> bool {
    match (target, json) {
        (Target::Null, Json::Null) | (Target::Other(_), Json::Boolean(_) | Json::Number(_)) => true,
        (Target::String(text), Json::String(expected)) => **text == *expected.text,
        (Target::Array(items), Json::Array(expected)) => {
            items.len() == expected.len() && items.iter().zip(expected).all(|(item, json)| has_target(item, json))
        }
        (Target::Object(entries), Json::Object(expected)) => {
            let expected = without_duplicates(expected);
            entries.len() == expected.len()
                && entries
                    .iter()
                    .zip(expected)
                    .all(|((key, value), (name, json))| **key == *name && has_target(value, json))
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn agrees_with_serde_json(entries in package_entries()) {
        check_against_serde_json(Json::Object(entries).to_text().as_bytes())?;
    }

    #[test]
    fn agrees_with_serde_json_on_any_value(value in json(), has_mark in any::<bool>()) {
        let mark = if has_mark { "\u{feff}" } else { "" };
        check_against_serde_json(format!("{mark}{}", value.to_text()).as_bytes())?;
    }

    #[test]
    fn survives_damage(
        entries in package_entries(),
        damages in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..3), 1..4),
    ) {
        let mut bytes = Json::Object(entries).to_text().into_bytes();
        for (place, byte, kind) in damages {
            let index = place.index(bytes.len() + 1);
            match kind {
                0 => bytes.insert(index, byte),
                1 => bytes.truncate(index),
                _ => {
                    if let Some(damaged) = bytes.get_mut(index) {
                        *damaged = byte;
                    }
                }
            }
        }
        check_against_serde_json(&bytes)?;
    }

    #[test]
    fn survives_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        check_against_serde_json(&bytes)?;
    }

    #[test]
    fn keeps_the_order_of_keys_and_the_last_duplicate(value in json()) {
        let text = Json::Object(vec![(Text { text: "exports".to_owned(), is_escaped: false }, value.clone())]).to_text();
        if let Ok(package_json) = parse(text.as_bytes()) {
            let target = package_json.exports.unwrap_or(Target::Null);
            prop_assert!(has_target(&target, &value), "{}", target.to_json());
        }
    }

    #[test]
    fn marks_what_versions_read_differently(entries in package_entries()) {
        if let Ok(package_json) = parse(Json::Object(entries.clone()).to_text().as_bytes()) {
            prop_assert_eq!(package_json.is_odd, is_odd(&entries));
        }
    }

    #[test]
    fn any_depth_is_read_or_refused(depth in 0_usize..4000, field in "exports|x", is_array in any::<bool>()) {
        let (open, close) = if is_array { ("[", "]") } else { ("{\"a\":", "}") };
        let text = format!("{{\"main\":\"m\",\"{field}\":{}1{}}}", open.repeat(depth), close.repeat(depth));
        let parsed = parse(text.as_bytes());
        // What is not looked at may be as deep as it likes.
        prop_assert!(parsed.is_ok() || (field == "exports" && depth > 100));
    }

    #[test]
    fn one_mark_at_the_beginning_makes_no_difference(entries in package_entries()) {
        let text = Json::Object(entries).to_text();
        prop_assert_eq!(parse(format!("\u{feff}{text}").as_bytes()), parse(text.as_bytes()));
        prop_assert_eq!(parse(format!("\u{feff}\u{feff}{text}").as_bytes()), Err(Malformed));
    }
}
