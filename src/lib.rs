//! Node's `CommonJS` resolution, answer for answer and error for error.
//!
//! The core (everything but `binding`) knows nothing of Node-API. It answers what it is sure of; whatever it is not
//! sure of it reports as [`ResolveError::Unsure`], and the caller asks Node.

pub mod cache;
pub mod enhanced;
pub mod error;
pub mod exports;
pub mod format;
pub mod fs;
pub mod internals;
pub mod package_json;
pub mod path;
pub mod pnp;
pub mod process;
pub mod resolver;
pub mod runtime;
pub mod specifier;
pub mod start;
pub mod tsconfig;

#[cfg(feature = "napi")]
pub mod binding;

pub use error::{Doubt, ResolveError};
pub use path::AbsolutePath;
pub use resolver::Resolver;
pub use runtime::{Policy, ResolveOptions};
