//! What stands before several nodes: it sends every request to another node than the one before.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A listener that forwards, one request for each connection (RFC 9112 §9.6).
pub(crate) struct Front {
    /// Where it listens: `http://127.0.0.1:<port>`.
    pub(crate) url: String,
    listener: TcpListener,
}

impl Front {
    pub(crate) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        Self { url, listener }
    }

    /// Forwards from now on; the counter is of all requests.
    pub(crate) fn forwards_to(self, ports: [u16; 2]) -> Arc<AtomicUsize> {
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = requests.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = self.listener.accept().await {
                let counted = counted.clone();
                // A client that goes away in the middle is no failure of ours.
                tokio::spawn(async move { drop(forward(client, ports, &counted).await) });
            }
        });
        requests
    }
}

async fn forward(client: TcpStream, ports: [u16; 2], counted: &AtomicUsize) -> std::io::Result<()> {
    let mut client = BufReader::new(client);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if client.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        if line == "\r\n" {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().expect("a length");
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    client.read_exact(&mut body).await?;
    let node = ports[counted.fetch_add(1, Ordering::SeqCst) % ports.len()];
    let mut node = TcpStream::connect(("127.0.0.1", node)).await?;
    node.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes()).await?;
    node.write_all(&body).await?;
    tokio::io::copy(&mut node, &mut client).await?;
    client.shutdown().await
}
