//! `ignorePatternData`: a regular expression of JavaScript, made from globs.
//!
//! Only whether it matches is asked, so that greed does not matter, and all ways through it are followed at once, without going
//! back. It is matched against UTF-16, as JavaScript does without the flag `u`. What micromatch does not write is not known.

/// How deep groups may be nested.
const MAXIMUM_DEPTH: usize = 64;
/// How long a program may be; what stands in front of `{n}` is repeated in it.
const MAXIMUM_LENGTH: usize = 1 << 16;

/// A regular expression, compiled.
#[derive(Debug)]
pub(super) struct IgnorePattern {
    program: Vec<Instruction>,
    /// Whether every way through begins with `^`, as all of Yarn's do.
    is_anchored: bool,
}

#[derive(Debug, Clone)]
enum Instruction {
    /// One unit that is, or is not, in one of the ranges.
    One {
        ranges: Vec<(u16, u16)>,
        is_negated: bool,
    },
    /// Go on at both, which are counted from here.
    Split(usize, usize),
    /// Go on that far from here.
    Skip(usize),
    Back(usize),
    Start,
    End,
    /// What is behind this, up to its `Match`, has to match here, or must not; go on that far from here.
    Look {
        is_negated: bool,
        end: usize,
    },
    Match,
}

/// `.` is everything but these.
const LINE_ENDS: [(u16, u16); 3] = [(0x0a, 0x0a), (0x0d, 0x0d), (0x2028, 0x2029)];

impl IgnorePattern {
    /// Compiles the source of a regular expression; `None` if it is not understood.
    pub(super) fn parse(source: &str) -> Option<Self> {
        let mut parser = Parser {
            rest: source.chars().peekable(),
        };
        let mut program = parser.alternatives(0)?;
        program.push(Instruction::Match);
        let is_anchored = begins_with_start(&program);
        parser.rest.next().is_none().then_some(Self { program, is_anchored })
    }

    /// Whether it matches somewhere in the text.
    pub(super) fn matches(&self, text: &str) -> bool {
        let text: Vec<u16> = text.encode_utf16().collect();
        let last = if self.is_anchored { 0 } else { text.len() };
        (0..=last).any(|position| matches_at(&self.program, &text, position))
    }
}

/// Whether a program matches what begins at a position.
fn matches_at(program: &[Instruction], text: &[u16], mut position: usize) -> bool {
    let (mut here, mut next) = (vec![0], Vec::new());
    let mut is_seen = vec![false; program.len()];
    while !here.is_empty() {
        while let Some(at) = here.pop() {
            let (Some(instruction), Some(is_seen)) = (program.get(at), is_seen.get_mut(at)) else {
                continue;
            };
            if std::mem::replace(is_seen, true) {
                continue;
            }
            match instruction {
                Instruction::One { ranges, is_negated } => {
                    let is_in = |unit: &u16| ranges.iter().any(|(first, last)| (first..=last).contains(&unit));
                    if text.get(position).is_some_and(|unit| is_in(unit) != *is_negated) {
                        next.push(at + 1);
                    }
                }
                Instruction::Split(first, second) => here.extend([at + first, at + second]),
                Instruction::Skip(distance) => here.push(at + distance),
                Instruction::Back(distance) => here.push(at.saturating_sub(*distance)),
                Instruction::Start if position == 0 => here.push(at + 1),
                Instruction::End if position == text.len() => here.push(at + 1),
                Instruction::Start | Instruction::End => {}
                Instruction::Look { is_negated, end } => {
                    let looked_for = program.get(at + 1..at + end).unwrap_or_default();
                    if matches_at(looked_for, text, position) != *is_negated {
                        here.push(at + end);
                    }
                }
                Instruction::Match => return true,
            }
        }
        std::mem::swap(&mut here, &mut next);
        is_seen.fill(false);
        position += 1;
    }
    false
}

