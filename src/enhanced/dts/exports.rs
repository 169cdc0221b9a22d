//! `exports` and `imports`, as TypeScript reads them: it goes on to the next condition where one leads to no file.

use super::extensions::Kinds;
use super::{DtsResolver, Package, Search};
use crate::cache::Id;
use crate::enhanced::version::VersionRange;
use crate::exports::pattern_key_compare;
use crate::package_json::Target;

/// Whose targets are followed, and what for.
struct Following<'a> {
    wanted: Kinds,
    package: Id,
    is_imports: bool,
    /// What stands behind a key that ends in `/`, or for its `*`.
    subpath: &'a str,
    is_pattern: bool,
}

impl DtsResolver<'_> {
    /// A request that begins with `#`.
    pub(super) fn load_package_imports(&self, wanted: Kinds, directory: Id, request: &str) -> Search {
        let is_allowed = !request.starts_with("#/") || self.version.is_at_least(6);
        if request == "#" || !is_allowed {
            return Search::Open;
        }
        let Some((package, package_json)) = self.nearest_package(directory) else {
            return Search::Open;
        };
        match &package_json.imports {
            Some(imports) => self.load_key(wanted, package, request, imports, true),
            None => Search::Open,
        }
    }

    /// A package that asks for itself by its name.
    pub(super) fn load_package_self(&self, wanted: Kinds, directory: Id, request: &str) -> Search {
        let Some(package) = self.nearest_package(directory) else {
            return Search::Open;
        };
        let (Some(exports), Some(name)) = (exports_of(&package), &package.1.name) else {
            return Search::Open;
        };
        let (request, name) = (segments(request), segments(name));
        let Some(rest) = request.strip_prefix(name.as_slice()) else {
            return Search::Open;
        };
        let subpath = if rest.is_empty() {
            ".".to_owned()
        } else {
            format!("./{}", rest.join("/"))
        };
        for pass in wanted.passes() {
            let search = self.load_exports(pass, package.0, exports, &subpath);
            if matches!(search, Search::Ended(_)) {
                return search;
            }
        }
        Search::Open
    }

    /// What a package exports under `.` or `./…`.
    pub(super) fn load_exports(&self, wanted: Kinds, package: Id, exports: &Target, subpath: &str) -> Search {
        let keys = match exports {
            Target::Object(keys) => keys.as_slice(),
            _ => &[],
        };
        if subpath != "." {
            let are_subpaths = keys.iter().all(|(key, _)| key.starts_with('.'));
            return if are_subpaths {
                self.load_key(wanted, package, subpath, keys, false)
            } else {
                Search::Open
            };
        }
        let main = match exports {
            Target::Object(keys) if keys.iter().any(|(key, _)| key.starts_with('.')) => {
                keys.iter().find(|(key, _)| **key == *".").map(|(_, target)| target)
            }
            Target::String(_) | Target::Array(_) | Target::Object(_) => Some(exports),
            Target::Null | Target::Other(_) => None,
        };
        let following = Following {
            wanted,
            package,
            is_imports: false,
            subpath: "",
            is_pattern: false,
        };
        match main.filter(|main| !is_falsy(main)) {
            Some(main) => self.load_target(&following, main),
            None => Search::Open,
        }
    }

    /// The target of the key that a name matches: the name itself, or else the most specific one.
    fn load_key(
        &self,
        wanted: Kinds,
        package: Id,
        name: &str,
        keys: &[(Box<str>, Target)],
        is_imports: bool,
    ) -> Search {
        let follow = |target, subpath: &str, is_pattern| {
            let following = Following {
                wanted,
                package,
                is_imports,
                subpath,
                is_pattern,
            };
            self.load_target(&following, target)
        };
        if !name.ends_with('/')
            && !name.contains('*')
            && let Some((_, target)) = keys.iter().find(|(key, _)| **key == *name)
        {
            return follow(target, "", false);
        }
        let matching = keys.iter().filter_map(|(key, target)| {
            let (subpath, is_pattern) = match_key(key, name)?;
            Some((key, target, subpath, is_pattern))
        });
        match matching.min_by(|(key_a, ..), (key_b, ..)| pattern_key_compare(key_a, key_b)) {
            Some((_, target, subpath, is_pattern)) => follow(target, subpath, is_pattern),
            None => Search::Open,
        }
    }

    fn load_target(&self, following: &Following<'_>, target: &Target) -> Search {
        if self.is_endless() {
            return Search::Ended(None);
        }
        match target {
            Target::String(target) => self.load_target_path(following, target).into(),
            Target::Object(conditions) => {
                let mut met = conditions.iter().filter(|(condition, _)| self.is_met(condition));
                self.load_first(following, &mut met.by_ref().map(|(_, target)| target))
            }
            Target::Array(targets) => self.load_first(following, &mut targets.iter()),
            // Since TypeScript 6, it forbids what follows, too.
            Target::Null if self.version.is_at_least(6) => Search::Ended(None),
            Target::Null | Target::Other(_) => Search::Open,
        }
    }

    fn load_first(&self, following: &Following<'_>, targets: &mut dyn Iterator<Item = &Target>) -> Search {
        for target in targets {
            let search = self.load_target(following, target);
            if matches!(search, Search::Ended(_)) {
                return search;
            }
        }
        Search::Open
    }

    fn load_target_path(&self, following: &Following<'_>, target: &str) -> Option<Id> {
        let Following {
            wanted,
            package,
            is_imports,
            subpath,
            is_pattern,
        } = *following;
        if !is_pattern && !subpath.is_empty() && !target.ends_with('/') {
            return None;
        }
        let path = if is_pattern {
            target.replace('*', subpath)
        } else {
            format!("{target}{subpath}")
        };
        let Some(below) = target.strip_prefix("./") else {
            let is_name = is_imports && !target.starts_with("../") && !target.starts_with(['/', '\\']);
            return is_name.then(|| self.load_request(wanted, package, &path))?;
        };
        if has_forbidden_segment(below) || has_forbidden_segment(subpath) {
            return None;
        }
        self.load_named_file(wanted, self.combine(package, &path).path)
    }

    fn is_met(&self, condition: &str) -> bool {
        if let Some(range) = condition.strip_prefix("types@") {
            return VersionRange::parse(range).is_some_and(|range| range.has(self.version));
        }
        matches!(condition, "default" | "types")
            || condition == self.mode
            || self.conditions.iter().any(|met| met == condition)
    }
}

