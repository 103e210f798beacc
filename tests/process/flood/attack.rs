//! What a flood sends, on as many connections as the server lets it have.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustls::ClientConfig;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;

/// What is sent on each connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attack {
    /// HTTP/1.1: a head of 30 KiB that does not end.
    HalfHeads,
    /// HTTP/1.1: a large head, and 60 KiB of a body that does not end.
    HalfBodies,
    /// HTTP/2: as many streams as there may be, each with a large head and a body that does not end.
    Http2Bodies,
    /// HTTP/2: requests for pages whose answers are not taken.
    Http2Unread,
    /// HTTP/2: of each answer one byte is taken.
    Http2Sipped,
    /// TLS: the beginning of a handshake.
    Handshakes,
}

/// A flood.
#[derive(Clone)]
pub(crate) struct Flood {
    pub(crate) attack: Attack,
    pub(crate) port: u16,
    pub(crate) source: IpAddr,
    /// The address that a proxy names.
    pub(crate) client: Option<&'static str>,
    pub(crate) tls: Option<ClientConfig>,
    pub(crate) connections: u32,
}

/// A flood under way.
pub(crate) struct Flooding {
    connections: JoinSet<()>,
    sent: Arc<Sent>,
}

/// How much was sent.
#[derive(Debug, Default)]
struct Sent {
    connections: AtomicU64,
    bytes: AtomicU64,
}

impl Flood {
    /// Begins in the background.
    pub(crate) fn begins(self) -> Flooding {
        let sent = Arc::new(Sent::default());
        let mut connections = JoinSet::new();
        let message = Arc::new(self.message());
        for _ in 0..self.connections {
            let (flood, sent, message) = (self.clone(), Arc::clone(&sent), Arc::clone(&message));
            connections.spawn(async move {
                loop {
                    // Whatever ends a connection, the next one follows: 4800 a second. The flood shares two cores with the server.
                    let _ended = flood.connect(&message, &sent).await;
                    tokio::time::sleep(Duration::from_millis(500)).await;
                }
            });
        }
        Flooding { connections, sent }
    }

    async fn connect(&self, message: &[Vec<u8>], sent: &Sent) -> io::Result<()> {
        let socket = TcpSocket::new_v4()?;
        // What waits here costs the flood, not the server.
        socket.set_send_buffer_size(64 * 1024)?;
        socket.bind(SocketAddr::new(self.source, 0))?;
        let mut stream = socket.connect((Ipv4Addr::LOCALHOST, self.port).into()).await?;
        sent.connections.fetch_add(1, Ordering::Relaxed);
        let Some(tls) = self.tls.clone() else { return self.send(stream, message, sent).await };
        if self.attack == Attack::Handshakes {
            // The head of a record that holds a ClientHello, and half of it.
            let mut hello = vec![0x16, 3, 1, 0x3f, 0xff, 1, 0, 0x3f, 0xfb, 3, 3];
            hello.resize(8 * 1024, 7);
            stream.write_all(&hello).await?;
            return until_it_ends(stream).await;
        }
        let mut tls = tls;
        let is_http2 = matches!(self.attack, Attack::Http2Bodies | Attack::Http2Unread | Attack::Http2Sipped);
        tls.alpn_protocols = vec![if is_http2 { b"h2".to_vec() } else { b"http/1.1".to_vec() }];
        let name = "localhost".try_into().expect("a name");
        let stream: tokio_rustls::client::TlsStream<TcpStream> =
            TlsConnector::from(Arc::new(tls)).connect(name, stream).await?;
        self.send(stream, message, sent).await
    }

    async fn send(
        &self,
        mut stream: impl AsyncRead + AsyncWrite + Unpin,
        message: &[Vec<u8>],
        sent: &Sent,
    ) -> io::Result<()> {
        for part in message {
            // What the server does not take is not waited for.
            let written = tokio::time::timeout(Duration::from_millis(500), stream.write_all(part)).await;
            sent.bytes.fetch_add(part.len() as u64, Ordering::Relaxed);
            if !matches!(written, Ok(Ok(()))) {
                break;
            }
        }
        until_it_ends(stream).await
    }

