//! Any bytes, encrypted and opened again: `cargo fuzz run -s none sealed`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wechat::fuzz::sealed_bytes(bytes));
