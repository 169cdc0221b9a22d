//! Which files a config covers: `files`, `include` and `exclude`.
//!
//! TypeScript walks directories with regular expressions; this matches one path, segment by segment, and follows all
//! possibilities at once, so that no glob takes long.

use super::layer::{JSON_EXTENSION, Layer, Setting};
use super::options::CompilerOptions;
use crate::path::AbsolutePath;

/// Directories that no `*`, `?` or `**` of `include` stands for.
const PACKAGE_DIRECTORIES: [&str; 3] = ["node_modules", "bower_components", "jspm_packages"];

const JAVASCRIPT_EXTENSIONS: [&str; 4] = [".js", ".jsx", ".mjs", ".cjs"];

/// `files`, `include` and `exclude` of a config.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Inclusion {
    files: Vec<AbsolutePath>,
    include: Vec<Glob>,
    exclude: Vec<Glob>,
    has_javascript: bool,
    has_json: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Glob {
    segments: Vec<Segment>,
    usage: Usage,
    /// Whether it was written with `.json` at its end; files of JSON match no other globs.
    is_json: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    /// `**`
    Deep,
    /// Without wildcards.
    Name(Box<str>),
    /// With `*` or `?`.
    Pattern(Vec<char>),
}

/// Wildcards of `include` skip what begins with a dot, packages, and `.min.js`; those of `exclude` skip nothing. A glob
/// of `exclude` also matches what is below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Usage {
    Include,
    Exclude,
}

impl Inclusion {
    /// `leaf` is the directory of the config that is loaded.
    pub(super) fn of(layer: &Layer, options: &CompilerOptions, leaf: &AbsolutePath) -> Self {
        let globs = |setting: &Setting, usage| {
            let texts = setting.value().strings()?.filter(|text| is_valid(text, usage));
            let globs = texts.map(|text| Glob::new(&setting.place(text, leaf), usage, text.ends_with(JSON_EXTENSION)));
            Some(globs.collect::<Vec<_>>())
        };
        let files = layer.top("files").and_then(|setting| {
            let texts = setting.value().strings()?;
            Some(texts.map(|text| setting.place(text, leaf)).collect::<Vec<_>>())
        });
        let include = layer.top("include").and_then(|setting| globs(setting, Usage::Include));
        let everything = || vec![Glob::new(&leaf.resolve("**/*"), Usage::Include, false)];
        let include = include.unwrap_or_else(|| if files.is_none() { everything() } else { Vec::new() });
        let exclude = layer.top("exclude").map_or_else(
            || {
                let output = [&options.out_dir, &options.declaration_dir].into_iter().flatten();
                output
                    .map(|directory| Glob::new(directory, Usage::Exclude, false))
                    .collect()
            },
            |setting| globs(setting, Usage::Exclude).unwrap_or_default(),
        );
        Self {
            files: files.unwrap_or_default(),
            include,
            exclude,
            has_javascript: options.allow_js,
            has_json: options.resolve_json_module != Some(false),
        }
    }

    /// Whether the file is one of the config's own, whether or not it is there.
    pub(super) fn covers(&self, file: &AbsolutePath) -> bool {
        if self.files.contains(file) {
            return true;
        }
        let ends_with = |extension: &&str| file.as_str().ends_with(extension);
        let is_json = ends_with(&JSON_EXTENSION);
        if is_json && !self.has_json || !self.has_javascript && JAVASCRIPT_EXTENSIONS.iter().any(ends_with) {
            return false;
        }
        let segments = segments_of(file);
        self.include
            .iter()
            .any(|glob| (!is_json || glob.is_json) && glob.matches(&segments))
            && !self.exclude.iter().any(|glob| glob.matches(&segments))
    }
}

/// TypeScript reports the others, and goes on without them: an empty text, `**` at the end of `include`, and a `..` after
/// a `**`.
fn is_valid(text: &str, usage: Usage) -> bool {
    let trimmed = text.strip_suffix('/').unwrap_or(text);
    let ends_deep = usage == Usage::Include && (trimmed == "**" || trimmed.ends_with("/**"));
    let deep = if text.starts_with("**/") {
        Some(0)
    } else {
        text.find("/**/")
    };
    let last_up = if text.ends_with("/..") {
        Some(text.len())
    } else {
        text.rfind("/../")
    };
    let goes_up_again = deep.is_some_and(|deep| last_up.is_some_and(|last_up| last_up > deep));
    !text.is_empty() && !ends_deep && !goes_up_again
}

fn segments_of(path: &AbsolutePath) -> Vec<&str> {
    path.as_str().split('/').filter(|segment| !segment.is_empty()).collect()
}

