//! Runs what the fuzz targets check on a few thousand inputs that are the same each time, so that the targets can't rot.

use std::fmt::Debug;

use arbitrary::{Arbitrary, Unstructured};
use fast_resolve_fuzz::{exports, imports, package_json, resolver, snapshot};

const INPUTS: u64 = 4_000;

/// Marsaglia's xorshift: the inputs have to be the same everywhere, not unpredictable.
fn random_bytes(seed: u64) -> Vec<u8> {
    let mut state = (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let length = usize::try_from(seed % 700).unwrap();
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    std::iter::repeat_with(next).flatten().take(length).collect()
}

fn run<T: Debug + for<'a> Arbitrary<'a>>(check: impl Fn(&T)) {
    let mut distinct = std::collections::HashSet::new();
    for seed in 0..INPUTS {
        let bytes = random_bytes(seed);
        if let Ok(input) = T::arbitrary(&mut Unstructured::new(&bytes)) {
            check(&input);
            distinct.insert(format!("{input:?}"));
        }
    }
    assert!(distinct.len() > 1_000, "only {} distinct inputs", distinct.len());
}

#[test]
fn exports_stay_inside_of_the_package() {
    run(exports::check);
}

#[test]
fn imports_stay_inside_of_the_package() {
    run(imports::check);
}

#[test]
fn resolution_ends_at_a_file() {
    run(resolver::check);
}

#[test]
fn snapshots_are_read_or_refused() {
    run(snapshot::check);
}

#[test]
fn package_jsons_are_read_or_refused() {
    let texts = [
        "",
        "{}",
        "[]",
        "null",
        "{",
        "\u{feff}{}",
        "\u{feff}\u{feff}{}",
        r#"{"name":"a","main":"./b","type":"module"}"#,
        r#"{"exports":{"b":"./1","a":null,"b":["./2",1e3,-0,true]}}"#,
        r#"{"n\u0061me":"\ud83d\ude00","main":"\u0000"}"#,
        r##"{"imports":{"#a":{"node":"./a"}},"x":1e999}"##,
        r#"{"name":"\ud800"}"#,
        "{\"name\":\"\u{0}\"}",
    ];
    for text in texts {
        for end in 0..=text.len() {
            package_json::check(text.as_bytes().get(..end).unwrap());
        }
    }
    for seed in 0..INPUTS {
        package_json::check(&random_bytes(seed));
    }
}
