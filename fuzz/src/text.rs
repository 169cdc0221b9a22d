//! Text that is made of the pieces that paths, URLs and patterns trip over; random letters would seldom get that far.

use arbitrary::{Arbitrary, Result, Unstructured};

const PIECES: [&str; 40] = [
    "a",
    "b",
    "p",
    "lib",
    ".js",
    "/",
    "//",
    "\\",
    ".",
    "..",
    "./",
    "../",
    "*",
    "%2e",
    "%2f",
    "%5c",
    "%",
    "%2",
    "e",
    "2e",
    "%00",
    "%41",
    "node_modules",
    "n%6fde_modules",
    "node_mod",
    "ules",
    "?",
    "#",
    " ",
    ":",
    "\t",
    "\n",
    "\0",
    "é",
    "\u{1f600}",
    "@s",
    "index",
    "file:",
    "main",
    "..a",
];

/// A few pieces in a row, or any text at all.
#[derive(Debug, Clone)]
pub struct Text(pub String);

impl<'a> Arbitrary<'a> for Text {
    fn arbitrary(unstructured: &mut Unstructured<'a>) -> Result<Self> {
        if unstructured.ratio(1, 8)? {
            return String::arbitrary(unstructured).map(Self);
        }
        let mut text = String::new();
        for _ in 0..unstructured.int_in_range(0..=7)? {
            text.push_str(unstructured.choose(&PIECES)?);
        }
        Ok(Self(text))
    }
}
