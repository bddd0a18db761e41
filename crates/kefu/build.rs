//! The console is embedded from `web/dist`, which must exist when this compiles, empty or not: a dev binary reads it
//! from the disk when it runs, so console and server can be built side by side. A release binary holds its files.

fn main() {
    let dist = std::path::Path::new("../../web/dist");
    if let Err(error) = std::fs::create_dir_all(dist) {
        println!("cargo::warning=web/dist cannot be made ({error}): the binary will have no console");
    }
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed=../../web/dist");
    } else {
        println!("cargo::rerun-if-changed=build.rs");
    }
}
