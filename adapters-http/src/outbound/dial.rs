//! The only place that opens outbound connections. It checks the address that it connects to, so DNS rebinding cannot
//! replace a checked address with another one.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use tower::Service;

use super::address::Reach;
use super::turns::Turn;

/// Finds the addresses of a name and a port. It blocks the thread.
pub(super) type LookUp = fn(&str, u16) -> io::Result<Vec<SocketAddr>>;

/// How connections are opened.
#[derive(Clone, Copy)]
pub(super) struct DialPolicy {
    pub(super) allow_private: bool,
    pub(super) connect_limit: Duration,
    pub(super) look_up: LookUp,
}

/// Opens the connection of one request, to allowed addresses only.
#[derive(Clone)]
pub(super) struct Dialer {
    pub(super) policy: DialPolicy,
    pub(super) turn: Turn,
}

/// A connection that is not opened.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoConnection {
    #[error("{0}")]
    Forbidden(String),
    #[error("{0}")]
    Failed(String),
}

/// The look-up of the operating system (getaddrinfo), which obeys all that the operator configured for names.
pub(super) fn look_up_by_system(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    Ok((host, port).to_socket_addrs()?.collect())
}

impl Dialer {
    async fn dial(self, uri: Uri) -> Result<TokioIo<TcpStream>, NoConnection> {
        let https = uri.scheme_str() == Some("https");
        let host = uri.host().unwrap_or_default();
        let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        let port = uri.port_u16().unwrap_or(if https { 443 } else { 80 });
        let found = self.addresses(bare, port).await;
        let found =
            found.map_err(|reason| NoConnection::Failed(format!("{host} has no address: {reason}")))?;
        let mut last = NoConnection::Failed(format!("{host} has no address"));
        for address in found {
            last = if self.policy.allows(address, https) {
                match timeout(self.policy.connect_limit, TcpStream::connect(address)).await {
                    Ok(Ok(stream)) => return Ok(TokioIo::new(stream)),
                    Ok(Err(reason)) => NoConnection::Failed(format!("{address} is not reached: {reason}")),
                    Err(_elapsed) => NoConnection::Failed(format!("{address} did not answer in time")),
                }
            } else {
                NoConnection::Forbidden(format!(
                    "{host} is at {}, where requests are not allowed to go",
                    address.ip()
                ))
            };
        }
        Err(last)
    }

    /// The addresses of a host. A look-up that hangs keeps its turn even after the request has timed out, so a client has few
    /// look-ups at once, and so has the node.
    async fn addresses(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        if let Ok(address) = host.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(address, port)]);
        }
        let (host, look_up, turn) = (host.to_owned(), self.policy.look_up, self.turn.clone());
        let found = spawn_blocking(move || {
            let _turn = turn;
            look_up(&host, port)
        });
        found.await.map_err(io::Error::other)?
    }
}

impl DialPolicy {
    /// Plain http is allowed on private networks only.
    fn allows(self, address: SocketAddr, https: bool) -> bool {
        match Reach::classify(address.ip()) {
            Reach::Public => https,
            Reach::Private => self.allow_private,
            Reach::Nowhere => false,
        }
    }
}

impl Service<Uri> for Dialer {
    type Response = TokioIo<TcpStream>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let dialer = self.clone();
        Box::pin(async move { dialer.dial(uri).await.map_err(io::Error::other) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(allow_private: bool, address: &str, https: bool) -> bool {
        let policy = DialPolicy { allow_private, connect_limit: Duration::ZERO, look_up: look_up_by_system };
        policy.allows(SocketAddr::new(address.parse().unwrap(), 443), https)
    }

    #[test]
    fn without_leave_only_public_addresses_are_called_and_only_encrypted() {
        for (address, https, allowed) in [
            ("8.8.8.8", true, true),
            ("8.8.8.8", false, false),
            ("127.0.0.1", true, false),
            ("127.0.0.1", false, false),
            ("10.0.0.1", true, false),
            ("::ffff:127.0.0.1", true, false),
            ("169.254.169.254", true, false),
        ] {
            assert_eq!(allows(false, address, https), allowed, "{address} {https}");
        }
    }

    #[test]
    fn with_leave_private_addresses_are_called_too_also_without_encryption() {
        for (address, https, allowed) in [
            ("8.8.8.8", true, true),
            ("8.8.8.8", false, false),
            ("127.0.0.1", true, true),
            ("127.0.0.1", false, true),
            ("::1", false, true),
            ("10.0.0.1", true, true),
            ("10.0.0.1", false, true),
            // Cloud metadata services are here: no setting allows these addresses.
            ("169.254.169.254", true, false),
            ("0.0.0.0", false, false),
        ] {
            assert_eq!(allows(true, address, https), allowed, "{address} {https}");
        }
    }
}
