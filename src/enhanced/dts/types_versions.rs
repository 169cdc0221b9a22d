//! `typesVersions`: other paths for some versions of TypeScript.

use super::extensions::has_known_extension;
use super::{Candidate, DtsResolver, Search};
use crate::cache::Id;
use crate::enhanced::version::VersionRange;
use crate::package_json::{PackageJson, Target};

/// Patterns, and the paths that stand for what they match.
pub(super) type Paths<'a> = &'a [(Box<str>, Target)];

impl DtsResolver<'_> {
    /// The paths for this version of TypeScript: those of the first range that it lies in.
    pub(super) fn version_paths<'a>(&self, package_json: &'a PackageJson) -> Option<Paths<'a>> {
        let Target::Object(versions) = package_json.field("typesVersions")? else {
            return None;
        };
        let is_meant = |range: &str| VersionRange::parse(range).is_some_and(|range| range.has(self.version));
        match versions.iter().find(|(range, _)| is_meant(range)) {
            Some((_, Target::Object(paths))) => Some(paths),
            _ => None,
        }
    }

    /// What a name leads to. Where it matches a pattern, that decides, whether there is a file or not.
    pub(super) fn load_mapped(
        &self,
        directory: Id,
        name: &str,
        paths: Paths<'_>,
        load: &dyn Fn(Candidate) -> Option<Id>,
    ) -> Search {
        let Some((targets, star)) = find_pattern(paths, name) else {
            return Search::Open;
        };
        let Target::Array(targets) = targets else {
            return Search::Ended(None);
        };
        let texts = targets.iter().filter_map(|target| match target {
            Target::String(text) => Some(&**text),
            _ => None,
        });
        let mut found = texts.filter_map(|text| {
            let path = match star {
                // A `*` that stands for nothing stays one in TypeScript.
                "" => text.to_owned(),
                star => text.replacen('*', star, 1),
            };
            let candidate = self.combine(directory, &path);
            if has_known_extension(text) && !candidate.is_directory && self.is_file(candidate.path) {
                return Some(candidate.path);
            }
            load(candidate)
        });
        Search::Ended(found.next())
    }
}

/// The targets of the pattern that matches a name, and what its `*` stands for. A name without one comes first, then the longest before
/// its `*`.
fn find_pattern<'a, 'b>(paths: Paths<'a>, name: &'b str) -> Option<(&'a Target, &'b str)> {
    if !name.contains('*')
        && let Some((_, targets)) = paths.iter().find(|(pattern, _)| **pattern == *name)
    {
        return Some((targets, ""));
    }
    let mut longest: Option<(usize, &Target, &str)> = None;
    for (pattern, targets) in paths {
        let Some((before, behind)) = pattern.split_once('*').filter(|(_, behind)| !behind.contains('*')) else {
            continue;
        };
        let star = name.strip_prefix(before).and_then(|rest| rest.strip_suffix(behind));
        if let Some(star) = star
            && longest.is_none_or(|(length, ..)| before.len() > length)
        {
            longest = Some((before.len(), targets, star));
        }
    }
    longest.map(|(_, targets, star)| (targets, star))
}