fn begins_with_start(program: &[Instruction]) -> bool {
    let mut here = vec![0];
    while let Some(at) = here.pop() {
        match program.get(at) {
            Some(Instruction::Start) => {}
            Some(Instruction::Split(first, second)) => here.extend([at + first, at + second]),
            Some(Instruction::Skip(distance)) => here.push(at + distance),
            _ => return false,
        }
    }
    true
}

struct Parser<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
}

impl Parser<'_> {
    fn skip(&mut self, expected: char) -> bool {
        self.rest.next_if_eq(&expected).is_some()
    }

    /// `a|b|c`
    fn alternatives(&mut self, depth: usize) -> Option<Vec<Instruction>> {
        if depth > MAXIMUM_DEPTH {
            return None;
        }
        let mut alternatives = vec![self.sequence(depth)?];
        while self.skip('|') {
            alternatives.push(self.sequence(depth)?);
        }
        // Forwards, so that adding one costs what it is long: each but the last jumps over all that follow.
        let total = alternatives
            .iter()
            .map(|alternative| alternative.len() + 2)
            .sum::<usize>()
            - 2;
        let mut program = Vec::with_capacity(total);
        let last = alternatives.pop()?;
        for alternative in alternatives {
            program.push(Instruction::Split(1, alternative.len() + 2));
            program.extend(alternative);
            program.push(Instruction::Skip(total - program.len()));
        }
        program.extend(last);
        bounded(program)
    }

    fn sequence(&mut self, depth: usize) -> Option<Vec<Instruction>> {
        let mut program = Vec::new();
        while let Some(character) = self.rest.next_if(|character| !matches!(character, '|' | ')')) {
            program.extend(match character {
                '^' => vec![Instruction::Start],
                '$' => vec![Instruction::End],
                '(' => self.group(depth)?,
                _ => {
                    let one = self.one(character)?;
                    self.repeated(one)?
                }
            });
            program = bounded(program)?;
        }
        Some(program)
    }

    /// What is behind `(`, and how often.
    fn group(&mut self, depth: usize) -> Option<Vec<Instruction>> {
        let look = if self.skip('?') {
            match self.rest.next()? {
                ':' => None,
                '=' => Some(false),
                '!' => Some(true),
                _ => return None,
            }
        } else {
            None
        };
        let mut program = self.alternatives(depth + 1)?;
        if !self.skip(')') {
            return None;
        }
        let Some(is_negated) = look else {
            return self.repeated(program);
        };
        program.push(Instruction::Match);
        let end = program.len() + 1;
        program.insert(0, Instruction::Look { is_negated, end });
        Some(program)
    }

    fn one(&mut self, character: char) -> Option<Vec<Instruction>> {
        let (ranges, is_negated) = match character {
            '.' => (LINE_ENDS.to_vec(), true),
            '[' => {
                let is_negated = self.skip('^');
                (self.class()?, is_negated)
            }
            '\\' => {
                let unit = self.escaped()?;
                (vec![(unit, unit)], false)
            }
            '*' | '+' | '?' | '{' | '}' | ']' => return None,
            character => {
                let mut units = [0; 2];
                let units = character.encode_utf16(&mut units);
                // A character of two units would have to be repeated as two.
                let [unit] = units else { return None };
                (vec![(*unit, *unit)], false)
            }
        };
        Some(vec![Instruction::One { ranges, is_negated }])
    }

    /// What is behind `[` or `[^`.
    fn class(&mut self) -> Option<Vec<(u16, u16)>> {
        let mut ranges = Vec::new();
        while !self.skip(']') {
            let first = self.unit_of_class()?;
            let mut last = first;
            if self.skip('-') {
                // A dash at the end would be a dash.
                last = self.unit_of_class()?;
            }
            if first > last {
                return None;
            }
            ranges.push((first, last));
        }
        (!ranges.is_empty()).then_some(ranges)
    }

    fn unit_of_class(&mut self) -> Option<u16> {
        match self.rest.next()? {
            '\\' => self.escaped(),
            ']' | '[' | '-' => None,
            character => u16::try_from(u32::from(character)).ok(),
        }
    }

    /// A character that stands for itself behind a backslash.
    fn escaped(&mut self) -> Option<u16> {
        let character = self.rest.next().filter(char::is_ascii_punctuation)?;
        u16::try_from(u32::from(character)).ok()
    }

    /// The same as often as what comes next says.
    fn repeated(&mut self, program: Vec<Instruction>) -> Option<Vec<Instruction>> {
        let (minimum, maximum) = match self.rest.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                self.rest.next();
                return self.counted(&program);
            }
            _ => return Some(program),
        };
        self.rest.next();
        self.times(&program, minimum, maximum)
    }

    /// `{2}`, `{2,}` or `{2,3}`, behind the brace.
    fn counted(&mut self, program: &[Instruction]) -> Option<Vec<Instruction>> {
        let minimum = self.number()?;
        let maximum = match self.skip(',') {
            false => Some(minimum),
            true if self.rest.peek() == Some(&'}') => None,
            true => Some(self.number()?),
        };
        let is_whole = self.skip('}') && maximum.is_none_or(|maximum| minimum <= maximum);
        is_whole.then(|| self.times(program, minimum, maximum)).flatten()
    }

    fn number(&mut self) -> Option<usize> {
        let mut digits = String::new();
        while let Some(digit) = self.rest.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        digits.parse().ok().filter(|number| *number <= MAXIMUM_LENGTH)
    }

    fn times(&mut self, program: &[Instruction], minimum: usize, maximum: Option<usize>) -> Option<Vec<Instruction>> {
        // Lazy or not.
        self.skip('?');
        if matches!(self.rest.peek(), Some('*' | '+' | '?' | '{')) {
            return None;
        }
        let length = program.len();
        let copies = maximum.unwrap_or(minimum + 1).max(1);
        copies
            .checked_mul(length + 2)
            .filter(|total| *total <= MAXIMUM_LENGTH)?;
        let mut repeated = Vec::new();
        for _ in 0..minimum {
            repeated.extend_from_slice(program);
        }
        for _ in minimum..maximum.unwrap_or(minimum) {
            repeated.push(Instruction::Split(1, length + 1));
            repeated.extend_from_slice(program);
        }
        if maximum.is_none() {
            repeated.push(Instruction::Split(1, length + 2));
            repeated.extend_from_slice(program);
            repeated.push(Instruction::Back(length + 1));
        }
        Some(repeated)
    }
}

