//! The options that the running Node was started with, as far as resolution depends on them. Node does not tell them, so that they are
//! read where Node read them: from the command line and from the environment.

use crate::fs::{FileSystem, ProcessFile};

/// Options under which resolution is not what it usually is; Node is left to itself.
const UNKNOWN_TERRITORY: [&str; 7] = [
    "policy",
    "package-map",
    "vfs",
    "config-file",
    "default-config-file",
    "permission",
    "sea-config",
];

/// The ends of the names of options by which a file is a module, or none, whatever Node would find out.
const FORMAT_OPTIONS: [&str; 2] = ["-detect-module", "-default-type"];

/// What a thread of Node tells of itself.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// `process.execArgv`.
    pub exec_argv: Vec<String>,
    /// Whether no program can have changed it yet.
    pub is_original: bool,
    /// What the kernel had for the command line when the preload ran, where it was read.
    pub command_line: Option<String>,
    /// `process.env.NODE_OPTIONS`.
    pub node_options: Option<String>,
    /// `process.env.NODE_PRESERVE_SYMLINKS`.
    pub preserve_symlinks: Option<String>,
    /// Whether `require` takes ES modules.
    pub is_require_of_modules: bool,
}

/// The options that resolution depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StartOptions {
    /// The user's conditions (`-C`, `--conditions`), and `module-sync` where `require` takes ES modules.
    pub conditions: Vec<String>,
    /// `--preserve-symlinks`.
    pub preserve_symlinks: bool,
    /// Whether nothing was given that has to do with the format of files without one of their own.
    pub are_formats_usual: bool,
    /// Whether they could be found out, and nothing was given that changes resolution in a way of its own.
    pub is_known: bool,
}

impl StartOptions {
    /// The conditions that hold for a kind of request, besides `default`. Where addons are turned off, this one can't be loaded either.
    #[must_use]
    pub fn conditions_of(&self, kind: &str) -> Vec<String> {
        let usual = [kind, "node", "node-addons"].into_iter();
        usual
            .chain(self.conditions.iter().map(String::as_str))
            .map(str::to_owned)
            .collect()
    }
}

/// The options of this thread's Node.
#[must_use]
pub fn start_options(file_system: &dyn FileSystem, told: &Told) -> StartOptions {
    let is_main_thread = file_system.is_main_thread();
    let Some((node_options, preserve_symlinks)) = starting_variables(file_system, told, is_main_thread) else {
        return StartOptions::default();
    };
    let mut options = StartOptions {
        preserve_symlinks: preserve_symlinks.as_deref() == Some("1"),
        are_formats_usual: true,
        is_known: told.is_original || is_command_line_as_started(file_system, told, is_main_thread),
        ..StartOptions::default()
    };
    let mut words = split_node_options(node_options.as_deref().unwrap_or_default());
    words.extend(told.exec_argv.iter().cloned());
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let (name, value) = split_option(&word);
        match name.as_str() {
            "-C" | "--conditions" => {
                let value = value.or_else(|| words.next().map(unescape_value));
                options.conditions.push(value.unwrap_or_default());
            }
            "--preserve-symlinks" => options.preserve_symlinks = true,
            "--no-preserve-symlinks" => options.preserve_symlinks = false,
            name => {
                options.are_formats_usual &= !FORMAT_OPTIONS.iter().any(|option| name.ends_with(option));
                options.is_known &= !is_unknown_territory(name);
            }
        }
    }
    if told.is_require_of_modules {
        options.conditions.push("module-sync".to_owned());
    }
    options
}

/// `NODE_OPTIONS` and `NODE_PRESERVE_SYMLINKS` as Node read them; `None` where that can't be told.
type Variables = (Option<String>, Option<String>);

fn starting_variables(file_system: &dyn FileSystem, told: &Told, is_main_thread: bool) -> Option<Variables> {
    let now = (told.node_options.clone(), told.preserve_symlinks.clone());
    if told.is_original && is_main_thread {
        return Some(now);
    }
    let Some(lines) = file_system.process_file(ProcessFile::Environment) else {
        return Some(now);
    };
    let variable = |name: &str| {
        let value = |line: &String| line.strip_prefix(name)?.strip_prefix('=').map(str::to_owned);
        lines.iter().find_map(value)
    };
    let began = (variable("NODE_OPTIONS"), variable("NODE_PRESERVE_SYMLINKS"));
    let has_env_file = told.exec_argv.iter().any(|word| word.starts_with("--env-file"));
    // A worker has the options of the process, unless it was given variables of its own, and a file given by --env-file adds some.
    // From inside, one can't tell such a variable from one that the program changed before.
    let is_certain = is_main_thread && !has_env_file;
    (is_certain || began == now).then_some(began)
}

