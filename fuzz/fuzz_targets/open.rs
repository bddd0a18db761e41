//! Any bytes as the cipher text or the envelope of a push: `cargo fuzz run -s none open`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wechat::fuzz::open_bytes(bytes));
