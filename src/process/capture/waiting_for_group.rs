//! A command that was told to end is over when all of its group have gone. Nobody tells when that is, so it is looked for: soon
//! at first, and then less often.

use std::time::Duration;

use crate::process::group::{self, Members};
use crate::process::{Child, Facilities};

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

/// What came of a look.
pub(super) enum Look {
    /// Nobody is left.
    Gone,
    /// Nobody is waited for any more.
    Ended,
    /// Somebody lives: when to look again.
    Again(Duration),
}

/// How far the wait has come.
#[derive(Debug, Default)]
pub(super) struct GroupWait {
    looks: u32,
}

impl GroupWait {
    /// Whether the group goes on without its leader, which has ended. `is_killed`: whether it can't refuse to go.
    pub(super) fn look(&mut self, leader: &Child, is_killed: bool) -> Look {
        match self.members(leader) {
            Members::Gone => Look::Gone,
            Members::Ended => Look::Ended,
            // The leader is there until we let go, so that this can't be waited for where the kernel knows groups by number only.
            Members::Unknown if !Facilities::here().group_signal => Look::Ended,
            Members::Living | Members::Unknown if is_killed && self.looks >= MOST_LOOKS => Look::Gone,
            Members::Living | Members::Unknown => {
                let after = SHORTEST * (1 << self.looks.min(LONGEST));
                self.looks += 1;
                Look::Again(after)
            }
        }
    }

    fn members(&self, leader: &Child) -> Members {
        if Facilities::here().group_signal {
            // The group is known by the descriptor, and its leader would count as one who is there.
            leader.release();
            if self.looks < PATIENT_LOOKS {
                return if group::is_gone(leader) {
                    Members::Gone
                } else {
                    Members::Living
                };
            }
        }
        group::members(leader)
    }
}