impl Glob {
    fn new(path: &AbsolutePath, usage: Usage, is_json: bool) -> Self {
        let mut segments: Vec<_> = segments_of(path).into_iter().map(Segment::new).collect();
        // What could be a directory stands for all that is in it.
        if !path.file_name().contains(['.', '*', '?']) {
            segments.extend([Segment::Deep, Segment::new("*")]);
        }
        Self {
            segments,
            usage,
            is_json,
        }
    }

    fn matches(&self, path: &[&str]) -> bool {
        let mut states = States::new(self.segments.len(), |at| self.segments.get(at) == Some(&Segment::Deep));
        for (index, name) in path.iter().enumerate() {
            if self.usage == Usage::Exclude && states.has_end() {
                return true;
            }
            let is_last = index + 1 == path.len();
            states.step(|at| match self.segments.get(at) {
                Some(Segment::Deep) if self.usage == Usage::Exclude || is_ordinary(name) => Step::Stay,
                Some(segment) if segment.matches(name, self.usage, is_last) => Step::Next,
                _ => Step::Fail,
            });
        }
        states.has_end()
    }
}

/// Whether `**` of `include` stands for a directory.
fn is_ordinary(name: &str) -> bool {
    !name.starts_with('.') && !PACKAGE_DIRECTORIES.contains(&name)
}

impl Segment {
    fn new(text: &str) -> Self {
        match text {
            "**" => Self::Deep,
            _ if text.contains(['*', '?']) => Self::Pattern(text.chars().collect()),
            _ => Self::Name(text.into()),
        }
    }

    fn matches(&self, name: &str, usage: Usage, is_last: bool) -> bool {
        match self {
            Self::Deep => false,
            Self::Name(text) => **text == *name,
            Self::Pattern(_) if usage == Usage::Include && PACKAGE_DIRECTORIES.contains(&name) => false,
            Self::Pattern(pattern) => {
                let mut states = States::new(pattern.len(), |at| pattern.get(at) == Some(&'*'));
                for (index, character) in name.char_indices() {
                    let begins_with_dot = character == '.' && index == 0;
                    let begins_min_js = is_last && name.get(index..) == Some(".min.js");
                    let is_open = usage == Usage::Exclude;
                    states.step(|at| match pattern.get(at) {
                        // Only the first wildcard of a name minds a dot at its beginning.
                        Some('*' | '?') if !is_open && at == 0 && begins_with_dot => Step::Fail,
                        Some('*') if is_open || !begins_min_js => Step::Stay,
                        Some('?') => Step::Next,
                        Some(literal) if *literal == character && character != '*' => Step::Next,
                        _ => Step::Fail,
                    });
                }
                states.has_end()
            }
        }
    }
}

/// Places in a pattern that what was read so far may have led to.
struct States<F> {
    /// One for each place, and one for the end.
    active: Vec<bool>,
    /// Whether what stands at a place may stand for nothing.
    is_optional: F,
}

/// What an item does with what is read.
enum Step {
    Fail,
    Stay,
    Next,
}

impl<F: Fn(usize) -> bool> States<F> {
    fn new(length: usize, is_optional: F) -> Self {
        let mut active = vec![false; length + 1];
        if let Some(first) = active.first_mut() {
            *first = true;
        }
        let mut states = Self { active, is_optional };
        states.skip_optional();
        states
    }

    fn step(&mut self, step: impl Fn(usize) -> Step) {
        // From the end, so that no place is stepped from twice.
        for at in (0..self.active.len()).rev() {
            if !self.active.get(at).copied().unwrap_or(false) {
                continue;
            }
            let to = match step(at) {
                Step::Stay => continue,
                Step::Fail => None,
                Step::Next => Some(at + 1),
            };
            self.set(at, false);
            if let Some(to) = to {
                self.set(to, true);
            }
        }
        self.skip_optional();
    }

    fn has_end(&self) -> bool {
        self.active.last() == Some(&true)
    }

    fn skip_optional(&mut self) {
        for at in 0..self.active.len() {
            if self.active.get(at) == Some(&true) && (self.is_optional)(at) {
                self.set(at + 1, true);
            }
        }
    }

