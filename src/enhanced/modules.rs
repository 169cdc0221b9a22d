//! `LOAD_PACKAGE_SELF` and `LOAD_NODE_MODULES`: where packages are looked for.

use super::options::Modules;
use super::request::{is_directory_wanted, split_package_name};
use super::{Context, EnhancedResolver, Step};
use crate::cache::Id;

impl EnhancedResolver<'_> {
    /// What a bare name leads to.
    pub(super) fn load_package(&self, directory: Id, request: &str, context: &mut Context) -> Step {
        let (name, subpath) = split_package_name(request);
        let is_fully_specified = context.is_fully_specified;
        // The main file of a package is found in any case.
        context.is_fully_specified &= !subpath.is_empty();
        // LOAD_PACKAGE_SELF(X, dirname(Y))
        let found = match self.load_package_self(directory, request, context)? {
            None => self.load_alias_field_of_request(directory, request, context)?,
            found => found,
        };
        // LOAD_NODE_MODULES(X, dirname(Y))
        let found = match found {
            None => self.load_node_modules(directory, request, name, subpath, context)?,
            found => found,
        };
        context.is_fully_specified = is_fully_specified;
        Ok(found)
    }

    /// `LOAD_NODE_MODULES(X, START)`
    fn load_node_modules(&self, start: Id, request: &str, name: &str, subpath: &str, context: &mut Context) -> Step {
        if let Some(found) = self.load_from_pnp(start, request, context) {
            return found;
        }
        for directory in self.module_directories(start) {
            if !self.is_directory(directory) {
                continue;
            }
            match self.load_from_directory(directory, request, name, subpath, context) {
                Ok(None) => {}
                // What stands for it there is not there; another package may have it.
                // But a file whose extension is replaced by others that are not there ends the search.
                Err(failure) if failure.is_not_found() && !failure.is_replaced_in_vain() => {}
                other => return other,
            }
        }
        Ok(None)
    }

    /// `NODE_MODULES_PATHS(START)`, by the names and directories of `modules`.
    fn module_directories(&self, start: Id) -> impl Iterator<Item = Id> {
        self.options.modules.iter().flat_map(move |modules| {
            let (fixed, names) = match modules {
                Modules::Directory(path) => (Some(self.facts.id(path)), None),
                Modules::Hierarchical(names) => (None, Some(names)),
            };
            let above = self.facts.ancestors(start);
            let hierarchical = names.into_iter().flat_map(move |names| {
                above.clone().flat_map(move |above| {
                    names.iter().map(move |name| {
                        if self.facts.is_named(above, name) {
                            above
                        } else {
                            self.facts.resolve(above, name)
                        }
                    })
                })
            });
            fixed.into_iter().chain(hierarchical)
        })
    }

    /// What a request leads to in a directory of packages.
    fn load_from_directory(
        &self,
        directory: Id,
        request: &str,
        name: &str,
        subpath: &str,
        context: &mut Context,
    ) -> Step {
        let package = self.facts.resolve(directory, name);
        let is_package = self.is_directory(package);
        if is_package
            && let Some(package_json) = self.package_json(package)?
            // LOAD_PACKAGE_EXPORTS(X, DIR)
            && let Some(found) = self.load_package_exports(package, subpath, &package_json, context)?
        {
            return Ok(Some(found));
        }
        if !is_package && !subpath.is_empty() {
            return Ok(None);
        }
        let path = self.facts.resolve(directory, request);
        if !self.options.resolve_to_context
            && self.is_directory(path)
            && let Some(found) = self.load_replacement(path, context)?
        {
            return Ok(Some(found));
        }
        // LOAD_AS_FILE(DIR/X), LOAD_AS_DIRECTORY(DIR/X)
        self.load_as_file_or_directory(path, is_directory_wanted(request), context)
    }
}
