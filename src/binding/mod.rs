//! The only place that names `napi`. It converts, and never decides.

#![expect(clippy::needless_pass_by_value, reason = "Node-API hands over owned strings")]

mod early;
mod enhanced;
mod explanation;
mod failure;
#[cfg(target_os = "linux")]
mod first;
mod memory;
mod numbers;
mod options;
mod process;
mod start;
mod text;

use std::cell::RefCell;

use napi::bindgen_prelude::{Buffer, Either3, Uint32Array};
use napi_derive::napi;

pub use early::{JsEarlyAnswers, open_snapshot, take_answers};
pub use enhanced::{JsAlias, JsDeclarationOptions, JsEnhancedOptions, JsWatchedAnswer, Kept, Many, enhanced};
pub use explanation::{JsEvent, JsExplanation};
pub use failure::JsResolveFailure;
pub use memory::{JsSnapshotStats, JsStats, clear_cache, generation, invalidate, is_file, save_snapshots, stats};
pub use options::{JsResolveOptions, JsSnapshotOptions};
#[cfg(target_os = "linux")]
pub use process::exec;
pub use process::{JsSharedMemory, detach, end_with_parent, kill_own_group};

pub use numbers::Numbers;
pub use process::spawn_mechanism;
#[cfg(target_os = "linux")]
pub use process::{JsChildren, JsCommands};
pub use start::{JsStartOptions, are_nodes_own, start_options, tell_start};
pub use text::{Text, TextOut};

use crate::cache::{Memory, Outcome, Question, new_memory, snapshot, write_at_exit};
use crate::error::{Doubt, ResolveError};
use crate::fs::{FileSystem as _, OsFileSystem};
use crate::package_json::PackageFields;
use crate::resolver::{Explanation, RememberingResolver};
use crate::runtime::{Policy, ResolveOptions};

/// Node has to be asked.
const UNSURE: u32 = 0;
/// There is nothing of that name anywhere.
const NOT_FOUND: u32 = 1;

/// What was asked for before has a number, to which this is added.
const AGAIN: u32 = 2;

/// A path, [`UNSURE`], [`NOT_FOUND`], the number of an answer that is kept, or (where there is no Node to ask) the facts of an error.
type JsResolution = Either3<TextOut, u32, JsResolveFailure>;

/// The version of the package that this belongs to: JavaScript of another one does not use it.
#[napi]
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Whether this platform has a file system of ours.
#[napi(catch_unwind)]
#[must_use]
pub fn is_supported() -> bool {
    OsFileSystem.is_supported()
}

thread_local! {
    /// The resolvers of this thread, by number. A method of a class would cost each call as much as a look at the disk.
    static RESOLVERS: RefCell<Vec<Option<Slot>>> = const { RefCell::new(Vec::new()) };
}

struct Slot {
    policy: Policy,
    resolver: RememberingResolver,
}

/// Does something with a resolver of this thread; `None` if there is none of this number.
fn with_resolver<T>(number: u32, action: impl FnOnce(&mut Slot) -> T) -> Option<T> {
    RESOLVERS.with_borrow_mut(|resolvers| resolvers.get_mut(number as usize)?.as_mut().map(action))
}

/// Resolves with one set of options and remembers the answers, for one thread, as long as it lives.
///
/// JavaScript numbers its turns, so that what was seen in one is believed in it, and its answers, so that it can ask whether one
/// still holds. Those of the snapshot come first.
#[napi(js_name = "Resolver")]
pub struct JsResolver(u32);

impl Drop for JsResolver {
    fn drop(&mut self) {
        // At the end of the thread, all of them may be gone.
        let _ = RESOLVERS.try_with(|resolvers| {
            let mut resolvers = resolvers.try_borrow_mut().ok()?;
            resolvers.get_mut(self.0 as usize)?.take()
        });
    }
}

#[napi]
impl JsResolver {
    /// Takes the options as `lib/` has validated them.
    ///
    /// # Errors
    /// An option that `lib/` should not have let through.
    #[napi(constructor, catch_unwind)]
    pub fn new(options: JsResolveOptions) -> napi::Result<Self> {
        Ok(Self(new_slot(options)?))
    }

    /// The one of a number, for those who have asked it by that so far.
    #[napi(factory, catch_unwind)]
    #[must_use]
    pub fn of(number: u32) -> Self {
        Self(number)
    }

