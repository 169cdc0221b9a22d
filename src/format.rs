//! How Node is to load a module.

/// How a module is to be loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// An ES module.
    Module,
    /// A `CommonJS` module.
    CommonJs,
    /// Node finds out by the syntax when it has read the file.
    Detected,
    /// JSON.
    Json,
    /// WebAssembly.
    Wasm,
    /// An addon.
    Addon,
    /// None that Node knows.
    Unknown,
}

impl Format {
    /// Its letter in an answer.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::Module => 'm',
            Self::CommonJs => 'c',
            Self::Detected => 'd',
            Self::Json => 'j',
            Self::Wasm => 'w',
            Self::Addon => 'a',
            Self::Unknown => 'u',
        }
    }
}
