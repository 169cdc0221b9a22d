//! Makes this process another program: same id, descriptors and terminal, and nobody in between.

use std::io;
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::process::Command;

use rustix::io::{FdFlags, fcntl_setfd};

/// Runs a file in place of this program. It only comes back with an error.
#[must_use]
pub fn exec<'a>(file: &str, args: &'a [String], env: impl Iterator<Item = (&'a str, &'a str)>) -> io::Error {
    // Node has these closed when its own children come to be another program.
    let streams = [
        fcntl_setfd(io::stdin().as_fd(), FdFlags::empty()),
        fcntl_setfd(io::stdout().as_fd(), FdFlags::empty()),
        fcntl_setfd(io::stderr().as_fd(), FdFlags::empty()),
    ];
    match streams.into_iter().find_map(Result::err) {
        Some(errno) => errno.into(),
        None => Command::new(file).args(args).env_clear().envs(env).exec(),
    }
}
