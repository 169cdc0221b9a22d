//! Resolution for tools, as JavaScript asks for it. An answer is a string and some numbers, since an object takes longer to hand over than
//! to find: a path with its query, or the facts of a failure as JSON; and what is in [`at`].

use std::cell::RefCell;
use std::ptr;
use std::sync::Arc;

use napi::bindgen_prelude::{AsyncTask, External, FromNapiValue, Object, ToNapiValue, Uint32Array};
use napi::{Callback, Env, JsError, Task, check_status, sys};
use napi_derive::napi;
use once_cell::sync::OnceCell;
use serde_json::{Map, Value, json};

use super::failure::JsResolveFailure;
use super::options::parse_believe;
use super::{Numbers, Text, TextOut};
use crate::cache::new_memory;
use crate::enhanced::{
    Alias, AliasValue, ConfigChoice, DeclarationOptions, EnhancedAnswer, EnhancedOptions, EnhancedQuestion, Failure,
    FoundFile, Modules, RememberingEnhancedResolver, Version, Wanted,
};
use crate::fs::{ArchiveFileSystem, FileSystem, OsFileSystem};
use crate::path::AbsolutePath;
use crate::tsconfig::References;

/// Where the numbers of a call stand; `lib/tools/outcome.js` has the same.
mod at {
    /// Of the question: the resolver, the directory that asks, the turn, whether declarations are wanted, and the number of the answer
    /// that this one takes the place of.
    pub const RESOLVER: usize = 0;
    pub const DIRECTORY: usize = 1;
    pub const TURN: usize = 2;
    pub const DECLARATIONS: usize = 3;
    pub const EARLIER: usize = 4;
    /// Where those of the answer begin: its number, its kind, and how many UTF-16 units of the path are the directory of its package,
    /// and of the text are the query.
    pub const ANSWER: usize = 5;
}

/// How many numbers an answer has.
const NUMBERS_OF_ANSWER: usize = 4;

/// What an answer is: a failure, or a file, whose module type may be known.
mod kind {
    pub const FAILURE: u32 = 0;
    pub const FILE: u32 = 1;
    pub const MODULE: u32 = 2;
    pub const COMMONJS: u32 = 3;
    pub const JSON: u32 = 4;
    pub const WASM: u32 = 5;
    pub const ADDON: u32 = 6;
}

/// In place of a number, where nothing is believed; and of a length, where there is no package.
const NO_NUMBER: u32 = u32::MAX;

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

thread_local! {
    /// The resolvers of this thread, by number, as in `super`.
    static RESOLVERS: RefCell<Vec<Option<Arc<RememberingEnhancedResolver>>>> = const { RefCell::new(Vec::new()) };
}

/// The disk, and what lies in archives on it. They are read for all resolvers alike.
fn archives() -> &'static ArchiveFileSystem<OsFileSystem> {
    static ARCHIVES: OnceCell<ArchiveFileSystem<OsFileSystem>> = OnceCell::new();
    ARCHIVES.get_or_init(|| ArchiveFileSystem::new(OsFileSystem))
}

fn resolver_of(number: u32) -> napi::Result<Arc<RememberingEnhancedResolver>> {
    let found = RESOLVERS.with_borrow(|resolvers| resolvers.get(number as usize).cloned().flatten());
    found.ok_or_else(|| napi::Error::from_reason("there is no such resolver"))
}

/// A resolver that is forgotten with the object that JavaScript has for it.
pub struct Kept(u32);

impl Drop for Kept {
    fn drop(&mut self) {
        // At the end of the thread, all of them may be gone.
        let _ = RESOLVERS.try_with(|resolvers| {
            let mut resolvers = resolvers.try_borrow_mut().ok()?;
            resolvers.get_mut(self.0 as usize)?.take()
        });
    }
}

/// The functions below. Most programs have no use for them, and each would take its time when the addon is loaded.
///
/// # Errors
/// Those of Node-API.
#[napi(catch_unwind)]
pub fn enhanced(env: Env) -> napi::Result<Object<'static>> {
    let functions: [(&str, Callback); 8] = [
        ("create", enhanced_create_c_callback),
        ("directory", enhanced_directory_c_callback),
        ("resolve", resolve),
        ("resolveMany", enhanced_resolve_many_c_callback),
        ("resolveManyInThread", enhanced_resolve_many_in_thread_c_callback),
        ("resolveWatched", enhanced_resolve_watched_c_callback),
        ("holds", enhanced_holds_c_callback),
        ("forgetDirectories", enhanced_forget_directories_c_callback),
    ];
    let mut object = Object::new(&env)?;
    for (name, callback) in functions {
        object.set(name, env.create_function::<(), ()>(name, callback)?)?;
    }
    Ok(object)
}

