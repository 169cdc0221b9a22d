//! Child processes: what the pool of Node processes shares with its workers, and what becomes of a worker without a parent.

pub mod parent_watch;
pub mod shared_memory;
