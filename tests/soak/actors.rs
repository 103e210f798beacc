//! The actors of the soak: clients of every kind, users, and their IP addresses.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use jsonwebtoken::Algorithm;
use tests::support::{Browser, ClientSigner, PASSWORD, RelyingParty};

use crate::installation::Installation;

/// The number of users.
const USERS: u64 = 20;

/// The number of IP addresses. Some limits apply per address and hour.
const ADDRESSES: u64 = 100;

/// The redirect URI of all clients. No server listens there.
const REDIRECT_URI: &str = "http://127.0.0.1/callback";

/// All actors.
pub(crate) struct Actors {
    /// A web application that gets signed access tokens.
    pub(crate) web: RelyingParty,
    /// A web application that gets opaque access tokens.
    pub(crate) opaque: RelyingParty,
    /// A service that authenticates with signed assertions.
    pub(crate) machine: RelyingParty,
    /// The key of `machine`.
    pub(crate) signer: ClientSigner,
    /// Public clients on televisions, one per IP address.
    televisions: Vec<RelyingParty>,
    issuer: String,
}

impl Actors {
    /// Registers all actors on the command line.
    pub(crate) async fn registered(installation: &Installation) -> Arc<Self> {
        let signer = ClientSigner::new(Algorithm::ES256);
        let keys = format!("jwks={}", serde_json::json!({"keys": [signer.jwk()]}));
        let code = ["--grant", "authorization_code", "--grant", "refresh_token", "--first-party"];
        let service = ["--grant", "client_credentials"];
        let web = client(installation, "web", &[&code[..], &service].concat()).await;
        let reference = ["--set", "access_token_format=opaque"];
        let opaque = client(installation, "opaque", &[&code[..], &reference].concat()).await;
        let signs = ["--auth-method", "private_key_jwt", "--set", &keys];
        let machine = client(installation, "machine", &[&service[..], &signs].concat()).await;
        let device = "urn:ietf:params:oauth:grant-type:device_code";
        let public = ["--auth-method", "none", "--grant", device, "--grant", "refresh_token"];
        let television = client(installation, "television", &public).await;
        for number in 0..USERS {
            let line = ["user", "create", "--username", &person(number), "--password-stdin", "--json"];
            installation.answers(&line, PASSWORD).await;
        }
        Arc::new(Self {
            web,
            opaque,
            machine,
            signer,
            televisions: (0..ADDRESSES).map(|number| television.calling_from(address(number))).collect(),
            issuer: installation.issuer.clone(),
        })
    }

    /// A new browser at one of the IP addresses.
    pub(crate) fn browser(&self, number: u64) -> Browser {
        Browser::calling_from(&self.issuer, address(number))
    }

    /// The television at one of the IP addresses.
    pub(crate) fn television(&self, number: u64) -> &RelyingParty {
        let number = usize::try_from(number % ADDRESSES).unwrap_or_default();
        &self.televisions[number]
    }

    /// The client of a web application.
    pub(crate) fn application(&self, number: u64) -> &RelyingParty {
        if number.is_multiple_of(2) { &self.web } else { &self.opaque }
    }
}

async fn client(installation: &Installation, id: &str, options: &[&str]) -> RelyingParty {
    let mut line = vec!["client", "create", "--id", id, "--json"];
    if options.contains(&"authorization_code") {
        line.extend(["--redirect-uri", REDIRECT_URI]);
    }
    let scope = if id == "machine" { "read" } else { "openid profile email offline_access read" };
    line.extend(["--scope", scope]);
    line.extend(options);
    let registration = installation.answers(&line, "").await;
    let secret = registration["client_secret"].as_str().map(str::to_owned);
    RelyingParty::registered(&installation.issuer, id, secret, REDIRECT_URI)
}

/// The user name of the user with this number.
pub(crate) fn person(number: u64) -> String {
    format!("person-{}", number % USERS)
}

fn address(number: u64) -> IpAddr {
    let last = u8::try_from(number % ADDRESSES).unwrap_or_default();
    Ipv4Addr::new(127, 0, 1, last + 1).into()
}
