//! Checks of what people type into forms: each gives a stable code for its field; the console has the words.

use super::text_enum::text_enum;

text_enum!(
/// What is wrong with a field of a form.
FieldCode {
    Required = "required",
    TooLong = "too_long",
    UnknownValue = "unknown_value",
    OutOfRange = "out_of_range",
    EmailForm = "email_form",
    EmailTaken = "email_taken",
    NameTaken = "name_taken",
    PasswordTooShort = "password_too_short",
    PasswordTooLong = "password_too_long",
    WrongPassword = "wrong_password",
    UnknownInvitation = "unknown_invitation",
    InvitationUsed = "invitation_used",
    InvitationExpired = "invitation_expired",
    UnknownTimeZone = "unknown_time_zone",
    UnknownDepartment = "unknown_department",
    UnknownAgent = "unknown_agent",
    UnknownChannel = "unknown_channel",
    NotServed = "not_served",
    TokenForm = "token_form",
    KeyForm = "key_form",
    AppIdTaken = "app_id_taken",
    OriginalIdTaken = "original_id_taken",
    SurveyRegion = "survey_region",
    SurveyTestAccount = "survey_test_account",
    ModeTestAccount = "mode_test_account",
    AddressForm = "address_form",
    OccasionTaken = "occasion_taken",
    KeywordTaken = "keyword_taken",
    TooMany = "too_many",
    UrlForm = "url_form",
    NoLetters = "no_letters",
});

/// Longest name of an agent, a department or a channel, in characters.
pub const NAME_CHARS: usize = 100;
/// Longest e-mail address.
pub const EMAIL_CHARS: usize = 254;
/// Longest identifier or secret of an account.
pub const TEXT_CHARS: usize = 255;
/// Length of an EncodingAESKey.
pub const KEY_CHARS: usize = 43;
/// Longest callback token; the shortest has three characters.
pub const TOKEN_CHARS: usize = 32;

