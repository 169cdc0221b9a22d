//! What the fuzz targets check, apart from libFuzzer, so that a plain test can run it as well.
//!
//! Each module has a `check`, which panics where a property of the core does not hold, and most have an `Input`, which is
//! made of the fuzzer's bytes.

pub mod exports;
pub mod imports;
pub mod package_json;
pub mod resolver;
pub mod snapshot;

mod disk;
mod target;
mod text;
