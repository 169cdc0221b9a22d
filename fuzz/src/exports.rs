//! No `exports` leads out of its package.

use arbitrary::{Arbitrary, Result, Unstructured};
use fast_resolve::exports::{TargetContext, package_exports_resolve};
use fast_resolve::package_json::Target;
use fast_resolve::path::is_normalised;
use fast_resolve::{Policy, ResolveError};

use crate::target::{AnyTarget, Circumstances, conditions, entries};
use crate::text::Text;

/// An `exports` field and a subpath.
#[derive(Debug, Clone)]
pub struct Input {
    circumstances: Circumstances,
    exports: Target,
    subpath: String,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(unstructured: &mut Unstructured<'a>) -> Result<Self> {
        let circumstances = Circumstances::arbitrary(unstructured)?;
        let subpath = match Text::arbitrary(unstructured)?.0 {
            text if text.is_empty() => ".".to_owned(),
            text => format!("./{text}"),
        };
        let exports = if unstructured.ratio(3, 4)? {
            Target::Object(entries(unstructured, "./")?)
        } else {
            AnyTarget::arbitrary(unstructured)?.0
        };
        Ok(Self {
            circumstances,
            exports,
            subpath,
        })
    }
}

/// Resolves the subpath, twice.
pub fn check(input: &Input) {
    let Circumstances { package, policy } = &input.circumstances;
    let conditions = conditions();
    let context = TargetContext {
        package,
        base: None,
        conditions: &conditions,
        policy: *policy,
        is_url_wanted: false,
        resolve_bare: None,
    };
    let answer = package_exports_resolve(&context, &input.subpath, &input.exports);
    if let Ok(path) = &answer {
        assert!(
            input.circumstances.is_inside(path),
            "{path:?} is outside of the package"
        );
        assert!(is_normalised(path.as_str()), "{path:?} is not normalised");
    }
    let is_unsure = matches!(answer, Err(ResolveError::Unsure(_)));
    assert!(*policy == Policy::AskNode || !is_unsure, "there is no Node to ask");
    assert_eq!(
        package_exports_resolve(&context, &input.subpath, &input.exports),
        answer
    );
}
