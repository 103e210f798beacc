//! A self-signed certificate in files, and HTTPS clients that trust only this certificate.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use adapters_http::TlsFiles;
use http::header::HOST;
use http::{Request, Response, Version};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// A certificate for `localhost` and 127.0.0.1, and its key, in two files. Dropping it removes the
/// files.
pub struct SelfSigned {
    certificate: CertificateDer<'static>,
    folder: TempDir,
}

/// An HTTPS client that trusts only one certificate.
#[derive(Clone)]
pub struct SecureClient {
    roots: RootCertStore,
    address: SocketAddr,
    versions: Vec<&'static SupportedProtocolVersion>,
}

impl SelfSigned {
    /// Writes a new certificate to new files.
    #[must_use]
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let certificate = write(&folder);
        Self { certificate, folder }
    }

    /// The paths of the two files.
    #[must_use]
    pub fn files(&self) -> TlsFiles {
        files(&self.folder)
    }

    /// Replaces the files with another certificate and key.
    #[must_use]
    pub fn renewed(self) -> Self {
        let certificate = write(&self.folder);
        Self { certificate, ..self }
    }

    /// The certificate in PEM form, as operators get it.
    #[must_use]
    pub fn pem(&self) -> Vec<u8> {
        fs::read(self.files().certificate).expect("a file")
    }

    /// A TLS configuration that trusts only this certificate.
    #[must_use]
    pub fn trusting(&self) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).expect("a certificate");
        ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions of TLS")
            .with_root_certificates(roots)
            .with_no_client_auth()
    }

    /// A client of the server with this certificate on this port of 127.0.0.1.
    #[must_use]
    pub fn client(&self, port: u16) -> SecureClient {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).expect("a certificate");
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        SecureClient { roots, address, versions: rustls::ALL_VERSIONS.to_vec() }
    }
}

impl Default for SelfSigned {
    fn default() -> Self {
        Self::new()
    }
}

impl SecureClient {
    /// The same client, limited to these TLS versions.
    #[must_use]
    pub fn with_versions(self, versions: &[&'static SupportedProtocolVersion]) -> Self {
        Self { versions: versions.to_vec(), ..self }
    }

    /// Shakes hands, and offers these protocols.
    ///
    /// # Errors
    /// When the server shows another certificate, or does not speak TLS.
    pub async fn connect(&self, protocols: &[&[u8]]) -> std::io::Result<TlsStream<TcpStream>> {
        let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(&self.versions)
            .expect("versions of TLS")
            .with_root_certificates(self.roots.clone())
            .with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
        let stream = TcpStream::connect(self.address).await?;
        let name = "localhost".try_into().expect("a name");
        TlsConnector::from(Arc::new(config)).connect(name, stream).await
    }

    /// GET on a new connection, by the protocol that the server prefers among these.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub async fn get(&self, path: &str, protocols: &[&[u8]]) -> std::io::Result<Response<String>> {
        let stream = self.connect(protocols).await?;
        let second = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        let stream = TokioIo::new(stream);
        let request = |uri: String, version| {
            let request = Request::get(uri).version(version).header(HOST, self.address.to_string());
            request.body(String::new()).expect("a request")
        };
        let answer = if second {
            let (mut sender, connection) =
                hyper::client::conn::http2::handshake(TokioExecutor::new(), stream).await.expect("HTTP/2");
            tokio::spawn(connection);
            let uri = format!("https://{}{path}", self.address);
            sender.send_request(request(uri, Version::HTTP_2)).await
        } else {
            let (mut sender, connection) =
                hyper::client::conn::http1::handshake(stream).await.expect("HTTP/1.1");
            tokio::spawn(connection);
            sender.send_request(request(path.to_owned(), Version::HTTP_11)).await
        };
        Ok(read(answer.expect("an answer")).await)
    }
}

async fn read(answer: Response<Incoming>) -> Response<String> {
    let (head, body) = answer.into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    Response::from_parts(head, String::from_utf8(body.to_vec()).expect("UTF-8"))
}

fn files(folder: &TempDir) -> TlsFiles {
    TlsFiles { certificate: folder.path().join("cert.pem"), key: folder.path().join("key.pem") }
}

fn write(folder: &TempDir) -> CertificateDer<'static> {
    let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names).expect("a certificate");
    let files = files(folder);
    fs::write(&files.key, signing_key.serialize_pem()).expect("a file");
    fs::write(&files.certificate, cert.pem()).expect("a file");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&files.key, fs::Permissions::from_mode(0o600)).expect("a mode");
    }
    cert.der().clone()
}
