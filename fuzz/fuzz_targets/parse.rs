//! Any bytes as the clear text of a push: `cargo fuzz run -s none parse`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wechat::fuzz::parse_bytes(bytes));
