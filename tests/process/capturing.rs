//! Commands as a whole: what goes in, what comes out, and that each is told of once.

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use fast_resolve::process::capture::{Ended, Ending, Event, Limits, Request, Session, Stream};
use fast_resolve::process::{Errno, Exit};

use super::support::{PATIENCE, shell};

const SIGTERM: i32 = 15;
const SIGKILL: i32 = 9;

/// A session, and what wakes whoever waits for it.
struct Tested {
    session: Session,
    woken: Receiver<()>,
    events: Vec<Event>,
}

impl Tested {
    fn new() -> Self {
        let (sender, woken) = channel();
        // Nobody may be left to hear of it.
        let session = Session::new(move || {
            let _ = sender.send(());
        });
        Self {
            session,
            woken,
            events: Vec::new(),
        }
    }

    /// Takes events until there is one for which `wanted` gives something.
    fn until<T>(&mut self, mut wanted: impl FnMut(&mut Vec<Event>) -> Option<T>) -> T {
        loop {
            if let Some(found) = wanted(&mut self.events) {
                return found;
            }
            self.woken.recv_timeout(PATIENCE).unwrap();
            self.events.extend(self.session.take());
        }
    }

    fn end_of(&mut self, id: u32) -> Ended {
        self.until(|events| {
            let place = events
                .iter()
                .position(|event| matches!(event, Event::Ended(ended, _) if *ended == id))?;
            match events.remove(place) {
                Event::Ended(_, ended) => Some(*ended),
                _ => None,
            }
        })
    }

    fn run(&mut self, script: &str, change: impl FnOnce(&mut Request)) -> Ended {
        self.session.start(1, request(script, change));
        self.end_of(1)
    }
}

fn request(script: &str, change: impl FnOnce(&mut Request)) -> Request {
    let mut request = Request {
        command: shell(script),
        announced_to: None,
        stdio: vec![Stream::Ignore, Stream::Pipe, Stream::Pipe],
        input: Vec::new(),
        is_input_open: false,
        is_streamed: false,
        is_text: false,
        is_start_told: false,
        limits: Limits {
            max_buffer: usize::MAX,
            timeout: None,
            kill_signal: SIGTERM,
            force_kill_after: Some(Duration::from_millis(100)),
            kill_tree: true,
            is_detached: false,
        },
    };
    change(&mut request);
    request
}

fn exit_of(ended: &Ended) -> Exit {
    ended.exit.unwrap().0
}

#[test]
fn tells_what_a_command_wrote_and_how_it_ended() {
    let ended = Tested::new().run("echo out; echo \u{e4} >&2; exit 3", |_| {});
    assert_eq!(exit_of(&ended), Exit::Code(3));
    assert_eq!((ended.errno, ended.ending), (None, Ending::Own));
    assert!(ended.pid > 0 && ended.duration > Duration::ZERO);
    let (stdout, stderr) = (ended.stdout.unwrap(), ended.stderr.unwrap());
    assert_eq!((stdout.bytes.as_slice(), stdout.is_ascii), (&b"out\n"[..], true));
    assert_eq!(
        (stderr.bytes.as_slice(), stderr.is_ascii),
        ("\u{e4}\n".as_bytes(), false)
    );
}

#[test]
fn gathers_nothing_of_what_is_no_pipe() {
    let ended = Tested::new().run("echo out; echo err >&2", |request| {
        request.stdio = vec![Stream::Ignore, Stream::Ignore, Stream::Pipe];
    });
    assert!(ended.stdout.is_none());
    assert_eq!(ended.stderr.unwrap().bytes, b"err\n");
}

#[test]
fn carries_much_in_and_out_at_once() {
    let mut tested = Tested::new();
    for length in [0, 1, 65_535, 65_536, 65_537, 1_048_576, 5_000_001] {
        let input: Vec<u8> = (0..length)
            .map(|place: usize| u8::try_from(place % 251).unwrap())
            .collect();
        let ended = tested.run("cat", |request| {
            request.stdio = vec![Stream::Pipe; 3];
            request.input.clone_from(&input);
        });
        let stdout = ended.stdout.unwrap();
        assert!(stdout.bytes == input, "{length} bytes");
        assert_eq!(stdout.is_ascii, length < 129, "{length} bytes");
    }
}

