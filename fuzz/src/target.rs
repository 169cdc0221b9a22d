//! Targets, keys and the circumstances in which `exports` and `imports` are matched.

use arbitrary::{Arbitrary, Result, Unstructured};
use fast_resolve::package_json::Target;
use fast_resolve::{AbsolutePath, Policy};

use crate::text::Text;

const CONDITIONS: [&str; 8] = ["node", "require", "default", "import", "", "0", "1.5", "4294967295"];
const PACKAGES: [&str; 8] = [
    "/p",
    "/app/node_modules/p",
    "/node_modules/@s/p",
    "/a*b",
    "/50%",
    "/a\\b",
    "/c d",
    "/q?r#s",
];
const MAXIMUM_DEPTH: usize = 4;

/// A value within `exports` or `imports`.
#[derive(Debug, Clone)]
pub struct AnyTarget(pub Target);

impl<'a> Arbitrary<'a> for AnyTarget {
    fn arbitrary(unstructured: &mut Unstructured<'a>) -> Result<Self> {
        target(unstructured, 0).map(Self)
    }
}

fn target(unstructured: &mut Unstructured<'_>, depth: usize) -> Result<Target> {
    let kinds = if depth < MAXIMUM_DEPTH { 7 } else { 5 };
    Ok(match unstructured.int_in_range(0..=kinds)? {
        0 => Target::Null,
        1 => Target::Other("1".into()),
        2 => Target::String(Text::arbitrary(unstructured)?.0.into()),
        3..=5 => Target::String(format!("./{}", Text::arbitrary(unstructured)?.0).into()),
        6 => Target::Array(repeat(unstructured, |unstructured| target(unstructured, depth + 1))?),
        _ => Target::Object(repeat(unstructured, |unstructured| {
            Ok((
                (*unstructured.choose(&CONDITIONS)?).into(),
                target(unstructured, depth + 1)?,
            ))
        })?),
    })
}

/// An object whose keys begin with `prefix`.
pub fn entries(unstructured: &mut Unstructured<'_>, prefix: &str) -> Result<Vec<(Box<str>, Target)>> {
    repeat(unstructured, |unstructured| {
        let key = format!("{prefix}{}", Text::arbitrary(unstructured)?.0);
        Ok((key.into(), target(unstructured, 1)?))
    })
}

fn repeat<'a, T>(
    unstructured: &mut Unstructured<'a>,
    mut one: impl FnMut(&mut Unstructured<'a>) -> Result<T>,
) -> Result<Vec<T>> {
    (0..unstructured.int_in_range(0..=4)?)
        .map(|_| one(unstructured))
        .collect()
}

/// The package that is asked, and what to do in doubt.
#[derive(Debug, Clone)]
pub struct Circumstances {
    pub package: AbsolutePath,
    pub policy: Policy,
}

impl<'a> Arbitrary<'a> for Circumstances {
    fn arbitrary(unstructured: &mut Unstructured<'a>) -> Result<Self> {
        let path = unstructured.choose(&PACKAGES)?;
        Ok(Self {
            package: AbsolutePath::new(path).ok_or(arbitrary::Error::IncorrectFormat)?,
            policy: policy(unstructured)?,
        })
    }
}

impl Circumstances {
    /// Whether the path is the package's directory or lies below it.
    pub fn is_inside(&self, path: &AbsolutePath) -> bool {
        let rest = path.as_str().strip_prefix(self.package.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

pub fn policy(unstructured: &mut Unstructured<'_>) -> Result<Policy> {
    Ok(if unstructured.ratio(1, 2)? {
        Policy::AskNode
    } else {
        Policy::Specification
    })
}

pub fn conditions() -> Vec<String> {
    ["node", "require"].map(str::to_owned).to_vec()
}
