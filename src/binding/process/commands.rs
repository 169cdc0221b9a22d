//! Commands of one JavaScript thread: `lib/commands/native_engine.js` has the other side.

use std::ptr;
use std::sync::Arc;
use std::time::Duration;

use napi::bindgen_prelude::{BufferSlice, Float64ArraySlice, Function, ToNapiValue, Uint8ArraySlice};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Status, check_status, sys};
use napi_derive::napi;

use super::external_text;
use crate::process::capture::{Ended, Event, Gathered, Limits, Request, Session, Stream};
use crate::process::{Command, Errno, Exit};

/// Where things stand in the array that a command is described by; `lib/commands/native_engine.js` has the same.
mod at {
    pub const ID: usize = 0;
    pub const ARGUMENT_COUNT: usize = 1;
    pub const ENVIRONMENT_COUNT: usize = 2;
    pub const FLAGS: usize = 3;
    pub const UID: usize = 4;
    pub const GID: usize = 5;
    pub const KILL_SIGNAL: usize = 6;
    pub const TIMEOUT: usize = 7;
    pub const FORCE_KILL_AFTER: usize = 8;
    pub const MAX_BUFFER: usize = 9;
    pub const STDIO_COUNT: usize = 10;
    pub const STDIO: usize = 11;
}

mod flag {
    pub const KILL_TREE: u32 = 1;
    pub const DETACHED: u32 = 2;
    pub const STREAMED: u32 = 4;
    pub const TEXT: u32 = 8;
    pub const INPUT_OPEN: u32 = 16;
}

/// In place of a descriptor.
const IGNORE: i32 = -1;
const PIPE: i32 = -2;

/// What a piece of news begins with.
mod news {
    pub const ENDED: f64 = 0.0;
    pub const CHUNK: f64 = 1.0;
    pub const DRAINED: f64 = 2.0;
    pub const INPUT_CLOSED: f64 = 3.0;
    pub const KILL_FAILED: f64 = 4.0;
}

/// Bytes up to this length are copied, and made text of if they are text; more are decoded as Node does it.
const SHORT: usize = 64 * 1024;
/// ASCII up to this length is copied.
const SHORT_ASCII: usize = 1024 * 1024;

/// Weak: it does not keep the thread alive, unless it is asked to.
type Wake = ThreadsafeFunction<(), (), (), Status, false, true>;

/// The commands of one JavaScript thread. They end with it.
#[napi(js_name = "Commands")]
pub struct JsCommands {
    session: Session,
    wake: Arc<Wake>,
}

#[napi]
impl JsCommands {
    /// `on_news` is called when there is something to take.
    ///
    /// # Errors
    /// Those of Node-API.
    #[napi(constructor, catch_unwind)]
    pub fn new(on_news: Function<(), ()>) -> napi::Result<Self> {
        let wake: Arc<Wake> = Arc::new(on_news.build_threadsafe_function().weak::<true>().build()?);
        let own = Arc::clone(&wake);
        let session = Session::new(move || {
            // It fails when the thread is going away, and then nobody is left to be told.
            own.call((), ThreadsafeFunctionCallMode::NonBlocking);
        });
        Ok(Self { session, wake })
    }

