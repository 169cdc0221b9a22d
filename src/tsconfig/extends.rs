//! Reads config files, and those that they extend.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::error::TsConfigError;
use super::files::Files;
use super::jsonc::{self, Value};
use super::layer::{JSON_EXTENSION, Layer, below};
use crate::path::AbsolutePath;

/// Configs that extend one another; the loader goes one call deeper for each.
const MAXIMUM_CHAIN: usize = 64;

/// Reads each file once, and keeps which files it asked for.
pub(super) struct Loader<'a> {
    files: &'a dyn Files,
    asked: Vec<AbsolutePath>,
    known: FxHashMap<AbsolutePath, Rc<File>>,
}

/// A config file.
pub(super) struct File {
    /// Its settings, put over those that it extends.
    pub(super) layer: Layer,
    /// The files of its own `references`.
    pub(super) references: Vec<AbsolutePath>,
}

impl<'a> Loader<'a> {
    pub(super) fn new(files: &'a dyn Files) -> Self {
        Self {
            files,
            asked: Vec::new(),
            known: FxHashMap::default(),
        }
    }

    /// A config file; `None` where it can't be read.
    pub(super) fn load(&mut self, path: &AbsolutePath) -> Result<Option<Rc<File>>, TsConfigError> {
        self.load_extended(path, &mut Vec::new())
    }

    pub(super) fn is_file(&mut self, path: &AbsolutePath) -> bool {
        self.note(path);
        self.files.is_file(path)
    }

    /// Every file that was asked for, in the order of the first time.
    pub(super) fn into_asked(self) -> Vec<AbsolutePath> {
        self.asked
    }

    /// `chain` are the configs on the way here, each extending the next.
    fn load_extended(
        &mut self,
        path: &AbsolutePath,
        chain: &mut Vec<AbsolutePath>,
    ) -> Result<Option<Rc<File>>, TsConfigError> {
        if chain.contains(path) {
            let chain = chain.iter().chain([path]).cloned().collect();
            return Err(TsConfigError::Circularity { chain });
        }
        if let Some(file) = self.known.get(path) {
            return Ok(Some(Rc::clone(file)));
        }
        if chain.len() >= MAXIMUM_CHAIN {
            return Err(TsConfigError::TooDeep { path: path.clone() });
        }
        self.note(path);
        let Some(bytes) = self.files.read(path) else {
            return Ok(None);
        };
        let json = parse(&bytes, path)?;
        let root = AbsolutePath::of_normalised("/");
        let directory = path.parent().unwrap_or(root);
        let mut layer = Layer::default();
        chain.push(path.clone());
        for name in extended_names(&json) {
            let not_found = || TsConfigError::ExtendsNotFound {
                name: name.to_owned(),
                from: path.clone(),
            };
            let base = self.extended_path(name, &directory).ok_or_else(not_found)?;
            layer.put(&self.load_extended(&base, chain)?.ok_or_else(not_found)?.layer);
        }
        chain.pop();
        layer.put(&Layer::of(&json, path.file_name(), &directory));
        let references = references(&json, &directory);
        let file = Rc::new(File { layer, references });
        self.known.insert(path.clone(), Rc::clone(&file));
        Ok(Some(file))
    }

    /// The file that a name in `extends` leads to.
    fn extended_path(&mut self, name: &str, directory: &AbsolutePath) -> Option<AbsolutePath> {
        if name.is_empty() {
            return None;
        }
        let slashed = name.replace('\\', "/");
        if !["/", "./", "../"].iter().any(|start| slashed.starts_with(start)) {
            return self.files.resolve_extends(&slashed, directory);
        }
        let path = below(directory, &slashed);
        if self.is_file(&path) {
            return Some(path);
        }
        let with_extension = path.with_suffix(JSON_EXTENSION);
        (!path.as_str().ends_with(JSON_EXTENSION) && self.is_file(&with_extension)).then_some(with_extension)
    }

    fn note(&mut self, path: &AbsolutePath) {
        if !self.asked.contains(path) {
            self.asked.push(path.clone());
        }
    }
}

fn parse(bytes: &[u8], path: &AbsolutePath) -> Result<Value, TsConfigError> {
    let no_object = jsonc::Fault {
        line: 1,
        column: 1,
        message: "expected an object",
    };
    match jsonc::parse(bytes) {
        Ok(json @ Value::Object(_)) => Ok(json),
        result => {
            let jsonc::Fault { line, column, message } = result.err().unwrap_or(no_object);
            Err(TsConfigError::Malformed {
                path: path.clone(),
                line,
                column,
                message,
            })
        }
    }
}

fn extended_names(json: &Value) -> Vec<&str> {
    match json.get("extends") {
        Some(Value::String(name)) => vec![name],
        Some(names) => names.strings().into_iter().flatten().collect(),
        None => Vec::new(),
    }
}

/// A reference whose path does not end in `.json` is a directory.
fn references(json: &Value, directory: &AbsolutePath) -> Vec<AbsolutePath> {
    let references = json.get("references").and_then(Value::as_array).unwrap_or_default();
    let paths = references
        .iter()
        .filter_map(|reference| reference.get("path")?.as_str());
    paths
        .map(|path| below(directory, path))
        .map(|path| {
            if path.as_str().ends_with(JSON_EXTENSION) {
                path
            } else {
                path.child("tsconfig.json")
            }
        })
        .collect()
}
