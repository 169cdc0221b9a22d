//! What a child does before it is a program of its own. It runs in its parent's memory, while the parent's thread is stopped
//! and its other threads go on. So there are system calls here, and nothing else: no allocation, no lock, no panic, nothing
//! of the C library that keeps state (but `errno`, which is the stopped thread's).
//!
//! The order is libuv's. An error of any step is the answer of the whole, unless it says otherwise.

use std::ffi::{c_char, c_int, c_long};
use std::sync::atomic::AtomicI32;

use super::slots::Slot;
use crate::process::command::Command;
use crate::process::find::{Next, after_failure};

const SIGNALS: c_int = 64;
/// The kernel's `struct sigaction` for the default action is all zeroes and no longer than this.
static DEFAULT_ACTION: [u64; 8] = [0; 8];
static NO_SIGNALS: u64 = 0;
static BROKEN_PIPE: u64 = 1 << (libc::SIGPIPE - 1);
/// The kernel's `struct timespec`.
static AT_ONCE: [i64; 2] = [0, 0];
/// A variadic argument has to have the width that the kernel reads.
const NONE: *const u64 = std::ptr::null();
/// Of a limit of descriptors that is as good as none, this many are closed one by one where there is no /proc.
const MOST_DESCRIPTORS: u64 = 65_536;

/// All that the child needs, in memory that its parent prepared.
pub struct Plan<'parent> {
    /// The child's answer; 0 while it has none.
    pub errno: AtomicI32,
    pub slots: &'parent mut [Slot],
    pub shell_arguments: &'parent mut [*const c_char],
    pub command: &'parent Command,
    pub parent: i32,
    pub has_close_range: bool,
}

/// Becomes the program; returns the reason if it could not.
///
/// # Safety
/// To be called by a new process only, whose descriptors and signal handlers are its own.
pub unsafe fn become_program(plan: &mut Plan<'_>) -> i32 {
    // SAFETY: the caller's promise is passed on.
    match unsafe { prepare(plan) } {
        // SAFETY: as above.
        Ok(()) => unsafe { execute(plan) },
        Err(errno) => errno,
    }
}

/// All that comes before the program: signals, session, descriptors, directory, user.
///
/// # Safety
/// As for [`become_program`].
unsafe fn prepare(plan: &mut Plan<'_>) -> Result<(), i32> {
    let command = plan.command;
    // SAFETY: these calls change the new process only, and every pointer leads to what the plan holds or to a constant.
    unsafe {
        for signal in 1..=SIGNALS {
            if signal != libc::SIGKILL && signal != libc::SIGSTOP {
                let action = DEFAULT_ACTION.as_ptr();
                // An unknown signal has no action that would need a change.
                let _ = call(libc::syscall(
                    libc::SYS_rt_sigaction,
                    signal,
                    action,
                    NONE,
                    size_of::<u64>(),
                ));
            }
        }
        if command.is_detached {
            // Fails only for one that leads a group, which a new process does not.
            let _ = call(libc::syscall(libc::SYS_setsid));
        } else if command.has_own_group {
            call(libc::syscall(libc::SYS_setpgid, 0, 0))?;
        }
        if let Some(descriptor) = command.announced_to {
            // Before descriptors are moved. Who can't be told does not keep the child from its program: the signal that comes of
            // it waits until signals are no longer blocked, and is taken back.
            if announce(descriptor).is_err() {
                let _ = call(libc::syscall(
                    libc::SYS_rt_sigtimedwait,
                    &raw const BROKEN_PIPE,
                    NONE,
                    AT_ONCE.as_ptr(),
                    size_of::<u64>(),
                ));
            }
        }
        place_descriptors(plan.slots)?;
        if let Some(cwd) = &command.cwd {
            call(libc::syscall(libc::SYS_chdir, cwd.first()))?;
        }
        if let Some(priority) = command.priority {
            call(libc::syscall(libc::SYS_setpriority, libc::PRIO_PROCESS, 0, priority))?;
        }
        if command.uid.is_some() || command.gid.is_some() {
            // Only root may, and only root has to: it drops the groups that would keep its rights alive.
            let _ = call(libc::syscall(libc::SYS_setgroups, 0_usize, NONE));
        }
        if let Some(gid) = command.gid {
            call(libc::syscall(libc::SYS_setgid, gid))?;
        }
        if let Some(uid) = command.uid {
            call(libc::syscall(libc::SYS_setuid, uid))?;
        }
        if let Some(signal) = command.parent_death_signal {
            // After the change of user, which would undo it.
            call(libc::syscall(
                libc::SYS_prctl,
                libc::PR_SET_PDEATHSIG,
                signal,
                NONE,
                NONE,
                NONE,
            ))?;
            if call(libc::syscall(libc::SYS_getppid))? != c_long::from(plan.parent) {
                // The parent died before it could be asked for, so that nobody wants this child.
                let own = call(libc::syscall(libc::SYS_getpid))?;
                call(libc::syscall(libc::SYS_kill, own, libc::SIGKILL))?;
            }
        }
        close_others(plan.slots.len(), plan.has_close_range);
    }
    Ok(())
}

