//! What a person typed into a search box of a list: a part of a text, or exactly one ticket's number.

/// A search term that is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchTerm {
    /// Found anywhere in a name, subject or number.
    Text(String),
    /// Written `#12`: this ticket, and no other whose number or contact's alias contains the digits.
    TicketNumber(i64),
}

impl SearchTerm {
    /// Reads what was typed; `None` when nothing was.
    pub fn read(typed: &str) -> Option<Self> {
        let text = typed.replace('\0', "");
        let text = text.trim();
        if let Some(Ok(number)) = text.strip_prefix('#').map(str::parse) {
            return Some(Self::TicketNumber(number));
        }
        (!text.is_empty()).then(|| Self::Text(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::SearchTerm::{self, TicketNumber};

    #[test]
    fn a_number_sign_before_digits_means_exactly_that_ticket() {
        assert_eq!(SearchTerm::read(" #12 "), Some(TicketNumber(12)));
        for (typed, text) in [("12", "12"), ("#a1", "#a1"), ("#", "#"), (" 订单\0 ", "订单")] {
            assert_eq!(SearchTerm::read(typed), Some(SearchTerm::Text(text.to_owned())));
        }
        assert_eq!(SearchTerm::read(" \0"), None);
    }
}
