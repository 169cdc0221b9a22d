//! How children end, and what is left of them.

use std::io::{Read, Write};
use std::os::fd::AsRawFd;
use std::sync::mpsc::channel;

use fast_resolve::process::{Errno, Exit, Facilities, Stdio, reaper, signal, spawn_with};

use crate::support::{KERNELS, PATIENCE, end_of, kernel, shell};

/// Whether the kernel has an entry for a process, running or not yet waited for.
fn is_known(place: &str) -> bool {
    std::fs::read_dir(place).is_ok()
}

#[test]
fn codes_and_signals() {
    for name in KERNELS {
        for (script, expected) in [
            ("exit 0", Exit::Code(0)),
            ("exit 255", Exit::Code(255)),
            ("kill -TERM $$", Exit::Signal(libc::SIGTERM)),
            ("kill -QUIT $$", Exit::Signal(libc::SIGQUIT)),
        ] {
            let child = spawn_with(&shell(script), &[], kernel(name)).unwrap();
            assert_eq!(end_of(&child).0, expected, "{name}: {script}");
        }
    }
}

#[test]
fn what_was_used() {
    let child = spawn_with(
        &shell("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done"),
        &[],
        kernel("all"),
    )
    .unwrap();
    let (_, usage) = end_of(&child);
    assert!(usage.user_microseconds > 0);
    assert!(usage.max_resident_bytes > 100_000);
}

#[test]
fn the_number_is_kept_until_the_child_is_let_go() {
    for name in KERNELS {
        let child = spawn_with(&shell("exit 0"), &[], kernel(name)).unwrap();
        let place = format!("/proc/{}", child.pid());
        end_of(&child);
        assert!(is_known(&place), "{name}");
        assert_eq!(signal::kill(&child, libc::SIGKILL), Ok(()), "{name}: as for any zombie");
        child.release();
        assert_eq!(signal::kill(&child, libc::SIGKILL), Err(Errno::SRCH), "{name}");
        let other = spawn_with(&shell("exit 0"), &[], kernel(name)).unwrap();
        let place = format!("/proc/{}", other.pid());
        let (sender, receiver) = channel();
        reaper::watch(&other, move |other, _, _| {
            drop(other);
            sender.send(()).unwrap();
        })
        .unwrap();
        drop(other);
        receiver.recv_timeout(PATIENCE).unwrap();
        while is_known(&place) {
            // The thread that called back is about to let go.
            std::thread::yield_now();
        }
    }
}

#[test]
fn nobody_elses_child_is_waited_for() {
    let mut theirs = std::process::Command::new("/bin/true").spawn().unwrap();
    let ours = spawn_with(&shell("exit 4"), &[], kernel("all")).unwrap();
    assert_eq!(end_of(&ours).0, Exit::Code(4));
    assert!(theirs.wait().unwrap().success());
}

#[test]
fn a_child_that_somebody_else_waited_for() {
    for name in ["all", "no pidfd"] {
        let child = spawn_with(&shell("exit 4"), &[], kernel(name)).unwrap();
        assert_eq!(
            // SAFETY: a null pointer asks for no details.
            unsafe { libc::waitpid(child.pid(), std::ptr::null_mut(), 0) },
            child.pid()
        );
        assert_eq!(end_of(&child).0, Exit::Lost);
        child.release();
        assert_eq!(signal::kill(&child, libc::SIGKILL), Err(Errno::SRCH));
    }
}

#[test]
fn groups_are_known_by_descriptors_whether_or_not_this_process_leads_one() {
    let mut release = String::new();
    let mut file = std::fs::File::open("/proc/sys/kernel/osrelease").unwrap();
    file.read_to_string(&mut release).unwrap();
    let mut numbers = release.split(['.', '-']).map_while(|number| number.parse::<u32>().ok());
    let version = (numbers.next().unwrap(), numbers.next().unwrap());
    assert_eq!(Facilities::here().group_signal, version >= (6, 9));
    // The answer above is this process's, which a shell with jobs makes the leader of a group; this one's is a member's.
    let mut program = std::process::Command::new(std::env::current_exe().unwrap());
    program.args([
        "--exact",
        "waiting::groups_are_known_by_descriptors_whether_or_not_this_process_leads_one",
    ]);
    if std::env::var_os("IS_MEMBER").is_none() {
        assert!(program.env("IS_MEMBER", "1").status().unwrap().success());
    }
}

#[test]
fn a_group_is_killed_after_its_leader_has_ended() {
    for name in KERNELS {
        let (mut reader, writer) = std::io::pipe().unwrap();
        // The grandchild keeps the pipe open, so that its end can be seen.
        let mut command = shell("sleep 1000 & echo started; exit 0");
        command.has_own_group = true;
        let stdio = [Stdio::Ignore, Stdio::Pipe(writer.as_raw_fd())];
        let child = spawn_with(&command, &stdio, kernel(name)).unwrap();
        drop(writer);
        assert_eq!(end_of(&child).0, Exit::Code(0), "{name}");
        signal::kill_group(&child, libc::SIGKILL).unwrap();
        let mut text = String::new();
        reader.read_to_string(&mut text).unwrap();
        assert_eq!(text, "started\n");
    }
}

#[test]
fn a_thousand_children_leave_nothing() {
    let open = || std::fs::read_dir("/proc/self/fd").unwrap().count();
    let before = open();
    let (sender, receiver) = channel();
    for round in 0..20 {
        for number in 0..50 {
            let sender = sender.clone();
            let child = spawn_with(&shell(&format!("exit {number}")), &[], kernel("all")).unwrap();
            reaper::watch(&child, move |child, exit, _| {
                child.release();
                sender.send((child, exit)).unwrap();
            })
            .unwrap();
        }
        for _ in 0..50 {
            let (child, exit) = receiver.recv_timeout(PATIENCE).unwrap();
            assert!(matches!(exit, Exit::Code(0..50)), "{round}: {exit:?}");
            assert!(!is_known(&format!("/proc/{}", child.pid())));
        }
    }
    // The other tests of this process have some open, too.
    assert!(open() < before + 100);
}

#[test]
fn input_reaches_a_child() {
    let (reader, mut writer) = std::io::pipe().unwrap();
    let child = spawn_with(
        &shell("read line; [ \"$line\" = hello ]"),
        &[Stdio::Pipe(reader.as_raw_fd())],
        kernel("all"),
    )
    .unwrap();
    drop(reader);
    writer.write_all(b"hello\n").unwrap();
    assert_eq!(end_of(&child).0, Exit::Code(0));
}
