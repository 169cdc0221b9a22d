//! [`AbsolutePath`] against a naive `path.posix.resolve`.

use fast_resolve::AbsolutePath;
use fast_resolve::path::is_normalised;
use proptest::prelude::*;

use crate::config::cases;

/// Segments, slashes and dots in any order.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => Just("/"),
        2 => Just(".."),
        2 => Just("."),
        2 => Just("a"),
        1 => Just("b c"),
        1 => Just("..."),
        1 => Just("..a"),
        1 => Just("\\"),
        1 => Just("é"),
        1 => Just("\u{1f600}"),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// `path.posix.resolve('/', ...parts)`: from the right to the left until a part is absolute, then segment by segment.
fn naive_resolve(parts: &[&str]) -> String {
    let mut joined = String::new();
    for part in parts.iter().rev() {
        joined = format!("{part}/{joined}");
        if part.starts_with('/') {
            break;
        }
    }
    let mut stack: Vec<&str> = Vec::new();
    for segment in joined.split('/').filter(|segment| !segment.is_empty()) {
        match segment {
            "." => {}
            ".." => drop(stack.pop()),
            name => stack.push(name),
        }
    }
    format!("/{}", stack.join("/"))
}

fn absolute(path: &str) -> AbsolutePath {
    AbsolutePath::new(&format!("/{path}")).unwrap()
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn new_normalises_absolute_paths_and_takes_no_others(path in text()) {
        let absolute = AbsolutePath::new(&path);
        prop_assert_eq!(absolute.is_some(), path.starts_with('/'));
        if let Some(absolute) = absolute {
            prop_assert_eq!(absolute.as_str(), naive_resolve(&[&path]));
            prop_assert_eq!(AbsolutePath::new(absolute.as_str()), Some(absolute.clone()));
            prop_assert!(is_normalised(absolute.as_str()));
        }
        prop_assert_eq!(is_normalised(&path), path.starts_with('/') && naive_resolve(&[&path]) == path);
    }

    #[test]
    fn a_nul_is_refused_wherever_it_stands(before in text(), after in text()) {
        prop_assert_eq!(AbsolutePath::new(&format!("/{before}\0{after}")), None);
    }

    #[test]
    fn resolve_is_that_of_node(base in text(), other in text()) {
        let base = absolute(&base);
        prop_assert_eq!(base.resolve(&other).into_string(), naive_resolve(&[base.as_str(), &other]));
    }

    #[test]
    fn parents_children_and_names_fit_together(path in text(), name in "[a-z]{1,3}(\\.js)?") {
        let path = absolute(&path);
        let child = path.child(&name);
        prop_assert!(is_normalised(child.as_str()));
        prop_assert_eq!(child.parent(), Some(path.clone()));
        prop_assert_eq!(child.file_name(), name.as_str());
        prop_assert_eq!(&path.resolve(&name), &child);
        prop_assert_eq!(path.parent().is_none(), path.as_str() == "/");
        if let Some(parent) = path.parent() {
            prop_assert_eq!(path.parent_str(), Some(parent.as_str()));
            prop_assert_eq!(&parent.child(path.file_name()), &path);
        }
    }

    #[test]
    fn the_way_up_ends_at_the_root(path in text()) {
        let path = absolute(&path);
        let directories: Vec<_> = std::iter::successors(Some(path.clone()), AbsolutePath::parent).collect();
        let depth = path.as_str().split('/').filter(|segment| !segment.is_empty()).count();
        prop_assert_eq!(directories.len(), depth + 1);
        prop_assert_eq!(directories.last().map(AbsolutePath::as_str), Some("/"));
    }

    #[test]
    fn a_suffix_stays_in_the_last_segment(path in text(), suffix in "[.a-z]{0,6}") {
        let path = absolute(&path);
        let suffixed = path.with_suffix(&suffix);
        prop_assert_eq!(suffixed.as_str(), format!("{}{suffix}", path.as_str()));
        prop_assert_eq!(suffixed.parent_str().unwrap_or("/"), path.parent_str().unwrap_or("/"));
    }
}
