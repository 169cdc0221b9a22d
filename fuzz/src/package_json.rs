//! Any bytes are read as `serde_json` reads them, or refused.

use fast_resolve::package_json::{PackageFields, PackageJson, Target};
use serde::de::IgnoredAny;
use serde_json::Value;

/// Parses the bytes of a package.json and compares the fields.
pub fn check(bytes: &[u8]) {
    let parsed = PackageJson::parse(bytes, &PackageFields::of_main(&["main".to_owned()]));
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let value = serde_json::from_slice::<Value>(bytes).ok();
    let Ok(package_json) = parsed else {
        assert!(
            !value.is_some_and(|value| value.is_object()),
            "a JSON object was refused"
        );
        return;
    };
    assert!(
        serde_json::from_slice::<IgnoredAny>(bytes).is_ok(),
        "what is no JSON was read"
    );
    // `Value` refuses what is merely skipped here, such as numbers that are too large.
    let Some(value) = value else { return };
    assert!(value.is_object(), "what is no object was read");
    let field = |name: &str| value.get(name).filter(|value| !value.is_null());
    if !package_json.is_odd {
        assert_eq!(package_json.name.as_deref(), field("name").and_then(Value::as_str));
        let main = field("main").and_then(Value::as_str).filter(|main| !main.is_empty());
        assert_eq!(package_json.main.as_deref(), main);
        let imports = package_json.imports.map(|entries| reread(&Target::Object(entries)));
        assert_eq!(imports, field("imports").cloned().map(without_integers));
    }
    let exports = package_json.exports.as_ref().map(reread);
    assert_eq!(exports, field("exports").cloned().map(without_integers));
}

/// What a target is when it is printed and read again.
fn reread(target: &Target) -> Value {
    match serde_json::from_str(&target.to_json()) {
        Ok(value) => without_integers(value),
        Err(error) => panic!("{} is no JSON: {error}", target.to_json()),
    }
}

/// The value with floating-point numbers only: JavaScript knows no others.
fn without_integers(value: Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().map_or(Value::Null, Value::from),
        Value::Array(items) => items.into_iter().map(without_integers).collect(),
        Value::Object(entries) => entries
            .into_iter()
            .map(|(key, value)| (key, without_integers(value)))
            .collect(),
        other => other,
    }
}
