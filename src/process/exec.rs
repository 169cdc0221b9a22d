//! Makes this process another program: same id, descriptors and terminal, and nobody in between.

use std::io;
use std::os::fd::AsFd;

use rustix::io::{Errno, FdFlags, fcntl_setfd};

use super::c_strings::CStrings;
use super::errno::last_errno;

/// Runs a file in place of this program. It only comes back with an error. `env`: `NAME=value`.
///
/// Node sets signals up itself when it starts, whatever it finds.
#[must_use]
pub fn exec(file: &str, args: &[String], env: &[String]) -> Errno {
    try_exec(file, args, env).err().unwrap_or_else(last_errno)
}

fn try_exec(file: &str, args: &[String], env: &[String]) -> Result<(), Errno> {
    let mut command = vec![file.as_bytes()];
    command.extend(args.iter().map(String::as_bytes));
    let variables: Vec<_> = env.iter().map(String::as_bytes).collect();
    let (command, environment) = (CStrings::new(&command)?, CStrings::new(&variables)?);
    // Node has these closed when its own children come to be another program.
    fcntl_setfd(io::stdin().as_fd(), FdFlags::empty())?;
    fcntl_setfd(io::stdout().as_fd(), FdFlags::empty())?;
    fcntl_setfd(io::stderr().as_fd(), FdFlags::empty())?;
    // SAFETY: both are arrays of strings that end in a null pointer, and live until the call is over, if it ever is.
    unsafe {
        libc::execve(command.first(), command.as_ptr(), environment.as_ptr());
    }
    Ok(())
}
