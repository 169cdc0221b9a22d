//! The options as JavaScript hands them over.

use napi_derive::napi;

use std::path::PathBuf;

use crate::cache::Believe;
use crate::cache::snapshot::{SnapshotFile, Trust, default_directory};
use crate::fs::OsFileSystem;
use crate::path::AbsolutePath;
use crate::runtime::{Policy, ResolveOptions};

/// What `new Resolver()` takes; `lib/` fills in every field.
#[napi(object, object_to_js = false)]
pub struct JsResolveOptions {
    /// Conditions besides `default`.
    pub conditions: Vec<String>,
    /// The same for `import`; absent where nobody will ask for that.
    pub import_conditions: Option<Vec<String>>,
    /// Extensions to try, in order.
    pub extensions: Vec<String>,
    /// Fields of package.json that name the main file, in order.
    pub main_fields: Vec<String>,
    /// Whether links stay as they are.
    pub preserve_symlinks: bool,
    /// Absolute paths to look in after the `node_modules` directories.
    pub global_paths: Vec<String>,
    /// Whether `#/name` may be a key of `imports`.
    pub slash_imports: Option<bool>,
    /// Whether a package.json that can't be read is an error; absent where there is a Node to ask.
    pub unreadable_is_error: Option<bool>,
    /// Whether the caller has a Node to ask.
    pub ask_node: bool,
    /// Names that `require` takes without `node:`.
    pub builtins: Option<Vec<String>>,
    /// What is believed without a look: `turn`, `until-invalidated` or `nothing`.
    pub believe: String,
    /// The snapshot; none if nothing is to be read and written.
    pub snapshot: Option<JsSnapshotOptions>,
}

/// The snapshot of the running Node's own options.
#[napi(object, object_to_js = false)]
pub struct JsSnapshotOptions {
    /// The absolute path of its directory, where somebody chose one.
    pub directory: Option<String>,
    /// Elsewhere: the directory of the program, from which the usual place is looked for.
    pub start: Option<String>,
    /// The user's cache directory.
    pub user_cache: Option<String>,
    /// The program that it belongs to.
    pub program: String,
    /// Whether these are the options that the program began with.
    pub is_first: bool,
    /// The version of Node, and for what it is made.
    pub node: String,
    /// `NODE_PATH`
    pub node_path: Option<String>,
    /// `HOME`
    pub home: Option<String>,
    /// What of it is believed without looking: all of it (`1`), what package managers have installed (`install`), or nothing.
    pub trust: Option<String>,
}

impl JsSnapshotOptions {
    /// Where it lies, and what it is for; none where there is no place for it.
    fn file(&self, options: &JsResolveOptions) -> Option<SnapshotFile> {
        let directory = match &self.directory {
            Some(directory) => PathBuf::from(directory),
            None => default_directory(
                &OsFileSystem,
                &AbsolutePath::new(self.start.as_deref()?)?,
                self.user_cache.as_deref(),
            )?,
        };
        let trust = match self.trust.as_deref() {
            Some("1") => Trust::Everything,
            Some("install") => Trust::Installation,
            _ => Trust::Nothing,
        };
        let file = SnapshotFile::new(directory, &self.program, &self.key(options), trust);
        Some(if self.is_first { file } else { file.of_later_options() })
    }

    /// Everything that answers depend on, besides the disk, the addon and the user.
    fn key(&self, options: &JsResolveOptions) -> String {
        [
            format!("{} {}", self.node, options.preserve_symlinks),
            options.conditions.join(" "),
            options.extensions.join("\0"),
            options.global_paths.join("\0"),
            format!("{:?}", self.node_path),
            format!("{:?}", self.home),
        ]
        .join("\n")
    }
}

impl JsResolveOptions {
    /// Where its snapshot lies, if it has one.
    pub(super) fn file(&self) -> Option<SnapshotFile> {
        self.snapshot.as_ref()?.file(self)
    }

    pub(super) fn believe(&self) -> napi::Result<Believe> {
        parse_believe(&self.believe)
    }
}

/// The option of this name.
pub(super) fn parse_believe(name: &str) -> napi::Result<Believe> {
    match name {
        "turn" => Ok(Believe::Turn),
        "until-invalidated" => Ok(Believe::UntilInvalidated),
        "nothing" => Ok(Believe::Nothing),
        other => Err(napi::Error::from_reason(format!("not to be believed: {other}"))),
    }
}

impl TryFrom<JsResolveOptions> for ResolveOptions {
    type Error = napi::Error;

    fn try_from(options: JsResolveOptions) -> napi::Result<Self> {
        let global_paths = options.global_paths.iter().map(|path| {
            AbsolutePath::new(path).ok_or_else(|| napi::Error::from_reason(format!("not an absolute path: {path}")))
        });
        if let Some(extension) = options
            .extensions
            .iter()
            .find(|extension| extension.contains(['/', '\0']))
        {
            return Err(napi::Error::from_reason(format!("not an extension: {extension}")));
        }
        Ok(Self {
            global_paths: global_paths.collect::<napi::Result<_>>()?,
            conditions: options.conditions,
            import_conditions: options.import_conditions.unwrap_or_default(),
            extensions: options.extensions,
            main_fields: options.main_fields,
            preserve_symlinks: options.preserve_symlinks,
            slash_imports: options.slash_imports,
            unreadable_is_error: options.unreadable_is_error.unwrap_or(false),
            policy: if options.ask_node {
                Policy::AskNode
            } else {
                Policy::Specification
            },
            builtins: options.builtins.map(|names| names.into_iter().collect()),
        })
    }
}