    /// What to call the functions below with.
    #[napi(catch_unwind)]
    #[must_use]
    pub fn number(&self) -> u32 {
        self.0
    }

    /// What the running Node tells only when it is asked: names that `require` takes without `node:`, and whether `#/name` may be
    /// a key of `imports`. Without it, some requests that begin with `#` are left to Node.
    #[napi(catch_unwind)]
    pub fn set_facts_for_imports(&self, builtins: Vec<String>, slash_imports: Option<bool>) {
        with_resolver(self.0, |slot| {
            let options = slot.resolver.options_mut();
            options.builtins = Some(builtins.into_iter().collect());
            options.slash_imports = slash_imports;
        });
    }

    /// The answers of the snapshot; null if there are none.
    #[napi(catch_unwind)]
    #[must_use]
    pub fn take_snapshot(&self) -> Option<JsSnapshotAnswers> {
        with_resolver(self.0, |slot| {
            let memory = slot.resolver.memory();
            JsSnapshotAnswers::of(&memory)
        })
        .flatten()
    }

    /// What the answer of this number rests on, one line each; null if there is none.
    #[napi(catch_unwind)]
    #[must_use]
    pub fn reasons(&self, answer: u32) -> Option<Vec<String>> {
        with_resolver(self.0, |slot| slot.resolver.memory().reasons(answer)).flatten()
    }

    /// Whether Node would have kept the snapshot's answer of this number.
    #[napi(catch_unwind)]
    #[must_use]
    pub fn is_kept_by_node(&self, answer: u32) -> bool {
        with_resolver(self.0, |slot| slot.resolver.memory().is_kept_by_node(answer)).unwrap_or(false)
    }

    /// Has the numbers of directories begin anew.
    #[napi(catch_unwind)]
    pub fn forget_directories(&self) {
        with_resolver(self.0, |slot| slot.resolver.memory().forget_directories());
    }

    /// What was answered earlier in this process, if Node would have kept that.
    #[napi(catch_unwind)]
    #[must_use]
    pub fn kept_answer(&self, directory: u32, request: String) -> Option<String> {
        with_resolver(self.0, |slot| slot.resolver.memory().kept_answer(directory, &request)).flatten()
    }
}

/// Makes a resolver of this thread, and tells its number.
fn new_slot(options: JsResolveOptions) -> napi::Result<u32> {
    let file = options.file();
    let believe = options.believe()?;
    let options = ResolveOptions::try_from(options)?;
    let policy = options.policy;
    if file.is_some() {
        write_at_exit();
    }
    let memory = new_memory(
        &OsFileSystem,
        &PackageFields::of_main(&options.main_fields),
        believe,
        file,
    );
    let slot = Slot {
        policy,
        resolver: RememberingResolver::new(options, memory),
    };
    Ok(RESOLVERS.with_borrow_mut(|resolvers| {
        let free = resolvers.iter().position(Option::is_none).unwrap_or(resolvers.len());
        match resolvers.get_mut(free) {
            Some(place) => *place = Some(slot),
            None => resolvers.push(Some(slot)),
        }
        u32::try_from(free).unwrap_or(u32::MAX)
    }))
}

/// Answers of a snapshot, by number.
#[napi(object, object_from_js = false)]
pub struct JsSnapshotAnswers {
    /// The directories that requests come from, a line each.
    #[napi(ts_type = "string")]
    pub directories: TextOut,
    /// The number of the first answer of each directory, and behind them how many answers there are.
    pub first: Uint32Array,
    /// The requests, a line for each answer.
    #[napi(ts_type = "string")]
    pub requests: TextOut,
    /// The paths, a line for each answer.
    #[napi(ts_type = "string")]
    pub paths: TextOut,
}

impl JsSnapshotAnswers {
    fn of(memory: &Memory) -> Option<Self> {
        let ([directories, requests, paths], first) = memory.snapshot_lines()?;
        Some(Self {
            directories: TextOut(directories.to_owned()),
            first: first.into(),
            requests: TextOut(requests.to_owned()),
            paths: TextOut(paths.to_owned()),
        })
    }
}