#[test]
fn takes_input_piece_by_piece_and_asks_for_patience() {
    let mut tested = Tested::new();
    let request = request("sleep 0.2; cat | wc -c", |request| {
        request.stdio = vec![Stream::Pipe; 3];
        request.input = vec![b'a'; 10];
        request.is_input_open = true;
    });
    tested.session.start(7, request);
    let mut written = 10;
    // Nothing is read at first.
    while tested.session.write(7, vec![b'b'; 10_000]) {
        written += 10_000;
    }
    written += 10_000;
    assert!(written < 1_000_000, "{written} bytes were taken");
    tested.until(|events| {
        events
            .iter()
            .any(|event| matches!(event, Event::Drained(7)))
            .then_some(())
    });
    tested.session.end_input(7);
    assert!(!tested.session.write(7, vec![b'c']), "it has ended");
    let ended = tested.end_of(7);
    assert_eq!(
        String::from_utf8(ended.stdout.unwrap().bytes).unwrap().trim(),
        written.to_string()
    );
}

#[test]
fn tells_when_no_more_input_is_read() {
    let mut tested = Tested::new();
    let request = request("exec <&-; sleep 0.2", |request| {
        request.stdio = vec![Stream::Pipe; 3];
        request.is_input_open = true;
    });
    tested.session.start(1, request);
    tested.until(|events| {
        events
            .iter()
            .any(|event| matches!(event, Event::InputClosed(1)))
            .then_some(())
    });
    assert_eq!(exit_of(&tested.end_of(1)), Exit::Code(0));
}

#[test]
fn hands_over_no_more_than_is_read() {
    let mut tested = Tested::new();
    tested
        .session
        .start(1, request("yes", |request| request.is_streamed = true));
    let read = |events: &mut Vec<Event>| {
        let length: usize = events
            .drain(..)
            .map(|event| match event {
                Event::Chunk(1, bytes) => bytes.len(),
                event => panic!("{event:?}"),
            })
            .sum();
        (length > 0).then_some(length)
    };
    let mut total = 0;
    for _ in 0..20 {
        let length = tested.until(read);
        total += length;
        // Nothing more comes than there may be unread.
        assert!(length <= 400_000, "{length} bytes at once");
        tested.session.resume(1, length);
    }
    assert!(total > 0);
    tested.session.terminate(1, false);
    let ended = tested.end_of(1);
    assert_eq!(
        (exit_of(&ended), ended.ending),
        (Exit::Signal(SIGTERM), Ending::Canceled)
    );
}

#[test]
fn tells_its_start_and_shows_what_is_gathered_from_its_beginning() {
    let mut tested = Tested::new();
    let script = "echo one; echo two >&2; read line; echo $line";
    tested.session.start(
        1,
        request(script, |request| {
            request.stdio = vec![Stream::Pipe; 3];
            request.is_input_open = true;
            request.is_start_told = true;
        }),
    );
    let pid = tested.until(|events| match events.first() {
        Some(Event::Started(1, pid)) => Some(*pid),
        _ => None,
    });
    assert_eq!(tested.session.pid(1), pid);
    assert_eq!(tested.session.pid(2), 0);
    tested.session.show(1, false);
    let mut shown = Vec::new();
    tested.until(|events| {
        for event in events.drain(..) {
            match event {
                Event::Shown(1, false, bytes) => shown.extend(bytes),
                Event::Started(..) => {}
                event => panic!("{event:?}"),
            }
        }
        (shown == b"one\n").then_some(())
    });
    tested.session.write(1, b"three\n".to_vec());
    let ended = tested.end_of(1);
    for event in tested.events.drain(..) {
        match event {
            Event::Shown(1, false, bytes) => shown.extend(bytes),
            Event::InputClosed(1) => {}
            event => panic!("{event:?}"),
        }
    }
    assert_eq!((ended.pid, shown.as_slice()), (pid, b"one\nthree\n".as_slice()));
    assert_eq!(ended.stdout.unwrap().bytes, shown);
    assert_eq!(ended.stderr.unwrap().bytes, b"two\n");
}

