//! Whether functions of the running Node are Node's own, by their texts.
//!
//! A tool may replace any part of the module loader, and then its replacement has to be heard: the core answers only while all of them are
//! Node's own. Of a Node with other texts nothing is known, and it is left to itself.

/// Pieces of text that only Node's own functions have: they name what exists nowhere but within Node, so that a wrapper that had them could
/// not run. In the order in which `lib/resolve/internals.js` passes the texts.
const MARKS: [&[&str]; 6] = [
    &[
        "resolveExports(",
        "reportModuleNotFoundToWatchMode(",
        "StringPrototypeCharCodeAt(",
    ],
    &["ArrayPrototypeUnshift(", "modulePaths = paths"],
    &["nmChars[", "StringPrototypeCharCodeAt("],
    &[
        "ArrayPrototypeSlice(modulePaths)",
        "BuiltinModule.normalizeRequirableId(",
    ],
    &["statCache", "internalModuleStat(filename)"],
    &["knownHard", "realpathCacheKey"],
];

/// `Module._readPackage`, which is so short that its pieces prove nothing.
const READ_PACKAGE: [&str; 2] = [
    "function readPackage(requestPath) {\n  return read(resolve(requestPath, 'package.json'));\n}",
    "(requestPath) => packageJsonReader.read(path.resolve(requestPath, 'package.json'))",
];

/// Functions of Node's binding itself; one that was bound has lost its name.
const NATIVE: [&str; 2] = [
    "function internalModuleStat() { [native code] }",
    "function lstat() { [native code] }",
];

/// Whether these are the texts of Node's own `Module._findPath`, `_initPaths`, `_nodeModulePaths`, `_resolveLookupPaths`, `_stat`,
/// `fs.realpathSync`, `Module._readPackage`, and (where somebody has looked there) `internalModuleStat` and `lstat` of its binding.
#[must_use]
pub fn are_nodes_own(texts: &[&str]) -> bool {
    let Some((of_modules, rest)) = texts.split_at_checked(MARKS.len()) else {
        return false;
    };
    let has_all = |(text, marks): (&&str, &&[&str])| marks.iter().all(|mark| text.contains(mark));
    let [read_package, of_binding @ ..] = rest else {
        return false;
    };
    of_modules.iter().zip(&MARKS).all(has_all)
        && READ_PACKAGE.contains(read_package)
        && (of_binding.is_empty() || of_binding == NATIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> Vec<String> {
        let of_modules = MARKS
            .iter()
            .map(|marks| format!("function () {{ {} }}", marks.join(" x ")));
        of_modules.chain([READ_PACKAGE[1].to_owned()]).collect()
    }

    fn are_own(texts: &[String]) -> bool {
        are_nodes_own(&texts.iter().map(String::as_str).collect::<Vec<_>>())
    }

    #[test]
    fn takes_nodes_texts_and_no_others() {
        let known = texts();
        assert!(are_own(&known));
        assert!(are_own(&[known.clone(), NATIVE.map(str::to_owned).to_vec()].concat()));
        for index in 0..known.len() {
            let mut other = known.clone();
            other[index] = "function () { return 1; }".to_owned();
            assert!(!are_own(&other), "{index}");
        }
    }

    #[test]
    fn refuses_what_is_no_such_list() {
        let known = texts();
        assert!(!are_own(&[]));
        assert!(!are_own(&known[..known.len() - 1]));
        let bound = "function () { [native code] }".to_owned();
        let lstat = NATIVE[1].to_owned();
        assert!(!are_own(&[known.clone(), vec![bound, lstat.clone()]].concat()));
        assert!(!are_own(&[known, vec![lstat]].concat()));
    }
}
