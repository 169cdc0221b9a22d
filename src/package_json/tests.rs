use super::*;
use proptest::prelude::*;

fn main_alone() -> PackageFields {
    PackageFields::of_main(&["main".to_owned()])
}

fn parse(json: &str) -> Result<PackageJson, Malformed> {
    PackageJson::parse(json.as_bytes(), &main_alone())
}

#[test]
fn reads_the_fields_that_resolution_needs() {
    let package_json = parse(r#"{"name":"a","main":"./b","exports":{"b":"./1","a":null},"x":[{"y":1}]}"#).unwrap();
    assert_eq!(package_json.name.as_deref(), Some("a"));
    assert_eq!(package_json.main.as_deref(), Some("./b"));
    assert_eq!(package_json.exports.unwrap().to_json(), r#"{"b":"./1","a":null}"#);
    assert!(!package_json.is_odd);
}

#[test]
fn ignores_fields_of_the_wrong_type() {
    let package_json = parse(r#"{"name":1,"main":{},"exports":null,"imports":null}"#).unwrap();
    assert_eq!(
        package_json,
        PackageJson {
            is_odd: true,
            ..PackageJson::default()
        }
    );
}

#[test]
fn skips_one_byte_order_mark() {
    assert!(parse("\u{feff}{}").is_ok());
    assert_eq!(parse("\u{feff}\u{feff}{}"), Err(Malformed));
}

#[test]
fn rejects_what_is_no_object() {
    for json in [
        "",
        "[]",
        "null",
        "1",
        "\"a\"",
        "{",
        "{} x",
        "{\"a\":}",
        r#"{"name":"\ud800"}"#,
    ] {
        assert_eq!(parse(json), Err(Malformed), "{json}");
    }
    assert_eq!(
        PackageJson::parse(b"{\"name\":\"\xff\"}", &PackageFields::default()),
        Err(Malformed)
    );
    let deep = format!("{{\"exports\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
    assert_eq!(parse(&deep), Err(Malformed));
}

#[test]
fn marks_what_versions_read_differently() {
    for json in [
        r#"{"main":"a","main":"b"}"#,
        r#"{"n\u0061me":"a"}"#,
        r#"{"exports":false}"#,
        r#"{"exports":"{}"}"#,
        r#"{"imports":[]}"#,
        r#"{"name":1}"#,
        r#"{"main":1}"#,
        r#"{"main":true}"#,
        r#"{"type":{}}"#,
        r#"{"scripts":[]}"#,
        r#"{"scripts": "{}"}"#,
        r#"{"scripts":{},"scripts":{}}"#,
    ] {
        assert!(parse(json).unwrap().is_odd, "{json}");
    }
    for json in [
        r#"{"version":"1","version":"2"}"#,
        r#"{"main":false}"#,
        r#"{"main":null}"#,
        r#"{"scripts":{}}"#,
        r#"{"scripts":{"a":"\ud800","a":[]}}"#,
    ] {
        assert!(!parse(json).unwrap().is_odd, "{json}");
    }
}

#[test]
fn keeps_the_order_of_keys_and_the_last_duplicate() {
    let many = (0..40).map(|number| format!(r#""k{}":"{number}","#, number % 20));
    let json = format!(r#"{{"exports":{{{}"k3":"last"}}}}"#, many.collect::<String>());
    let Some(Target::Object(entries)) = parse(&json).unwrap().exports else {
        panic!("it is an object");
    };
    let expected = (0..20).map(|key| match key {
        3 => ("k3".into(), Target::String("last".into())),
        _ => (format!("k{key}").into(), Target::String((key + 20).to_string().into())),
    });
    assert_eq!(entries, expected.collect::<Vec<_>>());
    let package_json = parse(r#"{"exports":{"b":"./1","a":"./2","b":"./3"}}"#).unwrap();
    assert_eq!(package_json.exports.unwrap().to_json(), r#"{"b":"./3","a":"./2"}"#);
}

#[test]
fn takes_the_first_usable_main_field() {
    let fields = PackageFields::of_main(&["module".to_owned(), "main".to_owned()]);
    let main = |json: &str| PackageJson::parse(json.as_bytes(), &fields).unwrap().main;
    assert_eq!(main(r#"{"main":"a","module":"b"}"#).as_deref(), Some("b"));
    assert_eq!(main(r#"{"main":"a","module":""}"#).as_deref(), Some("a"));
    assert_eq!(main(r#"{"main":"a","module":1}"#).as_deref(), Some("a"));
}

proptest! {
    #[test]
    fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = PackageJson::parse(&bytes, &main_alone());
    }

    #[test]
    fn strings_survive_quoting(text in ".*") {
        let back: String = serde_json::from_str(&quote(&text)).unwrap();
        prop_assert_eq!(back, text);
    }
}
