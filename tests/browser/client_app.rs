//! The application that users come from and return to: a registered client on a loopback port (RFC
//! 8252 §7.3).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use form_urlencoded::parse;
use tests::support::{RelyingParty, TestServer};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// The page after an authorization response.
const ARRIVED: &str = "<!DOCTYPE html><link rel=icon href=data:,><h1 id=arrived>You are back</h1>";

/// The page after a logout (`post_logout_redirect_uri`).
const GONE: &str = "<!DOCTYPE html><link rel=icon href=data:,><h1 id=gone>Goodbye</h1>";

/// A page whose script only runs if JavaScript is enabled.
const PROBE: &str = "<!DOCTYPE html><link rel=icon href=data:,><h1>Probe</h1>\
    <noscript><p id=off>off</p></noscript>\
    <script>document.body.insertAdjacentHTML('beforeend', '<p id=on>on</p>')</script>";

/// How long the browser may take to return before the test fails.
const ARRIVAL_TIMEOUT: Duration = Duration::from_secs(20);

/// A client application with its own HTTP server.
pub(crate) struct ClientApp {
    /// The registered client; its redirect URI contains the port.
    pub(crate) registered: RelyingParty,
    arrivals: Mutex<UnboundedReceiver<Arrival>>,
    /// How many milliseconds the page after an authorization response takes.
    delay: Arc<AtomicU64>,
}

/// An authorization response that the application received.
#[derive(Debug)]
pub(crate) struct Arrival {
    /// `GET` or `POST`; `frame` for a front-channel logout.
    pub(crate) method: String,
    parameters: Vec<(String, String)>,
}

impl Arrival {
    /// The value of a parameter; none if the response lacks it.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.parameters.iter().filter(|(key, _)| key == name);
        let value = values.next()?;
        assert!(values.next().is_none(), "{name} was sent twice");
        Some(&value.1)
    }

    /// The authorization code.
    pub(crate) fn code(&self) -> &str {
        self.get("code").unwrap_or_else(|| panic!("no code arrived: {self:?}"))
    }
}

impl ClientApp {
    /// Starts a confidential client that listens on a free port.
    pub(crate) async fn start(server: &TestServer, id: &str) -> Self {
        let (listener, address) = Self::listener().await;
        let mut registered = RelyingParty::register(server, id, |client| {
            client.redirect_uris = vec!["http://127.0.0.1/callback".parse().expect("a redirect URI")];
        })
        .await;
        registered.redirect_uri = format!("{address}/callback");
        Self::run(registered, listener)
    }

    /// Starts a confidential client that also receives front-channel logouts and has a post-logout
    /// redirect URI.
    pub(crate) async fn start_with_frame(server: &TestServer, id: &str) -> Self {
        let (listener, address) = Self::listener().await;
        let registered = RelyingParty::register(server, id, |client| {
            client.redirect_uris = vec![format!("{address}/callback").parse().expect("a redirect URI")];
            client.post_logout_redirect_uris = vec![format!("{address}/bye").parse().expect("a URI")];
            client.logout.front.uri = Some(format!("{address}/out?x=1").parse().expect("a logout URI"));
        })
        .await;
        Self::run(registered, listener)
    }

    async fn listener() -> (TcpListener, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        (listener, format!("http://{address}"))
    }

    fn run(registered: RelyingParty, listener: TcpListener) -> Self {
        let (sender, arrivals) = unbounded_channel();
        let delay = Arc::new(AtomicU64::new(0));
        let delayed = Arc::clone(&delay);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // Every connection has its own task, because browsers open connections that they do
                // not use yet.
                tokio::spawn(answer(stream, sender.clone(), Arc::clone(&delayed)));
            }
        });
        Self { registered, arrivals: Mutex::new(arrivals), delay }
    }

    /// Takes this long for the page after an authorization response, from now on.
    pub(crate) fn is_slow(&self, delay: Duration) {
        self.delay.store(delay.as_millis().try_into().expect("a short time"), Ordering::SeqCst);
    }

    /// Waits for the next authorization response.
    pub(crate) async fn arrival(&self) -> Arrival {
        let mut arrivals = self.arrivals.lock().await;
        let arrival = tokio::time::timeout(ARRIVAL_TIMEOUT, arrivals.recv()).await;
        arrival.expect("the browser did not return").expect("the application runs")
    }

    /// The URL of a page of the application that opens `url` in a hidden frame.
    pub(crate) fn framing(&self, url: &str) -> String {
        let page = self.registered.redirect_uri.replace("/callback", "/frame");
        url::Url::parse_with_params(&page, [("url", url)]).expect("a URL").into()
    }

    /// The URL of the page that shows whether scripts run.
    pub(crate) fn probe(&self) -> String {
        self.registered.redirect_uri.replace("/callback", "/probe")
    }
}

async fn answer(stream: TcpStream, arrivals: UnboundedSender<Arrival>, delay: Arc<AtomicU64>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok()?;
        }
        if line.trim().is_empty() {
            break;
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;

    let mut words = head.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let (status, html) = match path {
        "/frame" => {
            let url = parse(query.as_bytes()).find(|(name, _)| name == "url")?.1.replace('&', "&amp;");
            ("200 OK", format!("<!DOCTYPE html><title>Frame</title><iframe hidden src=\"{url}\"></iframe>"))
        }
        "/callback" => {
            let sent = if method == "POST" { &body } else { query.as_bytes() };
            let parameters = parse(sent).into_owned().collect();
            let method = method.to_owned();
            arrivals.send(Arrival { method, parameters }).ok()?;
            tokio::time::sleep(Duration::from_millis(delay.load(Ordering::SeqCst))).await;
            ("200 OK", ARRIVED.to_owned())
        }
        "/out" => {
            let parameters = parse(query.as_bytes()).into_owned().collect();
            let method = "frame".to_owned();
            arrivals.send(Arrival { method, parameters }).ok()?;
            ("200 OK", String::new())
        }
        "/bye" => ("200 OK", GONE.to_owned()),
        "/probe" => ("200 OK", PROBE.to_owned()),
        _ => ("404 Not Found", String::new()),
    };
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{html}",
        html.len()
    );
    stream.write_all(answer.as_bytes()).await.ok()
}
