//! package.json: bytes to the fields that resolution reads. Pure.
//!
//! Node 20 reads the file with `JSON.parse`; later versions with an on-demand parser that skips what it does not need
//! and so differs on malformed files, duplicate keys, escaped keys and fields of the wrong type. What they could read differently is marked
//! [`PackageJson::is_odd`], so that the running Node decides. A strict parser costs a little more than one that
//! skips; it is what makes the mark reliable.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use rustc_hash::FxBuildHasher;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};
use serde_json::value::RawValue;

/// The fields of a package.json that resolution reads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PackageJson {
    /// `name`, if it is a string.
    pub name: Option<Box<str>>,
    /// The first of the asked-for main fields that is a non-empty string.
    pub main: Option<Box<str>>,
    /// `exports`, unless it is absent or null.
    pub exports: Option<Target>,
    /// `imports`, if it is an object.
    pub imports: Option<Vec<(Box<str>, Target)>>,
    /// `type`: what a `.js` file is.
    pub package_type: PackageType,
    /// The other fields that were asked for, as they stand there.
    pub others: Vec<(Box<str>, Target)>,
    /// Whether Node's versions could read this file differently.
    pub is_odd: bool,
}

/// Which fields are read, besides those that Node's resolution always needs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PackageFields {
    /// The first of them that is a non-empty string is the package's `main`.
    pub main: Vec<String>,
    /// Those that are kept as they stand.
    pub others: Vec<String>,
}

/// The `type` of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PackageType {
    /// None, or another text.
    #[default]
    None,
    /// `commonjs`
    CommonJs,
    /// `module`
    Module,
}

/// The file is not JSON, not UTF-8, or its root is no object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// A value within `exports` or `imports`, its keys in the order in which JavaScript has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// `null`
    Null,
    /// A string.
    String(Box<str>),
    /// An array.
    Array(Vec<Target>),
    /// An object.
    Object(Vec<(Box<str>, Target)>),
    /// A number or a boolean, as JSON.
    Other(Box<str>),
}

impl PackageFields {
    /// What Node's resolution needs.
    #[must_use]
    pub fn of_main(main: &[String]) -> Self {
        Self {
            main: main.to_vec(),
            others: Vec::new(),
        }
    }
}

impl PackageJson {
    /// Parses the bytes of a package.json.
    ///
    /// # Errors
    /// [`Malformed`] if it is no JSON object in UTF-8.
    pub fn parse(bytes: &[u8], fields: &PackageFields) -> Result<Self, Malformed> {
        let text = std::str::from_utf8(bytes).map_err(|_| Malformed)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let package_json = deserializer
            .deserialize_map(PackageJsonVisitor { fields })
            .map_err(|_| Malformed)?;
        deserializer.end().map_err(|_| Malformed)?;
        Ok(package_json)
    }
}

impl Target {
    /// The value as `JSON.stringify` prints it.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = String::new();
        self.write_json(&mut json);
        json
    }

    fn write_json(&self, json: &mut String) {
        match self {
            Self::Null => json.push_str("null"),
            Self::String(text) => json.push_str(&quote(text)),
            Self::Other(text) => json.push_str(text),
            Self::Array(items) => {
                json.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        json.push(',');
                    }
                    item.write_json(json);
                }
                json.push(']');
            }
            Self::Object(entries) => {
                json.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    if index > 0 {
                        json.push(',');
                    }
                    json.push_str(&quote(key));
                    json.push(':');
                    value.write_json(json);
                }
                json.push('}');
            }
        }
    }
}

/// The text as a JSON string.
#[must_use]
pub fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

struct PackageJsonVisitor<'a> {
    fields: &'a PackageFields,
}

