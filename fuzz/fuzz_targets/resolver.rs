//! See `src/resolver.rs`.
#![no_main]

use fast_resolve_fuzz::resolver::{Input, check};

libfuzzer_sys::fuzz_target!(|input: Input| check(&input));
