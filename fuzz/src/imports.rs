//! `imports` lead into their package or to a bare name.

use std::cell::Cell;

use arbitrary::{Arbitrary, Result, Unstructured};
use fast_resolve::AbsolutePath;
use fast_resolve::exports::{TargetContext, package_imports_resolve};
use fast_resolve::package_json::Target;

use crate::target::{Circumstances, conditions, entries};
use crate::text::Text;

/// An `imports` field and a request.
#[derive(Debug, Clone)]
pub struct Input {
    circumstances: Circumstances,
    imports: Vec<(Box<str>, Target)>,
    request: String,
    slash_imports: Option<bool>,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(unstructured: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self {
            circumstances: Circumstances::arbitrary(unstructured)?,
            slash_imports: Arbitrary::arbitrary(unstructured)?,
            request: format!("#{}", Text::arbitrary(unstructured)?.0),
            imports: entries(unstructured, "#")?,
        })
    }
}

/// Resolves the request; every bare name leads to one and the same file.
pub fn check(input: &Input) {
    let Some(elsewhere) = AbsolutePath::new("/elsewhere/file") else {
        unreachable!("the path is absolute")
    };
    let times_asked = Cell::new(0);
    let resolve_bare = |_: &str| {
        times_asked.set(times_asked.get() + 1);
        Ok(elsewhere.clone())
    };
    let conditions = conditions();
    let context = TargetContext {
        package: &input.circumstances.package,
        base: Some("/parent.js"),
        conditions: &conditions,
        policy: input.circumstances.policy,
        is_url_wanted: false,
        resolve_bare: Some(&resolve_bare),
    };
    let answer = package_imports_resolve(&context, &input.request, &input.imports, input.slash_imports);
    if let Ok(path) = answer {
        let is_elsewhere = times_asked.get() > 0 && path == elsewhere;
        assert!(
            is_elsewhere || input.circumstances.is_inside(&path),
            "{path:?} is outside of the package"
        );
    }
    assert!(times_asked.get() <= 1, "the first bare name counts");
}
