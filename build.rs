//! Passes the linker what a Node addon needs.

fn main() {
    #[cfg(feature = "napi")]
    napi_build::setup();

    // Node unloads an addon when the worker thread that loaded it ends; code that another thread still runs
    // would be gone with it.
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