/// Writes a line with the child's number.
///
/// # Safety
/// As for [`become_program`].
unsafe fn announce(descriptor: c_int) -> Result<c_long, i32> {
    let mut line = *b"+           \n";
    // SAFETY: the calls take numbers, and a text of ours.
    unsafe {
        let mut rest = call(libc::syscall(libc::SYS_getpid))?;
        if let Some(place) = line.get_mut(2..12) {
            for digit in place.iter_mut().rev() {
                if rest == 0 {
                    break;
                }
                *digit = b'0' + u8::try_from(rest % 10).unwrap_or(0);
                rest /= 10;
            }
        }
        call(libc::syscall(libc::SYS_write, descriptor, line.as_ptr(), line.len()))
    }
}

/// Puts each descriptor where the program expects it.
///
/// # Safety
/// As for [`become_program`].
unsafe fn place_descriptors(slots: &mut [Slot]) -> Result<(), i32> {
    let count = slots.len();
    // Those that stand where another one goes are moved out of the way first.
    for (target, slot) in slots.iter_mut().enumerate() {
        if slot.source >= 0 && slot.source.unsigned_abs() < u32::try_from(target).unwrap_or(u32::MAX) {
            // SAFETY: the call takes numbers only.
            let moved = call(unsafe { libc::syscall(libc::SYS_fcntl, slot.source, libc::F_DUPFD_CLOEXEC, count) })?;
            slot.source = c_int::try_from(moved).unwrap_or(-1);
        }
    }
    for (target, slot) in slots.iter().enumerate() {
        let target = c_int::try_from(target).unwrap_or(c_int::MAX);
        // SAFETY: the calls take numbers, and the path of a file that ends in a NUL byte.
        unsafe {
            if slot.source < 0 && target > 2 {
                // Nothing was asked for, so what the parent has there must not get through.
                let _ = call(libc::syscall(libc::SYS_fcntl, target, libc::F_SETFD, libc::FD_CLOEXEC));
                continue;
            }
            let source = if slot.source < 0 {
                let flags = if target == 0 { libc::O_RDONLY } else { libc::O_RDWR };
                let path = c"/dev/null".as_ptr();
                let opened = call(libc::syscall(
                    libc::SYS_openat,
                    libc::AT_FDCWD,
                    path,
                    flags | libc::O_CLOEXEC,
                ))?;
                c_int::try_from(opened).unwrap_or(-1)
            } else {
                slot.source
            };
            if source == target {
                let flags = call(libc::syscall(libc::SYS_fcntl, source, libc::F_GETFD))?;
                let flags = flags & !c_long::from(libc::FD_CLOEXEC);
                call(libc::syscall(libc::SYS_fcntl, source, libc::F_SETFD, flags))?;
            } else {
                call(libc::syscall(libc::SYS_dup3, source, target, 0))?;
            }
            if slot.is_shared && target <= 2 {
                let flags = call(libc::syscall(libc::SYS_fcntl, target, libc::F_GETFL))?;
                if flags & c_long::from(libc::O_NONBLOCK) != 0 {
                    let flags = flags & !c_long::from(libc::O_NONBLOCK);
                    call(libc::syscall(libc::SYS_fcntl, target, libc::F_SETFL, flags))?;
                }
            }
        }
    }
    Ok(())
}

/// Has all descriptors from this one on closed when the program begins; not now, since the program's own file may be one.
///
/// # Safety
/// As for [`become_program`].
unsafe fn close_others(first: usize, has_close_range: bool) {
    // SAFETY: the calls take numbers only, and change nothing but what is closed on `execve`.
    unsafe {
        let flag = libc::CLOSE_RANGE_CLOEXEC;
        if has_close_range && call(libc::syscall(libc::SYS_close_range, first, u32::MAX, flag)).is_ok() {
            return;
        }
        if mark_listed(first).is_ok() {
            return;
        }
        let mut limit = [0_u64; 2];
        let resource = libc::RLIMIT_NOFILE;
        let _ = call(libc::syscall(
            libc::SYS_prlimit64,
            0,
            resource,
            NONE,
            limit.as_mut_ptr(),
        ));
        let [soft, _] = limit;
        let mut descriptor = first as u64;
        while descriptor < soft.min(MOST_DESCRIPTORS) {
            let _ = call(libc::syscall(
                libc::SYS_fcntl,
                descriptor,
                libc::F_SETFD,
                libc::FD_CLOEXEC,
            ));
            descriptor += 1;
        }
    }
}

