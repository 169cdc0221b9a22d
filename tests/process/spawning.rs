//! What a child begins with, and why there is none.

use std::fs::File;
use std::io::Read;
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use fast_resolve::process::{Command, Errno, Exit, Facilities, Stdio, spawn_with, spawner};

use crate::support::{KERNELS, end_of, kernel, output, shell};

fn each_kernel(check: impl Fn(Facilities)) {
    for name in KERNELS {
        println!("{name}");
        check(kernel(name));
    }
}

#[test]
fn arguments_and_environment_arrive_as_they_are() {
    each_kernel(|facilities| {
        let arguments: [&[u8]; 6] = [
            b"another name",
            b"-c",
            b"printf '%s|' \"$0\" \"$@\"; env",
            b"",
            b"two words",
            b"\xff",
        ];
        let mut command =
            Command::new(b"/bin/sh", &arguments, &[b"PATH=/usr/bin:/bin", b"EMPTY=", b"KEY=a=b"]).unwrap();
        command.set_cwd(b"/").unwrap();
        let (reader, writer) = std::io::pipe().unwrap();
        let child = spawn_with(&command, &[Stdio::Ignore, Stdio::Pipe(writer.as_raw_fd())], facilities).unwrap();
        drop(writer);
        let mut bytes = Vec::new();
        (&reader).read_to_end(&mut bytes).unwrap();
        assert_eq!(end_of(&child).0, Exit::Code(0));
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.starts_with("|two words|\u{fffd}|"), "{text}");
        for pair in ["EMPTY=", "KEY=a=b", "PWD=/"] {
            assert!(text.lines().any(|line| line.ends_with(pair)), "{pair} in {text}");
        }
    });
}

#[test]
fn descriptors_change_places() {
    each_kernel(|facilities| {
        let (mut first, to_first) = std::io::pipe().unwrap();
        let (mut second, to_second) = std::io::pipe().unwrap();
        // 4 and 3 are the other way round in the parent of this parent, so that each stands where the other goes.
        let inner = "exec 5>&3 3>&4 4>&5 5>&-; echo one >&3; echo two >&4";
        let stdio = [
            Stdio::Ignore,
            Stdio::Ignore,
            Stdio::Ignore,
            Stdio::Pipe(to_first.as_raw_fd()),
            Stdio::Pipe(to_second.as_raw_fd()),
        ];
        let child = spawn_with(&shell(inner), &stdio, facilities).unwrap();
        drop((to_first, to_second));
        assert_eq!(end_of(&child).0, Exit::Code(0));
        let mut texts = [String::new(), String::new()];
        first.read_to_string(&mut texts[0]).unwrap();
        second.read_to_string(&mut texts[1]).unwrap();
        assert_eq!(texts, ["two\n", "one\n"]);
    });
}

#[test]
fn standard_streams_can_be_swapped() {
    each_kernel(|facilities| {
        // Of 1 and 2, each becomes the other: none may be overwritten before it is duplicated.
        let (mut reader, writer) = std::io::pipe().unwrap();
        let number = writer.as_raw_fd();
        let script =
            "one=$(readlink /proc/$$/fd/1); two=$(readlink /proc/$$/fd/2); echo \"$one\" >&3; echo \"$two\" >&3";
        let stdio = [Stdio::Ignore, Stdio::Inherit(2), Stdio::Inherit(1), Stdio::Pipe(number)];
        let child = spawn_with(&shell(script), &stdio, facilities).unwrap();
        drop(writer);
        let mut text = String::new();
        reader.read_to_string(&mut text).unwrap();
        assert_eq!(end_of(&child).0, Exit::Code(0));
        let own = |number: i32| std::fs::read_link(format!("/proc/self/fd/{number}")).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines, [own(2).to_str().unwrap(), own(1).to_str().unwrap()]);
    });
}

