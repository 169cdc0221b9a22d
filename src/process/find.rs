//! Where `execvp` looks for a file, and what it makes of a failure. The look-up is the child's: in its PATH, from its
//! working directory, with its rights. Here is only what can be prepared for it.

use std::ffi::c_char;

use rustix::io::Errno;

use super::c_strings::CStrings;

/// What is searched where there is no PATH.
const DEFAULT_PATH: &[u8] = if cfg!(target_env = "musl") {
    b"/usr/local/bin:/bin:/usr/bin"
} else {
    b"/bin:/usr/bin"
};
/// Longer directories are left out, as they can't be opened.
const PATH_MAX: usize = 4096;
/// Runs files that are programs without saying of what kind. Only glibc does that.
const SHELL: Option<&[u8]> = if cfg!(target_env = "musl") {
    None
} else {
    Some(b"/bin/sh\0")
};

/// The files to try, in order, and the arguments for the shell if one of them turns out to be a script without `#!`.
#[derive(Debug)]
pub struct Candidates {
    pub(super) paths: CStrings,
    pub(super) is_search: bool,
    /// The shell, a place for the script's path, and the arguments; empty where no shell is tried.
    shell_arguments: Vec<*const c_char>,
}

// SAFETY: the pointers lead into the strings of the same command and into a static; neither ever changes.
unsafe impl Send for Candidates {}
// SAFETY: as above.
unsafe impl Sync for Candidates {}

impl Candidates {
    /// A copy of the shell's arguments whose second is still to be filled in: the child does that, in memory of its own call.
    pub(super) fn shell_arguments(&self) -> Vec<*const c_char> {
        self.shell_arguments.clone()
    }
}

/// What to do after a candidate could not be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Look further.
    Continue,
    /// Look further, but say that permission was missing if nothing else is found.
    ContinueDenied,
    /// This is the answer.
    Stop,
}

/// What `execvp` makes of an error in the course of a search. Called in the child: it may not allocate.
pub fn after_failure(errno: i32) -> Next {
    match errno {
        libc::EACCES => Next::ContinueDenied,
        libc::ENOENT | libc::ENOTDIR => Next::Continue,
        libc::ESTALE | libc::ENODEV | libc::ETIMEDOUT if !cfg!(target_env = "musl") => Next::Continue,
        _ => Next::Stop,
    }
}

/// The files that this name may stand for.
pub fn candidates(file: &[u8], path: Option<&[u8]>, arguments: &CStrings) -> Result<Candidates, Errno> {
    if file.is_empty() {
        return Err(Errno::NOENT);
    }
    let is_search = !file.contains(&b'/');
    let paths = if is_search {
        let mut block = Vec::with_capacity(256);
        let mut count = 0;
        for directory in path.unwrap_or(DEFAULT_PATH).split(|byte| *byte == b':') {
            if directory.len() >= PATH_MAX {
                continue;
            }
            block.extend_from_slice(directory);
            if !directory.is_empty() {
                block.push(b'/');
            }
            block.extend_from_slice(file);
            block.push(0);
            count += 1;
        }
        CStrings::of_block(block, count)?
    } else {
        CStrings::new(&[file])?
    };
    let shell_arguments = SHELL.map_or_else(Vec::new, |shell| {
        let rest = arguments.pointers().get(1..).unwrap_or(&[]);
        let mut pointers = Vec::with_capacity(rest.len() + 3);
        pointers.push(shell.as_ptr().cast());
        pointers.push(std::ptr::null());
        pointers.extend_from_slice(rest);
        pointers.push(std::ptr::null());
        pointers
    });
    Ok(Candidates {
        paths,
        is_search,
        shell_arguments,
    })
}