/// A resolver, with the options as `lib/` has validated them; the number to call the functions below with, and what keeps it.
///
/// # Errors
/// An option that `lib/` should not have let through.
#[napi(catch_unwind, no_export)]
pub fn enhanced_create(options: JsEnhancedOptions) -> napi::Result<(u32, External<Kept>)> {
    let believe = parse_believe(&options.believe)?;
    let options = EnhancedOptions::try_from(options)?;
    let file_system: &'static dyn FileSystem = if options.yarn_pnp { archives() } else { &OsFileSystem };
    let memory = new_memory(file_system, &options.package_fields(), believe, None);
    let resolver = Some(Arc::new(RememberingEnhancedResolver::new(options, memory)));
    let number = RESOLVERS.with_borrow_mut(|resolvers| {
        let free = resolvers.iter().position(Option::is_none).unwrap_or(resolvers.len());
        match resolvers.get_mut(free) {
            Some(place) => *place = resolver,
            None => resolvers.push(resolver),
        }
        u32::try_from(free).unwrap_or(u32::MAX)
    });
    Ok((number, External::new(Kept(number))))
}

/// Numbers a directory that asks; null if it is not absolute.
///
/// # Errors
/// There is no such resolver.
#[napi(catch_unwind, no_export)]
pub fn enhanced_directory(resolver: u32, directory: Text) -> napi::Result<Option<u32>> {
    let resolver = resolver_of(resolver)?;
    Ok(resolver.memory().enter_directory(directory.as_str()))
}

/// `resolve(numbers, request, file, excluded)`: what a request leads to, in a turn; or where its declarations are. The last two may be left
/// out.
///
/// It is no function of `#[napi]`, which would take another third of the time for keeping account of what it borrows from JavaScript.
unsafe extern "C" fn resolve(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    // SAFETY: `env` and `info` are what Node-API has called this with.
    let answer = std::panic::catch_unwind(|| unsafe { try_to_resolve(env, info) });
    let answer = answer.unwrap_or_else(|_| Err(napi::Error::from_reason("the resolver has failed")));
    answer.unwrap_or_else(|error| {
        // SAFETY: as above.
        unsafe { JsError::from(error).throw_into(env) };
        ptr::null_mut()
    })
}

/// # Safety
/// `env` and `info` are those of a call by Node-API.
unsafe fn try_to_resolve(env: sys::napi_env, info: sys::napi_callback_info) -> napi::Result<sys::napi_value> {
    let mut arguments = [ptr::null_mut(); 4];
    let mut count = arguments.len();
    // SAFETY: there is room for so many arguments; those that were not given are undefined.
    check_status!(unsafe {
        sys::napi_get_cb_info(
            env,
            info,
            &raw mut count,
            arguments.as_mut_ptr(),
            ptr::null_mut(),
            ptr::null_mut(),
        )
    })?;
    let [numbers, request, file, excluded] = arguments;
    // SAFETY: they are values of this call.
    let (mut numbers, request) = unsafe {
        (
            Numbers::from_napi_value(env, numbers)?,
            Text::from_napi_value(env, request)?,
        )
    };
    let (mut of_file, mut all_excluded): (Option<String>, Option<Vec<String>>) = (None, None);
    if count > 2 {
        // SAFETY: as above.
        unsafe {
            of_file = FromNapiValue::from_napi_value(env, file)?;
            all_excluded = FromNapiValue::from_napi_value(env, excluded)?;
        }
    }
    let resolver = resolver_of(numbers.get(at::RESOLVER))?;
    let answer = resolver.resolve(&EnhancedQuestion {
        request: request.as_str(),
        wanted: if numbers.get(at::DECLARATIONS) == 0 {
            Wanted::File
        } else {
            Wanted::Declarations
        },
        directory: numbers.get(at::DIRECTORY),
        file: of_file.as_deref(),
        turn: numbers.get(at::TURN),
        excluded: all_excluded.as_deref().unwrap_or_default(),
        earlier: Some(numbers.get(at::EARLIER)).filter(|number| *number != NO_NUMBER),
    });
    let (text, of_answer) = describe(answer);
    numbers.set(at::ANSWER, &of_answer);
    // SAFETY: `env` is that of the call.
    unsafe { TextOut::to_napi_value(env, TextOut(text)) }
}

