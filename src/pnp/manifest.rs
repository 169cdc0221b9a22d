//! The manifest: bytes to packages, with every reference between them followed.

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value};

use super::error::{Locator, ManifestError};
use super::ignore_pattern::IgnorePattern;
use super::inlined::{Inlined, state_in};
use crate::path::AbsolutePath;

/// What a `.pnp.cjs` or `.pnp.data.json` says.
#[derive(Debug)]
pub struct Manifest {
    /// The script itself, which is what `pnpapi` leads to.
    pub(super) script: AbsolutePath,
    pub(super) directory: AbsolutePath,
    pub(super) packages: Vec<Package>,
    /// By `packageLocation`, as it stands there. Those that are left out can't ask for anything.
    pub(super) by_location: FxHashMap<Box<str>, Number>,
    /// What they depend on, others may ask for as well; the first that has it gives it.
    pub(super) fallbacks: Vec<Number>,
    pub(super) fallback_pool: FxHashMap<Box<str>, Number>,
    pub(super) ignored: Option<IgnorePattern>,
}

/// A package by its place in `packages`.
pub(super) type Number = usize;

#[derive(Debug)]
pub(super) struct Package {
    /// `None` is the top level.
    pub(super) locator: Option<Locator>,
    pub(super) directory: AbsolutePath,
    /// `None` is a peer dependency that nobody provides.
    pub(super) dependencies: FxHashMap<Box<str>, Option<Number>>,
    pub(super) is_dependency_tree_root: bool,
    pub(super) may_fall_back: bool,
}

impl Manifest {
    /// Reads a `.pnp.cjs`, or a `.pnp.data.json` if the path ends in `.json`.
    ///
    /// The path has to be the real one: Yarn's runtime takes its own directory from `__dirname`, which is.
    ///
    /// # Errors
    /// [`ManifestError`] for all that is not known to mean just one thing.
    pub fn parse(text: &[u8], path: &AbsolutePath) -> Result<Self, ManifestError> {
        let text = std::str::from_utf8(text).map_err(|_| ManifestError::NotUtf8)?;
        let directory = path.parent().ok_or(ManifestError::NoState)?;
        if path.as_path().extension().is_some_and(|extension| extension == "json") {
            return Self::of_state(text, directory.child(".pnp.cjs"), directory);
        }
        match state_in(text)? {
            Inlined::State(state) => Self::of_state(&state, path.clone(), directory),
            Inlined::DataFile(name) => Err(ManifestError::InDataFile(directory.resolve(&name))),
        }
    }

    fn of_state(state: &str, script: AbsolutePath, directory: AbsolutePath) -> Result<Self, ManifestError> {
        let state: Value = serde_json::from_str(state).map_err(|_| ManifestError::Json)?;
        let state = state.as_object().ok_or(ManifestError::Json)?;
        // Yarn 2 knew locations that nobody may ask from. No later one writes any.
        if array(state, "locationBlacklistData").is_ok_and(|locations| !locations.is_empty()) {
            return Err(ManifestError::Field("locationBlacklistData"));
        }
        let entries = entries_of(state)?;
        let numbers = numbers_of(&entries)?;
        let roots = locators_in_roots(state)?;
        let excluded = excluded_from_fallback(state)?;

        let mut packages = Vec::with_capacity(entries.len());
        let mut by_location = FxHashMap::default();
        for (number, entry) in entries.iter().enumerate() {
            let location = entry.location()?;
            if !entry.is_discarded()? {
                // Where packages share a location, the last one has it.
                by_location.insert(location.into(), number);
            }
            let locator = entry.locator();
            packages.push(Package {
                directory: directory.resolve(location),
                dependencies: entry.dependencies(&numbers)?,
                is_dependency_tree_root: locator.as_ref().is_none_or(|locator| roots.contains(locator)),
                may_fall_back: locator.as_ref().is_some_and(|locator| !excluded.contains(locator)),
                locator,
            });
        }

        let is_fallback_enabled = state.get("enableTopLevelFallback").and_then(Value::as_bool);
        let is_fallback_enabled = is_fallback_enabled.ok_or(ManifestError::Field("enableTopLevelFallback"))?;
        let top_level = *numbers.get(&None).ok_or(ManifestError::Field("packageRegistryData"))?;
        let top_level = is_fallback_enabled.then_some(top_level);
        // Not in the specification: Yarn's runtime lets everybody use what these packages depend on.
        let lenient = ["react-scripts", "gatsby"].into_iter().flat_map(|name| {
            let is_it = move |entry: &Entry| entry.key.is_some_and(|(own, _)| own == name);
            (0..)
                .zip(&entries)
                .filter(move |(_, entry)| is_it(entry))
                .map(|(number, _)| number)
        });
        let pool = dependencies_of(array(state, "fallbackPool")?, &numbers, "fallbackPool")?;
        let pool = pool.into_iter().filter_map(|(name, number)| Some((name, number?)));
        Ok(Self {
            script,
            directory,
            by_location,
            fallbacks: top_level.into_iter().chain(lenient).collect(),
            fallback_pool: if is_fallback_enabled {
                pool.collect()
            } else {
                FxHashMap::default()
            },
            ignored: ignore_pattern_of(state)?,
            packages,
        })
    }
}

/// Name and reference; `None` is the top level.
type Key<'a> = Option<(&'a str, &'a str)>;

/// A package of `packageRegistryData`.
struct Entry<'a> {
    key: Key<'a>,
    fields: &'a Map<String, Value>,
}

impl<'a> Entry<'a> {
    fn locator(&self) -> Option<Locator> {
        self.key.map(locator)
    }

