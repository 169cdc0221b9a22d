//! The state within `.pnp.cjs`: a string literal of JavaScript, or the name of the file that has it.

use super::error::ManifestError;

/// What stands before and after the literal: since Yarn 4, and in Yarn 3.
const LITERALS: [(&str, &str); 2] = [
    ("\nconst RAW_RUNTIME_STATE =\n'", ";\n"),
    (
        "\n  return hydrateRuntimeState(JSON.parse('",
        "), {basePath: basePath || __dirname});\n",
    ),
];

/// What the script does with the literal of Yarn 4. Without it, the literal might be anything.
const USE: &str = "\n  return hydrateRuntimeState(JSON.parse(RAW_RUNTIME_STATE), {basePath: basePath || __dirname});\n";

/// What stands before the name, if `pnpEnableInlining` is off.
const DATA_FILES: [&str; 2] = [
    "\n  const pnpDataFilepath = path.resolve(__dirname, ",
    "\n  var dataLocation = path.resolve(__dirname, ",
];

/// What a script has of the state.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Inlined {
    /// The JSON.
    State(String),
    /// The file that has it, as the script names it.
    DataFile(String),
}

/// Finds the state.
pub(super) fn state_in(script: &str) -> Result<Inlined, ManifestError> {
    for (before, after) in LITERALS {
        let Some((_, literal)) = script.split_once(before) else {
            continue;
        };
        let (state, rest) = decode(literal).ok_or(ManifestError::Literal)?;
        let is_used = after != ";\n" || rest.contains(USE);
        let is_whole = rest.starts_with(after) && is_used;
        return is_whole.then_some(Inlined::State(state)).ok_or(ManifestError::NoState);
    }
    let name = DATA_FILES.iter().find_map(|before| script.split_once(before));
    let (_, name) = name.ok_or(ManifestError::NoState)?;
    let mut names = serde_json::Deserializer::from_str(name).into_iter();
    match names.next() {
        Some(Ok(name)) => Ok(Inlined::DataFile(name)),
        _ => Err(ManifestError::NoState),
    }
}

/// Reads a literal in single quotes, from behind its first quote on; gives what is behind the last one as well.
///
/// Only the escapes that a JSON text in such quotes may need are known.
fn decode(literal: &str) -> Option<(String, &str)> {
    let mut text = String::with_capacity(literal.find("';\n").unwrap_or(0));
    let mut rest = literal;
    loop {
        let end = rest.find(['\'', '\\', '\n', '\r'])?;
        text.push_str(rest.get(..end)?);
        let mut behind = rest.get(end..)?.chars();
        match (behind.next()?, behind.clone().next()) {
            ('\'', _) => return Some((text, behind.as_str())),
            ('\\', Some('\n')) => {}
            ('\\', Some(escaped)) if escaped.is_ascii_punctuation() => text.push(escaped),
            ('\\', Some('n')) => text.push('\n'),
            ('\\', Some('r')) => text.push('\r'),
            ('\\', Some('t')) => text.push('\t'),
            _ => return None,
        }
        behind.next();
        rest = behind.as_str();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn script(literal: &str) -> String {
        format!("#!/usr/bin/env node\n\nconst RAW_RUNTIME_STATE =\n'{literal}';\n\nfunction f() {{{USE}}}\n")
    }

    fn state(text: &str) -> Inlined {
        Inlined::State(text.to_owned())
    }

    #[test]
    fn reads_literals() {
        for (literal, expected) in [
            (r"{}", "{}"),
            ("{\\\n  \"a\": 1\\\n}", r#"{  "a": 1}"#),
            (r#"{"it\'s": "\\\\."}"#, r#"{"it's": "\\."}"#),
            (r"é\n\t\r\/", "é\n\t\r/"),
        ] {
            assert_eq!(state_in(&script(literal)), Ok(state(expected)), "{literal}");
        }
        for literal in ["a\nb", "\\x41", "\\u0041", "\\0", "\\\r\n", "\\a", "a\rb", "\\"] {
            assert_eq!(state_in(&script(literal)), Err(ManifestError::Literal), "{literal}");
        }
    }

    #[test]
    fn knows_the_scripts_of_yarn_3_and_4() {
        let inlined = "\nfunction $$SETUP_STATE(hydrateRuntimeState, basePath) {\n  return hydrateRuntimeState(JSON.parse('{}'), {basePath: basePath || __dirname});\n}\n";
        assert_eq!(state_in(inlined), Ok(state("{}")));
        let split = "\n  const pnpDataFilepath = path.resolve(__dirname, \".pnp.data.json\");\n";
        assert_eq!(state_in(split), Ok(Inlined::DataFile(".pnp.data.json".to_owned())));
    }

    #[test]
    fn what_is_done_with_it_has_to_be_known() {
        for script in [
            "",
            "\nconst RAW_RUNTIME_STATE =\n'{}';\n",
            "\nconst RAW_RUNTIME_STATE =\n'{}' + x;\n",
            "\n  return hydrateRuntimeState(JSON.parse('{}'), {basePath: '/'});\n",
            "\n  const pnpDataFilepath = path.resolve(__dirname, name);\n",
        ] {
            assert_eq!(state_in(script), Err(ManifestError::NoState), "{script}");
        }
    }

    proptest! {
        #[test]
        fn reads_back_what_yarn_would_write(text in "[ -~é\\n\\\\']{0,60}") {
            let literal = text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n");
            prop_assert_eq!(state_in(&script(&literal)), Ok(state(&text)));
        }
    }
}
