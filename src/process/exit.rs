//! How a child went.

/// How a child ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// By itself, with this code.
    Code(i32),
    /// By this signal.
    Signal(i32),
    /// Somebody else in this process has waited for it (with `waitpid(-1)`, say, or by ignoring SIGCHLD) and knows.
    Lost,
}

/// What a child used, with those of its children that it waited for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ResourceUsage {
    /// Microseconds on a processor, in the program.
    pub user_microseconds: u64,
    /// Microseconds on a processor, in the kernel.
    pub system_microseconds: u64,
    /// The most memory resident at one time, in bytes.
    pub max_resident_bytes: u64,
}

impl From<&libc::rusage> for ResourceUsage {
    fn from(usage: &libc::rusage) -> Self {
        let microseconds = |time: libc::timeval| {
            u64::try_from(time.tv_sec).unwrap_or(0) * 1_000_000 + u64::try_from(time.tv_usec).unwrap_or(0)
        };
        Self {
            user_microseconds: microseconds(usage.ru_utime),
            system_microseconds: microseconds(usage.ru_stime),
            max_resident_bytes: u64::try_from(usage.ru_maxrss).unwrap_or(0) * 1024,
        }
    }
}
