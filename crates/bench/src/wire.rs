//! HTTP/1.1 over one kept-alive connection, by hand: the generator shares its cores with the server it measures,
//! so it must cost as little as it can. Only what Kefu and the limit answer is understood.

use anyhow::{Context, Result, bail};
use std::net::SocketAddr;
use std::ops::Range;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than the server's own patience with its database.
const PATIENCE: Duration = Duration::from_secs(8);
/// No answer this crate asks for is larger.
const LARGEST: usize = 8 * 1024 * 1024;

/// One connection, one request in flight.
#[derive(Debug)]
pub(crate) struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer, inside the connection's buffer.
#[derive(Debug)]
pub(crate) struct Answer<'w> {
    pub(crate) status: u16,
    pub(crate) head: &'w str,
    pub(crate) body: &'w [u8],
}

impl Answer<'_> {
    /// The first header of this name (given in lower case).
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(self.head, name)
    }
}

impl Wire {
    pub(crate) async fn connect(addr: SocketAddr) -> Result<Self> {
        let stream = timeout(PATIENCE, TcpStream::connect(addr))
            .await
            .context("no connection in time")??;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(4096),
        })
    }

    /// Writes a request whose answer does not end, and reads as far as `greeting`.
    pub(crate) async fn follow(&mut self, request: &[u8], greeting: &[u8]) -> Result<()> {
        self.buffer.clear();
        let greeted = timeout(PATIENCE, async {
            self.stream.write_all(request).await?;
            while count(&self.buffer, greeting) == 0 {
                self.more().await?;
            }
            Ok(())
        });
        greeted.await.context("no greeting in time")?
    }

    /// Reads on in an answer that does not end: how often `pattern` occurs in what has come. Reading may stop within it.
    pub(crate) async fn count(&mut self, pattern: &[u8]) -> Result<u64> {
        self.more().await?;
        let found = count(&self.buffer, pattern);
        let kept = self.buffer.len().min(pattern.len() - 1);
        // What was counted must not be counted again: a pattern is longer than what is kept.
        self.buffer.drain(..self.buffer.len() - kept);
        Ok(found)
    }

    /// Writes the request and reads its answer.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        let read = timeout(PATIENCE, async {
            self.stream.write_all(request).await?;
            self.read().await
        });
        let (status, head, body) = read.await.context("no answer in time")??;
        let head = std::str::from_utf8(&self.buffer[head]).context("headers that are no text")?;
        Ok(Answer {
            status,
            head,
            body: &self.buffer[body],
        })
    }

    async fn read(&mut self) -> Result<(u16, Range<usize>, Range<usize>)> {
        self.buffer.clear();
        let (status, head_end, length) = loop {
            self.more().await?;
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = std::str::from_utf8(&self.buffer[..end])?;
                break (status(head)?, end, length(head)?);
            }
        };
        let start = head_end + 4;
        while self.buffer.len() < start + length {
            self.more().await?;
        }
        Ok((status, 0..head_end, start..start + length))
    }

    async fn more(&mut self) -> Result<()> {
        if self.buffer.len() > LARGEST {
            bail!("an endless answer");
        }
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => bail!("the connection was closed"),
            _ => Ok(()),
        }
    }
}

fn count(bytes: &[u8], pattern: &[u8]) -> u64 {
    bytes
        .windows(pattern.len())
        .filter(|part| *part == pattern)
        .count() as u64
}

fn status(head: &str) -> Result<u16> {
    head.get(9..12)
        .and_then(|digits| digits.parse().ok())
        .context("an answer without a status")
}

fn length(head: &str) -> Result<usize> {
    match header(head, "content-length") {
        Some(length) => Ok(length.parse()?),
        None if header(head, "transfer-encoding").is_some() => bail!("an answer in chunks"),
        None => Ok(0),
    }
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().skip(1).find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_found_in_any_case() {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nset-cookie: a=b";
        assert_eq!(status(head).expect("a status"), 200);
        assert_eq!(length(head).expect("a length"), 7);
        assert_eq!(header(head, "set-cookie"), Some("a=b"));
    }

    #[test]
    fn a_chunked_answer_is_refused_instead_of_misread() {
        assert!(length("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked").is_err());
    }
}
