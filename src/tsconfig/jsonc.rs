//! JSON with comments and trailing commas, as TypeScript reads it.
//!
//! `serde_json` reads no comments, forgets the order of keys (which decides between patterns of `paths`), and refuses
//! lone surrogates, which `JSON.parse` takes. TypeScript goes on after a mistake, and this stops: tsc fails on the same
//! files.

use rustc_hash::FxHashMap;

#[cfg(test)]
mod tests;

/// A value of JSON.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Number(f64),
    String(Box<str>),
    Array(Vec<Value>),
    Object(Vec<(Box<str>, Value)>),
}

/// Where a text is no JSON, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) message: &'static str,
}

/// Arrays and objects within each other; the reader goes one call deeper for each.
const MAXIMUM_DEPTH: usize = 256;

/// Reads a file; one without a value is an empty object.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, Fault> {
    let text = decode(bytes);
    let mut reader = Reader {
        text: &text,
        position: 0,
    };
    reader.document().map_err(|message| {
        let before = text.get(..reader.position).unwrap_or(&text);
        let line_start = before.rfind('\n').map_or(0, |index| index + 1);
        Fault {
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().encode_utf16().count() + 1,
            message,
        }
    })
}

impl Value {
    /// The value of a key of an object.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let Self::Object(entries) = self else { return None };
        entries.iter().find(|(name, _)| **name == *key).map(|(_, value)| value)
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self {
            Some(text)
        } else {
            None
        }
    }

    pub(super) fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self {
            Some(*value)
        } else {
            None
        }
    }

    pub(super) fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(items) = self {
            Some(items)
        } else {
            None
        }
    }

    /// The strings of an array; others are left out.
    pub(super) fn strings(&self) -> Option<impl Iterator<Item = &str>> {
        Some(self.as_array()?.iter().filter_map(Self::as_str))
    }
}

/// UTF-8, or UTF-16 with a byte order mark, which some editors on Windows write; what is neither is replaced.
fn decode(bytes: &[u8]) -> String {
    let utf_16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, _) = bytes.as_chunks();
        String::from_utf16_lossy(&pairs.iter().map(|pair| unit(*pair)).collect::<Vec<_>>())
    };
    match bytes {
        [0xff, 0xfe, text @ ..] => utf_16(text, u16::from_le_bytes),
        [0xfe, 0xff, text @ ..] => utf_16(text, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, text @ ..] | text => String::from_utf8_lossy(text).into_owned(),
    }
}

struct Reader<'a> {
    text: &'a str,
    /// How much of the text was read, in bytes.
    position: usize,
}

type Read<T> = Result<T, &'static str>;

impl<'a> Reader<'a> {
    fn document(&mut self) -> Read<Value> {
        self.skip_space()?;
        if self.rest().is_empty() {
            return Ok(Value::Object(Vec::new()));
        }
        let value = self.value(0)?;
        self.skip_space()?;
        if self.rest().is_empty() {
            Ok(value)
        } else {
            Err("expected the end of the file")
        }
    }

    /// A value, at its first character.
    fn value(&mut self, depth: usize) -> Read<Value> {
        if depth > MAXIMUM_DEPTH {
            return Err("expected fewer arrays and objects within each other");
        }
        match self.peek() {
            Some('{') => self.object(depth),
            Some('[') => self.array(depth),
            Some('"') => Ok(Value::String(self.string()?.into())),
            Some('-' | '0'..='9') => self.number(),
            _ if self.take("true") => Ok(Value::Bool(true)),
            _ if self.take("false") => Ok(Value::Bool(false)),
            _ if self.take("null") => Ok(Value::Null),
            _ => Err("expected a value"),
        }
    }

    fn object(&mut self, depth: usize) -> Read<Value> {
        let mut entries: Vec<(Box<str>, Value)> = Vec::new();
        let mut index_of_key = FxHashMap::<Box<str>, usize>::default();
        self.take("{");
        self.skip_space()?;
        while !self.take("}") {
            if self.peek() != Some('"') {
                return Err("expected a key in double quotes, or '}'");
            }
            let key: Box<str> = self.string()?.into();
            self.skip_space()?;
            if !self.take(":") {
                return Err("expected ':'");
            }
            self.skip_space()?;
            let value = self.value(depth + 1)?;
            // As in JavaScript, the last of several values counts, in the place of the first.
            let index = *index_of_key.entry(key.clone()).or_insert(entries.len());
            match entries.get_mut(index) {
                Some(entry) => entry.1 = value,
                None => entries.push((key, value)),
            }
            self.skip_space()?;
            if self.take(",") {
                self.skip_space()?;
            } else if self.peek() != Some('}') {
                return Err("expected ',' or '}'");
            }
        }
        Ok(Value::Object(entries))
    }

