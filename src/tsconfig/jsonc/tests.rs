use super::*;
use proptest::prelude::*;

fn read(text: &str) -> Result<Value, Fault> {
    parse(text.as_bytes())
}

fn string(text: &str) -> Value {
    Value::String(text.into())
}

/// As `serde_json` reads it, which knows neither what is half a character nor the order of keys.
fn as_serde(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Number(value) => (*value).into(),
        Value::String(text) => text.as_ref().into(),
        Value::Array(items) => items.iter().map(as_serde).collect(),
        Value::Object(entries) => serde_json::Value::Object(
            entries
                .iter()
                .map(|(key, value)| (key.to_string(), as_serde(value)))
                .collect(),
        ),
    }
}

#[test]
fn reads_over_comments_and_trailing_commas() {
    let object = Value::Object(vec![("a".into(), Value::Array(vec![string("/*b*/ //"), Value::Null]))]);
    for text in [
        r#"{"a":["/*b*/ //",null]}"#,
        "// x\n{ /* } */ \"a\" /***/ : // \"\r\n [\"/*b*/ //\",/**/null,/*,*/],\n}//",
        "\u{feff}\u{a0}{\"a\"\u{2028}:[\"/*b*/ //\", null] // c\u{2028} }",
    ] {
        assert_eq!(read(text), Ok(object.clone()), "{text}");
    }
    for text in ["", " \n", "// x", "/* x */", "\u{feff}"] {
        assert_eq!(read(text), Ok(Value::Object(Vec::new())), "{text}");
    }
}