/// Several answers.
#[napi(object, object_from_js = false)]
pub struct JsAnswers {
    /// Their texts, with a NUL between them.
    pub text: String,
    /// Their numbers, one behind the other.
    pub numbers: Uint32Array,
}

/// The same of many, which stand behind one another with a NUL between them.
///
/// # Errors
/// There is no such resolver.
#[napi(catch_unwind, no_export)]
pub fn enhanced_resolve_many(
    resolver: u32,
    directories: Uint32Array,
    requests: String,
    turn: u32,
) -> napi::Result<JsAnswers> {
    let many = Many {
        resolver: resolver_of(resolver)?,
        directories: directories.to_vec(),
        requests,
        turn,
    };
    Ok(many.resolve_all().into())
}

/// The same in another thread.
///
/// # Errors
/// There is no such resolver.
#[napi(catch_unwind, no_export)]
pub fn enhanced_resolve_many_in_thread(
    resolver: u32,
    directories: Uint32Array,
    requests: String,
    turn: u32,
) -> napi::Result<AsyncTask<Many>> {
    Ok(AsyncTask::new(Many {
        resolver: resolver_of(resolver)?,
        directories: directories.to_vec(),
        requests,
        turn,
    }))
}

/// An answer, and what was looked at for it.
#[napi(object, object_from_js = false)]
pub struct JsWatchedAnswer {
    /// As of `resolve`.
    pub answer: String,
    /// Those of the answer.
    pub numbers: Vec<u32>,
    /// What is there.
    pub found: Vec<String>,
    /// What is not.
    pub missing: Vec<String>,
}

/// What a request leads to, and what was looked at.
///
/// # Errors
/// There is no such resolver.
#[napi(catch_unwind, no_export)]
pub fn enhanced_resolve_watched(
    resolver: u32,
    directory: u32,
    request: Text,
    turn: u32,
    excluded: Option<Vec<String>>,
    file: Option<String>,
) -> napi::Result<JsWatchedAnswer> {
    let resolver = resolver_of(resolver)?;
    let (answer, found, missing) = resolver.resolve_watched(&EnhancedQuestion {
        request: request.as_str(),
        wanted: Wanted::File,
        directory,
        file: file.as_deref(),
        turn,
        excluded: excluded.as_deref().unwrap_or_default(),
        earlier: None,
    });
    let (text, numbers) = describe(answer);
    Ok(JsWatchedAnswer {
        answer: text,
        numbers: numbers.to_vec(),
        found,
        missing,
    })
}

/// Whether the answer of this number is what would be found now.
///
/// # Errors
/// There is no such resolver.
#[napi(catch_unwind, no_export)]
pub fn enhanced_holds(resolver: u32, answer: u32, turn: u32) -> napi::Result<bool> {
    let resolver = resolver_of(resolver)?;
    Ok(resolver.memory().holds(answer, turn))
}

/// Has the numbers of directories begin anew.
///
/// # Errors
/// There is no such resolver.
#[napi(catch_unwind, no_export)]
pub fn enhanced_forget_directories(resolver: u32) -> napi::Result<()> {
    resolver_of(resolver)?.memory().forget_directories();
    Ok(())
}

/// Requests that are resolved one after the other.
pub struct Many {
    resolver: Arc<RememberingEnhancedResolver>,
    directories: Vec<u32>,
    requests: String,
    turn: u32,
}

/// The texts of several answers, and their numbers.
pub struct Described {
    text: String,
    numbers: Vec<u32>,
}

impl From<Described> for JsAnswers {
    fn from(Described { text, numbers }: Described) -> Self {
        Self {
            text,
            numbers: Uint32Array::new(numbers),
        }
    }
}