#[test]
fn no_other_descriptor_gets_through() {
    each_kernel(|facilities| {
        let open = File::open("/").unwrap();
        // Not marked to be closed, as a careless library leaves them.
        // SAFETY: the descriptor is open.
        let careless: Vec<i32> = (0..3).map(|_| unsafe { libc::dup(open.as_raw_fd()) }).collect();
        // 3 is the directory that `ls` lists.
        let (text, exit) = output(&shell("ls /proc/self/fd"), facilities).unwrap();
        for number in careless {
            // SAFETY: these are the duplicates made above, which nobody else knows.
            unsafe { libc::close(number) };
        }
        assert_eq!((text.as_str(), exit), ("0\n1\n2\n3\n", Exit::Code(0)));
    });
}

#[test]
fn streams_that_nobody_named_are_dev_null() {
    each_kernel(|facilities| {
        let command = shell("for number in 0 1 2; do [ /proc/self/fd/$number -ef /dev/null ] || exit 1; done");
        let child = spawn_with(&command, &[], facilities).unwrap();
        assert_eq!(end_of(&child).0, Exit::Code(0));
    });
}

#[test]
fn signals_are_as_in_a_new_process() {
    each_kernel(|facilities| {
        // Ignored signals outlive an execve, and so does the mask.
        // SAFETY: no handler is installed.
        unsafe { libc::signal(libc::SIGPIPE, libc::SIG_IGN) };
        let (text, _) = output(&shell("exec grep -E '^Sig(Blk|Ign)' /proc/self/status"), facilities).unwrap();
        // The C library's own function leaves the two signals ignored that it uses itself.
        let ignored = if facilities.clone || cfg!(target_env = "musl") {
            0
        } else {
            0x1_8000_0000_u64
        };
        assert_eq!(text, format!("SigBlk:\t{:016x}\nSigIgn:\t{ignored:016x}\n", 0));
    });
}

#[test]
fn a_session_or_a_group_of_its_own() {
    each_kernel(|facilities| {
        // Field 5 is the group, 6 the session.
        let script = "set -- $(cat /proc/$$/stat); echo $(($1 == $5)) $(($1 == $6))";
        for (is_detached, has_own_group, expected) in
            [(false, false, "0 0\n"), (false, true, "1 0\n"), (true, true, "1 1\n")]
        {
            let mut command = shell(script);
            command.is_detached = is_detached;
            command.has_own_group = has_own_group;
            assert_eq!(output(&command, facilities).unwrap().0, expected);
        }
    });
}

#[test]
fn a_user_and_a_group_without_the_groups_of_root() {
    // SAFETY: the call has no arguments.
    let is_root = unsafe { libc::geteuid() } == 0;
    each_kernel(|facilities| {
        let mut command = shell("echo $(id -u) $(id -g) $(id -G)");
        (command.uid, command.gid) = (Some(12345), Some(23456));
        let expected = match (facilities.clone, is_root) {
            (false, _) => Err(Errno::NOSYS),
            (true, false) => Err(Errno::PERM),
            (true, true) => Ok(("12345 23456 23456\n".to_owned(), Exit::Code(0))),
        };
        assert_eq!(output(&command, facilities), expected);
    });
}

#[test]
fn a_child_of_another_user_leaves_this_process_dumpable() {
    /// Whether the kernel makes a core file of this process, and leaves its files in /proc to its user. Just now a child of
    /// another test may be on its way, so this is asked more than once.
    fn is_dumpable() -> bool {
        (0..5000).any(|_| {
            std::thread::sleep(Duration::from_millis(1));
            // SAFETY: the call takes numbers only.
            unsafe { libc::prctl(libc::PR_GET_DUMPABLE, 0, 0, 0, 0) == 1 }
        })
    }
    // SAFETY: the call has no arguments.
    if unsafe { libc::geteuid() } != 0 {
        println!("not run: only root can become somebody else");
        return;
    }
    assert!(is_dumpable());
    std::thread::scope(|scope| {
        for number in 0..4 {
            scope.spawn(move || {
                for round in 0..25 {
                    let mut command = if round % 5 == 4 {
                        Command::new(b"/nowhere/at/all", &[b"all"], &[]).unwrap()
                    } else {
                        shell("echo ended")
                    };
                    let id = Some(12345 + number);
                    (command.uid, command.gid) = [(id, None), (None, id), (id, id)][round % 3];
                    let expected = if round % 5 == 4 {
                        Err(Errno::NOENT)
                    } else {
                        Ok(("ended\n".to_owned(), Exit::Code(0)))
                    };
                    assert_eq!(output(&command, kernel("all")), expected);
                }
            });
        }
    });
    assert!(is_dumpable());
}

