//! The page of the web login: who is looking at it, and whether they consent. Plain HTML, no script.
use super::oauth::Wanted;
use crate::state::follower::Follower;

pub(super) const CONSENT: &str = "/connect/oauth2/consent";

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:22rem;margin:3rem auto;padding:0 1rem;color:#111}\
    h1{font-size:1.25rem}p{color:#555}button{display:block;width:100%;margin:.5rem 0;padding:.75rem;font:inherit;\
    border:1px solid #ccc;border-radius:.5rem;background:#fff;text-align:start}button:focus-visible{outline:3px solid #07c160}";

/// One button for each person who could be holding the phone.
pub(super) fn choice(wanted: &Wanted, account: &str, people: &[&Follower]) -> String {
    let asks = if wanted.scope == "snsapi_userinfo" {
        "申请获得你的昵称和头像 · Asks for your name and picture · 名前と写真を求めています"
    } else {
        "静默登录 · Signs you in without asking · 確認なしでログイン"
    };
    let hidden: String = [
        ("appid", &wanted.app_id),
        ("redirect_uri", &wanted.redirect_uri),
        ("scope", &wanted.scope),
        ("state", &wanted.state),
    ]
    .into_iter()
    .map(|(name, value)| {
        format!(
            "<input type=\"hidden\" name=\"{name}\" value=\"{}\">",
            escaped(value)
        )
    })
    .collect();
    let buttons: String = people
        .iter()
        .map(|person| {
            let (openid, name) = (escaped(&person.openid), escaped(&person.name));
            format!("<button name=\"openid\" value=\"{openid}\">{name}</button>")
        })
        .collect();
    let form = format!("<form method=\"post\" action=\"{CONSENT}\">{hidden}{buttons}</form>");
    page(&format!("<h1>{}</h1><p>{asks}</p>{form}", escaped(account)))
}

pub(super) fn refusal(problem: &str) -> String {
    page(&format!("<h1>{}</h1>", escaped(problem)))
}

fn page(body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>WeChat</title><style>{STYLE}</style>{body}</html>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_out_of_the_page() {
        let wanted = Wanted {
            app_id: "wx1".to_owned(),
            redirect_uri: "http://a/?b=\"><script>".to_owned(),
            scope: "snsapi_base".to_owned(),
            state: String::new(),
        };
        let person = Follower::new("o1".to_owned(), "<b>".to_owned(), 1);
        let page = choice(&wanted, "<i>", &[&person]);
        assert!(!page.contains("<script>") && !page.contains("<b>") && !page.contains("<i>"));
    }
}
