//! Yarn's Plug'n'Play: a manifest that says which package may ask for which, and where each lies. Pure.
//!
//! The steps have the names of <https://yarnpkg.com/advanced/pnp-spec>. Where Yarn's own runtime, which runs in every such
//! project, does otherwise than that page says, the runtime is followed, and the place says so.
//!
//! The oldest manifest that is understood is that of Yarn 3.2. What is not understood is an error, and Node is to be asked.

mod error;
mod ignore_pattern;
mod inlined;
mod manifest;
mod resolve_to_unqualified;
#[cfg(test)]
mod tests;
mod virtual_path;

pub use error::{Issuer, Locator, ManifestError, PnpError};
pub use manifest::Manifest;
pub use resolve_to_unqualified::Resolution;
pub use virtual_path::{in_same_virtual, to_real};