    fn array(&mut self, depth: usize) -> Read<Value> {
        let mut items = Vec::new();
        self.take("[");
        self.skip_space()?;
        while !self.take("]") {
            items.push(self.value(depth + 1)?);
            self.skip_space()?;
            if self.take(",") {
                self.skip_space()?;
            } else if self.peek() != Some(']') {
                return Err("expected ',' or ']'");
            }
        }
        Ok(Value::Array(items))
    }

    fn number(&mut self) -> Read<Value> {
        let start = self.position;
        self.take("-");
        if !self.take("0") {
            self.digits()?;
        }
        if self.take(".") {
            self.digits()?;
        }
        if self.take("e") || self.take("E") {
            let _has_sign = self.take("+") || self.take("-");
            self.digits()?;
        }
        let text = self.text.get(start..self.position).unwrap_or_default();
        text.parse().map(Value::Number).map_err(|_| "expected a number")
    }

    fn digits(&mut self) -> Read<()> {
        let count = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        self.position += count;
        if count == 0 { Err("expected a digit") } else { Ok(()) }
    }

    fn string(&mut self) -> Read<String> {
        let mut string = String::new();
        self.take("\"");
        loop {
            let plain = self.rest().find(['"', '\\', '\n', '\r']).unwrap_or(self.rest().len());
            string.push_str(self.rest().get(..plain).unwrap_or_default());
            self.position += plain;
            match self.peek() {
                Some('"') => {
                    self.position += 1;
                    return Ok(string);
                }
                Some('\\') => {
                    self.position += 1;
                    string.push(self.escaped()?);
                }
                _ => return Err("expected '\"' at the end of a string"),
            }
        }
    }

    /// What follows a `\`. TypeScript takes any character there, and some of the other escapes of JavaScript.
    fn escaped(&mut self) -> Read<char> {
        let Some(character) = self.peek() else {
            return Err("expected a character after '\\'");
        };
        if matches!(character, '0'..='9' | '\n' | '\r') || self.rest().starts_with("u{") {
            return Err("expected an escape that JSON has");
        }
        self.position += character.len_utf8();
        Ok(match character {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            'u' => self.unicode_escape()?,
            'x' => character_of(self.hexadecimal(2)?),
            other => other,
        })
    }

    /// The digits after `\u`, and a second escape where both are halves of one character. What is half a character can't
    /// be part of a path on any disk, and is replaced.
    fn unicode_escape(&mut self) -> Read<char> {
        let first = self.hexadecimal(4)?;
        let after_first = self.position;
        if (0xd800..0xdc00).contains(&first) && self.take("\\u") {
            if let Ok(second @ 0xdc00..0xe000) = self.hexadecimal(4) {
                return Ok(String::from_utf16_lossy(&[first, second])
                    .chars()
                    .next()
                    .unwrap_or_default());
            }
            self.position = after_first;
        }
        Ok(character_of(first))
    }

    /// So many hexadecimal digits.
    fn hexadecimal(&mut self, count: usize) -> Read<u16> {
        let digits = self
            .rest()
            .get(..count)
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let digits = digits.ok_or("expected a hexadecimal digit")?;
        self.position += count;
        u16::from_str_radix(digits, 16).map_err(|_| "expected a hexadecimal digit")
    }

    fn skip_space(&mut self) -> Read<()> {
        loop {
            let rest = self.rest();
            let trimmed =
                rest.trim_start_matches(|character: char| character.is_whitespace() || character == '\u{feff}');
            self.position += rest.len() - trimmed.len();
            if trimmed.starts_with("//") {
                let ends = ['\n', '\r', '\u{2028}', '\u{2029}'];
                self.position += trimmed.find(ends).unwrap_or(trimmed.len());
            } else if let Some(comment) = trimmed.strip_prefix("/*") {
                self.position += comment.find("*/").ok_or("expected '*/' after this")? + 4;
            } else {
                return Ok(());
            }
        }
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self, text: &str) -> bool {
        let is_next = self.rest().starts_with(text);
        self.position += if is_next { text.len() } else { 0 };
        is_next
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.position..).unwrap_or_default()
    }
}

fn character_of(unit: u16) -> char {
    char::from_u32(unit.into()).unwrap_or(char::REPLACEMENT_CHARACTER)
}