    /// How commands are started here: `clone` or `posix_spawn`.
    #[napi(getter, catch_unwind)]
    #[must_use]
    pub fn mechanism(&self) -> &'static str {
        crate::process::mechanism().name()
    }

    /// Starts a command. The strings are blocks whose parts each end in a NUL byte.
    ///
    /// # Errors
    /// A description that `lib/` should not have made.
    #[napi(catch_unwind)]
    pub fn start(
        &self,
        numbers: Float64ArraySlice,
        file: String,
        arguments: String,
        environment: String,
        cwd: Option<String>,
        input: Option<Uint8ArraySlice>,
    ) -> napi::Result<i32> {
        let description = Description(&numbers);
        let command = Command::from_blocks(
            file.as_bytes(),
            (arguments.into_bytes(), description.count(at::ARGUMENT_COUNT)),
            (environment.into_bytes(), description.count(at::ENVIRONMENT_COUNT)),
        );
        let mut command = match command {
            Ok(command) => command,
            Err(errno) => return Ok(negative(errno)),
        };
        if let Some(cwd) = cwd
            && let Err(errno) = command.set_cwd(cwd.as_bytes())
        {
            return Ok(negative(errno));
        }
        command.uid = description.id(at::UID);
        command.gid = description.id(at::GID);
        command.is_detached = description.has(flag::DETACHED);
        let request = Request {
            command,
            stdio: description.stdio(),
            input: input.map(|input| input.to_vec()).unwrap_or_default(),
            is_input_open: description.has(flag::INPUT_OPEN),
            is_streamed: description.has(flag::STREAMED),
            is_text: description.has(flag::TEXT),
            limits: description.limits(),
        };
        self.session.start(description.number(at::ID), request);
        Ok(0)
    }

    /// Ends a command with its signal and later by force, or by force at once.
    #[napi(catch_unwind)]
    pub fn terminate(&self, id: u32, is_forced: bool) {
        self.session.terminate(id, is_forced);
    }

    /// Gives a command more input; says whether it may have more at once.
    #[napi(catch_unwind)]
    #[must_use]
    pub fn write(&self, id: u32, bytes: Uint8ArraySlice) -> bool {
        self.session.write(id, bytes.to_vec())
    }

    /// A command gets no more input.
    #[napi(catch_unwind)]
    pub fn end_input(&self, id: u32) {
        self.session.end_input(id);
    }

    /// So many bytes of a command's chunks were read.
    #[napi(catch_unwind)]
    pub fn resume(&self, id: u32, bytes: u32) {
        self.session.resume(id, usize::try_from(bytes).unwrap_or(usize::MAX));
    }

    /// All the news there is, one after the other in a flat array.
    #[napi(catch_unwind, ts_return_type = "Array<number | string | Buffer | undefined>")]
    #[must_use]
    pub fn take(&self) -> JsNews {
        JsNews(self.session.take())
    }

    /// Whether to keep the thread alive.
    ///
    /// # Errors
    /// Those of Node-API.
    #[napi(catch_unwind)]
    pub fn keep_alive(&self, env: Env, is_needed: bool) -> napi::Result<()> {
        if self.wake.aborted() {
            return Ok(());
        }
        // SAFETY: the function is alive, since it was not aborted, which only happens on this thread.
        let status = unsafe {
            if is_needed {
                sys::napi_ref_threadsafe_function(env.raw(), self.wake.raw())
            } else {
                sys::napi_unref_threadsafe_function(env.raw(), self.wake.raw())
            }
        };
        check_status!(status)
    }

    /// Ends all commands but those that are detached.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.session.close();
    }
}

/// The numbers that describe a command.
struct Description<'a>(&'a [f64]);

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "such a cast ends at the limits of its type, which is what is meant"
)]
impl Description<'_> {
    fn get(&self, place: usize) -> f64 {
        self.0.get(place).copied().unwrap_or(0.0)
    }

    fn number(&self, place: usize) -> u32 {
        self.get(place) as u32
    }

    fn count(&self, place: usize) -> usize {
        self.get(place) as usize
    }

    fn has(&self, flag: u32) -> bool {
        self.number(at::FLAGS) & flag != 0
    }

    /// A user or a group; -1 for as it is.
    fn id(&self, place: usize) -> Option<u32> {
        (self.get(place) >= 0.0).then(|| self.number(place))
    }

    fn milliseconds(&self, place: usize) -> Option<Duration> {
        Duration::try_from_secs_f64(self.get(place) / 1e3).ok()
    }

    fn limits(&self) -> Limits {
        Limits {
            max_buffer: self.count(at::MAX_BUFFER),
            timeout: self.milliseconds(at::TIMEOUT).filter(|timeout| !timeout.is_zero()),
            kill_signal: self.get(at::KILL_SIGNAL) as i32,
            force_kill_after: self.milliseconds(at::FORCE_KILL_AFTER),
            kill_tree: self.has(flag::KILL_TREE),
            is_detached: self.has(flag::DETACHED),
        }
    }

    fn stdio(&self) -> Vec<Stream> {
        let items = self.0.iter().skip(at::STDIO).take(self.count(at::STDIO_COUNT));
        items
            .map(|item| match *item as i32 {
                IGNORE => Stream::Ignore,
                PIPE => Stream::Pipe,
                descriptor => Stream::Inherit(descriptor),
            })
            .collect()
    }
}

fn negative(errno: Errno) -> i32 {
    -errno.raw_os_error()
}

/// What there is to tell, on its way into a JavaScript array.
pub struct JsNews(Vec<Event>);

impl ToNapiValue for JsNews {
    unsafe fn to_napi_value(env: sys::napi_env, news: Self) -> napi::Result<sys::napi_value> {
        let mut list = List::new(env)?;
        for event in news.0 {
            match event {
                Event::Chunk(id, bytes) => {
                    list.push_numbers(&[news::CHUNK, id.into()])?;
                    list.push_bytes(bytes)?;
                }
                Event::Drained(id) => list.push_numbers(&[news::DRAINED, id.into()])?,
                Event::InputClosed(id) => list.push_numbers(&[news::INPUT_CLOSED, id.into()])?,
                Event::KillFailed(id, errno) => {
                    list.push_numbers(&[news::KILL_FAILED, id.into(), negative(errno).into()])?;
                }
                Event::Ended(id, ended) => list.push_ended(id, *ended)?,
            }
        }
        Ok(list.array)
    }
}

