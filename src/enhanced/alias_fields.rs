//! `aliasFields`: fields of package.json, such as `browser`, that replace files of the package and requests of its modules.

use super::{Context, EnhancedResolver, Failure, Step};
use crate::cache::Id;
use crate::package_json::{PackageJson, Target};

/// What a field replaces.
#[derive(Clone, Copy)]
enum Replaced<'a> {
    /// The request of a module.
    Request(&'a str),
    /// A file.
    Path(Id),
}

impl EnhancedResolver<'_> {
    /// A request of a module in a directory, as the fields of its package replace it.
    pub(super) fn load_alias_field_of_request(&self, directory: Id, request: &str, context: &mut Context) -> Step {
        self.load_alias_field(directory, Replaced::Request(request), context)
    }

    /// A file, as the fields of its package replace it.
    pub(super) fn load_alias_field_of_path(&self, path: Id, context: &mut Context) -> Step {
        match self.facts.parent(path) {
            Some(directory) => self.load_alias_field(directory, Replaced::Path(path), context),
            None => Ok(None),
        }
    }

    fn load_alias_field(&self, directory: Id, replaced: Replaced<'_>, context: &mut Context) -> Step {
        if self.options.alias_fields.is_empty() {
            return Ok(None);
        }
        let Some((package, package_json)) = self.description_file(directory)? else {
            return Ok(None);
        };
        let is_meant = |text: &str| match replaced {
            Replaced::Request(request) => text == request,
            Replaced::Path(path) => self.facts.resolve(package, text) == path,
        };
        let Some(value) = self
            .entries(&package_json)
            .find_map(|(key, value)| is_meant(key).then_some(value))
        else {
            return Ok(None);
        };
        let request = match value {
            // What stands for itself is meant as it is.
            Target::String(text) if is_meant(text) => return Ok(None),
            Target::String(text) => text,
            Target::Other(text) if **text == *"false" => {
                let path = match replaced {
                    Replaced::Request(request) => self.facts.resolve(package, request),
                    Replaced::Path(path) => path,
                };
                return Err(Failure::Ignored(self.facts.path(path).into_string()));
            }
            _ => return Ok(None),
        };
        let is_fully_specified = std::mem::replace(&mut context.is_fully_specified, false);
        let found = self.require(package, request, context);
        context.is_fully_specified = is_fully_specified;
        found.map(Some)
    }

    /// What the fields say; the earlier ones count first.
    fn entries<'a>(&'a self, package_json: &'a PackageJson) -> impl Iterator<Item = (&'a str, &'a Target)> {
        let fields = self.options.alias_fields.iter();
        let objects = fields.filter_map(|path| match package_json.other(path) {
            Some(Target::Object(entries)) => Some(entries),
            _ => None,
        });
        objects.flatten().map(|(key, value)| (&**key, value))
    }
}
