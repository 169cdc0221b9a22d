//! How many cases a property tries, and where its failures are kept.

use proptest::test_runner::{Config, FileFailurePersistence};

/// This many cases, unless `PROPTEST_CASES` says otherwise.
pub fn cases(count: u32) -> Config {
    let mut config = Config {
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..Config::default()
    };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = count;
    }
    config
}
