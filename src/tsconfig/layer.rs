//! The settings of one config file, and of those that it extends.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::jsonc::Value;
use crate::path::AbsolutePath;

/// A value, and the directory of the file that it stands in.
#[derive(Clone)]
pub(super) struct Setting {
    value: Rc<Value>,
    directory: AbsolutePath,
}

/// Settings by their name.
#[derive(Default)]
pub(super) struct Layer {
    options: FxHashMap<Rc<str>, Setting>,
    top: FxHashMap<&'static str, Setting>,
}

/// What a config inherits beside `compilerOptions`.
const INHERITED: [&str; 3] = ["files", "include", "exclude"];

/// The end of a path that leads to a file, not to a directory with a tsconfig.json; TypeScript minds its case.
pub(super) const JSON_EXTENSION: &str = ".json";

/// Stands for the directory of the config that is loaded, not of the one that it stands in.
const CONFIG_DIRECTORY: &str = "${configDir}";

impl Layer {
    /// What one file says.
    pub(super) fn of(json: &Value, file_name: &str, directory: &AbsolutePath) -> Self {
        let setting = |value: Value| Setting {
            value: Rc::new(value),
            directory: directory.clone(),
        };
        let mut layer = Self::default();
        if file_name == "jsconfig.json" {
            layer.options.insert("allowJs".into(), setting(Value::Bool(true)));
        }
        if let Some(Value::Object(options)) = json.get("compilerOptions") {
            let options = options
                .iter()
                .map(|(name, value)| (Rc::from(&**name), setting(value.clone())));
            layer.options.extend(options);
        }
        for name in INHERITED {
            // An option that is `null` is unset; one of these is inherited.
            if let Some(value) = json.get(name).filter(|value| **value != Value::Null) {
                layer.top.insert(name, setting(value.clone()));
            }
        }
        layer
    }

    /// Puts a layer over this one: each of its settings replaces the one below.
    pub(super) fn put(&mut self, above: &Self) {
        let options = above
            .options
            .iter()
            .map(|(name, setting)| (Rc::clone(name), setting.clone()));
        self.options.extend(options);
        self.top
            .extend(above.top.iter().map(|(name, setting)| (*name, setting.clone())));
    }

    /// One of `compilerOptions`.
    pub(super) fn option(&self, name: &str) -> Option<&Setting> {
        self.options.get(name)
    }

    /// `files`, `include` or `exclude`.
    pub(super) fn top(&self, name: &str) -> Option<&Setting> {
        self.top.get(name)
    }
}

impl Setting {
    pub(super) fn value(&self) -> &Value {
        &self.value
    }

    pub(super) fn directory(&self) -> &AbsolutePath {
        &self.directory
    }

    /// Where a text of this setting leads; `leaf` is the directory of the config that is loaded.
    pub(super) fn place(&self, text: &str, leaf: &AbsolutePath) -> AbsolutePath {
        in_config_directory(text, leaf).unwrap_or_else(|| below(&self.directory, text))
    }
}

/// Where a text with `${configDir}` leads. TypeScript takes any case for the name, and then looks for this one.
pub(super) fn in_config_directory(text: &str, leaf: &AbsolutePath) -> Option<AbsolutePath> {
    let head = text.get(..CONFIG_DIRECTORY.len())?;
    head.eq_ignore_ascii_case(CONFIG_DIRECTORY)
        .then(|| below(leaf, &text.replacen(CONFIG_DIRECTORY, "./", 1)))
}

/// A path from a directory. TypeScript takes `\` for `/` on every system. No file has a NUL in its name, so that what
/// stands for it leads nowhere, too.
pub(super) fn below(directory: &AbsolutePath, path: &str) -> AbsolutePath {
    directory.resolve(&path.replace('\\', "/").replace('\0', "\u{fffd}"))
}
