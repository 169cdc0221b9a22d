//! TypeScript's tsconfig.json, as far as a resolver needs it: where `paths`, `baseUrl` and `rootDirs` lead, and which
//! files a config covers. TypeScript is the oracle; what is read differently is said where it is read.
//!
//! Nothing here touches the disk: [`Files`] is asked, and what was asked is kept ([`TsConfig::read_files`]), so that a
//! cache can prove a config. No candidate is looked for either: which file a candidate leads to is the resolver's to say.
//!
//! A file of JSON becomes a layer of settings, each with the directory that its paths are relative to. Layers are put
//! over one another, and settle into a config only then, since `${configDir}` is the directory of the topmost one.

mod config;
mod error;
mod extends;
mod files;
mod include;
mod jsonc;
mod layer;
mod options;
mod paths;
#[cfg(test)]
mod tests;

pub use config::{References, TsConfig};
pub use error::TsConfigError;
pub use files::Files;
pub use options::CompilerOptions;