fn bounded(program: Vec<Instruction>) -> Option<Vec<Instruction>> {
    (program.len() <= MAXIMUM_LENGTH).then_some(program)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What Yarn 4.18 makes of `.yarn/sdks/**`, which it ignores always, and of the globs beside each.
    const OF_GLOBS: [(&str, &str, &[&str], &[&str]); 6] = [
        (
            ".yarn/sdks/**",
            r"(^(?:\.yarn\/sdks(?:\/(?!\.{1,2}(?:\/|$))(?:(?:(?!(?:^|\/)\.{1,2}(?:\/|$)).)*?)|$))$)",
            &[".yarn/sdks", ".yarn/sdks/a", ".yarn/sdks/.a/b"],
            &[
                "",
                ".",
                ".yarn",
                ".yarn/sdksx",
                "a/.yarn/sdks",
                ".yarn/sdks/..",
                "xyarn/sdks",
            ],
        ),
        (
            "ig nored/*.js",
            r"(^(?:ig nored\/(?!\.{1,2}(?:\/|$))(?=.)[^/]*?\.js)$)",
            &["ig nored/a.js", "ig nored/.js"],
            &["ig nored/a/b.js", "ig nored/a", "ignored/a.js"],
        ),
        (
            "leg{a,b}cy/**/x?",
            r"(^(?:leg(a|b)cy(?:\/(?!\.{1,2}(?:\/|$))(?:(?:(?!(?:^|\/)\.{1,2}(?:\/|$)).)*?)\/|\/|$)x[^/])$)",
            &["legacy/xy", "legbcy/a/b/xé"],
            &["legccy/xy", "legacy/x", "legacy/x/", "legacy/x\u{1f600}"],
        ),
        (
            "!(foo)/bar",
            r"(^(?:(?=.)(?:(?!(?:foo))[^/]*?)\/bar)$)",
            &["a/bar", "fo/bar"],
            &["foo/bar", "/bar/", "x/b/bar"],
        ),
        (
            "+(a|b)/[a-z]/*",
            r"(^(?:(?=.)(?:a|b)+\/[a-z]\/(?!\.{1,2}(?:\/|$))(?=.)[^/]*?\/?)$)",
            &["abba/c/d", "a/z/.d/"],
            &["c/c/d", "a/C/d", "a/c/..", "a/c/"],
        ),
        (
            "it's/@(x|y)/**",
            r"(^(?:it's\/(x|y)(?:\/(?!\.{1,2}(?:\/|$))(?:(?:(?!(?:^|\/)\.{1,2}(?:\/|$)).)*?)|$))$)",
            &["it's/x", "it's/y/z"],
            &["it's/z", "it's/xy"],
        ),
    ];

    fn matches(pattern: &str, text: &str) -> Option<bool> {
        Some(IgnorePattern::parse(pattern)?.matches(text))
    }

    #[test]
    fn knows_the_patterns_that_yarn_makes_of_globs() {
        for (glob, pattern, yes, no) in OF_GLOBS {
            for text in yes {
                assert_eq!(matches(pattern, text), Some(true), "{glob} {text}");
            }
            for text in no {
                assert_eq!(matches(pattern, text), Some(false), "{glob} {text}");
            }
        }
        let all = OF_GLOBS.map(|(_, pattern, ..)| pattern).join("|");
        for (_, _, yes, no) in OF_GLOBS {
            assert!(yes.iter().all(|text| matches(&all, text) == Some(true)));
            assert!(no.iter().all(|text| matches(&all, text) == Some(false)));
        }
    }

    #[test]
    fn counts() {
        for (pattern, lengths) in [
            ("^a{2}$", vec![2]),
            ("^a{2,}$", vec![2, 3, 4, 5]),
            ("^a{1,3}?$", vec![1, 2, 3]),
            ("^(?:a?){2}$", vec![0, 1, 2]),
            ("^(?:a*)*$", vec![0, 1, 2, 3, 4, 5]),
            ("^(?:aa)+$", vec![2, 4]),
            ("^(?:|a)$", vec![0, 1]),
            ("^a{0}$", vec![0]),
            ("aaa", vec![3, 4, 5]),
            ("^|a$", vec![0, 1, 2, 3, 4, 5]),
            ("(?:^a|aa)$", vec![1, 2, 3, 4, 5]),
        ] {
            let found: Vec<usize> = (0..6)
                .filter(|n| matches(pattern, &"a".repeat(*n)) == Some(true))
                .collect();
            assert_eq!(found, lengths, "{pattern}");
        }
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for pattern in [
            "(",
            ")",
            "a)",
            "[",
            "[]",
            "[^]",
            "[a-]",
            "[z-a]",
            "*",
            "a**",
            "a{",
            "a{2,1}",
            "{",
            "}",
            "]",
            r"\d",
            r"\1",
            r"\b",
            r"\u0041",
            "(?<=a)",
            "(?<a>b)",
            "\\",
            "(?=a)*",
            "^*",
            "a{99999999}",
            "\u{1f600}",
        ] {
            assert_eq!(matches(pattern, ""), None, "{pattern}");
        }
        assert_eq!(matches(&"(".repeat(100_000), ""), None);
        assert_eq!(matches(&"a|".repeat(100_000), ""), None);
        assert_eq!(matches(&format!("^(?:{}b)$", "a|".repeat(1000)), "b"), Some(true));
        assert_eq!(
            matches(&format!("{}a{}", "(?:".repeat(60), "{9}){9}".repeat(30)), ""),
            None
        );
    }

    proptest! {
        #[test]
        fn anything_is_read_or_refused(pattern in r"[ab/.^$()\[\]*+?{}|!=:\\,0-9]{0,30}", text in "[ab/.]{0,12}") {
            let _ = matches(&pattern, &text);
        }
    }
}
