//! The department a new desk begins with, so that its first channel has one. Administrators rename it as they like.

use super::agent::Language;

/// Its name in the installation's language.
pub const fn first_department(language: Language) -> &'static str {
    match language {
        Language::English => "Customer service",
        Language::Japanese => "カスタマーサポート",
        Language::Chinese => "客服部",
    }
}
