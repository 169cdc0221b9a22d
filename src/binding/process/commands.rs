//! Commands of one JavaScript thread: `lib/commands/native_engine.js` has the other side.

use std::ptr;
use std::sync::Arc;
use std::time::Duration;

use napi::bindgen_prelude::{BufferSlice, Function, Int32ArraySlice, JsValue, ToNapiValue, Unknown};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Status, check_status, sys};
use napi_derive::napi;

use super::external_text;
use super::request::{IGNORE, PIPE, at, command, count, flag, number};
use crate::process::capture::{Ended, Event, Gathered, Limits, Request, Session, Stream};
use crate::process::{Errno, Exit, keep_announced_to};

/// Where a command's own numbers stand, after those of all; `lib/commands/native_engine.js` has the same.
mod own {
    use super::at::COMMON;

    pub const KILL_SIGNAL: usize = COMMON;
    pub const TIMEOUT: usize = COMMON + 1;
    pub const FORCE_KILL_AFTER: usize = COMMON + 2;
    pub const MAX_BUFFER: usize = COMMON + 3;
    /// In units of 2 ** 31.
    pub const MAX_BUFFER_HIGH: usize = COMMON + 4;
    pub const STDIO: usize = COMMON + 5;
}

/// What only commands can be.
mod own_flag {
    pub const STREAMED: i32 = 64;
    pub const TEXT: i32 = 128;
    pub const INPUT_OPEN: i32 = 256;
    pub const START_TOLD: i32 = 512;
}

/// What JavaScript says of a command that runs.
mod order {
    pub const TERMINATE: u32 = 0;
    pub const KILL: u32 = 1;
    pub const END_INPUT: u32 = 2;
    /// So many bytes of its output were read.
    pub const RESUME: u32 = 3;
    /// All of them are to end, but those that are detached, and nobody is to be told.
    pub const CLOSE: u32 = 4;
    /// Its standard output is to be shown as it comes, or with an amount its standard error.
    pub const SHOW: u32 = 5;
}

/// What a piece of news begins with.
mod news {
    pub const ENDED: f64 = 0.0;
    pub const CHUNK: f64 = 1.0;
    pub const DRAINED: f64 = 2.0;
    pub const INPUT_CLOSED: f64 = 3.0;
    pub const KILL_FAILED: f64 = 4.0;
    pub const STARTED: f64 = 5.0;
    pub const SHOWN: f64 = 6.0;
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

    /// Starts a command. `strings` are the file, the directory, the arguments and the environment, with NUL bytes between them.
    /// 0, or an errno below 0.
    ///
    /// # Errors
    /// Those of Node-API.
    #[napi(catch_unwind)]
    pub fn start(&self, strings: String, description: Int32ArraySlice, input: Unknown) -> napi::Result<i32> {
        let input = bytes_of(&input)?;
        Ok(match describe(strings, &description, input) {
            Ok((id, request)) => {
                self.session.start(id, request);
                0
            }
            Err(errno) => negative(errno),
        })
    }

    /// Gives a command more input; says whether it may have more at once.
    ///
    /// # Errors
    /// Those of Node-API.
    #[napi(catch_unwind)]
    pub fn write(&self, id: u32, bytes: Unknown) -> napi::Result<bool> {
        Ok(self.session.write(id, bytes_of(&bytes)?))
    }

    /// What else there is to say of a command that runs, or of all.
    #[napi(catch_unwind)]
    pub fn order(&self, order: u32, id: u32, amount: u32) {
        match order {
            order::TERMINATE => self.session.terminate(id, false),
            order::KILL => self.session.terminate(id, true),
            order::END_INPUT => self.session.end_input(id),
            order::RESUME => self.session.resume(id, usize::try_from(amount).unwrap_or(usize::MAX)),
            order::CLOSE => self.session.close(),
            order::SHOW => self.session.show(id, amount != 0),
            _ => {}
        }
    }

    /// The number of a command's process; 0 as long as there is none.
    #[napi(catch_unwind)]
    #[must_use]
    pub fn pid(&self, id: u32) -> i32 {
        self.session.pid(id)
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
}

fn describe(strings: String, description: &[i32], input: Vec<u8>) -> Result<(u32, Request), Errno> {
    let mut command = command(strings, description)?;
    // One that can't be announced is started all the same.
    let announced_to = command
        .announced_to
        .take()
        .and_then(|descriptor| keep_announced_to(descriptor).ok());
    let flags = number(description, at::FLAGS)?;
    let has = |flag| flags & flag != 0;
    let descriptors = description
        .iter()
        .skip(own::STDIO)
        .take(count(description, at::STDIO_COUNT)?);
    let request = Request {
        command,
        announced_to,
        stdio: descriptors.copied().map(stream).collect(),
        input,
        is_input_open: has(own_flag::INPUT_OPEN),
        is_streamed: has(own_flag::STREAMED),
        is_text: has(own_flag::TEXT),
        is_start_told: has(own_flag::START_TOLD),
        limits: Limits {
            max_buffer: count(description, own::MAX_BUFFER_HIGH)? << 31 | count(description, own::MAX_BUFFER)?,
            timeout: milliseconds(description, own::TIMEOUT)?.filter(|timeout| !timeout.is_zero()),
            kill_signal: number(description, own::KILL_SIGNAL)?,
            force_kill_after: milliseconds(description, own::FORCE_KILL_AFTER)?,
            kill_tree: has(flag::OWN_GROUP),
            is_detached: has(flag::DETACHED),
        },
    };
    Ok((number(description, at::ID)?.cast_unsigned(), request))
}

fn stream(descriptor: i32) -> Stream {
    match descriptor {
        IGNORE => Stream::Ignore,
        PIPE => Stream::Pipe,
        descriptor => Stream::Inherit(descriptor),
    }
}

/// Below 0 for no end.
fn milliseconds(description: &[i32], place: usize) -> Result<Option<Duration>, Errno> {
    Ok(u64::try_from(number(description, place)?)
        .ok()
        .map(Duration::from_millis))
}

/// A copy of the bytes of a `Uint8Array`; none, if it is something else.
fn bytes_of(value: &Unknown) -> napi::Result<Vec<u8>> {
    let value = value.value();
    let (mut is_array, mut length, mut start) = (false, 0, ptr::null_mut());
    // SAFETY: the value belongs to the call under way.
    check_status!(unsafe { sys::napi_is_typedarray(value.env, value.value, &raw mut is_array) })?;
    if !is_array {
        return Ok(Vec::new());
    }
    let (mut kind, mut buffer, mut offset) = (0, ptr::null_mut(), 0);
    // SAFETY: the value is a typed array, and all results have a place.
    check_status!(unsafe {
        sys::napi_get_typedarray_info(
            value.env,
            value.value,
            &raw mut kind,
            &raw mut length,
            &raw mut start,
            &raw mut buffer,
            &raw mut offset,
        )
    })?;
    if kind != sys::TypedarrayType::uint8_array || start.is_null() {
        return Ok(Vec::new());
    }
    // SAFETY: JavaScript waits for this call, so that the array and its memory stay as they are. It is one of bytes, so that its
    // length is the number of them.
    Ok(unsafe { std::slice::from_raw_parts(start.cast::<u8>(), length) }.to_vec())
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
                Event::Started(id, pid) => list.push_numbers(&[news::STARTED, id.into(), pid.into()])?,
                Event::Shown(id, is_stderr, bytes) => {
                    list.push_numbers(&[news::SHOWN, id.into(), u32::from(is_stderr).into()])?;
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
