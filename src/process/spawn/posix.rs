//! The C library's `posix_spawn`, where `clone` does not share memory. It can do less, and says so by `ENOSYS`: no change of
//! user, group or priority, and no parent-death signal.

use std::ffi::{c_char, c_int, c_void};
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::ptr::NonNull;

use rustix::io::Errno;

use super::announcement::announce;
use super::slots::{Slot, slots};
use crate::process::child::Child;
use crate::process::command::{Command, Stdio};
use crate::process::errno::errno_of;
use crate::process::facilities::Facilities;
use crate::process::find::{Next, after_failure};
use crate::process::{pidfd, symbol};

/// Not in every C library's headers, but in every one that has the function.
const SETSID: c_int = 0x80;

/// See [`super::spawn`].
pub fn spawn(command: &Command, stdio: &[Stdio], facilities: Facilities) -> Result<Child, Errno> {
    let needs_more = command.uid.is_some()
        || command.gid.is_some()
        || command.priority.is_some()
        || command.parent_death_signal.is_some();
    if needs_more {
        return Err(Errno::NOSYS);
    }
    let slots = slots(stdio);
    let mut actions = Actions::new()?;
    for (target, slot) in slots.iter().enumerate() {
        let target = c_int::try_from(target).map_err(|_| Errno::MFILE)?;
        actions.place(target, *slot, slots.len())?;
    }
    if let Some(cwd) = &command.cwd {
        actions.change_directory(cwd.first())?;
    }
    actions.close_from(slots.len());
    let attributes = Attributes::new(command)?;
    let pid = search(command, &actions, &attributes)?;
    let pidfd = if facilities.pidfd { Some(open_pidfd(pid)?) } else { None };
    // It may have started others, which are of its group; what the parent does from here on comes later than this.
    announce(command.announced_to, pid);
    Ok(Child::new(pid, pidfd, command.is_detached || command.has_own_group))
}

/// As `execvp`, one child for each candidate.
fn search(command: &Command, actions: &Actions, attributes: &Attributes) -> Result<i32, Errno> {
    let candidates = &command.candidates;
    let mut shell_arguments = candidates.shell_arguments();
    let mut is_denied = false;
    let mut last = libc::ENOENT;
    for path in candidates.paths.pointers() {
        last = match start(*path, command.arguments.as_ptr(), command, actions, attributes) {
            Ok(pid) => return Ok(pid),
            Err(errno) => errno,
        };
        if last == libc::ENOEXEC
            && let [shell, script, ..] = shell_arguments.as_mut_slice()
        {
            *script = *path;
            let shell = *shell;
            last = match start(shell, shell_arguments.as_ptr(), command, actions, attributes) {
                Ok(pid) => return Ok(pid),
                Err(errno) => errno,
            };
        }
        if !candidates.is_search {
            break;
        }
        match after_failure(last) {
            Next::Continue => {}
            Next::ContinueDenied => is_denied = true,
            Next::Stop => return Err(errno_of(last)),
        }
    }
    Err(if is_denied { Errno::ACCESS } else { errno_of(last) })
}

fn start(
    path: *const c_char,
    arguments: *const *const c_char,
    command: &Command,
    actions: &Actions,
    attributes: &Attributes,
) -> Result<i32, c_int> {
    let mut pid = 0;
    // SAFETY: the path and both lists are as C has them, in memory that lives until this is over; the function promises to
    // change none of them, whatever its type says. The other two were initialised.
    let errno = unsafe {
        libc::posix_spawn(
            &raw mut pid,
            path,
            &raw const actions.raw,
            &raw const attributes.0,
            arguments.cast(),
            command.environment.as_ptr().cast(),
        )
    };
    if errno == 0 { Ok(pid) } else { Err(errno) }
}

/// What the child does before it is the program, in order, and the descriptors that this needs.
struct Actions {
    raw: libc::posix_spawn_file_actions_t,
    held: Vec<OwnedFd>,
}

impl Actions {
    fn new() -> Result<Self, Errno> {
        let mut raw = MaybeUninit::uninit();
        // SAFETY: the function initialises what it is given, or fails.
        let raw = unsafe {
            checked(libc::posix_spawn_file_actions_init(raw.as_mut_ptr()))?;
            raw.assume_init()
        };
        Ok(Self { raw, held: Vec::new() })
    }

    fn place(&mut self, target: c_int, slot: Slot, count: usize) -> Result<(), Errno> {
        // SAFETY: the list was initialised, and the function copies the path, which ends in a NUL byte.
        let errno = unsafe {
            if slot.source >= 0 {
                let source = self.hold(slot.source, count)?;
                if slot.is_shared && target <= 2 {
                    set_blocking(source)?;
                }
                libc::posix_spawn_file_actions_adddup2(&raw mut self.raw, source, target)
            } else if target > 2 {
                libc::posix_spawn_file_actions_addclose(&raw mut self.raw, target)
            } else {
                let flags = if target == 0 { libc::O_RDONLY } else { libc::O_RDWR };
                libc::posix_spawn_file_actions_addopen(&raw mut self.raw, target, c"/dev/null".as_ptr(), flags, 0)
            }
        };
        checked(errno)
    }

