//! An answer as text and numbers.

use serde_json::{Map, Value, json};

use crate::binding::failure::JsResolveFailure;
use crate::enhanced::{EnhancedAnswer, Failure, FoundFile};

/// How many numbers an answer has.
pub const NUMBERS_OF_ANSWER: usize = 4;

/// What an answer is: a failure, or a file, whose module type may be known.
mod kind {
    pub const FAILURE: u32 = 0;
    pub const FILE: u32 = 1;
    pub const MODULE: u32 = 2;
    pub const COMMONJS: u32 = 3;
    pub const JSON: u32 = 4;
    pub const WASM: u32 = 5;
    pub const ADDON: u32 = 6;
}

/// In place of a number, where nothing is believed; and of a length, where there is no package.
pub const NO_NUMBER: u32 = u32::MAX;

/// The text and the numbers of an answer.
pub fn describe(answer: EnhancedAnswer) -> (String, [u32; NUMBERS_OF_ANSWER]) {
    let number = answer.number.unwrap_or(NO_NUMBER);
    let FoundFile {
        mut path,
        package_length,
        query,
        module_type,
    } = match answer.outcome {
        Ok(found) => found,
        Err(failure) => return (json_of(failure).to_string(), [number, kind::FAILURE, NO_NUMBER, 0]),
    };
    let kind = match module_type {
        None => kind::FILE,
        Some("module") => kind::MODULE,
        Some("commonjs") => kind::COMMONJS,
        Some("json") => kind::JSON,
        Some("wasm") => kind::WASM,
        Some(_) => kind::ADDON,
    };
    let package = package_length.and_then(|length| path.get(..length));
    let package_units = package.map_or(NO_NUMBER, units_of);
    if query.is_empty() {
        return (path, [number, kind, package_units, 0]);
    }
    let query = query.replace('\0', "");
    path.push_str(&query);
    (path, [number, kind, package_units, units_of(&query)])
}

/// JavaScript counts in UTF-16 units.
fn units_of(text: &str) -> u32 {
    let units = if text.is_ascii() {
        text.len()
    } else {
        text.encode_utf16().count()
    };
    u32::try_from(units).unwrap_or(NO_NUMBER)
}

fn json_of(failure: Failure) -> Value {
    match failure {
        Failure::NotFound => json!({ "kind": "NotFound" }),
        Failure::NoDeclarations { file } => {
            json!({ "kind": "NoDeclarations", "file": file })
        }
        Failure::Ignored(path) => json!({ "kind": "Ignored", "path": path }),
        Failure::Builtin { name, has_scheme } => json!({ "kind": "Builtin", "name": name, "hasScheme": has_scheme }),
        Failure::AliasNotFound { alias } => {
            json!({ "kind": "AliasNotFound", "alias": alias })
        }
        Failure::ExtensionAliasNotFound { file, tried } => {
            json!({ "kind": "ExtensionAliasNotFound", "file": file, "tried": tried })
        }
        Failure::Recursion => json!({ "kind": "Recursion" }),
        Failure::Pnp(message) => json!({ "kind": "Pnp", "message": message }),
        Failure::TsConfig(message) => json!({ "kind": "TsConfig", "message": message }),
        Failure::Unsupported => json!({ "kind": "Unsupported" }),
        Failure::Package(error) => JsResolveFailure::try_from(error).map_or_else(
            |_| json!({ "kind": "NotFound" }),
            |failure| json!({ "kind": "Package", "failure": Value::from(failure) }),
        ),
    }
}

impl From<JsResolveFailure> for Value {
    fn from(failure: JsResolveFailure) -> Self {
        let fields = [
            ("code", Some(Self::from(failure.code))),
            ("missing", failure.missing.map(Self::from)),
            ("packageJson", failure.package_json.map(Self::from)),
            ("package", failure.package.map(Self::from)),
            ("subject", failure.subject.map(Self::from)),
            ("target", failure.target.map(Self::from)),
            ("isImport", failure.is_import.map(Self::from)),
            ("fault", failure.fault.map(Self::from)),
            ("pattern", failure.pattern.map(Self::from)),
            ("base", failure.base.map(Self::from)),
        ];
        let given = fields
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Self::Object(given.collect::<Map<_, _>>())
    }
}
