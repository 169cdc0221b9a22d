//! A child that is run to its end, and what it wrote.

use std::io::Read;
use std::os::fd::AsRawFd;
use std::sync::mpsc::channel;
use std::time::Duration;

use fast_resolve::process::{Child, Command, Errno, Exit, Facilities, ResourceUsage, Stdio, reaper, spawn_with};

/// Nothing here takes long; this is only so that a test fails and does not hang.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Names for what is taken away from the kernel.
pub const KERNELS: [&str; 5] = ["all", "no close_range", "no pidfd", "no group_signal", "no clone"];

pub fn kernel(name: &str) -> Facilities {
    let here = Facilities::here();
    assert!(here.clone, "this kernel shares memory, or nothing is tested");
    match name {
        "no close_range" => Facilities {
            close_range: false,
            ..here
        },
        "no pidfd" => Facilities { pidfd: false, ..here },
        "no group_signal" => Facilities {
            group_signal: false,
            ..here
        },
        "no clone" => Facilities { clone: false, ..here },
        _ => here,
    }
}

pub fn shell(script: &str) -> Command {
    Command::new(b"/bin/sh", &[b"sh", b"-c", script.as_bytes()], &[b"PATH=/usr/bin:/bin"]).unwrap()
}

pub fn end_of(child: &Child) -> (Exit, ResourceUsage) {
    let (sender, receiver) = channel();
    reaper::watch(child, move |_, exit, usage| sender.send((exit, usage)).unwrap()).unwrap();
    receiver.recv_timeout(PATIENCE).unwrap()
}

/// What a command writes to its standard output, and how it ends.
pub fn output(command: &Command, facilities: Facilities) -> Result<(String, Exit), Errno> {
    let (mut reader, writer) = std::io::pipe().unwrap();
    let stdio = [Stdio::Ignore, Stdio::Pipe(writer.as_raw_fd()), Stdio::Inherit(2)];
    let child = spawn_with(command, &stdio, facilities);
    drop(writer);
    let child = child?;
    let mut text = String::new();
    reader.read_to_string(&mut text).unwrap();
    Ok((text, end_of(&child).0))
}
