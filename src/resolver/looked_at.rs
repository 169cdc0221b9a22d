//! Where Node may have looked on the way to an answer that it gave by itself.

use crate::path::AbsolutePath;
use crate::specifier::{Kind, Specifier};

/// The lowest of the paths that the answer to a request may rest on: their package.json files, and which of them and of the
/// directories above are links.
#[must_use]
pub fn looked_at(request: &str, filename: AbsolutePath, path: AbsolutePath) -> Vec<AbsolutePath> {
    let mut paths = Vec::new();
    if let Some(directory) = filename.parent() {
        if matches!(Specifier::parse(request).kind, Kind::Absolute | Kind::Relative) {
            paths.push(directory.resolve(request));
        } else {
            let above = directory.ancestors();
            paths.extend(above.map(|directory| directory.child("node_modules").resolve(request)));
        }
    }
    paths.extend([filename, path]);
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked_at_for(request: &str) -> Vec<String> {
        let [filename, path] = ["/app/lib/main.js", "/elsewhere/found.js"].map(AbsolutePath::new);
        let paths = filename
            .zip(path)
            .map(|(filename, path)| looked_at(request, filename, path));
        paths.into_iter().flatten().map(AbsolutePath::into_string).collect()
    }

    #[test]
    fn names_what_a_path_leads_to() {
        let expected = ["/app/found", "/app/lib/main.js", "/elsewhere/found.js"];
        assert_eq!(looked_at_for("../found"), expected);
        assert_eq!(looked_at_for("/app/found"), expected);
    }

    #[test]
    fn names_every_place_of_a_package() {
        let expected = [
            "/app/lib/node_modules/@scope/name/sub",
            "/app/node_modules/@scope/name/sub",
            "/node_modules/@scope/name/sub",
            "/app/lib/main.js",
            "/elsewhere/found.js",
        ];
        assert_eq!(looked_at_for("@scope/name/sub"), expected);
    }
}
