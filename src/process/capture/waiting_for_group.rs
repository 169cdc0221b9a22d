//! A command that was told to end is over when all of its group have gone. Nobody tells when that is, so it is looked for: soon
//! at first, and then less often.

use std::sync::Arc;
use std::time::Duration;

use super::deadlines::{Key, Task};
use super::run::{Run, State};
use crate::process::group::{self, Members};
use crate::process::{Child, Facilities};

const SIGKILL: i32 = 9;

/// The first time between two looks; each is twice the one before.
const SHORTEST: Duration = Duration::from_millis(1);
/// As a power of two times the shortest.
const LONGEST: u32 = 8;
/// From this look on, those that are left may have ended without anybody waiting for them: an init that does not is common in
/// containers. To see that takes a look at every process.
const PATIENT_LOOKS: u32 = 4;
/// So many looks after SIGKILL, some ten seconds, there is somebody whom even that does not end: the kernel holds him. It is the
/// looks that count: on a machine that stood still meanwhile, nobody could go.
const MOST_LOOKS: u32 = 48;

/// How far the wait has come.
#[derive(Debug, Default)]
pub(super) struct GroupWait {
    looks: u32,
    /// When the next look is.
    next: Option<Key>,
}

impl GroupWait {
    /// A time has come. It may be that of a wait before this one.
    pub(super) fn look_again(&mut self, time: Key) {
        if self.next == Some(time) {
            self.next = None;
        }
    }

    /// They were told once more, and may go soon.
    pub(super) fn begin_anew(&mut self) {
        *self = Self::default();
    }
}

impl Run {
    /// Whether the group goes on without its leader, which has ended. If it does, this is asked again in a while.
    pub(super) fn is_group_alive(self: &Arc<Self>, state: &mut State) -> bool {
        let Some(child) = state.child.clone().filter(|_| self.limits.kill_tree) else {
            return false;
        };
        // Who is never to be forced is not waited for either: it might be for ever.
        if self.limits.force_kill_after.is_none() && !state.is_killed {
            return false;
        }
        if state.group.next.is_some() {
            return true;
        }
        if self.has_group_ended(&child, state) || (state.is_killed && state.group.looks >= MOST_LOOKS) {
            return false;
        }
        let after = SHORTEST * (1 << state.group.looks.min(LONGEST));
        state.group.looks += 1;
        state.group.next = self.set_deadline(state, after, Task::LookForGroup);
        // Without a process there would be no deadlines.
        state.group.next.is_some()
    }

    fn has_group_ended(&self, child: &Child, state: &State) -> bool {
        if Facilities::here().group_signal {
            // The group is known by the descriptor, and its leader would count as one who is there.
            child.release();
            if state.group.looks < PATIENT_LOOKS {
                return group::is_gone(child);
            }
        }
        match group::members(child) {
            Members::Gone => true,
            Members::Ended => {
                // Whoever started while we looked is ended now, at the latest.
                self.send(state, SIGKILL);
                true
            }
            // The leader is there until we let go, so that this can't be waited for where the kernel knows groups by number only.
            Members::Unknown if !Facilities::here().group_signal => {
                self.send(state, SIGKILL);
                true
            }
            Members::Living | Members::Unknown => false,
        }
    }
}
