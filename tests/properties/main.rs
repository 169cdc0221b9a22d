//! Properties of the core on random input, checked against naive models that share no code with it.
//!
//! `PROPTEST_CASES=5000 cargo test --no-default-features --test properties` looks longer. What once failed is kept in
//! `*.regressions` beside the property that failed, and is tried first from then on.

#[cfg(test)]
mod asking;
#[cfg(test)]
mod config;
#[cfg(test)]
mod disk;
#[cfg(test)]
mod exports;
#[cfg(test)]
mod json;
#[cfg(test)]
mod loader;
#[cfg(test)]
mod mutated_snapshots;
#[cfg(test)]
mod package_json;
#[cfg(test)]
mod package_target_resolve;
#[cfg(test)]
mod path;
#[cfg(test)]
mod pattern_key_compare;
#[cfg(test)]
mod resolver;
#[cfg(test)]
mod resolver_and_loader;
#[cfg(test)]
mod snapshot;
#[cfg(test)]
mod specifier;
#[cfg(test)]
mod target;
#[cfg(test)]
mod threads;
#[cfg(test)]
mod tree;
#[cfg(test)]
mod turns;