    fn set(&mut self, at: usize, value: bool) {
        if let Some(state) = self.active.get_mut(at) {
            *state = value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Whether a glob matches, tried one possibility after the other, as a regular expression does.
    fn model(glob: &[&str], path: &[&str], usage: Usage) -> bool {
        let Some((first, rest)) = glob.split_first() else {
            return path.is_empty() || usage == Usage::Exclude;
        };
        let (name, below) = path
            .split_first()
            .map_or((None, path), |(name, below)| (Some(*name), below));
        if *first == "**" {
            let may_stand_for = |name: &str| {
                let is_package = matches!(name, "node_modules" | "bower_components" | "jspm_packages");
                usage == Usage::Exclude || !is_package && !name.starts_with('.')
            };
            return model(rest, path, usage) || name.is_some_and(may_stand_for) && model(glob, below, usage);
        }
        let Some(name) = name else { return false };
        let is_wild = first.contains(['*', '?']);
        let is_barred = usage == Usage::Include && is_wild && PACKAGE_DIRECTORIES.contains(&name);
        let names: Vec<char> = name.chars().collect();
        let starts_wild = first.starts_with(['*', '?']);
        let minds_dot = usage == Usage::Include && starts_wild && name.starts_with('.');
        // A `*` at the beginning may still stand for nothing before a dot that is written.
        let written = first.strip_prefix('*').filter(|_| minds_dot);
        let minds_dot = minds_dot && written.is_none();
        let pattern: Vec<char> = written.unwrap_or(first).chars().collect();
        !is_barred
            && !minds_dot
            && model_name(&pattern, &names, usage == Usage::Include && below.is_empty())
            && model(rest, below, usage)
    }

    fn model_name(pattern: &[char], name: &[char], minds_min_js: bool) -> bool {
        match (pattern, name) {
            ([], name) => name.is_empty(),
            (['*', rest @ ..], name) => {
                let is_min_js = minds_min_js && name.iter().collect::<String>() == ".min.js";
                model_name(rest, name, minds_min_js)
                    || !name.is_empty() && !is_min_js && model_name(pattern, &name[1..], minds_min_js)
            }
            (['?', rest @ ..], [_, name @ ..]) => model_name(rest, name, minds_min_js),
            ([literal, rest @ ..], [character, name @ ..]) => {
                literal == character && model_name(rest, name, minds_min_js)
            }
            _ => false,
        }
    }

    fn matches(glob: &str, path: &str, usage: Usage) -> bool {
        let absolute = |path| AbsolutePath::new(path).unwrap();
        Glob::new(&absolute(glob), usage, false).matches(&segments_of(&absolute(path)))
    }

    #[test]
    fn a_glob_that_is_made_to_be_slow_is_not() {
        let names = "/a".repeat(2000);
        assert!(!matches(
            &format!("{}/b.ts", "/**/a".repeat(40)),
            &format!("{names}/c.ts"),
            Usage::Include
        ));
        let name = "a".repeat(5000);
        assert!(!matches(
            &format!("/{}b.ts", "*a".repeat(100)),
            &format!("/{name}.ts"),
            Usage::Include
        ));
    }

    #[test]
    fn rejects_the_globs_that_typescript_rejects() {
        for (text, is_valid_to_include, is_valid_to_exclude) in [
            ("", false, false),
            ("**", false, true),
            ("**/", false, true),
            ("a/**", false, true),
            ("a/**/", false, true),
            ("a**", true, true),
            ("**/..", false, false),
            ("a/**/b/../c", false, false),
            ("a/**/b/..", false, false),
            ("../**/a", true, true),
            ("a/../**/b", true, true),
            ("**/a..", true, true),
        ] {
            assert_eq!(is_valid(text, Usage::Include), is_valid_to_include, "{text}");
            assert_eq!(is_valid(text, Usage::Exclude), is_valid_to_exclude, "{text}");
        }
    }

    proptest! {
        #[test]
        fn matches_as_one_possibility_after_the_other_does(
            glob in proptest::collection::vec(r"\*\*|\*|a|\.h|node_modules|[ab*?.]{1,4}|\*(\.min)?\.js|x\*", 1..5),
            path in proptest::collection::vec(r"a|b|\.h|node_modules|[ab.]{1,4}|[ax]\.min\.js|x\.js|\.min\.js", 1..5),
            is_include: bool,
        ) {
            let usage = if is_include { Usage::Include } else { Usage::Exclude };
            // `a.b` at the end keeps a glob from standing for a directory, which the model does not know.
            let is_segment = |name: &&String| *name != "." && *name != "..";
            let glob: Vec<&str> = glob.iter().filter(is_segment).map(String::as_str).chain(["*.*"]).collect();
            let path: Vec<&str> = path.iter().filter(is_segment).map(String::as_str).chain(["a.min.js"]).collect();
            for length in 1..=path.len() {
                let (path, glob_text) = (&path[..length], format!("/{}", glob.join("/")));
                let answer = matches(&glob_text, &format!("/{}", path.join("/")), usage);
                prop_assert_eq!(answer, model(&glob, path, usage), "{} on {:?}", glob_text, path);
            }
        }

        #[test]
        fn what_stands_in_a_glob_does_not_panic(glob in "(?s).{0,30}", path in "(?s).{0,30}", is_include: bool) {
            let usage = if is_include { Usage::Include } else { Usage::Exclude };
            let root = AbsolutePath::new("/p").unwrap();
            let (glob, path) = (root.resolve(&glob), root.resolve(&path));
            let _ = Glob::new(&glob, usage, false).matches(&segments_of(&path));
        }
    }
}