#[test]
fn reads_escapes() {
    for (text, expected) in [
        (r#""\"\\\/\b\f\n\r\t\u0041\u00e9""#, "\"\\/\u{8}\u{c}\n\r\tA\u{e9}"),
        (r#""\ud83d\ude00""#, "😀"),
        (r#""\ud83d\u0041\ude00""#, "\u{fffd}A\u{fffd}"),
        (r#""\ud83dx\ud83d""#, "\u{fffd}x\u{fffd}"),
        (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
        // TypeScript takes these, and a tab as it is.
        ("\"\\q\\'\\v\\x41\\é\t\"", "q'\u{b}Aé\t"),
    ] {
        assert_eq!(read(text), Ok(string(expected)), "{text}");
    }
}

#[test]
fn reads_numbers() {
    for (text, expected) in [
        ("0", 0.0),
        ("-0", -0.0),
        ("12", 12.0),
        ("-1.5e+3", -1500.0),
        ("1E-2", 0.01),
        ("1e999", f64::INFINITY),
    ] {
        assert_eq!(read(text), Ok(Value::Number(expected)), "{text}");
    }
}

#[test]
fn reads_utf_16_and_replaces_what_is_no_text() {
    let little: Vec<u8> = "\u{feff}[\"é😀\"]".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = "\u{feff}[\"é😀\"]".encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(parse(&little), Ok(Value::Array(vec![string("é😀")])));
    assert_eq!(parse(&big), Ok(Value::Array(vec![string("é😀")])));
    assert_eq!(parse(b"\"\xff\""), Ok(string("\u{fffd}")));
}

#[test]
fn the_last_of_several_values_counts_in_the_place_of_the_first() {
    let object = Value::Object(vec![("b".into(), Value::Bool(true)), ("a".into(), Value::Null)]);
    assert_eq!(read(r#"{"b":1,"a":null,"b":true}"#), Ok(object));
}

#[test]
fn says_where_a_text_is_no_json() {
    for (text, line, column, message) in [
        ("{", 1, 2, "expected a key in double quotes, or '}'"),
        ("{,}", 1, 2, "expected a key in double quotes, or '}'"),
        ("{a:1}", 1, 2, "expected a key in double quotes, or '}'"),
        ("{'a':1}", 1, 2, "expected a key in double quotes, or '}'"),
        ("{\"a\":1,,}", 1, 8, "expected a key in double quotes, or '}'"),
        ("{\n\"a\" 1}", 2, 5, "expected ':'"),
        ("{\"a\":}", 1, 6, "expected a value"),
        ("{\"a\":1 \"b\":2}", 1, 8, "expected ',' or '}'"),
        ("[1 2]", 1, 4, "expected ',' or ']'"),
        ("[,]", 1, 2, "expected a value"),
        ("[1]x", 1, 4, "expected the end of the file"),
        ("é😀", 1, 1, "expected a value"),
        ("/*é😀*/x", 1, 8, "expected a value"),
        ("\r\n/*", 2, 1, "expected '*/' after this"),
        ("/*/", 1, 1, "expected '*/' after this"),
        ("\"a", 1, 3, "expected '\"' at the end of a string"),
        ("\"a\n\"", 1, 3, "expected '\"' at the end of a string"),
        ("\"\\", 1, 3, "expected a character after '\\'"),
        ("\"\\u{41}\"", 1, 3, "expected an escape that JSON has"),
        ("\"\\0\"", 1, 3, "expected an escape that JSON has"),
        ("\"\\u12\"", 1, 4, "expected a hexadecimal digit"),
        ("\"\\u+123\"", 1, 4, "expected a hexadecimal digit"),
        ("01", 1, 2, "expected the end of the file"),
        ("-", 1, 2, "expected a digit"),
        ("1.e", 1, 3, "expected a digit"),
        ("1e+", 1, 4, "expected a digit"),
        ("nul", 1, 1, "expected a value"),
    ] {
        assert_eq!(read(text), Err(Fault { line, column, message }), "{text}");
    }
}

#[test]
fn refuses_what_is_too_deep() {
    let fault = |text: &str| read(text).map_err(|fault| fault.message);
    let nested = |open: &str, close: &str, count: usize| open.repeat(count) + "1" + &close.repeat(count);
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
        let too_deep = Err("expected fewer arrays and objects within each other");
        assert_eq!(fault(&nested(open, close, 100_000)), too_deep, "{open}");
        assert_eq!(fault(&open.repeat(100_000)), too_deep, "{open}");
        let levels = if open.len() > 5 { 2 } else { 1 };
        assert!(read(&nested(open, close, MAXIMUM_DEPTH / levels)).is_ok(), "{open}");
        assert_eq!(
            fault(&nested(open, close, MAXIMUM_DEPTH / levels + 1)),
            too_deep,
            "{open}"
        );
    }
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<f64>()
            .prop_filter("JSON has no others", |number| number.is_finite())
            .prop_map(Into::into),
        "(?s).*".prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            proptest::collection::btree_map("(?s).{0,5}", inner, 0..6)
                .prop_map(|entries| serde_json::Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn reads_json_as_a_reader_of_json_does(value in json(), is_pretty: bool) {
        let text = if is_pretty { format!("{value:#}") } else { value.to_string() };
        prop_assert_eq!(as_serde(&read(&text).unwrap()), value);
    }

    #[test]
    fn what_a_reader_of_json_takes_is_read_the_same(
        text in r#"([\[\]{},:"\\ 0-9.eE+-]|"a"|"b":|true|null|\\u00[0-9a-f]{2}|\\ud83d\\ude0[0-9]|\\[bfnrt/"\\]|\[1,|\{"a":|[\]}]){0,12}"#,
    ) {
        if let Ok(expected) = serde_json::from_str::<serde_json::Value>(&text) {
            let value = as_serde(&read(&text).unwrap());
            let numbers_as_floats = as_serde(&read(&expected.to_string()).unwrap());
            prop_assert_eq!(value, numbers_as_floats);
        }
    }

    #[test]
    fn bytes_of_any_kind_do_not_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn text_that_is_nearly_json_does_not_panic(
        text in r#"([\[\]{},:"\\/*\n\r é😀u0-9+.eE-]|//|/\*|\*/|"a"|true|\\u|\\ud83d|\\ude00|\x{feff}|\x{2028}){0,40}"#,
    ) {
        if let Err(fault) = read(&text) {
            prop_assert!(fault.line <= text.matches('\n').count() + 1);
            prop_assert!(fault.column <= text.encode_utf16().count() + 1);
        }
    }
}
