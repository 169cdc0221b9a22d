//! How a child is started.

/// The ways to start a child, by what they cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// `clone` with the parent's memory shared until the child is a program of its own.
    Clone,
    /// The C library's `posix_spawn`, where `clone` does not share memory (under some emulators).
    PosixSpawn,
    /// None of ours: Node has to do it.
    None,
}

impl Mechanism {
    /// The name that JavaScript knows.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Clone => "clone",
            Self::PosixSpawn => "posix_spawn",
            Self::None => "none",
        }
    }
}
