//! Child processes, as JavaScript sees them.

#[cfg(target_os = "linux")]
mod commands;
#[cfg(target_os = "linux")]
mod external_text;

#[cfg(target_os = "linux")]
pub use commands::JsCommands;
