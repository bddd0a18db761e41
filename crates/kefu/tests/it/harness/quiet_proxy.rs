//! A way to a server that can fall silent: what is connected hangs without a word, and new connections work.

use std::net::SocketAddr;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The way.
pub struct QuietProxy {
    /// Where it is entered.
    pub addr: SocketAddr,
    silences: watch::Sender<u64>,
}

impl QuietProxy {
    /// A way to this server.
    pub async fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind(super::loopback()).await.expect("a free port");
        let addr = listener.local_addr().expect("an address");
        let silences = watch::Sender::new(0);
        let told = silences.clone();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, server, told.subscribe()));
            }
        });
        Self { addr, silences }
    }

    /// Whatever is connected hangs from now on.
    pub fn fall_silent(&self) {
        self.silences.send_modify(|count| *count += 1);
    }
}

async fn carry(mut near: TcpStream, server: SocketAddr, mut silence: watch::Receiver<u64>) {
    let mut far = TcpStream::connect(server).await.expect("the server answers");
    tokio::select! {
        _ = copy_bidirectional(&mut near, &mut far) => {}
        Ok(()) = silence.changed() => {
            // Neither closed nor read.
            let _held = (near, far);
            std::future::pending::<()>().await;
        }
    }
}
