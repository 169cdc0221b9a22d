//! `alias` and `fallback`: requests that are replaced by others.

use super::options::{Alias, AliasPattern, AliasValue};
use super::{Context, EnhancedResolver, Failure, Step};
use crate::cache::Id;
use crate::fs::EntryType;
use crate::path::AbsolutePath;

/// What of a request an alias matches.
struct Match<'a> {
    /// What stands for the `*` of its name, if there is one.
    wildcard: Option<&'a str>,
    /// What follows its name.
    tail: &'a str,
}

impl Alias {
    /// Whether a request may match, by how it begins: most do not.
    fn may_match(&self, request: &str) -> bool {
        let beginning = match &self.pattern {
            AliasPattern::Exact | AliasPattern::Prefix => &self.name,
            AliasPattern::Wildcard(before, _) => before,
        };
        beginning.is_empty() || beginning.as_bytes().first() == request.as_bytes().first()
    }

    fn find<'a>(&self, request: &'a str) -> Option<Match<'a>> {
        let wildcard = match &self.pattern {
            AliasPattern::Exact if request == self.name => None,
            AliasPattern::Exact => return None,
            AliasPattern::Prefix => {
                let tail = request.strip_prefix(self.name.as_str())?;
                let is_match = tail.is_empty() || tail.starts_with('/');
                return is_match.then_some(Match { wildcard: None, tail });
            }
            AliasPattern::Wildcard(before, after) => {
                Some(request.strip_prefix(before.as_str())?.strip_suffix(after.as_str())?)
            }
        };
        Some(Match { wildcard, tail: "" })
    }
}

impl EnhancedResolver<'_> {
    /// The first alias that matches is the answer: where none of its values leads anywhere, nothing does.
    pub(super) fn load_alias(&self, directory: Id, request: &str, aliases: &[Alias], context: &mut Context) -> Step {
        for alias in aliases.iter().filter(|alias| alias.may_match(request)) {
            let Some(found) = alias.find(request) else { continue };
            let mut was_tried = false;
            for value in &alias.values {
                let AliasValue::Request(value) = value else {
                    let path = self.facts.resolve(directory, request);
                    return Err(Failure::Ignored(self.facts.path(path).into_string()));
                };
                let Some(replaced) = self.replace(request, value, &found) else {
                    continue;
                };
                was_tried = true;
                if let Some(found) = self.try_alias(directory, &replaced, context)? {
                    return Ok(Some(found));
                }
            }
            if was_tried {
                return Err(Failure::AliasNotFound {
                    alias: alias.name.clone(),
                });
            }
        }
        Ok(None)
    }

    fn try_alias(&self, directory: Id, replaced: &str, context: &mut Context) -> Step {
        let before = context.clone();
        context.is_fully_specified = false;
        let found = self.require(directory, replaced, context);
        context.is_fully_specified = before.is_fully_specified;
        match found {
            Ok(found) => Ok(Some(found)),
            Err(failure) if failure.is_not_found() => {
                // What was not found leaves nothing behind but that it was looked for.
                *context = Context {
                    followed: context.followed,
                    ..before
                };
                Ok(None)
            }
            Err(failure) => Err(failure),
        }
    }

    /// The request that takes the place of another; `None` where the alias has been followed already, or names a file, behind
    /// which nothing can follow.
    fn replace(&self, request: &str, value: &str, found: &Match<'_>) -> Option<String> {
        if let Some(wildcard) = found.wildcard {
            let replaced = value.replacen('*', wildcard, 1);
            return (replaced != request).then_some(replaced);
        }
        let is_followed = request
            .strip_prefix(value)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if is_followed {
            return None;
        }
        let tail = found.tail.trim_end_matches('/');
        if !tail.is_empty() && self.is_path_of_file(value) {
            return None;
        }
        Some(format!("{value}{tail}"))
    }

    fn is_path_of_file(&self, value: &str) -> bool {
        AbsolutePath::new(value)
            .is_some_and(|path| self.facts.entry_type(self.facts.id(&path)) == Some(EntryType::File))
    }
}
