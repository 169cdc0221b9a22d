//! `LOAD_PACKAGE_EXPORTS`, `LOAD_PACKAGE_SELF` and `LOAD_PACKAGE_IMPORTS`, by Node's steps for targets.

use std::cell::{Cell, RefCell};

use super::options::FieldPath;
use super::request::is_directory_wanted;
use super::{Context, EnhancedResolver, Failure, Step};
use crate::cache::Id;
use crate::error::ResolveError;
use crate::exports::{TargetContext, package_exports_resolve, package_imports_resolve};
use crate::package_json::{PackageJson, Target};
use crate::path::AbsolutePath;
use crate::runtime::Policy;

impl EnhancedResolver<'_> {
    /// `LOAD_PACKAGE_EXPORTS(X, DIR)`: `None` where there are no `exports`.
    pub(super) fn load_package_exports(
        &self,
        package: Id,
        subpath: &str,
        package_json: &PackageJson,
        context: &mut Context,
    ) -> Step {
        for field in &self.options.exports_fields {
            let is_exports = matches!(field.as_slice(), [name] if name == "exports");
            let exports = if is_exports {
                package_json.exports.as_ref()
            } else {
                package_json.other(field).filter(|target| **target != Target::Null)
            };
            let Some(exports) = exports else { continue };
            let path = self.facts.path(package);
            let target = package_exports_resolve(&self.target_context(&path), &format!(".{subpath}"), exports)?;
            return self.resolve_esm_match(&target, context).map(Some);
        }
        Ok(None)
    }

    /// `LOAD_PACKAGE_SELF(X, DIR)`
    pub(super) fn load_package_self(&self, directory: Id, request: &str, context: &mut Context) -> Step {
        let Some((package, package_json)) = self.package_scope(directory)? else {
            return Ok(None);
        };
        let Some(subpath) = package_json
            .name
            .as_deref()
            .and_then(|name| request.strip_prefix(name))
            .filter(|rest| rest.is_empty() || rest.starts_with('/'))
        else {
            return Ok(None);
        };
        self.load_package_exports(package, subpath, &package_json, context)
    }

    /// `LOAD_PACKAGE_IMPORTS(X, DIR)`: `None` where there are no `imports`.
    pub(super) fn load_package_imports(&self, directory: Id, request: &str, context: &mut Context) -> Step {
        let Some((package, package_json)) = self.package_scope(directory)? else {
            return Ok(None);
        };
        let Some(imports) = self
            .options
            .imports_fields
            .iter()
            .find_map(|field| imports_of(&package_json, field))
        else {
            return Ok(None);
        };
        let path = self.facts.path(package);
        let (found_within, failure_within) = (Cell::new(None), Cell::new(None));
        let inner = RefCell::new(Context {
            depth: context.depth,
            followed: context.followed,
            ..Context::default()
        });
        let resolve_bare = |target: &str| {
            let found = match self.builtin(target) {
                Some(builtin) => Err(builtin),
                None => self.load_package(package, target, &mut inner.borrow_mut()),
            };
            let failure = match found {
                Ok(Some(found)) => {
                    found_within.set(Some(found));
                    return Ok(self.facts.path(found));
                }
                Ok(None) => Failure::NotFound,
                Err(failure) => failure,
            };
            failure_within.set(Some(failure));
            Err(ResolveError::ModuleNotFound)
        };
        let target_context = TargetContext {
            resolve_bare: Some(&resolve_bare),
            ..self.target_context(&path)
        };
        let target = package_imports_resolve(&target_context, request, imports, Some(true));
        let target = target.map_err(|error| match (error, failure_within.take()) {
            (ResolveError::ModuleNotFound, Some(failure)) => failure,
            (error, _) => Failure::Package(error),
        })?;
        let inner = inner.into_inner();
        context.depth = inner.depth;
        context.followed = inner.followed;
        if !inner.query.is_empty() {
            context.query = inner.query;
        }
        if !inner.fragment.is_empty() {
            context.fragment = inner.fragment;
        }
        match found_within.get() {
            Some(found) => Ok(Some(found)),
            None => self.resolve_esm_match(&target, context).map(Some),
        }
    }

    fn target_context<'a>(&'a self, package: &'a AbsolutePath) -> TargetContext<'a> {
        TargetContext {
            package,
            base: None,
            conditions: &self.options.condition_names,
            policy: Policy::Specification,
            is_url_wanted: false,
            resolve_bare: None,
        }
    }

    /// `RESOLVE_ESM_MATCH(MATCH)`. Tools look for extensions and directories behind a target, too, unless it has to be fully specified.
    fn resolve_esm_match(&self, target: &AbsolutePath, context: &mut Context) -> Result<Id, Failure> {
        let path = self.facts.id(target);
        match self.load_as_file_or_directory(path, is_directory_wanted(target.as_str()), context) {
            Ok(Some(found)) => Ok(found),
            Err(failure) if !failure.is_not_found() => Err(failure),
            Ok(None) | Err(_) => Err(Failure::Package(ResolveError::TargetNotFound {
                missing: target.as_str().to_owned(),
                package_json: None,
            })),
        }
    }
}

fn imports_of<'a>(package_json: &'a PackageJson, field: &FieldPath) -> Option<&'a [(Box<str>, Target)]> {
    if matches!(field.as_slice(), [name] if name == "imports") {
        return package_json.imports.as_deref();
    }
    match package_json.other(field) {
        Some(Target::Object(entries)) => Some(entries),
        _ => None,
    }
}
