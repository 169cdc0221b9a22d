//! See `src/snapshot.rs`.
#![no_main]

use fast_resolve_fuzz::snapshot::{Input, check};

libfuzzer_sys::fuzz_target!(|input: Input| check(&input));
