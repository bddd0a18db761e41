//! `console/first_load_gzip`: what a browser loads before the console can show anything, compressed, in kilobytes: the
//! page, and the scripts and styles it names.

use crate::desks::Desks;
use crate::report::Figure;
use crate::side::Side;
use anyhow::{Context, Result, ensure};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Measures it once: bytes are the same each time.
pub(crate) async fn figure(name: &str, desks: &Desks<'_>) -> Result<Figure> {
    let desk = desks.fresh().await?;
    let server = Side::Kefu.start(desks, &desk).await?;
    let page = load(server.addr, "/", "identity").await?;
    let files = named_files(&String::from_utf8_lossy(&page));
    ensure!(
        files.iter().any(|file| file.ends_with(".js")),
        "the page names no script: was the console built into this binary?"
    );
    let mut bytes = load(server.addr, "/", "gzip").await?.len();
    for file in &files {
        bytes += load(server.addr, file, "gzip").await?.len();
    }
    drop(server);
    desk.remove().await?;
    Ok(Figure::alone(name.to_owned(), bytes as f64 / 1024.0, "KB"))
}

/// Paths in `src` and `href` that a browser fetches at once.
fn named_files(page: &str) -> BTreeSet<String> {
    let after = |mark: &str| {
        page.split(mark)
            .skip(1)
            .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
            .collect::<Vec<_>>()
    };
    let named = after("src=\"").into_iter().chain(after("href=\""));
    named
        .filter(|path| path.starts_with('/') && (path.ends_with(".js") || path.ends_with(".css")))
        .collect()
}

/// The body as it came over the wire. HTTP/1.0: it ends with the connection, and comes in one piece.
async fn load(addr: SocketAddr, path: &str, encoding: &str) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect(addr).await?;
    let request = format!("GET {path} HTTP/1.0\r\nhost: {addr}\r\naccept-encoding: {encoding}\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    ensure!(
        answer.starts_with(b"HTTP/1.0 200") || answer.starts_with(b"HTTP/1.1 200"),
        "{path} is not there"
    );
    let head = answer.windows(4).position(|four| four == b"\r\n\r\n");
    Ok(answer.split_off(head.context("an answer without an end of its headers")? + 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_styles_are_found_each_once_and_pictures_are_not() {
        let page = r#"<link rel="icon" href="/icon.svg"><script type="module" src="/assets/a.js"></script>
            <link rel="modulepreload" href="/assets/b.js"><link rel="modulepreload" href="/assets/b.js">
            <link rel="stylesheet" href="/assets/c.css"><a href="https://example.org/x.js">"#;
        let found: Vec<String> = named_files(page).into_iter().collect();
        assert_eq!(found, ["/assets/a.js", "/assets/b.js", "/assets/c.css"]);
    }
}