/// Whether `process.execArgv` still holds all of Node's options; an earlier preload may have changed it. (After `process.title` was
/// set, the kernel does not know either; then Node is left to itself.)
fn is_command_line_as_started(file_system: &dyn FileSystem, told: &Told, is_main_thread: bool) -> bool {
    if !is_main_thread {
        return true;
    }
    let earlier = told.command_line.as_deref();
    let words = earlier.map(|text| text.split_terminator('\0').map(str::to_owned).collect());
    let Some(words) = words.or_else(|| file_system.process_file(ProcessFile::CommandLine)) else {
        return true;
    };
    let mut words = words.into_iter().skip(1);
    let is_same = told.exec_argv.iter().all(|word| words.next().as_ref() == Some(word));
    // What follows is no option: a file, `-` or `--`.
    let next = words.next().unwrap_or_default();
    is_same && (!next.starts_with('-') || next == "-" || next == "--")
}

fn is_unknown_territory(name: &str) -> bool {
    let Some(name) = name.strip_prefix("--") else {
        return false;
    };
    let name = name.strip_prefix("experimental-").unwrap_or(name);
    // `--permission-audit` and the like count as well.
    UNKNOWN_TERRITORY.iter().any(|known| {
        name.strip_prefix(known)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    })
}

/// Node takes underscores for dashes in the names of options, and a value behind `=`.
fn split_option(word: &str) -> (String, Option<String>) {
    if !word.starts_with("--") {
        return (word.to_owned(), None);
    }
    match word.split_once('=') {
        Some((name, value)) => (name.replace('_', "-"), Some(value.to_owned())),
        None => (word.replace('_', "-"), None),
    }
}

/// A value that begins with a dash has to be given with a backslash before it.
fn unescape_value(value: String) -> String {
    match value.strip_prefix('\\') {
        Some(rest) if rest.starts_with('-') => rest.to_owned(),
        _ => value,
    }
}

/// Splits as Node does: at spaces, with double quotes, in which a backslash escapes.
fn split_node_options(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut is_quoted = false;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            ' ' if !is_quoted => words.extend(word.take()),
            '"' => is_quoted = !is_quoted,
            '\\' if is_quoted => word.get_or_insert_default().extend(characters.next()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

/// A list of so many texts, which has a NUL between one and the next: one string is handed over quicker than several.
#[must_use]
pub fn split_list(text: &str, count: u32) -> Option<Vec<String>> {
    if count == 0 {
        return text.is_empty().then(Vec::new);
    }
    let texts: Vec<_> = text.split('\0').map(str::to_owned).collect();
    (texts.len() == count as usize).then_some(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_lists_of_as_many_texts_as_is_said() {
        assert_eq!(split_list("", 0), Some(vec![]));
        assert_eq!(split_list("", 1), Some(vec![String::new()]));
        assert_eq!(
            split_list("a\0\0b", 3),
            Some(["a", "", "b"].map(str::to_owned).to_vec())
        );
        for (text, count) in [("a", 0), ("a", 2), ("a\0b", 1), ("\0", 1)] {
            assert_eq!(split_list(text, count), None, "{text:?} {count}");
        }
    }

    #[test]
    fn splits_as_node_does() {
        assert_eq!(
            split_node_options(r#"-C a  "b c" "d\"e\\" f"g"h \i"#),
            ["-C", "a", "b c", "d\"e\\", "fgh", "\\i"]
        );
        assert_eq!(split_node_options("  "), [""; 0]);
        assert_eq!(split_node_options(r#""\"#), [""]);
    }

    #[test]
    fn knows_where_resolution_is_something_else() {
        for name in [
            "--permission",
            "--experimental-policy",
            "--vfs",
            "--experimental-permission-x",
            "--sea-config",
        ] {
            assert!(is_unknown_territory(name), "{name}");
        }
        for name in [
            "-C",
            "--permissions",
            "--policyx",
            "--experimental-vm-modules",
            "permission",
        ] {
            assert!(!is_unknown_territory(name), "{name}");
        }
    }

    #[test]
    fn takes_underscores_for_dashes_and_backslashes_away() {
        assert_eq!(
            split_option("--preserve_symlinks"),
            ("--preserve-symlinks".to_owned(), None)
        );
        assert_eq!(
            split_option("--conditions=a_b"),
            ("--conditions".to_owned(), Some("a_b".to_owned()))
        );
        assert_eq!(unescape_value("\\-x".to_owned()), "-x");
        assert_eq!(unescape_value("\\x".to_owned()), "\\x");
    }
}
