//! Resolution for tools, as JavaScript asks for it. An answer is a string and some numbers, since an object takes longer to hand over than
//! to find: a path with its query, or the facts of a failure as JSON; and what is in [`at`].

mod answer;
mod options;

use std::cell::RefCell;
use std::ptr;
use std::sync::Arc;

use napi::bindgen_prelude::{AsyncTask, External, FromNapiValue, Object, ToNapiValue, Uint32Array};
use napi::{Callback, Env, JsError, Task, check_status, sys};
use napi_derive::napi;
use once_cell::sync::OnceCell;

use self::answer::{NO_NUMBER, NUMBERS_OF_ANSWER, describe};
pub use self::options::{JsAlias, JsDeclarationOptions, JsEnhancedOptions};
use super::options::parse_believe;
use super::{Numbers, Text, TextOut};
use crate::cache::new_memory;
use crate::enhanced::{EnhancedOptions, EnhancedQuestion, RememberingEnhancedResolver, Wanted};
use crate::fs::{ArchiveFileSystem, FileSystem, OsFileSystem};

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
///
/// # Safety
/// Node-API calls it, with an environment and a callback's information that are valid during the call.
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
