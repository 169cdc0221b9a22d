//! Whether anybody of a process group lives. A process that was killed takes a moment to go, and nobody tells when a whole
//! group has gone, so that this has to be asked again and again.

use std::fs;

use rustix::io::Errno;

use super::child::Child;
use super::signal;

/// What is known of a group's members, without the one that leads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Members {
    /// There are none, or none that this process may end.
    Gone,
    /// Those that there are have ended: somebody has yet to wait for them, and perhaps nobody ever will.
    Ended,
    /// One lives.
    Living,
    /// There is somebody, and no way to tell whether they live.
    Unknown,
}

/// Asks the kernel, which counts those that have ended but were not waited for. One system call.
#[must_use]
pub fn is_gone(leader: &Child) -> bool {
    // Signal 0 is none. EPERM: all that are left belong to somebody else.
    matches!(signal::kill_group(leader, 0), Err(Errno::SRCH | Errno::PERM))
}

/// Looks at each process that there is: some milliseconds. A process that starts in the meantime may be missed.
#[must_use]
pub fn members(leader: &Child) -> Members {
    if is_gone(leader) {
        return Members::Gone;
    }
    match has_living(leader.pid()) {
        Some(true) => Members::Living,
        Some(false) => Members::Ended,
        None => Members::Unknown,
    }
}

/// `None` if /proc is not there, or that of other processes than ours.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the kernel's, and no file that a resolution could rest on"
)]
fn has_living(group: i32) -> Option<bool> {
    // SAFETY: the call has no arguments.
    let own = unsafe { libc::getpid() };
    if fs::read_link("/proc/self").ok()?.to_str() != Some(own.to_string().as_str()) {
        return None;
    }
    let numbers = fs::read_dir("/proc").ok()?.filter_map(|entry| {
        let name = entry.ok()?.file_name();
        name.to_str()?.parse::<i32>().ok()
    });
    for number in numbers {
        // Most have not gone since they were listed; of those that have there is nothing to say.
        if let Ok(stat) = fs::read(format!("/proc/{number}/stat"))
            && let Some((state, its_group)) = state_and_group(&stat)
            && its_group == group
            && !matches!(state, b'Z' | b'X')
        {
            return Some(true);
        }
    }
    Some(false)
}

/// The third and the fifth field; the second is a name in parentheses that may hold anything.
fn state_and_group(stat: &[u8]) -> Option<(u8, i32)> {
    let after_name = stat.iter().rposition(|byte| *byte == b')')? + 1;
    let mut fields = stat.get(after_name..)?.split(|byte| *byte == b' ').skip(1);
    let state = *fields.next()?.first()?;
    let group = str::from_utf8(fields.nth(1)?).ok()?.parse().ok()?;
    Some((state, group))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_hold_anything() {
        let fields = |text: &str| state_and_group(text.as_bytes());
        assert_eq!(fields("1 (sh) S 0 7 7 0"), Some((b'S', 7)));
        assert_eq!(fields("1 (a) R 9 (b) c) Z 0 12 7"), Some((b'Z', 12)));
        assert_eq!(fields("1 (sh) S 0"), None);
        assert_eq!(fields("1 (sh)"), None);
        assert_eq!(fields(""), None);
    }
}
