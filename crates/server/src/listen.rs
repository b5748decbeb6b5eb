//! Accepting connections: each bounded in the time that a request's head may take, all bounded in
//! number, so that nobody can use them up without so much as signing in.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tower::ServiceExt;

/// How long it waits before it accepts again when the system refuses a connection (no descriptors).
const REFUSED: Duration = Duration::from_millis(200);

/// What connections may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// For the head of a request, from the first moment that one could come.
    pub(crate) head: Duration,
    /// At a time; event streams count. More wait to be accepted.
    pub(crate) connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { head: Duration::from_secs(30), connections: 4_096 }
    }
}

/// Answers with `router` until `stop` is done, then waits for the requests that are open.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let open = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, from)) => {
                let talk = talk(stream, from, router.clone(), limits.head, open.watcher());
                tokio::spawn(async move {
                    talk.await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(REFUSED).await;
            }
        }
    }
    drop(listener);
    open.shutdown().await;
}

async fn talk(
    stream: TcpStream,
    from: SocketAddr,
    router: Router,
    head: Duration,
    watcher: Watcher,
) {
    // Events are small and urgent: they are not held back to be sent together.
    let _ = stream.set_nodelay(true);
    let answer = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(from));
        router.clone().oneshot(request.map(Body::new))
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(head);
    let connection = builder.serve_connection(TokioIo::new(stream), answer);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended early");
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    async fn start(limits: Limits) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", get(async || "here"));
        tokio::spawn(serve(listener, router, limits, std::future::pending()));
        address
    }

    #[tokio::test]
    async fn a_request_that_never_ends_its_head_is_given_up() {
        let limits = Limits { head: Duration::from_millis(200), connections: 8 };
        let mut stream = TcpStream::connect(start(limits).await).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow").await.unwrap();
        let mut rest = Vec::new();
        let closed = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut rest));
        closed.await.expect("the server closes the connection").unwrap();
        assert!(!String::from_utf8_lossy(&rest).contains("here"));
    }

    #[tokio::test]
    async fn one_connection_too_many_waits_for_its_turn() {
        let limits = Limits { head: Duration::from_secs(30), connections: 1 };
        let address = start(limits).await;
        let first = TcpStream::connect(address).await.unwrap();
        let mut second = TcpStream::connect(address).await.unwrap();
        second.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut answer = Vec::new();
        let early =
            tokio::time::timeout(Duration::from_millis(300), second.read_to_end(&mut answer)).await;
        assert!(early.is_err() && answer.is_empty());
        drop(first);
        let late = tokio::time::timeout(Duration::from_secs(10), second.read_to_end(&mut answer));
        late.await.expect("its turn comes").unwrap();
        assert!(String::from_utf8_lossy(&answer).ends_with("here"));
    }
}
