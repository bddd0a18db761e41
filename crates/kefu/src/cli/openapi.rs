//! `kefu openapi`: prints the API description without starting anything.

/// Prints the document.
pub(super) fn print() -> anyhow::Result<()> {
    super::output::line(&crate::http::router::document().to_pretty_json()?);
    Ok(())
}
