//! Accepts connections and gives each request to the platform's paths or to the simulator's own.
//! Made by hand rather than with axum's server because a fault may cut a connection without an answer.
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::api::{self, ConnectionCut};
use crate::control;
use crate::world::World;

/// Requests in flight may finish within this; streams and long polls have no end of their own.
const GRACE: Duration = Duration::from_millis(300);

/// Serves until `stop` changes, then lets requests in flight finish.
pub(crate) async fn serve(world: Arc<World>, listener: TcpListener, mut stop: watch::Receiver<bool>) {
    let router = control::router(Arc::clone(&world));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => break,
        };
        match accepted {
            Ok((stream, remote)) => {
                let served =
                    serve_connection(Arc::clone(&world), router.clone(), stream, remote, stop.clone());
                connections.spawn(served);
            }
            Err(error) => {
                // Out of file descriptors, most likely: wait for connections to end.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
    let finished = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(GRACE, finished).await;
    connections.shutdown().await;
}

async fn serve_connection(
    world: Arc<World>,
    router: Router,
    stream: TcpStream,
    remote: SocketAddr,
    mut stop: watch::Receiver<bool>,
) {
    // Without this small answers wait for the other side's acknowledgement.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(Arc::clone(&world), router.clone(), request, remote));
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = stop.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, %remote, "a connection ended early");
    }
}

async fn answer(
    world: Arc<World>,
    router: Router,
    request: hyper::Request<Incoming>,
    remote: SocketAddr,
) -> Result<Response, ConnectionCut> {
    let request: Request = request.map(axum::body::Body::new);
    if api::owns(request.uri().path()) {
        // In a task of its own: a caller that hangs up does not stop what the platform has begun.
        let served = tokio::spawn(api::serve(world, request, remote)).await;
        return served.unwrap_or(Err(ConnectionCut));
    }
    let answered = router.oneshot(request).await;
    Ok(answered.unwrap_or_else(|never| match never {}))
}
