//! The descriptors of a child.

use std::os::fd::RawFd;

use crate::process::command::Stdio;

/// What is to be one of the child's descriptors.
#[derive(Clone, Copy)]
pub struct Slot {
    /// The parent's; -1 if there is none.
    pub source: RawFd,
    pub is_shared: bool,
}

/// There are three at least.
pub fn slots(stdio: &[Stdio]) -> Vec<Slot> {
    let mut slots: Vec<Slot> = stdio
        .iter()
        .map(|stdio| match *stdio {
            Stdio::Ignore => (-1, false),
            Stdio::Pipe(source) => (source, false),
            Stdio::Inherit(source) => (source, true),
        })
        .map(|(source, is_shared)| Slot { source, is_shared })
        .collect();
    while slots.len() < 3 {
        slots.push(Slot {
            source: -1,
            is_shared: false,
        });
    }
    slots
}
