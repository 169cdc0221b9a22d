//! What is to be run, and within what bounds.

use std::os::fd::{OwnedFd, RawFd};
use std::time::Duration;

use crate::process::Command;

/// A command with all that is to be done for it.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a wish of its own, and any of them go together"
)]
pub struct Request {
    /// What is to be run.
    pub command: Command,
    /// See [`Command::announced_to`]: a descriptor of its own, since another thread starts it, and whose it is may close it meanwhile.
    pub announced_to: Option<OwnedFd>,
    /// Where its descriptors lead.
    pub stdio: Vec<Stream>,
    /// What it reads first.
    pub input: Vec<u8>,
    /// Whether more input follows by [`super::Session::write`].
    pub is_input_open: bool,
    /// Whether its standard output is handed over as it comes, and not gathered.
    pub is_streamed: bool,
    /// Whether its output is meant to be text in UTF-8, which is told again at the end.
    pub is_text: bool,
    /// Whether its start is told.
    pub is_start_told: bool,
    /// How far it may go.
    pub limits: Limits,
}

/// Where one of a command's descriptors leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Nowhere.
    Ignore,
    /// To this process: 0 is written, 1 and 2 are read.
    Pipe,
    /// Where a descriptor of this process leads.
    Inherit(RawFd),
}

/// What ends a command that does not end by itself.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes that are gathered of each of its outputs.
    pub max_buffer: usize,
    /// The longest that it may take.
    pub timeout: Option<Duration>,
    /// What tells it to end.
    pub kill_signal: i32,
    /// How long it has for that before SIGKILL.
    pub force_kill_after: Option<Duration>,
    /// Whether its whole process group is to end.
    pub kill_tree: bool,
    /// Whether it may outlive the session.
    pub is_detached: bool,
}