/// Collects what is wrong with a form. Every check gives back the cleaned value, right or wrong.
#[derive(Debug, Default)]
pub struct Fields(Vec<(String, &'static str)>);

impl Fields {
    /// A form without mistakes so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes down a mistake.
    pub fn wrong(&mut self, field: &str, code: FieldCode) {
        self.0.push((field.to_owned(), code.as_str()));
    }

    /// A text that must be there, without the white space around it.
    pub fn text(&mut self, field: &str, value: &str, max_chars: usize) -> String {
        let value = value.trim();
        if value.is_empty() {
            self.wrong(field, FieldCode::Required);
        } else if value.chars().count() > max_chars {
            self.wrong(field, FieldCode::TooLong);
        } else if value.chars().any(char::is_control) {
            self.wrong(field, FieldCode::UnknownValue);
        }
        value.to_owned()
    }

    /// An e-mail address, lower-cased: something, one `@`, a host; no white space.
    pub fn email(&mut self, field: &str, value: &str) -> String {
        let value = self.text(field, value, EMAIL_CHARS).to_lowercase();
        if !value.is_empty() && !is_email(&value) {
            self.wrong(field, FieldCode::EmailForm);
        }
        value
    }

    /// A password of a length that can be used.
    pub fn password(&mut self, field: &str, value: &str) {
        if value.is_empty() {
            self.wrong(field, FieldCode::Required);
        } else if value.chars().count() < PASSWORD_MIN_CHARS {
            self.wrong(field, FieldCode::PasswordTooShort);
        } else if value.len() > PASSWORD_MAX_BYTES {
            self.wrong(field, FieldCode::PasswordTooLong);
        }
    }

    /// An IANA time zone.
    pub fn time_zone(&mut self, field: &str, value: &str) {
        if jiff::tz::TimeZone::get(value).is_err() {
            self.wrong(field, FieldCode::UnknownTimeZone);
        }
    }

    /// A callback token: 3 to 32 letters and digits.
    pub fn token(&mut self, field: &str, value: &str) {
        if !(3..=TOKEN_CHARS).contains(&value.len()) || !is_alphanumeric(value) {
            self.wrong(field, FieldCode::TokenForm);
        }
    }

    /// An EncodingAESKey: exactly 43 letters and digits.
    pub fn key(&mut self, field: &str, value: &str) {
        if value.len() != KEY_CHARS || !is_alphanumeric(value) {
            self.wrong(field, FieldCode::KeyForm);
        }
    }

    /// Whether nothing is wrong, else what is.
    pub fn finish(self) -> Result<(), Vec<(String, &'static str)>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}

/// Shortest password, in characters.
pub const PASSWORD_MIN_CHARS: usize = 8;
/// Longest password, in bytes: hashing is slow on purpose.
pub const PASSWORD_MAX_BYTES: usize = 256;

fn is_alphanumeric(value: &str) -> bool {
    value.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn is_email(value: &str) -> bool {
    let Some((user, host)) = value.split_once('@') else {
        return false;
    };
    let plain = !value
        .chars()
        .any(|c| c.is_whitespace() || c.is_control() || matches!(c, ',' | '<' | '>' | '"'));
    let dots = |part: &str| {
        !part.is_empty() && !part.starts_with('.') && !part.ends_with('.') && !part.contains("..")
    };
    plain && dots(user) && dots(host) && !host.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(check: impl FnOnce(&mut Fields)) -> Vec<&'static str> {
        let mut fields = Fields::new();
        check(&mut fields);
        fields
            .finish()
            .err()
            .unwrap_or_default()
            .into_iter()
            .map(|(_, code)| code)
            .collect()
    }

    #[test]
    fn names_are_trimmed_and_have_1_to_100_characters() {
        let mut fields = Fields::new();
        assert_eq!(fields.text("name", "  客服部 ", NAME_CHARS), "客服部");
        assert!(fields.finish().is_ok());
        assert_eq!(codes(|f| drop(f.text("name", " \t ", NAME_CHARS))), ["required"]);
        assert_eq!(
            codes(|f| drop(f.text("name", &"名".repeat(100), NAME_CHARS))),
            [""; 0]
        );
        assert_eq!(
            codes(|f| drop(f.text("name", &"名".repeat(101), NAME_CHARS))),
            ["too_long"]
        );
        assert_eq!(
            codes(|f| drop(f.text("name", "a\0b", NAME_CHARS))),
            ["unknown_value"]
        );
    }

    #[test]
    fn e_mail_addresses_are_lower_cased_and_checked() {
        assert_eq!(Fields::new().email("email", " Li@Example.COM "), "li@example.com");
        for good in ["a@b", "li.wei+x@desk.example.com", "李@例子.中国"] {
            assert_eq!(codes(|f| drop(f.email("email", good))), [""; 0], "{good}");
        }
        for bad in ["li", "@x", "li@", "li@@x", "l i@x", "li@x.", "a,b@x", "li@x@y"] {
            assert_eq!(codes(|f| drop(f.email("email", bad))), ["email_form"], "{bad}");
        }
    }

    #[test]
    fn a_token_has_3_to_32_letters_and_digits() {
        for (token, wrong) in [
            ("ab", true),
            ("abc", false),
            (&*"a".repeat(32), false),
            (&*"a".repeat(33), true),
            ("a-c", true),
        ] {
            assert_eq!(
                codes(|f| f.token("token", token)).len(),
                usize::from(wrong),
                "{token}"
            );
        }
    }

    #[test]
    fn a_key_has_exactly_43_letters_and_digits() {
        assert_eq!(codes(|f| f.key("key", &"k".repeat(43))), [""; 0]);
        for length in [0, 42, 44] {
            assert_eq!(codes(|f| f.key("key", &"k".repeat(length))), ["key_form"]);
        }
        assert_eq!(
            codes(|f| f.key("key", &format!("{}=", "k".repeat(42)))),
            ["key_form"]
        );
    }

    #[test]
    fn passwords_have_a_shortest_and_a_longest_length() {
        assert_eq!(
            codes(|f| f.password("password", "1234567")),
            ["password_too_short"]
        );
        assert_eq!(codes(|f| f.password("password", "12345678")), [""; 0]);
        assert_eq!(
            codes(|f| f.password("password", &"x".repeat(257))),
            ["password_too_long"]
        );
    }

    #[test]
    fn time_zones_are_iana_names() {
        assert_eq!(codes(|f| f.time_zone("time_zone", "Asia/Shanghai")), [""; 0]);
        assert_eq!(
            codes(|f| f.time_zone("time_zone", "Shanghai")),
            ["unknown_time_zone"]
        );
    }
}