    /// The parts of what is sent on a connection.
    fn message(&self) -> Vec<Vec<u8>> {
        let forwarded =
            self.client.map_or_else(String::new, |client| format!("X-Forwarded-For: {client}\r\n"));
        let post = format!(
            "POST /oauth/token HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{forwarded}\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 65000\r\n",
            self.port
        );
        match self.attack {
            Attack::HalfHeads => vec![format!("{post}X-A: {}", "a".repeat(30_000)).into_bytes()],
            Attack::HalfBodies => {
                let head = format!("{post}X-A: {}\r\n\r\n", "a".repeat(25_000));
                vec![head.into_bytes(), vec![b'b'; 60_000]]
            }
            Attack::Http2Bodies => {
                let mut parts = vec![http2_preface(None)];
                for stream in (1..200).step_by(2) {
                    let mut part = self.http2_head(stream, "POST", "/oauth/token", false);
                    // The window of the connection is enough for all of them.
                    part.extend(frame(0, 0, stream, &[b'b'; 640]));
                    parts.push(part);
                }
                parts
            }
            Attack::Http2Unread | Attack::Http2Sipped => {
                // The window of each stream (RFC 9113 §6.9.2).
                let window = u32::from(self.attack == Attack::Http2Sipped);
                let mut parts = vec![http2_preface(Some(window))];
                parts.extend((1..200).step_by(2).map(|stream| self.http2_head(stream, "GET", "/docs", true)));
                parts
            }
            Attack::Handshakes => Vec::new(),
        }
    }

    fn http2_head(&self, stream: u32, method: &str, path: &str, is_short: bool) -> Vec<u8> {
        let authority = format!("127.0.0.1:{}", self.port);
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let mut block = Vec::new();
        let form = "application/x-www-form-urlencoded";
        for (name, value) in [
            (":method", method),
            (":path", path),
            (":scheme", scheme),
            (":authority", &authority),
            ("content-type", form),
        ] {
            block.extend(literal(name, value));
        }
        if let Some(client) = self.client {
            block.extend(literal("x-forwarded-for", client));
        }
        if !is_short {
            for number in 0..6 {
                block.extend(literal(&format!("x-{number}"), &"a".repeat(4_000)));
            }
        }
        let parts: Vec<_> = block.chunks(16_000).collect();
        let mut head = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let kind = if index == 0 { 1 } else { 9 };
            let end_of_headers = if index + 1 == parts.len() { 4 } else { 0 };
            let end_of_stream = u8::from(is_short && index == 0);
            head.extend(frame(kind, end_of_headers | end_of_stream, stream, part));
        }
        head
    }
}

impl Flooding {
    /// Ends it; tells how much was sent.
    pub(crate) async fn ends(mut self) -> impl fmt::Display {
        self.connections.shutdown().await;
        let (connections, bytes) = (&self.sent.connections, &self.sent.bytes);
        let mebibytes = bytes.load(Ordering::Relaxed) / (1024 * 1024);
        format!("{} connections, {mebibytes} MiB", connections.load(Ordering::Relaxed))
    }
}

/// Waits until the server closes the connection, for a while. What it sends is not answered.
async fn until_it_ends(mut stream: impl AsyncRead + Unpin) -> io::Result<()> {
    let mut some = [0; 4096];
    let ended = async {
        while stream.read(&mut some).await? > 0 {}
        Ok(())
    };
    tokio::time::timeout(Duration::from_secs(12), ended).await.unwrap_or(Ok(()))
}

fn http2_preface(window: Option<u32>) -> Vec<u8> {
    let mut settings = Vec::new();
    if let Some(window) = window {
        settings.extend(4_u16.to_be_bytes());
        settings.extend(window.to_be_bytes());
    }
    [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".as_slice(), &frame(4, 0, 0, &settings)].concat()
}

/// A frame (RFC 9113 §4.1).
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a short frame").to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// A header that is not indexed (RFC 7541 §6.2.2).
fn literal(name: &str, value: &str) -> Vec<u8> {
    [&[0][..], &text(name), &text(value)].concat()
}

/// A string literal without Huffman coding (RFC 7541 §5.2).
fn text(text: &str) -> Vec<u8> {
    let mut encoded = Vec::new();
    match u8::try_from(text.len()) {
        Ok(length @ 0..127) => encoded.push(length),
        _ => {
            encoded.push(127);
            let mut rest = text.len() - 127;
            while rest >= 128 {
                encoded.push(u8::try_from(rest % 128).expect("seven bits") | 128);
                rest /= 128;
            }
            encoded.push(u8::try_from(rest).expect("seven bits"));
        }
    }
    encoded.extend(text.as_bytes());
    encoded
}
