//! `compilerOptions`, as far as a resolver needs them.

use super::layer::{Layer, Setting};
use super::paths::Paths;
use crate::path::AbsolutePath;

/// The options, after inheritance. Those that are not set, are `null` or have the wrong type are `None` or empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CompilerOptions {
    /// `baseUrl`
    pub base_url: Option<AbsolutePath>,
    /// `rootDirs`
    pub root_dirs: Vec<AbsolutePath>,
    /// `typeRoots`; an empty list is not the same as none.
    pub type_roots: Option<Vec<AbsolutePath>>,
    /// `types`; an empty list is not the same as none.
    pub types: Option<Vec<String>>,
    /// `moduleSuffixes`; an empty suffix is one, too.
    pub module_suffixes: Vec<String>,
    /// `customConditions`
    pub custom_conditions: Vec<String>,
    /// `preserveSymlinks`
    pub preserve_symlinks: Option<bool>,
    /// `allowJs`, or `checkJs` where that is not set; `true` in a jsconfig.json that says neither.
    pub allow_js: bool,
    /// `resolveJsonModule`; what TypeScript takes where it is not set depends on other options.
    pub resolve_json_module: Option<bool>,
    /// `outDir`
    pub out_dir: Option<AbsolutePath>,
    /// `declarationDir`
    pub declaration_dir: Option<AbsolutePath>,
    pub(super) paths: Option<Paths>,
}

impl CompilerOptions {
    /// `leaf` is the directory of the config that is loaded.
    pub(super) fn of(layer: &Layer, leaf: &AbsolutePath) -> Self {
        let boolean = |name| layer.option(name)?.value().as_bool();
        let path = |name| {
            let setting = layer.option(name)?;
            Some(setting.place(setting.value().as_str()?, leaf))
        };
        let paths = |name| {
            let setting = layer.option(name)?;
            Some(
                setting
                    .value()
                    .strings()?
                    .map(|text| setting.place(text, leaf))
                    .collect(),
            )
        };
        let base_url = path("baseUrl");
        Self {
            root_dirs: paths("rootDirs").unwrap_or_default(),
            type_roots: paths("typeRoots"),
            types: layer.option("types").and_then(names),
            module_suffixes: layer.option("moduleSuffixes").and_then(texts).unwrap_or_default(),
            custom_conditions: layer.option("customConditions").and_then(names).unwrap_or_default(),
            preserve_symlinks: boolean("preserveSymlinks"),
            allow_js: boolean("allowJs").or_else(|| boolean("checkJs")).unwrap_or(false),
            resolve_json_module: boolean("resolveJsonModule"),
            out_dir: path("outDir"),
            declaration_dir: path("declarationDir"),
            paths: layer
                .option("paths")
                .and_then(|setting| Paths::of(setting, base_url.as_ref(), leaf)),
            base_url,
        }
    }
}

fn texts(setting: &Setting) -> Option<Vec<String>> {
    Some(setting.value().strings()?.map(str::to_owned).collect())
}

/// Texts that are not empty.
fn names(setting: &Setting) -> Option<Vec<String>> {
    let mut names = texts(setting)?;
    names.retain(|name| !name.is_empty());
    Some(names)
}