impl<'de> Visitor<'de> for PackageJsonVisitor<'_> {
    type Value = PackageJson;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<PackageJson, A::Error> {
        let mut package_json = PackageJson::default();
        let mut seen = Seen::default();
        let mut mains: Vec<Option<Box<str>>> = vec![None; self.fields.main.len()];
        while let Some(Key { text, is_escaped }) = map.next_key()? {
            // Node 22 and later compare keys as they are written.
            package_json.is_odd |= is_escaped;
            if let Some(index) = self.fields.main.iter().position(|field| *field == text) {
                package_json.is_odd |= seen.twice(text);
                let value = map.next_value::<Target>()?;
                // What is falsy counts as absent everywhere.
                let is_falsy =
                    matches!(&value, Target::Null) || matches!(&value, Target::Other(text) if **text == *"false");
                let value = value.into_string();
                package_json.is_odd |= value.is_none() && !is_falsy;
                if let Some(main) = mains.get_mut(index) {
                    *main = value;
                }
                continue;
            }
            match text.as_ref() {
                "name" => {
                    package_json.name = map.next_value::<Target>()?.into_string();
                    package_json.is_odd |= package_json.name.is_none();
                }
                "type" => {
                    let value = map.next_value::<Target>()?.into_string();
                    package_json.is_odd |= value.is_none();
                    package_json.package_type = match value.as_deref() {
                        Some("module") => PackageType::Module,
                        Some("commonjs") => PackageType::CommonJs,
                        _ => PackageType::None,
                    };
                }
                "scripts" => package_json.is_odd |= !map.next_value::<&RawValue>()?.get().starts_with('{'),
                "exports" => {
                    let Exports { target, is_odd } = map.next_value()?;
                    package_json.is_odd |= is_odd;
                    package_json.exports = target;
                }
                "imports" => match map.next_value()? {
                    Target::Object(entries) => package_json.imports = Some(entries),
                    Target::Null => package_json.imports = None,
                    Target::String(_) | Target::Array(_) | Target::Other(_) => package_json.is_odd = true,
                },
                other if self.fields.others.iter().any(|field| field == other) => {
                    let value = map.next_value()?;
                    package_json.others.retain(|(field, _)| **field != *other);
                    package_json.others.push((other.into(), value));
                    continue;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            }
            package_json.is_odd |= seen.twice(text);
        }
        package_json.main = mains.into_iter().flatten().find(|main| !main.is_empty());
        Ok(package_json)
    }
}

/// Which of the fields that matter were seen; a duplicate is read differently by Node's versions.
#[derive(Default)]
struct Seen<'de>(Vec<Cow<'de, str>>);

impl<'de> Seen<'de> {
    fn twice(&mut self, field: Cow<'de, str>) -> bool {
        let is_known = self.0.contains(&field);
        if !is_known {
            self.0.push(field);
        }
        is_known
    }
}

/// A key, and whether it was written with escapes.
struct Key<'de> {
    text: Cow<'de, str>,
    is_escaped: bool,
}

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a key")
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key {
                    text: Cow::Borrowed(text),
                    is_escaped: false,
                })
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key {
                    text: Cow::Owned(text.to_owned()),
                    is_escaped: true,
                })
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

/// The value of `exports`, and whether Node's versions could read it differently.
struct Exports {
    target: Option<Target>,
    is_odd: bool,
}

impl<'de> Deserialize<'de> for Exports {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Target::deserialize(deserializer)? {
            Target::Null => Self {
                target: None,
                is_odd: false,
            },
            // Node 22 and later parse a string once more if it looks like JSON, and do not take every escape.
            Target::String(text) => {
                let is_odd = text.starts_with(['[', '{']) || text.contains(|character: char| character < ' ');
                Self {
                    target: Some(Target::String(text)),
                    is_odd,
                }
            }
            // Node 20 takes `false` for a package that exports nothing; later versions for no `exports`.
            other @ Target::Other(_) => Self {
                target: Some(other),
                is_odd: true,
            },
            target => Self {
                target: Some(target),
                is_odd: false,
            },
        })
    }
}

impl Target {
    fn into_string(self) -> Option<Box<str>> {
        if let Self::String(text) = self {
            Some(text)
        } else {
            None
        }
    }
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TargetVisitor)
    }
}

/// So many keys are looked through quicker than a table of them is made.
const FEW_KEYS: usize = 12;

struct TargetVisitor;

impl<'de> Visitor<'de> for TargetVisitor {
    type Value = Target;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Target, E> {
        Ok(Target::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Target, E> {
        Ok(Target::Other(value.to_string().into()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Target, E> {
        Ok(Target::Other(value.to_string().into()))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Target, E> {
        Ok(Target::Other(value.to_string().into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Target, E> {
        Ok(Target::Other(value.to_string().into()))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Target, E> {
        Ok(Target::String(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Target, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element()? {
            items.push(item);
        }
        Ok(Target::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Target, A::Error> {
        let mut entries: Vec<(Box<str>, Target)> = Vec::new();
        let mut index_of_key = HashMap::<Box<str>, usize, FxBuildHasher>::default();
        while let Some((key, value)) = map.next_entry::<Box<str>, Target>()? {
            let known = if entries.len() < FEW_KEYS {
                entries.iter().position(|(known, _)| *known == key)
            } else {
                if index_of_key.is_empty() {
                    index_of_key.extend(entries.iter().zip(0..).map(|((key, _), index)| (key.clone(), index)));
                }
                index_of_key.get(&key).copied()
            };
            // As in JavaScript, the last of several values counts, in the place of the first.
            if let Some(entry) = known.and_then(|index| entries.get_mut(index)) {
                entry.1 = value;
                continue;
            }
            if !index_of_key.is_empty() {
                index_of_key.insert(key.clone(), entries.len());
            }
            entries.push((key, value));
        }
        Ok(Target::Object(entries))
    }
}

#[cfg(test)]
mod tests;
