//! Versions and ranges of them, as TypeScript reads the keys of `typesVersions` and the conditions `types@{range}`: those of npm, where a
//! pre-release lies in a range like any other version.

use std::cmp::Ordering;

/// `major.minor.patch-prerelease`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Version {
    numbers: [u64; 3],
    prerelease: Vec<Identifier>,
}

/// A part of a pre-release; numbers come before texts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Identifier {
    Number(u64),
    Text(String),
}

/// Versions that meet all comparators of one of the alternatives; without any, all versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionRange(Vec<Vec<Comparator>>);

type Comparator = (Operator, Version);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
}

/// A version in which parts may be left open, and how many are given before the first of those.
struct Partial {
    version: Version,
    given: usize,
}

impl Version {
    /// Parses a version of up to three numbers, with a pre-release behind the third.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_open = |part: &str| !part.starts_with(|first: char| first.is_ascii_digit());
        let partial = Partial::parse(text)?;
        (!text.splitn(3, '.').any(is_open)).then_some(partial.version)
    }

    /// Whether this version or a later one.
    #[must_use]
    pub fn is_at_least(&self, major: u64) -> bool {
        self.numbers >= [major, 0, 0]
    }

    /// The first version in which the number at a place is greater.
    fn incremented(&self, place: usize) -> Self {
        let mut numbers = [0; 3];
        for (index, (number, own)) in numbers.iter_mut().zip(self.numbers).enumerate() {
            *number = match index.cmp(&place) {
                Ordering::Less => own,
                Ordering::Equal => own.saturating_add(1),
                Ordering::Greater => 0,
            };
        }
        Self {
            numbers,
            prerelease: Vec::new(),
        }
    }

    /// The first pre-release of this version.
    fn first_prerelease(mut self) -> Self {
        self.prerelease = vec![Identifier::Number(0)];
        self
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        // A pre-release comes before its version.
        self.numbers
            .cmp(&other.numbers)
            .then_with(|| self.prerelease.is_empty().cmp(&other.prerelease.is_empty()))
            .then_with(|| self.prerelease.cmp(&other.prerelease))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl VersionRange {
    /// Parses a range; `None` where the text is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let alternatives = text.trim().split("||").filter(|alternative| !alternative.is_empty());
        alternatives.map(parse_alternative).collect::<Option<_>>().map(Self)
    }

    /// Whether a version lies in it.
    #[must_use]
    pub fn has(&self, version: &Version) -> bool {
        let is_met = |(operator, operand): &Comparator| operator.holds(version.cmp(operand));
        self.0.is_empty() || self.0.iter().any(|comparators| comparators.iter().all(is_met))
    }
}

impl Operator {
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
            Self::Equal => ordering.is_eq(),
        }
    }
}

fn parse_alternative(text: &str) -> Option<Vec<Comparator>> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if let [from, "-", to] = words.as_slice() {
        return Some(between(Partial::parse(from)?, Partial::parse(to)?));
    }
    if words.is_empty() {
        return None;
    }
    let mut comparators = Vec::new();
    for word in words {
        let end = word
            .find(|character| !"<>=~^".contains(character))
            .unwrap_or(word.len());
        let (operator, version) = word.split_at_checked(end)?;
        comparators.extend(comparators_of(operator, Partial::parse(version)?)?);
    }
    Some(comparators)
}

/// `from - to`, with all versions that begin like `to`.
fn between(from: Partial, to: Partial) -> Vec<Comparator> {
    let mut comparators = Vec::new();
    if from.given > 0 {
        comparators.push((Operator::GreaterOrEqual, from.version));
    }
    match to.given {
        0 => {}
        3 => comparators.push((Operator::LessOrEqual, to.version)),
        given => comparators.push((Operator::Less, to.version.incremented(given - 1))),
    }
    comparators
}

