//! A question with answers to tap. A tap comes back as a text that names the item.

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuMessage {
    /// The question.
    pub head: String,
    /// The items: the id that comes back, and what is shown.
    pub items: Vec<(String, String)>,
}
