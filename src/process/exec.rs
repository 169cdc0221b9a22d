//! Makes this process another program: same id, descriptors and terminal, and nobody in between.

use std::collections::HashMap;
use std::fs;
use std::os::fd::BorrowedFd;
use std::path::PathBuf;

use rustix::io::{Errno, FdFlags, fcntl_setfd};

use super::c_strings::CStrings;
use super::errno::last_errno;

/// Runs a file in place of this program. It only comes back with an error. `args` begin with the program's name for itself; `env`:
/// `NAME=value`.
///
/// Node sets signals up itself when it starts, whatever it finds.
#[must_use]
pub fn exec(file: &str, args: &[String], env: &[String]) -> Errno {
    try_exec(file, args, env).err().unwrap_or_else(last_errno)
}

fn try_exec(file: &str, args: &[String], env: &[String]) -> Result<(), Errno> {
    let file = CStrings::new(&[file.as_bytes()])?;
    let [arguments, variables] =
        [args, env].map(|strings| CStrings::new(&strings.iter().map(String::as_bytes).collect::<Vec<_>>()));
    let (arguments, variables) = (arguments?, variables?);
    keep_inherited()?;
    // SAFETY: these are a string and arrays of strings that end in a null pointer, and live until the call is over, if it ever is.
    unsafe {
        libc::execve(file.first(), arguments.as_ptr(), variables.as_ptr());
    }
    Ok(())
}

/// Node has what it inherited closed when it comes to be another program. What it has opened itself is a queue of events, or a pipe
/// of which both ends are here.
fn keep_inherited() -> Result<(), Errno> {
    let mut open = Vec::new();
    let mut pipes: HashMap<PathBuf, u32> = HashMap::new();
    for entry in fs::read_dir("/proc/self/fd").map_err(|_| last_errno())?.flatten() {
        let number = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok());
        let (Some(number), Ok(target)) = (number, fs::read_link(entry.path())) else {
            continue;
        };
        let text = target.to_string_lossy();
        let is_own = number > 2 && (text.starts_with("anon_inode:") || text.starts_with("/proc/"));
        if number > 2 && text.starts_with("pipe:") {
            *pipes.entry(target.clone()).or_default() += 1;
        }
        if !is_own {
            open.push((number, target));
        }
    }
    for (number, target) in open {
        if number > 2 && pipes.get(&target).is_some_and(|ends| *ends > 1) {
            continue;
        }
        // SAFETY: it was open a moment ago. If somebody has closed it since, the call says so.
        let descriptor = unsafe { BorrowedFd::borrow_raw(number) };
        match fcntl_setfd(descriptor, FdFlags::empty()) {
            Ok(()) | Err(Errno::BADF) => {}
            Err(errno) => return Err(errno),
        }
    }
    Ok(())
}
