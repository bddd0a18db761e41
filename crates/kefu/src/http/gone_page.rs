//! The page for customers whose link to a file does not work any more. The only page of the desk for people who have
//! no login, and so the only one with words of its own: in the language of their browser first.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

/// Language, title, what to do.
type Words = (&'static str, &'static str, &'static str);

const CHINESE: Words = (
    "zh-CN",
    "文件链接已失效",
    "此链接已过期或已被撤回。请在微信中回复我们,我们会重新发送。",
);
const JAPANESE: Words = (
    "ja",
    "このファイルのリンクは無効です",
    "リンクの有効期限が切れたか、取り消されました。WeChatでお知らせいただければ、もう一度お送りします。",
);
const ENGLISH: Words = (
    "en",
    "This link to a file no longer works",
    "It has expired or was withdrawn. Write to us in WeChat and we will send it again.",
);
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
const STYLE: &str = "body{font:16px/1.7 system-ui,-apple-system,'PingFang SC','Hiragino Sans','Noto Sans CJK SC',\
    sans-serif;color:#1f2328;background:#f6f7f8;margin:0;padding:12vh 24px}main{max-width:30em;margin:0 auto}\
    h1{font-size:1.25em;line-height:1.4}section+section{color:#59626b;font-size:.85em;margin-top:2em}\
    section+section h1{font-size:1em}@media(prefers-color-scheme:dark){body{color:#e6e8ea;background:#17191c}\
    section+section{color:#9aa3ad}}";

/// The page, with this status.
pub(super) fn gone_page(status: StatusCode, headers: &HeaderMap) -> Response {
    let asked = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    let parts = in_order(asked.unwrap_or_default());
    let (lang, title, _) = parts[0];
    let body: String = parts.iter().map(section).collect();
    let page = format!(
        "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\">\
         <title>{title}</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>"
    );
    (status, [(header::CONTENT_SECURITY_POLICY, POLICY)], Html(page)).into_response()
}

fn section((lang, title, text): &Words) -> String {
    format!("<section lang=\"{lang}\"><h1>{title}</h1><p>{text}</p></section>")
}

/// The browser's language first; without a known one Chinese, as most customers on WeChat read it.
fn in_order(accept_language: &str) -> [Words; 3] {
    let first = accept_language
        .split(',')
        .map(|part| part.trim().to_ascii_lowercase())
        .find_map(|part| match part.get(..2) {
            Some("ja") => Some([JAPANESE, CHINESE, ENGLISH]),
            Some("en") => Some([ENGLISH, CHINESE, JAPANESE]),
            Some("zh") => Some([CHINESE, JAPANESE, ENGLISH]),
            _ => None,
        });
    first.unwrap_or([CHINESE, JAPANESE, ENGLISH])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(accept_language: &str) -> &'static str {
        in_order(accept_language)[0].0
    }

    #[test]
    fn the_language_of_the_browser_comes_first() {
        assert_eq!(first("ja-JP,ja;q=0.9,en;q=0.8"), "ja");
        assert_eq!(first("en-GB"), "en");
        assert_eq!(first("zh-HK,zh;q=0.9"), "zh-CN");
        assert_eq!(first("fr, ja;q=0.5"), "ja");
        assert_eq!(first(""), "zh-CN");
        assert_eq!(first("日本語"), "zh-CN");
    }
}
