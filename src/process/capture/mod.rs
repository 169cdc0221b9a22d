//! Commands as a whole: started, fed, read and waited for without JavaScript, which gets one answer at the end.
//!
//! ```text
//! Session::start ── spawner thread: pipes, spawn ──► event loop: Output, Input, exit, Deadlines ──► Outbox ── Session::take
//!  (JavaScript)                                        all of them under the lock of one Run                 (JavaScript)
//! ```
//!
//! A [`Session`] belongs to one JavaScript thread. Its commands die with it, unless they are detached.

mod deadlines;
mod input;
mod live;
mod outbox;
mod output;
mod pipes;
mod request;
mod run;
mod session;
mod start;
mod waiting_for_group;

pub use outbox::{Ended, Ending, Event, Gathered};
pub use request::{Limits, Request, Stream};
pub use session::Session;