/// Marks the descriptors that /proc lists.
///
/// # Safety
/// As for [`become_program`].
unsafe fn mark_listed(first: usize) -> Result<(), i32> {
    /// Of an entry: where its length stands, and its name.
    const LENGTH: usize = 16;
    const NAME: usize = 19;
    let mut entries = [0_u8; 1024];
    // SAFETY: the path ends in a NUL byte, and the buffer is as long as is said.
    unsafe {
        let flags = libc::O_RDONLY | libc::O_DIRECTORY | libc::O_CLOEXEC;
        let path = c"/proc/self/fd".as_ptr();
        let directory = call(libc::syscall(libc::SYS_openat, libc::AT_FDCWD, path, flags))?;
        loop {
            let buffer = entries.as_mut_ptr();
            let length = call(libc::syscall(libc::SYS_getdents64, directory, buffer, entries.len()))?;
            let mut rest = entries.get(..usize::try_from(length).unwrap_or(0)).unwrap_or(&[]);
            if rest.is_empty() {
                return call(libc::syscall(libc::SYS_close, directory)).map(|_| ());
            }
            while let (Some([low, high]), Some(name)) = (rest.get(LENGTH..LENGTH + 2), rest.get(NAME..)) {
                if let Some(descriptor) = number(name)
                    && descriptor >= first
                {
                    let _ = call(libc::syscall(
                        libc::SYS_fcntl,
                        descriptor,
                        libc::F_SETFD,
                        libc::FD_CLOEXEC,
                    ));
                }
                let entry = usize::from(u16::from_ne_bytes([*low, *high]));
                rest = rest.get(entry.max(1)..).unwrap_or(&[]);
            }
        }
    }
}

/// The decimal number that a name is, up to its NUL byte.
fn number(name: &[u8]) -> Option<usize> {
    let mut value: usize = 0;
    for byte in name {
        match byte {
            0 => return Some(value),
            b'0'..=b'9' => value = value.wrapping_mul(10).wrapping_add(usize::from(byte - b'0')),
            _ => return None,
        }
    }
    None
}

/// As `execvp`: the candidates in order, and the shell for a script that does not say what runs it.
///
/// # Safety
/// As for [`become_program`].
unsafe fn execute(plan: &mut Plan<'_>) -> i32 {
    let command = plan.command;
    let candidates = &command.candidates;
    let environment = command.environment.as_ptr();
    // SAFETY: the pointer leads to a mask of the size that is given. Signals are let in no earlier than here: their handlers
    // are gone, so that none runs in the parent's memory.
    unsafe {
        let mask = &raw const NO_SIGNALS;
        let how = libc::SIG_SETMASK;
        let _ = call(libc::syscall(
            libc::SYS_rt_sigprocmask,
            how,
            mask,
            NONE,
            size_of::<u64>(),
        ));
    }
    let mut is_denied = false;
    let mut errno = libc::ENOENT;
    for path in candidates.paths.pointers() {
        // SAFETY: all are strings that end in a NUL byte, or lists of them that end in a null pointer.
        errno = unsafe { exec(*path, command.arguments.as_ptr(), environment) };
        if errno == libc::ENOEXEC
            && let [shell, script, ..] = plan.shell_arguments
        {
            *script = *path;
            let shell = *shell;
            // SAFETY: as above; the list was made for this, with a place for the script.
            errno = unsafe { exec(shell, plan.shell_arguments.as_ptr(), environment) };
        }
        if !candidates.is_search {
            return errno;
        }
        match after_failure(errno) {
            Next::Continue => {}
            Next::ContinueDenied => is_denied = true,
            Next::Stop => return errno,
        }
    }
    if is_denied { libc::EACCES } else { errno }
}

/// Returns only to say why not.
///
/// # Safety
/// As for [`become_program`]. The path ends in a NUL byte, and so do the strings of the lists, which end in a null pointer.
unsafe fn exec(path: *const c_char, arguments: *const *const c_char, environment: *const *const c_char) -> i32 {
    // SAFETY: the caller gives a string and two lists of strings as C has them.
    let result = unsafe { libc::syscall(libc::SYS_execve, path, arguments, environment) };
    call(result).err().unwrap_or(libc::ENOEXEC)
}

fn call(result: c_long) -> Result<c_long, i32> {
    if result == -1 {
        // SAFETY: the C library's place for the error of the last call, which is the stopped thread's while it is stopped.
        Err(unsafe { *libc::__errno_location() })
    } else {
        Ok(result)
    }
}