#[test]
fn a_priority() {
    let mut command = shell("nice");
    command.priority = Some(7);
    assert_eq!(output(&command, kernel("all")).unwrap().0, "7\n");
}

#[test]
fn a_file_is_looked_for_in_the_childs_path_from_its_directory() {
    let directory = std::env::temp_dir().join(format!("fast-resolve-path-{}", std::process::id()));
    let bin = directory.join("bin");
    std::fs::create_dir_all(bin.join("folder")).unwrap();
    for (name, text, mode) in [
        ("program", "#!/bin/sh\necho program\n", 0o755),
        ("script", "echo script \"$0\" \"$1\"\n", 0o755),
        ("data", "#!/bin/sh\n", 0o644),
    ] {
        let file = bin.join(name);
        std::fs::write(&file, text).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    each_kernel(|facilities| {
        let run = |file: &str, path: &[u8]| {
            let mut command = Command::new(file.as_bytes(), &[file.as_bytes(), b"x"], &[path]).unwrap();
            command.set_cwd(directory.to_str().unwrap().as_bytes()).unwrap();
            output(&command, facilities).map(|(text, _)| text)
        };
        assert_eq!(run("program", b"PATH=/nowhere:bin"), Ok("program\n".to_owned()));
        assert_eq!(run("bin/program", b"PATH="), Ok("program\n".to_owned()));
        assert_eq!(
            run("script", b"PATH=/dev/null:bin"),
            Ok("script bin/script x\n".to_owned())
        );
        assert_eq!(run("echo", b"OTHER=variable"), Ok("x\n".to_owned()));
        assert_eq!(run("data", b"PATH=bin:/nowhere"), Err(Errno::ACCESS));
        assert_eq!(run("folder", b"PATH=bin"), Err(Errno::ACCESS));
        assert_eq!(run("program", b"PATH=/nowhere"), Err(Errno::NOENT));
        assert_eq!(run("program", b"PATH="), Err(Errno::NOENT));
        assert_eq!(run("bin/program/x", b"PATH="), Err(Errno::NOTDIR));
        assert_eq!(run(&"x".repeat(300), b"PATH=bin"), Err(Errno::NAMETOOLONG));
    });
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn what_can_not_be_started() {
    each_kernel(|facilities| {
        let start = |command: &Command| spawn_with(command, &[], facilities).map(|child| end_of(&child).0);
        let mut lost = shell("true");
        lost.set_cwd(b"/nowhere").unwrap();
        assert_eq!(start(&lost), Err(Errno::NOENT));
        let long = vec![b'x'; 200_000];
        assert_eq!(
            start(&Command::new(b"/bin/true", &[b"true", &long], &[]).unwrap()),
            Err(Errno::TOOBIG)
        );
        let missing = [Stdio::Ignore, Stdio::Inherit(123_456)];
        assert_eq!(
            spawn_with(&shell("true"), &missing, facilities).err(),
            Some(Errno::BADF)
        );
    });
    assert_eq!(Command::new(b"a\0b", &[b"a"], &[]).err(), Some(Errno::INVAL));
    assert_eq!(Command::new(b"a", &[b"a\0b"], &[]).err(), Some(Errno::INVAL));
    assert_eq!(Command::new(b"", &[b""], &[]).err(), Some(Errno::NOENT));
    assert_eq!(
        Command::from_blocks(b"a", (b"a\0b".to_vec(), 2), (vec![], 0)).err(),
        Some(Errno::INVAL)
    );
}

#[test]
fn the_thread_that_asks_need_not_live() {
    let mut command = shell("kill -STOP $$; exit 3");
    command.parent_death_signal = Some(libc::SIGKILL);
    let child = std::thread::spawn(|| spawner::spawn_and_wait(command, vec![]).unwrap())
        .join()
        .unwrap();
    fast_resolve::process::signal::kill(&child, libc::SIGCONT).unwrap();
    let (sender, receiver) = std::sync::mpsc::channel();
    fast_resolve::process::reaper::watch(&child, move |_, exit, _| sender.send(exit).unwrap()).unwrap();
    // It may not have stopped yet when it was told to go on.
    let exit = loop {
        match receiver.recv_timeout(Duration::from_millis(20)) {
            Ok(exit) => break exit,
            Err(_) => fast_resolve::process::signal::kill(&child, libc::SIGCONT).unwrap_or(()),
        }
    };
    assert_eq!(exit, Exit::Code(3));
}

#[test]
fn a_child_says_that_it_is_there_before_it_is_a_program() {
    let (reader, writer) = std::io::pipe().unwrap();
    let mut command = shell("echo program >&3");
    command.announced_to = Some(writer.as_raw_fd());
    let descriptors = [
        Stdio::Ignore,
        Stdio::Ignore,
        Stdio::Ignore,
        Stdio::Pipe(writer.as_raw_fd()),
    ];
    let child = spawn_with(&command, &descriptors, Facilities::here()).unwrap();
    let mut missing = Command::new(b"/nowhere", &[b"nowhere"], &[]).unwrap();
    missing.announced_to = Some(writer.as_raw_fd());
    assert_eq!(end_of(&child).0, Exit::Code(0));
    assert_eq!(spawn_with(&missing, &[], Facilities::here()).err(), Some(Errno::NOENT));
    drop(writer);
    let text = std::io::read_to_string(reader).unwrap();
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
    let own = child.pid().to_string();
    let other = lines.get(2).and_then(|line| line.get(1)).copied().unwrap();
    assert_ne!(other, own);
    assert_eq!(
        lines,
        [vec!["+", &own], vec!["program"], vec!["+", other], vec!["-", other]]
    );
}

#[test]
fn a_child_that_posix_spawn_has_started_is_announced_for_it() {
    let facilities = Facilities {
        clone: false,
        ..Facilities::here()
    };
    let (reader, writer) = std::io::pipe().unwrap();
    let mut command = shell("exit 3");
    command.announced_to = Some(writer.as_raw_fd());
    let mut missing = Command::new(b"/nowhere", &[b"nowhere"], &[]).unwrap();
    missing.announced_to = Some(writer.as_raw_fd());
    assert_eq!(spawn_with(&missing, &[], facilities).err(), Some(Errno::NOENT));
    let child = spawn_with(&command, &[], facilities).unwrap();
    drop(writer);
    // The child has no other end of it either.
    assert_eq!(std::io::read_to_string(reader).unwrap(), format!("+ {}\n", child.pid()));
    assert_eq!(end_of(&child).0, Exit::Code(3));
}

#[test]
fn a_child_that_nobody_hears_of_is_a_program_even_so() {
    let (reader, pipe) = std::io::pipe().unwrap();
    drop(reader);
    let (other_end, socket) = std::os::unix::net::UnixStream::pair().unwrap();
    drop(other_end);
    for descriptor in [pipe.as_raw_fd(), socket.as_raw_fd()] {
        let mut command = shell("exit 3");
        command.announced_to = Some(descriptor);
        for clone in [Facilities::here().clone, false] {
            let facilities = Facilities {
                clone,
                ..Facilities::here()
            };
            let child = spawn_with(&command, &[], facilities).unwrap();
            assert_eq!(end_of(&child).0, Exit::Code(3));
        }
    }
}
