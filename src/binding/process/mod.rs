//! Child processes, as JavaScript sees them.

mod shared_memory;

pub use shared_memory::{JsSharedMemory, detach, end_with_parent, kill_own_group};
