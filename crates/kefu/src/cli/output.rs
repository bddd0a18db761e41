//! What the command line prints: results to stdout, everything else to stderr.

use std::io::Write;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// Prints one line of a result. A closed pipe is no error worth telling.
pub(super) fn line(text: &str) {
    let mut stdout = std::io::stdout().lock();
    drop(writeln!(stdout, "{text}").and_then(|()| stdout.flush()));
}

/// Tells the operator something that must not be missed, whatever `RUST_LOG` says.
pub(super) fn notice(text: &str) {
    drop(writeln!(std::io::stderr(), "\n{text}\n"));
}

/// Tells how far something is, on stderr.
pub(super) fn progress(text: &str) {
    drop(writeln!(std::io::stderr(), "{text}"));
}

/// Prints an error with its causes; exit code 1.
pub(super) fn failed(error: &anyhow::Error) -> ExitCode {
    drop(writeln!(std::io::stderr(), "error: {error:#}"));
    ExitCode::FAILURE
}

/// Logs go to stderr; `RUST_LOG` chooses how much.
pub(super) fn logs() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .finish();
    drop(tracing::subscriber::set_global_default(subscriber));
}
