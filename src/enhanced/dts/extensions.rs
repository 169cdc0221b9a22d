//! Extensions: which files stand for which.

use std::ops::BitAnd;

/// Kinds of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub(super) const TYPESCRIPT: Self = Self(1);
    pub(super) const JAVASCRIPT: Self = Self(2);
    pub(super) const DECLARATION: Self = Self(4);
    pub(super) const JSON: Self = Self(8);

    pub(super) const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    pub(super) const fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    pub(super) const fn has(self, kind: Self) -> bool {
        self.0 & kind.0 != 0
    }

    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl BitAnd for Kinds {
    type Output = Self;

    fn bitand(self, others: Self) -> Self {
        Self(self.0 & others.0)
    }
}

/// Those that TypeScript knows, the longer ones first.
const KNOWN: [&str; 12] = [
    ".d.ts", ".d.mts", ".d.cts", ".mjs", ".mts", ".cjs", ".cts", ".ts", ".js", ".tsx", ".jsx", ".json",
];

/// What may stand in the place of a file, in order.
type Replacements = &'static [(Kinds, &'static str)];

const OF_MODULE: Replacements = &[
    (Kinds::TYPESCRIPT, ".mts"),
    (Kinds::DECLARATION, ".d.mts"),
    (Kinds::JAVASCRIPT, ".mjs"),
];
const OF_COMMONJS: Replacements = &[
    (Kinds::TYPESCRIPT, ".cts"),
    (Kinds::DECLARATION, ".d.cts"),
    (Kinds::JAVASCRIPT, ".cjs"),
];
const OF_JSON: Replacements = &[(Kinds::DECLARATION, ".d.json.ts"), (Kinds::JSON, ".json")];
const OF_JSX: Replacements = &[
    (Kinds::TYPESCRIPT, ".tsx"),
    (Kinds::TYPESCRIPT, ".ts"),
    (Kinds::DECLARATION, ".d.ts"),
    (Kinds::JAVASCRIPT, ".jsx"),
    (Kinds::JAVASCRIPT, ".js"),
];
const OF_SCRIPT: Replacements = &[
    (Kinds::TYPESCRIPT, ".ts"),
    (Kinds::TYPESCRIPT, ".tsx"),
    (Kinds::DECLARATION, ".d.ts"),
    (Kinds::JAVASCRIPT, ".js"),
    (Kinds::JAVASCRIPT, ".jsx"),
];

/// The extensions that may stand in the place of one; `None` for one that TypeScript does not know.
pub(super) fn replacements(extension: &str) -> Option<Replacements> {
    Some(match extension {
        ".mjs" | ".mts" | ".d.mts" => OF_MODULE,
        ".cjs" | ".cts" | ".d.cts" => OF_COMMONJS,
        ".json" => OF_JSON,
        ".tsx" | ".jsx" => OF_JSX,
        ".ts" | ".d.ts" | ".js" | "" => OF_SCRIPT,
        _ => return None,
    })
}

/// Whether a text ends in an extension that TypeScript knows.
pub(super) fn has_known_extension(text: &str) -> bool {
    KNOWN
        .iter()
        .any(|known| text.len() > known.len() && text.ends_with(known))
}

/// The name of a file, and its extension; `None` where it has no dot.
pub(super) fn split_extension(name: &str) -> Option<(&str, &str)> {
    let known = KNOWN.iter().find(|known| name.ends_with(**known));
    let stem = known.map_or_else(|| name.rfind('.'), |known| name.len().checked_sub(known.len()))?;
    name.split_at_checked(stem)
}

/// Whether a file is TypeScript or a declaration by its name, so that nothing else stands for it.
pub(super) fn is_of_types(name: &str, wanted: Kinds) -> bool {
    let ends_in = |extensions: &[&str]| extensions.iter().any(|extension| name.ends_with(extension));
    (wanted.has(Kinds::TYPESCRIPT) && ends_in(&[".ts", ".cts", ".mts", ".tsx"]))
        || (wanted.has(Kinds::DECLARATION) && ends_in(&[".d.ts", ".d.cts", ".d.mts"]))
}

/// Whether a file has no types.
pub(super) fn is_javascript(name: &str) -> bool {
    let mut extensions = [".js", ".jsx", ".mjs", ".cjs"].iter();
    extensions.any(|extension| name.ends_with(extension))
}
