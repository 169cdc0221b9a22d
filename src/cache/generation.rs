//! The number that tells every thread that something was forgotten.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use once_cell::sync::OnceCell;

static GENERATION: AtomicU32 = AtomicU32::new(0);

/// The counter itself: JavaScript reads it in place, so that a look at it costs no call.
#[must_use]
pub fn generation_counter() -> &'static AtomicU32 {
    &GENERATION
}

pub(super) fn current() -> u32 {
    GENERATION.load(Ordering::Acquire)
}

pub(super) fn begin_new() {
    GENERATION.fetch_add(1, Ordering::AcqRel);
}

/// Nanoseconds since the first look at the clock, and never 0.
pub type Moment = u64;

/// The present moment. What was seen at or after the moment a thread began is what its Node could have seen, and may be
/// repeated there; what is older has to be looked at again.
#[must_use]
pub fn now() -> Moment {
    static FIRST: OnceCell<Instant> = OnceCell::new();
    let first = FIRST.get_or_init(Instant::now);
    u64::try_from(first.elapsed().as_nanos())
        .unwrap_or(u64::MAX)
        .saturating_add(1)
}
