//! See `src/imports.rs`.
#![no_main]

use fast_resolve_fuzz::imports::{Input, check};

libfuzzer_sys::fuzz_target!(|input: Input| check(&input));
