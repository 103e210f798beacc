//! Who takes part: clients of every kind, people, and the addresses they come from.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use jsonwebtoken::Algorithm;
use tests::support::{Browser, ClientSigner, PASSWORD, RelyingParty};

use crate::installation::Installation;

/// How many people there are.
const PEOPLE: u64 = 20;

/// How many addresses there are: some limits are per address and hour.
const ADDRESSES: u64 = 100;

/// Where the clients are sent answers to: nobody listens.
const REDIRECT_URI: &str = "http://127.0.0.1/callback";

/// Who takes part.
pub(crate) struct Actors {
    /// A web application with signed access tokens.
    pub(crate) web: RelyingParty,
    /// One with access tokens that are kept.
    pub(crate) opaque: RelyingParty,
    /// A service that signs its assertions.
    pub(crate) machine: RelyingParty,
    /// With this.
    pub(crate) signer: ClientSigner,
    /// Public clients on televisions, one for each address.
    televisions: Vec<RelyingParty>,
    issuer: String,
}

impl Actors {
    /// Registers everybody on the command line.
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
        for number in 0..PEOPLE {
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

    /// A new browser at one of the addresses.
    pub(crate) fn browser(&self, number: u64) -> Browser {
        Browser::calling_from(&self.issuer, address(number))
    }

    /// The television at one of the addresses.
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

/// The user name of one of the people.
pub(crate) fn person(number: u64) -> String {
    format!("person-{}", number % PEOPLE)
}

fn address(number: u64) -> IpAddr {
    let last = u8::try_from(number % ADDRESSES).unwrap_or_default();
    Ipv4Addr::new(127, 0, 1, last + 1).into()
}