/// What an operator before a version comes to; `None` where there is no such operator.
fn comparators_of(operator: &str, Partial { version, given }: Partial) -> Option<Vec<Comparator>> {
    use Operator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};

    let [major, minor, _] = version.numbers;
    // The last number that is given, where some are open.
    let open = (1..3).contains(&given).then(|| given - 1);
    Some(match (operator, open) {
        ("" | "~" | "^" | "<" | "<=" | ">" | ">=" | "=", _) if given == 0 => match operator {
            // Nothing comes before or behind all versions.
            "<" | ">" => vec![(Less, Version::default().first_prerelease())],
            _ => Vec::new(),
        },
        ("~", _) => {
            let end = version.incremented(usize::from(given > 1));
            vec![(GreaterOrEqual, version), (Less, end)]
        }
        ("^", _) => {
            let place = if major > 0 || given == 1 {
                0
            } else if minor > 0 || given == 2 {
                1
            } else {
                2
            };
            let end = version.incremented(place);
            vec![(GreaterOrEqual, version), (Less, end)]
        }
        ("<", Some(_)) => vec![(Less, version.first_prerelease())],
        (">=", Some(_)) => vec![(GreaterOrEqual, version.first_prerelease())],
        ("<=", Some(place)) => vec![(Less, version.incremented(place).first_prerelease())],
        (">", Some(place)) => vec![(GreaterOrEqual, version.incremented(place).first_prerelease())],
        ("" | "=", Some(place)) => {
            let end = version.incremented(place).first_prerelease();
            vec![(GreaterOrEqual, version.first_prerelease()), (Less, end)]
        }
        ("<", None) => vec![(Less, version)],
        (">=", None) => vec![(GreaterOrEqual, version)],
        ("<=", None) => vec![(LessOrEqual, version)],
        (">", None) => vec![(Greater, version)],
        ("" | "=", None) => vec![(Equal, version)],
        _ => return None,
    })
}

impl Partial {
    fn parse(text: &str) -> Option<Self> {
        let (text, build) = split_before(text, '+');
        let (numbers, prerelease) = split_before(text, '-');
        let numbers: Vec<&str> = numbers.split('.').collect();
        let has_more = build.is_some() || prerelease.is_some();
        if numbers.len() > 3 || (has_more && numbers.len() < 3) || !build.is_none_or(is_build) {
            return None;
        }
        let mut partial = Self {
            version: Version::default(),
            given: 0,
        };
        let mut is_open = false;
        for (place, text) in partial.version.numbers.iter_mut().zip(numbers) {
            if matches!(text, "*" | "x" | "X") {
                is_open = true;
                continue;
            }
            let number = parse_number(text)?;
            if !is_open {
                *place = number;
                partial.given += 1;
            }
        }
        if let Some(prerelease) = prerelease {
            partial.version.prerelease = prerelease.split('.').map(parse_identifier).collect::<Option<_>>()?;
        }
        Some(partial)
    }
}

fn split_before(text: &str, mark: char) -> (&str, Option<&str>) {
    match text.split_once(mark) {
        Some((before, behind)) => (before, Some(behind)),
        None => (text, None),
    }
}

/// A number without zeros before it.
fn parse_number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && (text == "0" || !text.starts_with('0'))).then(|| text.parse().unwrap_or(u64::MAX))
}

fn is_of_identifier(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

fn parse_identifier(text: &str) -> Option<Identifier> {
    if let Some(number) = parse_number(text) {
        return Some(Identifier::Number(number));
    }
    let is_text = text.bytes().all(is_of_identifier) && !text.starts_with(|first: char| first.is_ascii_digit());
    (is_text && !text.is_empty()).then(|| Identifier::Text(text.to_owned()))
}

fn is_build(text: &str) -> bool {
    let mut parts = text.split('.');
    parts.all(|part| !part.is_empty() && part.bytes().all(is_of_identifier))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(range: &str, version: &str) -> Option<bool> {
        VersionRange::parse(range).map(|range| range.has(&Version::parse(version).unwrap()))
    }

    #[test]
    fn compares_with_ranges() {
        for (range, version, is_in) in [
            ("*", "5.9.3", true),
            ("", "5.9.3", true),
            (">=4.2", "4.2.0-beta", true),
            (">=4.2.0", "4.2.0-beta", false),
            ("<=5.0", "5.0.4", true),
            ("<5", "5.0.0", false),
            ("3.1 - 4.1", "4.1.9", true),
            ("~4.1", "4.2.0", false),
            ("^0.2.3", "0.3.0", false),
            ("4 || 6", "6.1.0", true),
            (">x", "1.0.0", false),
        ] {
            assert_eq!(has(range, version), Some(is_in), "{range} {version}");
        }
    }

    #[test]
    fn refuses_what_is_no_range() {
        for text in [
            "latest",
            "> 4",
            "01",
            "1.2.3.4",
            "4 ||  || 5",
            "1.2-beta",
            "==4",
            "1.2.3-01",
        ] {
            assert_eq!(VersionRange::parse(text), None, "{text}");
        }
        for text in ["", "x", "5.x", "5."] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }
}
