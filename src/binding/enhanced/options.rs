//! The options of a resolver for tools, as `lib/` has validated them.

use napi_derive::napi;

use crate::enhanced::{Alias, AliasValue, ConfigChoice, DeclarationOptions, EnhancedOptions, Modules, Version};
use crate::path::AbsolutePath;
use crate::tsconfig::References;

/// What `new EnhancedResolver()` takes; `lib/` fills in every field.
#[napi(object, object_to_js = false)]
#[expect(clippy::struct_excessive_bools, reason = "they are the field's options")]
pub struct JsEnhancedOptions {
    /// Names and what stands for them; a value that is absent is an empty module.
    pub alias: Vec<JsAlias>,
    /// The same, where nothing was found.
    pub fallback: Vec<JsAlias>,
    /// Ways to fields.
    pub alias_fields: Vec<Vec<String>>,
    /// Conditions besides `default`.
    pub condition_names: Vec<String>,
    /// Extensions to try, in order.
    pub extensions: Vec<String>,
    /// Extensions, and behind each those that stand for it.
    pub extension_alias: Vec<Vec<String>>,
    /// Whether a file needs an extension.
    pub enforce_extension: bool,
    /// Whether requests are complete.
    pub fully_specified: bool,
    /// Ways to fields.
    pub main_fields: Vec<Vec<String>>,
    /// Names of files.
    pub main_files: Vec<String>,
    /// Whether these may have their extension.
    pub are_main_files_complete: bool,
    /// Ways to fields.
    pub exports_fields: Vec<Vec<String>>,
    /// Ways to fields.
    pub imports_fields: Vec<Vec<String>>,
    /// Groups of names, or an absolute path alone.
    pub modules: Vec<Vec<String>>,
    /// Absolute paths.
    pub roots: Vec<String>,
    /// Absolute paths.
    pub restrictions: Vec<String>,
    /// Whether a directory is wanted.
    pub resolve_to_context: bool,
    /// Whether names are relative first.
    pub prefer_relative: bool,
    /// Whether absolute paths are absolute first.
    pub prefer_absolute: bool,
    /// Whether links are followed.
    pub symlinks: bool,
    /// Whether the type is told.
    pub module_type: bool,
    /// Whether `exports` count for directories.
    pub allow_package_exports_in_directory_resolve: bool,
    /// Names of core modules; absent where they are names like others.
    pub builtin_modules: Option<Vec<String>>,
    /// Whether Yarn's Plug'n'Play counts.
    pub yarn_pnp: bool,
    /// The absolute path of a tsconfig.json or of its directory; empty for the nearest one.
    pub tsconfig: Option<String>,
    /// Whether the references of a given one count.
    pub tsconfig_references: bool,
    /// What counts for declarations alone.
    pub declarations: JsDeclarationOptions,
    /// `turn`, `until-invalidated` or `nothing`.
    pub believe: String,
}

/// What counts for declarations alone.
#[napi(object, object_to_js = false)]
pub struct JsDeclarationOptions {
    /// As in `major.minor.patch`.
    pub typescript_version: String,
    /// Whether a JSON file is an answer.
    pub resolve_json_module: bool,
    /// Groups of names, or an absolute path alone.
    pub modules: Vec<Vec<String>>,
}

/// A name and what stands for it.
#[napi(object, object_to_js = false)]
pub struct JsAlias {
    /// Without the `$` of an exact one.
    pub name: String,
    /// Whether it has to be the whole request.
    pub is_exact: bool,
    /// In order; an empty text is an empty module.
    pub values: Vec<String>,
}

impl From<JsAlias> for Alias {
    fn from(JsAlias { name, is_exact, values }: JsAlias) -> Self {
        let value = |text: String| {
            if text.is_empty() {
                AliasValue::Ignore
            } else {
                AliasValue::Request(text)
            }
        };
        Self::new(name, is_exact, values.into_iter().map(value).collect())
    }
}

fn absolute(paths: &[String]) -> napi::Result<Vec<AbsolutePath>> {
    let paths = paths.iter().map(|path| {
        AbsolutePath::new(path).ok_or_else(|| napi::Error::from_reason(format!("not an absolute path: {path}")))
    });
    paths.collect()
}

fn modules(group: Vec<String>) -> Modules {
    match group.as_slice() {
        [path] if path.starts_with('/') => AbsolutePath::new(path).map(Modules::Directory),
        _ => None,
    }
    .unwrap_or(Modules::Hierarchical(group))
}

impl TryFrom<JsEnhancedOptions> for EnhancedOptions {
    type Error = napi::Error;

    fn try_from(options: JsEnhancedOptions) -> napi::Result<Self> {
        let extension_alias = options.extension_alias.into_iter().filter_map(|names| {
            let (extension, others) = names.split_first()?;
            Some((extension.clone(), others.to_vec()))
        });
        let references = if options.tsconfig_references {
            References::Auto
        } else {
            References::None
        };
        let tsconfig = options.tsconfig.map(|path| {
            if path.is_empty() {
                return Ok(ConfigChoice::Auto);
            }
            let path = absolute(&[path])?.pop();
            path.map(|path| ConfigChoice::Given(path, references))
                .ok_or_else(|| napi::Error::from_reason("there is no path"))
        });
        Ok(Self {
            alias: options.alias.into_iter().map(Alias::from).collect(),
            fallback: options.fallback.into_iter().map(Alias::from).collect(),
            alias_fields: options.alias_fields,
            condition_names: options.condition_names,
            extensions: options.extensions,
            extension_alias: extension_alias.collect(),
            enforce_extension: options.enforce_extension,
            fully_specified: options.fully_specified,
            main_fields: options.main_fields,
            main_files: options.main_files,
            are_main_files_complete: options.are_main_files_complete,
            exports_fields: options.exports_fields,
            imports_fields: options.imports_fields,
            modules: options.modules.into_iter().map(modules).collect(),
            roots: absolute(&options.roots)?,
            restrictions: absolute(&options.restrictions)?,
            resolve_to_context: options.resolve_to_context,
            prefer_relative: options.prefer_relative,
            prefer_absolute: options.prefer_absolute,
            symlinks: options.symlinks,
            module_type: options.module_type,
            allow_package_exports_in_directory_resolve: options.allow_package_exports_in_directory_resolve,
            yarn_pnp: options.yarn_pnp,
            tsconfig: tsconfig.transpose()?,
            builtin_modules: options.builtin_modules.map(|names| names.into_iter().collect()),
            declarations: DeclarationOptions::try_from(options.declarations)?,
        })
    }
}

impl TryFrom<JsDeclarationOptions> for DeclarationOptions {
    type Error = napi::Error;

    fn try_from(options: JsDeclarationOptions) -> napi::Result<Self> {
        let version = Version::parse(&options.typescript_version);
        Ok(Self {
            typescript_version: version.ok_or_else(|| napi::Error::from_reason("not a version"))?,
            resolve_json_module: options.resolve_json_module,
            modules: options.modules.into_iter().map(modules).collect(),
        })
    }
}
