//! Random JSON as text: what a well-behaved generator would never write, such as keys that come twice.

use std::fmt::Write as _;

use proptest::prelude::*;

/// A string, and whether every character of it is written as `\uXXXX`.
#[derive(Debug, Clone)]
pub struct Text {
    pub text: String,
    pub is_escaped: bool,
}

/// A JSON value as it is to be written.
#[derive(Debug, Clone)]
pub enum Json {
    Null,
    Boolean(bool),
    Number(&'static str),
    String(Text),
    Array(Vec<Json>),
    Object(Vec<(Text, Json)>),
}

impl Json {
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) {
        match self {
            Self::Null => text.push_str("null"),
            Self::Boolean(value) => write!(text, "{value}").unwrap(),
            Self::Number(value) => text.push_str(value),
            Self::String(value) => value.write(text),
            Self::Array(items) => {
                text.push('[');
                for (index, item) in items.iter().enumerate() {
                    text.push_str(if index == 0 { " " } else { ",\n" });
                    item.write(text);
                }
                text.push(']');
            }
            Self::Object(entries) => {
                text.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    text.push_str(if index == 0 { "\t" } else { " , " });
                    key.write(text);
                    text.push_str(": ");
                    value.write(text);
                }
                text.push('}');
            }
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(value) = self {
            Some(&value.text)
        } else {
            None
        }
    }
}

impl Text {
    fn write(&self, text: &mut String) {
        text.push('"');
        for character in self.text.chars() {
            if self.is_escaped || needs_escape(character) {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(text, "\\u{unit:04x}").unwrap();
                }
            } else {
                text.push(character);
            }
        }
        text.push('"');
    }

    /// Whether there is a backslash in what is written.
    pub fn has_escapes(&self) -> bool {
        self.text
            .chars()
            .any(|character| self.is_escaped || needs_escape(character))
    }
}

fn needs_escape(character: char) -> bool {
    matches!(character, '"' | '\\') || character < ' '
}

/// The entries as JavaScript has them: the last value of each key, in the place of its first.
pub fn without_duplicates(entries: &[(Text, Json)]) -> Vec<(&str, &Json)> {
    let mut kept: Vec<(&str, &Json)> = Vec::new();
    for (key, _) in entries {
        if kept.iter().all(|(known, _)| *known != key.text) {
            let (_, last) = entries.iter().rfind(|(other, _)| other.text == key.text).unwrap();
            kept.push((&key.text, last));
        }
    }
    kept
}

pub fn text(values: impl Strategy<Value = String>) -> impl Strategy<Value = Text> {
    (values, prop::bool::weighted(0.1)).prop_map(|(text, is_escaped)| Text { text, is_escaped })
}

fn string() -> impl Strategy<Value = String> {
    let usual: &[&str] = &[
        "",
        "./a",
        "./a.js",
        "lib",
        "[",
        "{}",
        "\n",
        "\0",
        "\u{feff}",
        "é",
        "\u{1f600}",
        "\"\\/",
        "a",
        "b",
        "commonjs",
    ];
    prop_oneof![
        6 => prop::sample::select(usual).prop_map(str::to_owned),
        2 => ".{0,8}",
        1 => (0_usize..3000).prop_map(|length| "x".repeat(length)),
    ]
}

/// Any value, a few levels deep.
pub fn json() -> impl Strategy<Value = Json> {
    let numbers: &[&str] = &[
        "0",
        "-0",
        "1",
        "-7",
        "1.5",
        "1e3",
        "18446744073709551615",
        "12345678901234567890123",
        "1e999",
    ];
    let leaf = prop_oneof![
        4 => text(string()).prop_map(Json::String),
        1 => Just(Json::Null),
        1 => any::<bool>().prop_map(Json::Boolean),
        1 => prop::sample::select(numbers).prop_map(Json::Number),
    ];
    let key = prop_oneof![
        prop::sample::select([".", "./a", "node", "default", "#a", "0", "a"].as_slice()).prop_map(str::to_owned),
        string()
    ];
    let key = text(key).boxed();
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::Array),
            prop::collection::vec((key.clone(), inner), 0..6).prop_map(Json::Object),
        ]
    })
}

/// The entries of a package.json, some of them twice.
pub fn package_entries() -> impl Strategy<Value = Vec<(Text, Json)>> {
    let keys: &[&str] = &[
        "name", "main", "module", "exports", "imports", "type", "scripts", "version", "files",
    ];
    let field = prop::sample::select(keys).prop_map(str::to_owned);
    let value = prop_oneof![2 => text(string()).prop_map(Json::String), 3 => json()];
    prop::collection::vec((text(field), value), 0..7)
}
