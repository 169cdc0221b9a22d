//! Child processes that are started without a copy of the parent: neither its memory nor its page tables.
//!
//! ```text
//! Command ── spawn::spawn ──► Child ── reaper::watch ──► Exit (code or signal, and what was used)
//!  (strings, once)   │          └───── signal::kill, signal::kill_group
//!                    └ on the calling thread, or by spawner::spawn on one that lives as long as the process
//! ```
//!
//! Only Linux has this. What this kernel can do is asked once (`facilities`); elsewhere there is [`Mechanism::None`], and
//! whoever wants a child asks Node.

#[cfg(target_os = "linux")]
mod c_strings;
#[cfg(target_os = "linux")]
pub mod capture;
#[cfg(target_os = "linux")]
mod child;
#[cfg(target_os = "linux")]
mod command;
#[cfg(target_os = "linux")]
pub mod ends;
#[cfg(target_os = "linux")]
mod errno;
#[cfg(target_os = "linux")]
pub mod event_loop;
#[cfg(target_os = "linux")]
pub mod exec;
#[cfg(target_os = "linux")]
mod exit;
#[cfg(target_os = "linux")]
mod facilities;
#[cfg(target_os = "linux")]
mod find;
#[cfg(target_os = "linux")]
pub mod group;
mod mechanism;
#[cfg(target_os = "linux")]
pub mod node_handle;
pub mod parent_watch;
#[cfg(target_os = "linux")]
mod pidfd;
#[cfg(target_os = "linux")]
pub mod reaper;
pub mod shared_memory;
#[cfg(target_os = "linux")]
pub mod signal;
#[cfg(target_os = "linux")]
mod spawn;
#[cfg(target_os = "linux")]
pub mod spawner;
#[cfg(target_os = "linux")]
pub mod symbol;
#[cfg(target_os = "linux")]
mod thread;
#[cfg(target_os = "linux")]
pub mod uv_handle;
#[cfg(target_os = "linux")]
pub mod uv_watch;

pub use mechanism::Mechanism;

#[cfg(target_os = "linux")]
pub use {
    child::Child,
    command::{Command, Stdio},
    exit::{Exit, ResourceUsage},
    facilities::{Facilities, mechanism},
    rustix::io::Errno,
    spawn::{keep_announced_to, spawn, spawn_with, take_back_announcement},
};

/// How children are started here.
#[cfg(not(target_os = "linux"))]
#[must_use]
pub fn mechanism() -> Mechanism {
    Mechanism::None
}