#[test]
fn ends_what_goes_too_far() {
    let mut tested = Tested::new();
    for (script, max_buffer, timeout, expected) in [
        ("yes", 1000, None, (Exit::Signal(SIGTERM), Ending::StdoutFull)),
        ("yes >&2", 1000, None, (Exit::Signal(SIGTERM), Ending::StderrFull)),
        ("sleep 1000", 1000, Some(50), (Exit::Signal(SIGTERM), Ending::Timeout)),
        (
            "trap '' TERM; yes",
            1000,
            None,
            (Exit::Signal(SIGKILL), Ending::StdoutFull),
        ),
    ] {
        let ended = tested.run(script, |request| {
            request.limits.max_buffer = max_buffer;
            request.limits.timeout = timeout.map(Duration::from_millis);
        });
        assert_eq!((exit_of(&ended), ended.ending), expected, "{script}");
        let longest = ended.stdout.unwrap().bytes.len().max(ended.stderr.unwrap().bytes.len());
        assert_eq!(longest, if timeout.is_some() { 0 } else { max_buffer }, "{script}");
    }
}

#[test]
fn nobody_is_waited_for_who_has_ended_and_is_not_waited_for() {
    // Orphans are this process's from now on, and it does not wait for them: as an init that does not.
    // SAFETY: the call takes numbers only.
    assert_eq!(unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }, 0);
    let script = "sleep 1000 >/dev/null 2>&1 & echo $!; exec sleep 1000";
    let mut tested = Tested::new();
    tested.session.start(
        1,
        request(script, |request| {
            request.is_streamed = true;
            // Longer than anybody has patience.
            request.limits.force_kill_after = Some(Duration::from_secs(3600));
        }),
    );
    let said = tested.until(|events| match events.pop() {
        Some(Event::Chunk(1, bytes)) => Some(bytes),
        _ => None,
    });
    let orphan: i32 = str::from_utf8(&said).unwrap().trim().parse().unwrap();
    tested.session.terminate(1, false);
    let ended = tested.end_of(1);
    assert_eq!(exit_of(&ended), Exit::Signal(SIGTERM));
    // SAFETY: a null pointer asks for no details.
    let waited = unsafe { libc::waitpid(orphan, std::ptr::null_mut(), libc::WNOHANG) };
    assert_eq!(waited, orphan, "it has ended, and is there until now");
}

#[test]
fn tells_why_there_is_no_process() {
    let mut tested = Tested::new();
    tested.session.start(
        1,
        request("", |request| request.command.set_cwd(b"/no/such/directory").unwrap()),
    );
    let ended = tested.end_of(1);
    assert_eq!((ended.errno, ended.pid, ended.exit), (Some(Errno::NOENT), 0, None));
    tested
        .session
        .start(1, request("", |request| request.stdio = vec![Stream::Pipe; 4]));
    assert_eq!(tested.end_of(1).errno, Some(Errno::INVAL));
}

#[test]
fn tells_of_each_once_however_it_is_cancelled() {
    let mut tested = Tested::new();
    for id in 0..60 {
        tested.session.start(id, request("sleep 1000", |_| {}));
        // Before it is started, while it is, and later.
        if id % 3 == 0 {
            tested.session.terminate(id, id % 2 == 0);
        }
    }
    for id in 0..60 {
        tested.session.terminate(id, false);
        tested.session.terminate(id, true);
    }
    for id in 0..60 {
        let ended = tested.end_of(id);
        assert_eq!((ended.errno, ended.ending), (None, Ending::Canceled), "{id}");
        assert!(
            !matches!(ended.exit, Some((Exit::Code(_) | Exit::Lost, _))),
            "{id}: {ended:?}"
        );
    }
    assert!(tested.session.take().is_empty() && tested.events.is_empty());
}

#[test]
fn a_session_that_goes_takes_its_commands_along() {
    let (mut reader, writer) = std::io::pipe().unwrap();
    let tested = Tested::new();
    for id in 0..5 {
        let descriptor = std::os::fd::AsRawFd::as_raw_fd(&writer);
        let stdio = vec![Stream::Ignore, Stream::Pipe, Stream::Pipe, Stream::Inherit(descriptor)];
        tested.session.start(
            id,
            request("trap '' TERM; echo >&3; sleep 1000", |request| request.stdio = stdio),
        );
    }
    let mut ready = [0; 5];
    std::io::Read::read_exact(&mut reader, &mut ready).unwrap();
    drop((tested, writer));
    // There is an end when the last one has gone that could still write.
    let mut rest = Vec::new();
    assert_eq!(std::io::Read::read_to_end(&mut reader, &mut rest).unwrap(), 0);
}