    fn location(&self) -> Result<&'a str, ManifestError> {
        let location = self.fields.get("packageLocation").and_then(Value::as_str);
        location
            .filter(|location| location.starts_with("./") || location.starts_with("../"))
            .filter(|location| location.ends_with('/') && !location.contains('\0'))
            .ok_or(ManifestError::Field("packageLocation"))
    }

    fn is_discarded(&self) -> Result<bool, ManifestError> {
        match self.fields.get("discardFromLookup") {
            None => Ok(false),
            Some(value) => value.as_bool().ok_or(ManifestError::Field("discardFromLookup")),
        }
    }

    fn dependencies(
        &self,
        numbers: &FxHashMap<Key<'a>, Number>,
    ) -> Result<FxHashMap<Box<str>, Option<Number>>, ManifestError> {
        const FIELD: &str = "packageDependencies";
        dependencies_of(array(self.fields, FIELD)?, numbers, FIELD)
    }
}

fn entries_of(state: &Map<String, Value>) -> Result<Vec<Entry<'_>>, ManifestError> {
    const FIELD: &str = "packageRegistryData";
    let mut entries = Vec::new();
    for of_name in array(state, FIELD)? {
        let (name, references) = pair(of_name).ok_or(ManifestError::Field(FIELD))?;
        for of_reference in references.as_array().ok_or(ManifestError::Field(FIELD))? {
            let (reference, fields) = pair(of_reference).ok_or(ManifestError::Field(FIELD))?;
            let key = match (name, reference) {
                (Value::Null, Value::Null) => None,
                (Value::String(name), Value::String(reference)) => Some((name.as_str(), reference.as_str())),
                _ => return Err(ManifestError::Field(FIELD)),
            };
            let fields = fields.as_object().ok_or(ManifestError::Field(FIELD))?;
            entries.push(Entry { key, fields });
        }
    }
    Ok(entries)
}

fn numbers_of<'a>(entries: &[Entry<'a>]) -> Result<FxHashMap<Key<'a>, Number>, ManifestError> {
    let mut numbers = FxHashMap::default();
    for (number, entry) in entries.iter().enumerate() {
        if numbers.insert(entry.key, number).is_some() {
            return Err(ManifestError::Twice(entry.locator()));
        }
    }
    Ok(numbers)
}

/// Pairs of a name and what it leads to: a reference of that name, an alias `[name, reference]`, or nothing.
fn dependencies_of(
    pairs: &[Value],
    numbers: &FxHashMap<Key<'_>, Number>,
    field: &'static str,
) -> Result<FxHashMap<Box<str>, Option<Number>>, ManifestError> {
    let mut dependencies = FxHashMap::with_capacity_and_hasher(pairs.len(), rustc_hash::FxBuildHasher);
    for of_name in pairs {
        let (name, target) = pair(of_name).ok_or(ManifestError::Field(field))?;
        let name = name.as_str().ok_or(ManifestError::Field(field))?;
        let key = match target {
            Value::Null => None,
            Value::String(reference) => Some((name, reference.as_str())),
            alias => Some(strings(alias).ok_or(ManifestError::Field(field))?),
        };
        let number = match key {
            None => None,
            Some(key) => Some(
                *numbers
                    .get(&Some(key))
                    .ok_or_else(|| ManifestError::NoPackage(locator(key)))?,
            ),
        };
        dependencies.insert(name.into(), number);
    }
    Ok(dependencies)
}

fn locators_in_roots(state: &Map<String, Value>) -> Result<FxHashSet<Locator>, ManifestError> {
    const FIELD: &str = "dependencyTreeRoots";
    let text = |root: &Value, name| root.get(name).and_then(Value::as_str).map(str::to_owned);
    let roots = array(state, FIELD)?.iter().map(|root| {
        Some(Locator {
            name: text(root, "name")?,
            reference: text(root, "reference")?,
        })
    });
    roots.collect::<Option<_>>().ok_or(ManifestError::Field(FIELD))
}

fn excluded_from_fallback(state: &Map<String, Value>) -> Result<FxHashSet<Locator>, ManifestError> {
    const FIELD: &str = "fallbackExclusionList";
    let mut excluded = FxHashSet::default();
    for of_name in array(state, FIELD)? {
        let (name, references) = pair(of_name).ok_or(ManifestError::Field(FIELD))?;
        let (name, references) = name
            .as_str()
            .zip(references.as_array())
            .ok_or(ManifestError::Field(FIELD))?;
        for reference in references {
            let reference = reference.as_str().ok_or(ManifestError::Field(FIELD))?;
            excluded.insert(locator((name, reference)));
        }
    }
    Ok(excluded)
}

fn ignore_pattern_of(state: &Map<String, Value>) -> Result<Option<IgnorePattern>, ManifestError> {
    match state.get("ignorePatternData") {
        Some(Value::Null) => Ok(None),
        Some(Value::String(source)) => match IgnorePattern::parse(source) {
            Some(pattern) => Ok(Some(pattern)),
            None => Err(ManifestError::IgnorePattern(source.clone())),
        },
        _ => Err(ManifestError::Field("ignorePatternData")),
    }
}

fn locator((name, reference): (&str, &str)) -> Locator {
    Locator {
        name: name.to_owned(),
        reference: reference.to_owned(),
    }
}

fn array<'a>(fields: &'a Map<String, Value>, name: &'static str) -> Result<&'a [Value], ManifestError> {
    let values = fields.get(name).and_then(Value::as_array);
    values.map(Vec::as_slice).ok_or(ManifestError::Field(name))
}

fn pair(value: &Value) -> Option<(&Value, &Value)> {
    match value.as_array()?.as_slice() {
        [first, second] => Some((first, second)),
        _ => None,
    }
}

fn strings(value: &Value) -> Option<(&str, &str)> {
    let (first, second) = pair(value)?;
    first.as_str().zip(second.as_str())
}