    /// A duplicate that no other action overwrites.
    fn hold(&mut self, source: RawFd, count: usize) -> Result<RawFd, Errno> {
        let lowest = c_int::try_from(count).map_err(|_| Errno::MFILE)?;
        // SAFETY: the caller's descriptor, which is open for as long as the caller waits for this; EBADF if it is not.
        let source = unsafe { BorrowedFd::borrow_raw(source) };
        let held = rustix::io::fcntl_dupfd_cloexec(source, lowest)?;
        let number = held.as_raw_fd();
        self.held.push(held);
        Ok(number)
    }

    fn change_directory(&mut self, cwd: *const c_char) -> Result<(), Errno> {
        type ChangeDirectory = unsafe extern "C" fn(*mut libc::posix_spawn_file_actions_t, *const c_char) -> c_int;
        let function = symbol::find(c"posix_spawn_file_actions_addchdir_np").ok_or(Errno::NOSYS)?;
        // SAFETY: the C library's function of that name has this type.
        let function = unsafe { std::mem::transmute::<NonNull<c_void>, ChangeDirectory>(function) };
        // SAFETY: the list was initialised, and the function copies the path, which ends in a NUL byte.
        checked(unsafe { function(&raw mut self.raw, cwd) })
    }

    /// Where the C library can't do it, the descriptors that are not to be inherited are marked so, as Node's are.
    fn close_from(&mut self, first: usize) {
        type CloseFrom = unsafe extern "C" fn(*mut libc::posix_spawn_file_actions_t, c_int) -> c_int;
        let Some(function) = symbol::find(c"posix_spawn_file_actions_addclosefrom_np") else {
            return;
        };
        // SAFETY: the C library's function of that name has this type.
        let function = unsafe { std::mem::transmute::<NonNull<c_void>, CloseFrom>(function) };
        // SAFETY: the list was initialised.
        unsafe {
            function(&raw mut self.raw, c_int::try_from(first).unwrap_or(c_int::MAX));
        }
    }
}

impl Drop for Actions {
    fn drop(&mut self) {
        // SAFETY: the list was initialised, and this is its end.
        unsafe {
            libc::posix_spawn_file_actions_destroy(&raw mut self.raw);
        }
    }
}

/// How the child begins: signals as in a new process, and its session or group.
struct Attributes(libc::posix_spawnattr_t);

impl Attributes {
    fn new(command: &Command) -> Result<Self, Errno> {
        let mut flags = libc::POSIX_SPAWN_SETSIGDEF | libc::POSIX_SPAWN_SETSIGMASK;
        if command.is_detached {
            flags |= SETSID;
        } else if command.has_own_group {
            flags |= libc::POSIX_SPAWN_SETPGROUP;
        }
        let mut raw = MaybeUninit::uninit();
        // SAFETY: the function initialises what it is given, or fails.
        let mut attributes = unsafe {
            checked(libc::posix_spawnattr_init(raw.as_mut_ptr()))?;
            Self(raw.assume_init())
        };
        // SAFETY: the attributes were initialised, and so is each set before it is read.
        unsafe {
            let (mut all, mut none): (libc::sigset_t, libc::sigset_t) = std::mem::zeroed();
            libc::sigfillset(&raw mut all);
            libc::sigdelset(&raw mut all, libc::SIGKILL);
            libc::sigdelset(&raw mut all, libc::SIGSTOP);
            libc::sigemptyset(&raw mut none);
            checked(libc::posix_spawnattr_setsigdefault(
                &raw mut attributes.0,
                &raw const all,
            ))?;
            checked(libc::posix_spawnattr_setsigmask(&raw mut attributes.0, &raw const none))?;
            checked(libc::posix_spawnattr_setpgroup(&raw mut attributes.0, 0))?;
            let flags = i16::try_from(flags).map_err(|_| Errno::INVAL)?;
            checked(libc::posix_spawnattr_setflags(&raw mut attributes.0, flags))?;
        }
        Ok(attributes)
    }
}

impl Drop for Attributes {
    fn drop(&mut self) {
        // SAFETY: the attributes were initialised, and this is their end.
        unsafe {
            libc::posix_spawnattr_destroy(&raw mut self.0);
        }
    }
}

fn set_blocking(descriptor: RawFd) -> Result<(), Errno> {
    // SAFETY: one that `hold` keeps open.
    let descriptor = unsafe { BorrowedFd::borrow_raw(descriptor) };
    let flags = rustix::fs::fcntl_getfl(descriptor)?;
    if flags.contains(rustix::fs::OFlags::NONBLOCK) {
        rustix::fs::fcntl_setfl(descriptor, flags - rustix::fs::OFlags::NONBLOCK)?;
    }
    Ok(())
}

/// Where there can be none, the child is ended: nobody could wait for it.
fn open_pidfd(pid: i32) -> Result<OwnedFd, Errno> {
    let opened = pidfd::open(pid);
    if opened.is_err() {
        // SAFETY: the calls take numbers only, and a null pointer asks for no details; nobody has waited for this child.
        unsafe {
            libc::kill(pid, libc::SIGKILL);
            libc::waitpid(pid, std::ptr::null_mut(), 0);
        }
    }
    opened
}

fn checked(errno: c_int) -> Result<(), Errno> {
    if errno == 0 { Ok(()) } else { Err(errno_of(errno)) }
}
