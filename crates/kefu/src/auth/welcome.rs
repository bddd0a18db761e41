//! The one-time link of the first run. While a desk has no administrator each start makes a new one; what it opens is
//! in `actions::set_up`.

use crate::auth::token::Token;
use crate::db::{Result, installation};
use crate::desk::Desk;
use url::Url;

/// A new link; `None` when there is an administrator. Links made before are void.
pub async fn renew(desk: &Desk) -> Result<Option<Url>> {
    let token = desk
        .db
        .write::<_, crate::db::Error, _>(|tx| {
            Box::pin(async move {
                if !installation::is_new(tx).await? {
                    installation::close_welcome(tx).await?;
                    return Ok(None);
                }
                let token = Token::generate();
                installation::open_welcome(tx, &token.hash()).await?;
                Ok(Some(token))
            })
        })
        .await?;
    Ok(token.map(|token| link(&desk.config.public_url, &token)))
}

fn link(public_url: &Url, token: &Token) -> Url {
    let mut url = public_url.clone();
    url.set_path(&format!("{}/welcome", public_url.path().trim_end_matches('/')));
    url.set_query(Some(&format!("token={}", token.expose())));
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_is_below_the_public_url() {
        let token = Token::generate();
        let link = |base: &str| link(&Url::parse(base).expect("a URL"), &token).to_string();
        assert_eq!(
            link("https://desk.example.com"),
            format!("https://desk.example.com/welcome?token={}", token.expose())
        );
        assert!(link("https://example.com/desk/").starts_with("https://example.com/desk/welcome?token="));
    }
}
