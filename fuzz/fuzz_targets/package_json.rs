//! See `src/package_json.rs`.
#![no_main]

use fast_resolve_fuzz::package_json::check;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| check(bytes));
