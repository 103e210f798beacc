//! `healthcheck`: checks whether the configured server answers, for the health check of a container.

mod tls;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use anyhow::{anyhow, bail};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

use super::answer::Answer;
use crate::config::Config;

/// A server that needs longer is not healthy.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(5);

/// Only the status line is read.
const MAX_RESPONSE_BYTES: u64 = 64;

/// Succeeds if the server answers `GET /health` with 200.
pub(super) async fn run(config: &Config) -> anyhow::Result<Answer> {
    let (host, port) = (reachable(&config.server_host), config.server_port);
    let request = async {
        let stream = TcpStream::connect((host.as_str(), port)).await?;
        match config.tls() {
            Some(_) => status(tls::connect(stream).await?).await,
            None => status(stream).await,
        }
    };
    let status = tokio::time::timeout(RESPONSE_TIMEOUT, request)
        .await
        .map_err(|_elapsed| {
            anyhow!("no answer from {host} port {port} within {} s", RESPONSE_TIMEOUT.as_secs())
        })?
        .map_err(|reason| anyhow!("no answer from {host} port {port}: {reason}"))?;
    match status.as_deref() {
        Some("200") => Ok(Answer::done("healthy", "healthy")),
        Some(status) => bail!("{host} port {port} answered with status {status}"),
        None => bail!("{host} port {port} does not speak HTTP"),
    }
}

/// The status code of the response, if it is an HTTP response.
async fn status(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> std::io::Result<Option<String>> {
    // With HTTP/1.0 (RFC 1945) the server closes the connection after the response.
    stream.write_all(b"GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n").await?;
    let mut answer = Vec::new();
    stream.take(MAX_RESPONSE_BYTES).read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer);
    let mut words = answer.split_ascii_whitespace();
    Ok(words.next().filter(|version| version.starts_with("HTTP/")).and(words.next()).map(str::to_owned))
}

/// Where a listener on `host` can be reached from this machine.
fn reachable(host: &str) -> String {
    match host.parse() {
        Ok(IpAddr::V4(address)) if address.is_unspecified() => Ipv4Addr::LOCALHOST.to_string(),
        Ok(IpAddr::V6(address)) if address.is_unspecified() => Ipv6Addr::LOCALHOST.to_string(),
        Ok(_) | Err(_) => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    /// The status code that is read if the server sends these bytes.
    async fn status_of(answer: &'static [u8]) -> Option<String> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let asking = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let server = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 16];
            stream.read_exact(&mut request).await.unwrap();
            stream.write_all(answer).await.unwrap();
            stream.shutdown().await.unwrap();
            assert_eq!(&request, b"GET /health HTTP");
        };
        tokio::join!(status(asking), server).0.unwrap()
    }

    #[tokio::test]
    async fn the_status_code_counts() {
        assert_eq!(status_of(b"HTTP/1.0 200 OK\r\n\r\n").await.as_deref(), Some("200"));
        assert_eq!(status_of(b"HTTP/1.1 503 Service Unavailable\r\n\r\n").await.as_deref(), Some("503"));
        assert_eq!(status_of(b"SSH-2.0-x 200\r\n").await, None);
        assert_eq!(status_of(b"").await, None);
    }

    #[test]
    fn a_listener_on_all_addresses_is_asked_on_the_loopback_one() {
        assert_eq!(reachable("0.0.0.0"), "127.0.0.1");
        assert_eq!(reachable("::"), "::1");
        assert_eq!(reachable("192.0.2.7"), "192.0.2.7");
        assert_eq!(reachable("localhost"), "localhost");
    }
}
