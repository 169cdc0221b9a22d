//! A command, checked and turned into what `execve` takes, once.

use std::os::fd::RawFd;

use rustix::io::Errno;

use super::c_strings::CStrings;
use super::find::{self, Candidates};

/// What is to be run, and as whom. Descriptors are given when it is spawned.
#[derive(Debug)]
pub struct Command {
    pub(super) arguments: CStrings,
    pub(super) environment: CStrings,
    pub(super) candidates: Candidates,
    pub(super) cwd: Option<CStrings>,
    /// A session of its own, and so a process group of its own (`setsid`).
    pub is_detached: bool,
    /// A process group of its own (`setpgid`), which can be signalled as a whole.
    pub has_own_group: bool,
    /// The user that the child becomes.
    pub uid: Option<u32>,
    /// The group that the child becomes.
    pub gid: Option<u32>,
    /// The signal that the child gets when the *thread* that spawned it ends; see [`super::spawner`].
    pub parent_death_signal: Option<i32>,
    /// The niceness that the child gets.
    pub priority: Option<i32>,
    /// Where the child says `+ number` before it is a program, so that whoever reads knows of it before it can start anything; a
    /// `- number` follows if it comes to no program. Where `clone` does not share memory, the spawning thread says so right after the
    /// start, and only of what has become a program.
    pub announced_to: Option<RawFd>,
}

/// What stands behind one of a child's descriptors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stdio {
    /// `/dev/null` for 0, 1 and 2, and nothing for the others.
    Ignore,
    /// The end of a pipe that was made for this child. It is duplicated; the caller closes its own.
    Pipe(RawFd),
    /// A descriptor that the parent goes on using. As 0, 1 or 2 it is set to block, as programs expect.
    Inherit(RawFd),
}

impl Command {
    /// A command with `argv` (the first is the name that the program is told) and `KEY=value` pairs. A file without a slash is
    /// looked for in the PATH of `environment`, as `execvp` does.
    ///
    /// # Errors
    /// `EINVAL` for a NUL byte anywhere, which no system call could pass on; `ENOENT` for an empty file name.
    pub fn new(file: &[u8], arguments: &[&[u8]], environment: &[&[u8]]) -> Result<Self, Errno> {
        Self::of_strings(file, CStrings::new(arguments)?, CStrings::new(environment)?)
    }

    /// A command of strings that each end in a NUL byte already: arguments and environment.
    ///
    /// # Errors
    /// As [`Command::new`]; `EINVAL` also if there are not as many strings as that.
    pub fn from_blocks(file: &[u8], arguments: (Vec<u8>, usize), environment: (Vec<u8>, usize)) -> Result<Self, Errno> {
        Self::of_strings(
            file,
            CStrings::of_block(arguments.0, arguments.1)?,
            CStrings::of_block(environment.0, environment.1)?,
        )
    }

    /// Where the child begins; where the parent is, if it is not said.
    ///
    /// # Errors
    /// `EINVAL` for a NUL byte.
    pub fn set_cwd(&mut self, cwd: &[u8]) -> Result<(), Errno> {
        self.cwd = Some(CStrings::new(&[cwd])?);
        Ok(())
    }

    fn of_strings(file: &[u8], arguments: CStrings, environment: CStrings) -> Result<Self, Errno> {
        let candidates = find::candidates(file, environment.variable(b"PATH"), &arguments)?;
        Ok(Self {
            arguments,
            environment,
            candidates,
            cwd: None,
            is_detached: false,
            has_own_group: false,
            uid: None,
            gid: None,
            parent_death_signal: None,
            priority: None,
            announced_to: None,
        })
    }
}
