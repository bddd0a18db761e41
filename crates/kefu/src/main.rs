//! The command line: serve · demo · sim · admin · doctor · backup · restore · migrate · openapi. Each command is one file in `cli/`.

use clap::Parser;
use kefu::cli::Cli;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    kefu::cli::run(Cli::parse())
}
