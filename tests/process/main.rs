//! Children of the core: what they begin with, how they end, and what is left of them. Each runs with what this kernel has
//! and with every fallback forced.

#![cfg(target_os = "linux")]

#[cfg(test)]
mod capturing;
#[cfg(test)]
mod spawning;
#[cfg(test)]
mod support;
#[cfg(test)]
mod waiting;
