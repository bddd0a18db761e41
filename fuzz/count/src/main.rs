//! Feeds ten million inputs (or as many as asked for) to the fuzz bodies and fails on a panic, or on more memory than
//! 64 MB. Not guided by coverage, unlike the fuzz targets: its inputs are mutations of real pushes, and it is the same
//! run for the same seed.
//!
//! `cargo run --release -p count -- [INPUTS] [SEED]`

mod inputs;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Instant;

use inputs::Inputs;
use wechat::fuzz;

const DEFAULT_INPUTS: u64 = 10_000_000;
const DEFAULT_SEED: u64 = 0x6b65_6675;
const LIMIT_KB: u64 = 64 * 1024;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let count = arguments.next().and_then(Result::ok).unwrap_or(DEFAULT_INPUTS);
    let seed = arguments.next().and_then(Result::ok).unwrap_or(DEFAULT_SEED);
    let started = Instant::now();
    let mut inputs = Inputs::new(seed);
    let readable = readable_percent(&mut inputs);
    for number in 0..count {
        if let Err(input) = one(&mut inputs, number) {
            let (bytes, shown) = (input.len(), input[..input.len().min(500)].escape_ascii());
            eprintln!("input {number} of seed {seed} panicked; {bytes} bytes, it begins: {shown}");
            return ExitCode::FAILURE;
        }
    }
    let peak_kb = peak_kb();
    let seconds = started.elapsed().as_secs_f64();
    println!("{count} inputs, seed {seed}: no panic, {seconds:.0} s, at most {peak_kb} kB of memory");
    println!("{readable} % of the pushes can be read as pushes");
    if peak_kb > LIMIT_KB {
        eprintln!("that is more than {LIMIT_KB} kB");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// How much of a sample gets past the readers of XML and JSON: inputs that are all nonsense would test little.
fn readable_percent(inputs: &mut Inputs) -> usize {
    (0..1000)
        .filter(|_| wechat::callback::parse(&inputs.push()).is_ok())
        .count()
        / 10
}

/// One input to one of the bodies, in turns.
fn one(inputs: &mut Inputs, number: u64) -> Result<(), Vec<u8>> {
    let body = match number % 4 {
        0 | 1 => fuzz::parse_bytes,
        2 => fuzz::open_bytes,
        _ => fuzz::sealed_bytes,
    };
    let input = if number % 4 == 2 {
        inputs.cipher_text()
    } else {
        inputs.push()
    };
    catch_unwind(AssertUnwindSafe(|| body(&input))).map_err(|_| input)
}

/// The most memory this process has had.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("this runs on Linux");
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let figure = line.and_then(|line| line.split_whitespace().nth(1));
    figure
        .and_then(|figure| figure.parse().ok())
        .expect("Linux tells the peak")
}
