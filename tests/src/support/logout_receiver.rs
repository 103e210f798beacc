//! The clients' side of back-channel logout: an HTTP server on a loopback port (OpenID Connect
//! Back-Channel Logout 1.0 §2.5).

use std::collections::VecDeque;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// How long a logout token may take before the test fails.
const LOGOUT_TIMEOUT: Duration = Duration::from_secs(20);

/// Receives the logout tokens of all clients of a test, each at its own path.
pub struct LogoutReceiver {
    address: String,
    received: UnboundedReceiver<(String, String)>,
    answers: Answers,
}

/// The status lines of the next responses; when none is left, `200 OK`.
type Answers = Arc<Mutex<VecDeque<&'static str>>>;

impl LogoutReceiver {
    /// Listens on a free port.
    pub async fn start() -> Self {
        Self::at(Ipv4Addr::LOCALHOST).await
    }

    /// Listens on a free port of this address.
    pub async fn at(address: Ipv4Addr) -> Self {
        let listener = TcpListener::bind((address, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let (sender, received) = unbounded_channel();
        let answers = Answers::default();
        let next = answers.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, sender.clone(), next.clone()));
            }
        });
        Self { address, received, answers }
    }

    /// The `backchannel_logout_uri` of the client.
    #[must_use]
    pub fn uri(&self, client: &str) -> String {
        format!("http://{}/{client}", self.address)
    }

    /// Answers the next requests with these status lines, each once.
    pub fn answers(&self, statuses: &[&'static str]) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).extend(statuses);
    }

    /// Waits for the next logout token. Returns the client and the token.
    pub async fn next_logout(&mut self) -> (String, String) {
        self.next_logout_within(LOGOUT_TIMEOUT).await.expect("no client received a logout token")
    }

    /// As [`next_logout`](Self::next_logout) with another timeout; none if no token arrives in
    /// time.
    pub async fn next_logout_within(&mut self, timeout: Duration) -> Option<(String, String)> {
        tokio::time::timeout(timeout, self.received.recv())
            .await
            .ok()
            .map(|logout| logout.expect("the receiver listens"))
    }

    /// Whether no further logout token has arrived.
    #[must_use]
    pub fn has_no_more_logouts(&mut self) -> bool {
        self.received.try_recv().is_err()
    }
}

async fn answer(
    stream: TcpStream,
    received: UnboundedSender<(String, String)>,
    answers: Answers,
) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
        match line.trim() {
            "" => break,
            line => head.push(line.to_ascii_lowercase()),
        }
    }
    let header = |name: &str| head.iter().find_map(|line| line.strip_prefix(name));
    assert_eq!(header("content-type: "), Some("application/x-www-form-urlencoded"));
    let mut body = vec![0; header("content-length: ")?.parse().ok()?];
    stream.read_exact(&mut body).await.ok()?;
    let path = head.first()?.strip_prefix("post /")?.strip_suffix(" http/1.1")?.to_owned();
    let mut fields: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    let (name, token) = fields.pop().filter(|_| fields.is_empty())?;
    assert_eq!(name, "logout_token");
    received.send((path, token)).ok()?;
    let status = answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front().unwrap_or("200 OK");
    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    stream.write_all(answer.as_bytes()).await.ok()
}
