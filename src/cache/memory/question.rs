//! What is asked of a memory, and what it answers.

use crate::cache::Found;
use crate::cache::node::Id;
use crate::format::Format;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// What is wanted.
    pub request: &'a str,
    /// The directory of the module that asks, by the number that [`Memory::enter_directory`](super::Memory::enter_directory) gave it.
    pub directory: u32,
    /// The turn of JavaScript.
    pub turn: u32,
}

/// What the algorithm has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolved {
    /// The number of its path.
    pub path: Id,
    /// How Node is to load it, if an `import` asked.
    pub format: Option<Format>,
    /// Whether Node keeps it.
    pub is_kept: bool,
}

impl From<Found> for Resolved {
    fn from(found: Found) -> Self {
        Self {
            path: found.path,
            format: None,
            // What `exports` or `imports` led to, Node works out anew each time.
            is_kept: !found.is_target,
        }
    }
}

/// An answer, as a text: a path for `require`, the letter of the format and a URL for `import`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// To what was not asked before, or not remembered.
    New(String),
    /// To what was asked before: it is worth keeping nearer by, with this number to ask for it by.
    Again(u32),
}