/// What V8 made of the hook's text of this key in an earlier process; null if a file in a directory has nothing that may be used.
#[napi(catch_unwind)]
#[must_use]
pub fn read_code(directory: String, name: String, key: String) -> Option<Buffer> {
    snapshot::read_code(directory.as_ref(), &name, &key).map(Buffer::from)
}

/// Whether all answers of a resolver's snapshot hold, in this turn, in which a thread may have begun to look at what they rest on.
#[napi(catch_unwind)]
#[must_use]
pub fn does_snapshot_hold(resolver: u32, turn: u32, is_turn_of_loading: bool) -> bool {
    let does_hold = with_resolver(resolver, |slot| {
        let mut memory = slot.resolver.memory();
        if is_turn_of_loading {
            memory.take_looks(turn);
        }
        memory.does_snapshot_hold(turn)
    });
    does_hold.unwrap_or(false)
}

/// Keeps, with the snapshot of a resolver, what V8 made of the hook's text of this key.
#[napi(catch_unwind)]
pub fn keep_code(resolver: u32, key: String, code: Buffer) {
    with_resolver(resolver, |slot| slot.resolver.memory().keep_code(&key, &code));
}

/// Numbers a directory that asks a resolver, once; null where Node has to be asked for whatever comes from there.
#[napi(catch_unwind)]
#[must_use]
pub fn enter_directory(resolver: u32, directory: Text) -> Option<u32> {
    let enter = |slot: &mut Slot| {
        let is_clear = !slot.may_be_changed(directory.as_str());
        is_clear.then(|| slot.resolver.memory().enter_directory(directory.as_str()))?
    };
    with_resolver(resolver, enter).flatten()
}

/// Has a resolver resolve a request from a directory, in a turn.
#[napi(catch_unwind)]
#[must_use]
pub fn resolve(resolver: u32, directory: u32, request: Text, turn: u32) -> JsResolution {
    let outcome = with_resolver(resolver, |slot| {
        let question = Question {
            request: request.as_str(),
            directory,
            turn,
        };
        if slot.may_be_changed(question.request) {
            return slot.failed(ResolveError::Unsure(Doubt::Request));
        }
        match slot.resolver.resolve(&question) {
            Ok(Outcome::New(path)) => Either3::A(TextOut(path)),
            Ok(Outcome::Again(number)) => Either3::B(number.saturating_add(AGAIN)),
            Err(error) => slot.failed(error),
        }
    });
    outcome.unwrap_or(Either3::B(UNSURE))
}

/// How a resolver that believes nothing works a request out, and what it finds.
#[napi(catch_unwind)]
#[must_use]
pub fn explain(resolver: u32, directory: u32, request: String, turn: u32) -> Option<JsExplanation> {
    with_resolver(resolver, |slot| {
        let question = Question {
            request: &request,
            directory,
            turn,
        };
        if slot.may_be_changed(question.request) {
            return JsExplanation::from(Explanation {
                outcome: Err(ResolveError::Unsure(Doubt::Request)),
                events: Vec::new(),
                proofs: None,
            });
        }
        JsExplanation::from(slot.resolver.explain(&question))
    })
}

/// The path of the answer of this number, of this process.
#[napi(catch_unwind)]
#[must_use]
pub fn path_of(resolver: u32, answer: u32) -> Option<TextOut> {
    with_resolver(resolver, |slot| slot.resolver.memory().path_of(answer))
        .flatten()
        .map(TextOut)
}

/// Whether the answer of this number is what a resolver's algorithm would find now.
#[napi(catch_unwind)]
#[must_use]
pub fn holds(resolver: u32, answer: u32, turn: u32) -> bool {
    with_resolver(resolver, |slot| slot.resolver.memory().holds(answer, turn)).unwrap_or(false)
}

impl Slot {
    /// Lone surrogates arrive as the replacement character. Node would know the difference.
    fn may_be_changed(&self, text: &str) -> bool {
        self.policy == Policy::AskNode && !text.is_ascii() && text.contains('\u{fffd}')
    }

    fn failed(&self, error: ResolveError) -> JsResolution {
        if error == ResolveError::ModuleNotFound {
            return Either3::B(NOT_FOUND);
        }
        match (self.policy, JsResolveFailure::try_from(error)) {
            (Policy::Specification, Ok(failure)) => Either3::C(failure),
            _ => Either3::B(UNSURE),
        }
    }
}
