//! Where `paths` and `rootDirs` lead.

use rustc_hash::FxHashMap;

use super::jsonc::Value;
use super::layer::{Setting, below, in_config_directory};
use crate::path::AbsolutePath;

/// `paths`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Paths {
    /// What targets are relative to: `baseUrl`, or the directory of the config that has the `paths`.
    base: AbsolutePath,
    exact: FxHashMap<Box<str>, Vec<String>>,
    patterns: Vec<Pattern>,
}

/// A key with one `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    prefix: Box<str>,
    suffix: Box<str>,
    targets: Vec<String>,
}

impl Paths {
    pub(super) fn of(setting: &Setting, base_url: Option<&AbsolutePath>, leaf: &AbsolutePath) -> Option<Self> {
        let Value::Object(entries) = setting.value() else {
            return None;
        };
        let mut paths = Self {
            base: base_url.unwrap_or(setting.directory()).clone(),
            exact: FxHashMap::default(),
            patterns: Vec::new(),
        };
        for (key, targets) in entries {
            let targets = targets.strings().into_iter().flatten().map(|target| {
                in_config_directory(target, leaf).map_or_else(|| target.to_owned(), AbsolutePath::into_string)
            });
            let targets = targets.collect();
            match key.split_once('*') {
                None => {
                    paths.exact.insert(key.clone(), targets);
                }
                // A key with more than one `*` matches nothing.
                Some((_, suffix)) if suffix.contains('*') => {}
                Some((prefix, suffix)) => paths.patterns.push(Pattern {
                    prefix: prefix.into(),
                    suffix: suffix.into(),
                    targets,
                }),
            }
        }
        Some(paths)
    }

    /// The paths to try, in order; `None` where no key matches. An exact key comes first, then the pattern with the
    /// longest prefix, of several the first.
    pub(super) fn candidates(&self, specifier: &str) -> Option<Vec<AbsolutePath>> {
        let (targets, star) = if let Some(targets) = self.exact.get(specifier) {
            (targets, "")
        } else {
            let fitting = self
                .patterns
                .iter()
                .filter_map(|pattern| Some((pattern, pattern.matched(specifier)?)));
            let (pattern, star) = fitting.rev().max_by_key(|(pattern, _)| pattern.prefix.len())?;
            (&pattern.targets, star)
        };
        let candidates = targets.iter().map(|target| {
            // TypeScript leaves the `*` of a target where that of the key stands for nothing.
            if star.is_empty() {
                below(&self.base, target)
            } else {
                below(&self.base, &target.replacen('*', star, 1))
            }
        });
        Some(candidates.collect())
    }
}

impl Pattern {
    /// What the `*` stands for.
    fn matched<'a>(&self, specifier: &'a str) -> Option<&'a str> {
        specifier.strip_prefix(&*self.prefix)?.strip_suffix(&*self.suffix)
    }
}

/// Whether a request is relative to the file that makes it.
pub(super) fn is_relative(specifier: &str) -> bool {
    let after_dots = specifier.strip_prefix("..").or_else(|| specifier.strip_prefix('.'));
    after_dots.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '\\']))
}

/// Whether a request is an absolute path.
pub(super) fn is_absolute(specifier: &str) -> bool {
    specifier.starts_with(['/', '\\'])
}

/// Where a path below one of the directories may be: below that, which is the most specific, and then below the others.
pub(super) fn root_dirs_candidates(root_dirs: &[AbsolutePath], path: &AbsolutePath) -> Vec<AbsolutePath> {
    let below_root = |root: &AbsolutePath| {
        let rest = path.as_str().strip_prefix(root.as_str())?;
        // The root of the file system ends with the separator itself.
        rest.strip_prefix('/').or((root.as_str() == "/").then_some(rest))
    };
    let matches = root_dirs.iter().filter_map(|root| Some((root, below_root(root)?)));
    let Some((longest, rest)) = matches.max_by_key(|(root, _)| root.as_str().len()) else {
        return Vec::new();
    };
    let others = root_dirs.iter().filter(|root| *root != longest);
    [path.clone()]
        .into_iter()
        .chain(others.map(|root| root.resolve(rest)))
        .collect()
}
