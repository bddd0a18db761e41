//! Logins, passwords and tokens. Who may do what is in `domain::agent`; the HTTP side is `http::login_guard`.

pub mod operator;
pub mod password;
pub mod second_factor;
pub mod secrets;
pub mod sso;
pub mod token;
pub mod welcome;
