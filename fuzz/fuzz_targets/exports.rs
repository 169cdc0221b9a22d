//! See `src/exports.rs`.
#![no_main]

use fast_resolve_fuzz::exports::{Input, check};

libfuzzer_sys::fuzz_target!(|input: Input| check(&input));