impl Many {
    fn resolve_all(&self) -> Described {
        let count = self.directories.len();
        let mut all = Described {
            text: String::with_capacity(count * 128),
            numbers: Vec::with_capacity(count * NUMBERS_OF_ANSWER),
        };
        for (directory, request) in self.directories.iter().zip(self.requests.split('\0')) {
            let answer = self.resolver.resolve(&EnhancedQuestion {
                request,
                wanted: Wanted::File,
                directory: *directory,
                file: None,
                turn: self.turn,
                excluded: &[],
                earlier: None,
            });
            let (text, numbers) = describe(answer);
            if !all.numbers.is_empty() {
                all.text.push('\0');
            }
            all.text.push_str(&text);
            all.numbers.extend(numbers);
        }
        all
    }
}

#[napi]
impl Task for Many {
    type Output = Described;
    type JsValue = JsAnswers;

    fn compute(&mut self) -> napi::Result<Described> {
        let resolve = std::panic::AssertUnwindSafe(|| self.resolve_all());
        std::panic::catch_unwind(resolve).map_err(|_| napi::Error::from_reason("the resolver has failed"))
    }

    fn resolve(&mut self, _env: Env, output: Described) -> napi::Result<JsAnswers> {
        Ok(output.into())
    }
}

/// The text and the numbers of an answer.
fn describe(answer: EnhancedAnswer) -> (String, [u32; NUMBERS_OF_ANSWER]) {
    let number = answer.number.unwrap_or(NO_NUMBER);
    let FoundFile {
        mut path,
        package_length,
        query,
        module_type,
    } = match answer.outcome {
        Ok(found) => found,
        Err(failure) => return (json_of(failure).to_string(), [number, kind::FAILURE, NO_NUMBER, 0]),
    };
    let kind = match module_type {
        None => kind::FILE,
        Some("module") => kind::MODULE,
        Some("commonjs") => kind::COMMONJS,
        Some("json") => kind::JSON,
        Some("wasm") => kind::WASM,
        Some(_) => kind::ADDON,
    };
    let package = package_length.and_then(|length| path.get(..length));
    let package_units = package.map_or(NO_NUMBER, units_of);
    if query.is_empty() {
        return (path, [number, kind, package_units, 0]);
    }
    let query = query.replace('\0', "");
    path.push_str(&query);
    (path, [number, kind, package_units, units_of(&query)])
}

/// JavaScript counts in UTF-16 units.
fn units_of(text: &str) -> u32 {
    let units = if text.is_ascii() {
        text.len()
    } else {
        text.encode_utf16().count()
    };
    u32::try_from(units).unwrap_or(NO_NUMBER)
}

fn json_of(failure: Failure) -> Value {
    match failure {
        Failure::NotFound => json!({ "kind": "NotFound" }),
        Failure::NoDeclarations { file } => {
            json!({ "kind": "NoDeclarations", "file": file })
        }
        Failure::Ignored(path) => json!({ "kind": "Ignored", "path": path }),
        Failure::Builtin { name, has_scheme } => json!({ "kind": "Builtin", "name": name, "hasScheme": has_scheme }),
        Failure::AliasNotFound { alias } => {
            json!({ "kind": "AliasNotFound", "alias": alias })
        }
        Failure::ExtensionAliasNotFound { file, tried } => {
            json!({ "kind": "ExtensionAliasNotFound", "file": file, "tried": tried })
        }
        Failure::Recursion => json!({ "kind": "Recursion" }),
        Failure::Pnp(message) => json!({ "kind": "Pnp", "message": message }),
        Failure::TsConfig(message) => json!({ "kind": "TsConfig", "message": message }),
        Failure::Unsupported => json!({ "kind": "Unsupported" }),
        Failure::Package(error) => JsResolveFailure::try_from(error).map_or_else(
            |_| json!({ "kind": "NotFound" }),
            |failure| json!({ "kind": "Package", "failure": Value::from(failure) }),
        ),
    }
}

impl From<JsResolveFailure> for Value {
    fn from(failure: JsResolveFailure) -> Self {
        let fields = [
            ("code", Some(Self::from(failure.code))),
            ("missing", failure.missing.map(Self::from)),
            ("packageJson", failure.package_json.map(Self::from)),
            ("package", failure.package.map(Self::from)),
            ("subject", failure.subject.map(Self::from)),
            ("target", failure.target.map(Self::from)),
            ("isImport", failure.is_import.map(Self::from)),
            ("fault", failure.fault.map(Self::from)),
            ("pattern", failure.pattern.map(Self::from)),
            ("base", failure.base.map(Self::from)),
        ];
        let given = fields
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Self::Object(given.collect::<Map<_, _>>())
    }
}