/// The `exports` that count.
pub(super) fn exports_of((_, package_json): &Package) -> Option<&Target> {
    package_json.exports.as_ref().filter(|exports| !is_falsy(exports))
}

fn is_falsy(target: &Target) -> bool {
    match target {
        Target::Null => true,
        Target::String(text) => text.is_empty(),
        Target::Other(text) => **text == *"false" || text.parse() == Ok(0.0),
        Target::Array(_) | Target::Object(_) => false,
    }
}

/// What a key leaves of a name that it matches, and whether that stands for its `*`.
fn match_key<'a>(key: &str, name: &'a str) -> Option<(&'a str, bool)> {
    let stars = key.matches('*').count();
    if stars == 1
        && let Some((before, behind)) = key.split_once('*')
        && name.starts_with(before)
        && name.ends_with(behind)
    {
        // Where both parts of the key overlap in the name, TypeScript takes what they share.
        let (from, to) = (before.len(), name.len() - behind.len());
        return name.get(from.min(to)..from.max(to)).map(|star| (star, true));
    }
    let is_prefix = key.ends_with('/') || stars == 1;
    name.strip_prefix(key).filter(|_| is_prefix).map(|rest| (rest, false))
}

/// The segments of a name; a slash at its end leaves none.
fn segments(name: &str) -> Vec<&str> {
    let mut segments: Vec<&str> = name.split(['/', '\\']).collect();
    if segments.last() == Some(&"") {
        segments.pop();
    }
    segments
}

fn has_forbidden_segment(path: &str) -> bool {
    path.split(['/', '\\'])
        .any(|segment| matches!(segment, "." | ".." | "node_modules"))
}
