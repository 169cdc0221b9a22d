//! `PATTERN_KEY_COMPARE(keyA, keyB)`

use std::cmp::Ordering;

/// Orders keys with a `*` by how specific they are: `Less` means that `key_a` is tried before `key_b`.
///
/// Node counts UTF-16 units and this counts bytes. Keys are only compared when both match one subpath; then one
/// base is the beginning of the other, and so is one trailer the end of the other, and either count orders them alike.
#[must_use]
pub fn pattern_key_compare(key_a: &str, key_b: &str) -> Ordering {
    // 3.-4. Let baseLength be the index of "*" in the key, plus one.
    let base_length = |key: &str| key.find('*').map_or(key.len(), |index| index + 1);
    // 5.-6. If baseLengthA is greater than baseLengthB, return -1 (and the other way round, 1).
    base_length(key_b)
        .cmp(&base_length(key_a))
        // 7.-8. If keyA does not contain "*", return 1 (and keyB, -1).
        .then_with(|| key_b.contains('*').cmp(&key_a.contains('*')))
        // 9.-10. If the length of keyA is greater than the length of keyB, return -1 (and the other way round, 1).
        .then_with(|| key_b.len().cmp(&key_a.len()))
}

/// The best of the keys that match, and what its `*` stands for.
///
/// A key with more than one `*`, or whose `*` would stand for nothing, never matches.
pub fn best_match<'a, 'b>(keys: impl Iterator<Item = &'a str>, subpath: &'b str) -> Option<(&'a str, &'b str)> {
    keys.filter_map(|key| Some((key, match_pattern(key, subpath)?)))
        .min_by(|(key_a, _), (key_b, _)| pattern_key_compare(key_a, key_b))
}

fn match_pattern<'b>(key: &str, subpath: &'b str) -> Option<&'b str> {
    let (pattern_base, pattern_trailer) = key.split_once('*')?;
    if pattern_trailer.contains('*') {
        return None;
    }
    let pattern_match = subpath.strip_prefix(pattern_base)?.strip_suffix(pattern_trailer)?;
    (!pattern_match.is_empty()).then_some(pattern_match)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefers_the_most_specific_key() {
        let best = |keys: &[&'static str], subpath: &'static str| best_match(keys.iter().copied(), subpath);
        assert_eq!(best(&["./*", "./a/*"], "./a/b"), Some(("./a/*", "b")));
        assert_eq!(best(&["./a/*", "./a/*.js"], "./a/b.js"), Some(("./a/*.js", "b")));
        assert_eq!(best(&["./a*", "./a"], "./a"), None);
        assert_eq!(best(&["./*/*"], "./a/b"), None);
        assert_eq!(best(&["./ab*b"], "./ab"), None);
        assert_eq!(best(&["./é*", "./é/*"], "./é/ü"), Some(("./é/*", "ü")));
    }
}