/// An array that grows.
struct List {
    env: sys::napi_env,
    array: sys::napi_value,
    length: u32,
}

impl List {
    fn new(env: sys::napi_env) -> napi::Result<Self> {
        let mut array = ptr::null_mut();
        // SAFETY: the environment is that of the call under way, and the result has a place.
        check_status!(unsafe { sys::napi_create_array(env, &raw mut array) })?;
        Ok(Self { env, array, length: 0 })
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "microseconds and bytes stay far below 2 ** 53"
    )]
    fn push_ended(&mut self, id: u32, ended: Ended) -> napi::Result<()> {
        let (exit, usage) = match ended.exit {
            Some((exit, usage)) => (Some(exit), usage),
            None => (None, crate::process::ResourceUsage::default()),
        };
        let (exit_code, signal) = match exit {
            Some(Exit::Code(code)) => (code, 0),
            Some(Exit::Signal(signal)) => (-1, signal),
            Some(Exit::Lost) | None => (-1, 0),
        };
        let is_ascii = |output: &Option<Gathered>| output.as_ref().is_some_and(|gathered| gathered.is_ascii);
        let ascii = u32::from(is_ascii(&ended.stdout)) | u32::from(is_ascii(&ended.stderr)) << 1;
        self.push_numbers(&[
            news::ENDED,
            id.into(),
            ended.errno.map_or(0, negative).into(),
            ended.pid.into(),
            exit_code.into(),
            signal.into(),
            f64::from(ended.ending as u8),
            ended.duration.as_secs_f64() * 1e3,
            usage.user_microseconds as f64,
            usage.system_microseconds as f64,
            usage.max_resident_bytes as f64,
            ascii.into(),
        ])?;
        self.push_output(ended.stdout, ended.is_text)?;
        self.push_output(ended.stderr, ended.is_text)
    }

    fn push_output(&mut self, output: Option<Gathered>, is_text: bool) -> napi::Result<()> {
        match output {
            None => {
                // SAFETY: the environment is that of the call under way.
                let nothing = unsafe { ToNapiValue::to_napi_value(self.env, ()) }?;
                self.push(nothing)
            }
            Some(Gathered { bytes, is_ascii: true }) if is_text && bytes.len() > SHORT_ASCII => {
                match external_text::create(self.env, bytes) {
                    Ok(text) => self.push(text),
                    Err(bytes) => self.push_bytes(bytes),
                }
            }
            Some(gathered) if is_text && (gathered.is_ascii || gathered.bytes.len() <= SHORT) => {
                self.push_text(&gathered)
            }
            Some(gathered) => self.push_bytes(gathered.bytes),
        }
    }

    /// V8 puts U+FFFD where bytes are no UTF-8, as Node's own decoding does.
    fn push_text(&mut self, gathered: &Gathered) -> napi::Result<()> {
        let bytes = &gathered.bytes;
        let length = isize::try_from(bytes.len()).unwrap_or(0);
        let create = if gathered.is_ascii {
            sys::napi_create_string_latin1
        } else {
            sys::napi_create_string_utf8
        };
        let mut text = ptr::null_mut();
        // SAFETY: the environment is that of the call under way, and there are as many bytes as is said.
        check_status!(unsafe { create(self.env, bytes.as_ptr().cast(), length, &raw mut text) })?;
        self.push(text)
    }

    /// Few bytes are copied; many stay where they are, and are JavaScript's from now on.
    fn push_bytes(&mut self, bytes: Vec<u8>) -> napi::Result<()> {
        let env = Env::from_raw(self.env);
        let buffer = if bytes.len() < SHORT {
            BufferSlice::copy_from(&env, bytes)?
        } else {
            BufferSlice::from_data(&env, bytes)?
        };
        // SAFETY: the environment is that of the call under way.
        let value = unsafe { ToNapiValue::to_napi_value(self.env, buffer) }?;
        self.push(value)
    }

    fn push_numbers(&mut self, numbers: &[f64]) -> napi::Result<()> {
        for number in numbers {
            // SAFETY: the environment is that of the call under way.
            let value = unsafe { ToNapiValue::to_napi_value(self.env, *number) }?;
            self.push(value)?;
        }
        Ok(())
    }

    fn push(&mut self, value: sys::napi_value) -> napi::Result<()> {
        // SAFETY: array and value were made in this environment, in the call under way.
        check_status!(unsafe { sys::napi_set_element(self.env, self.array, self.length, value) })?;
        self.length += 1;
        Ok(())
    }
}
