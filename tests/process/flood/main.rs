//! Floods of requests that are never finished, from one address, under a limit of memory: the server lives, and honest clients
//! are served. FLOOD_SECONDS is how long each flood lasts (30 without it), FLOOD_CONNECTIONS how many there are at
//! once (2400 without it), FLOOD_LATENCY_MS how long an honest request may wait (1000 without it). What is without it is for a
//! release build; a debug build is ten times as slow.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "every function here is part of a test"
)]

mod attack;
mod honest;
mod memory;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tests::support::installation::Installation;
use tests::support::{PASSWORD, SelfSigned};

use attack::{Attack, Flood};
use honest::Honest;
use memory::Limited;

/// What the process may use, and what of it the floods may make it use for itself.
const LIMIT_MIB: u32 = 128;
const MAX_ANONYMOUS_MIB: f64 = 96.0;

/// A proxy that speaks HTTP/2 to the server has few.
const PROXY_CONNECTIONS: u32 = 64;
/// How many connections ask for pages and do not take them.
const MAX_READERS: u32 = 100;

const STRANGER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

/// Where the flood comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Straight to the server.
    Direct,
    /// From the address of a trusted proxy, which names the stranger. Honest clients come the same way.
    ThroughProxy,
}

fn number(name: &str, without: u32) -> u32 {
    std::env::var(name).map_or(without, |text| text.parse().expect(name))
}

async fn withstands(attacks: &[Attack], way: Way, certificate: Option<Arc<SelfSigned>>) {
    let mut installation = certificate.as_deref().map_or_else(Installation::new, Installation::over_https);
    if way == Way::ThroughProxy {
        installation.set("OAUTH2_TRUSTED_PROXIES", "127.0.0.2/32");
    }
    installation.set("RUST_LOG", "warn,server=info");
    let line = ["user", "create", "--username", "ada", "--password-stdin", "--json"];
    installation.answers(&line, PASSWORD).await;
    let line = "client create --id app --redirect-uri http://127.0.0.1/callback --grant authorization_code \
                --grant client_credentials --json";
    let mut line: Vec<_> = line.split_whitespace().collect();
    line.extend(["--scope", "openid read"]);
    let secret =
        installation.answers(&line, "").await["client_secret"].as_str().expect("a secret").to_owned();
    let running = installation.serves().await;
    let (seconds, connections) = (number("FLOOD_SECONDS", 30), number("FLOOD_CONNECTIONS", 2_400));
    let latency = Duration::from_millis(number("FLOOD_LATENCY_MS", 1_000).into());
    let limited = Limited::to(LIMIT_MIB, running.id());

    for attack in attacks {
        let flood = Flood {
            attack: *attack,
            port: installation.port,
            source: STRANGER,
            client: (way == Way::ThroughProxy).then_some("203.0.113.5"),
            tls: certificate.as_deref().map(SelfSigned::trusting),
            connections: match (attack, way) {
                (Attack::Http2Bodies, Way::ThroughProxy) => PROXY_CONNECTIONS,
                // Each makes a hundred pages: more of them would be a matter of the processor, which is shared.
                (Attack::Http2Unread | Attack::Http2Sipped, _) => connections.min(MAX_READERS),
                _ => connections,
            },
        };
        let honest = Honest {
            issuer: installation.issuer.clone(),
            secret: secret.clone(),
            certificate: certificate.clone(),
            proxy: (way == Way::ThroughProxy).then_some(STRANGER),
        };
        let flooding = flood.begins();
        // The first second is the flood's alone.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let until = Instant::now() + Duration::from_secs(seconds.into());
        let (calls, logins, most) =
            tokio::join!(honest.calls(until), honest.logs_in(until), limited.most(until));
        let sent = flooding.ends().await;
        println!("{attack:?}, {way:?}: {sent}; at most {most:.1} MiB; calls {calls}; logins {logins}");
        assert!(most <= MAX_ANONYMOUS_MIB, "{attack:?}: {most:.1} MiB");
        calls.assert_served(latency);
        logins.assert_served(latency);
    }
    assert!(running.ends().await.status.success());
}

const HTTP: [Attack; 5] =
    [Attack::HalfHeads, Attack::HalfBodies, Attack::Http2Bodies, Attack::Http2Unread, Attack::Http2Sipped];

// One after the other: each has both cores.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn floods_under_a_limit_of_memory() {
    withstands(&HTTP, Way::Direct, None).await;
    withstands(&HTTP[..3], Way::ThroughProxy, None).await;
    let tls = [Attack::Handshakes, Attack::HalfBodies, Attack::Http2Bodies];
    withstands(&tls, Way::Direct, Some(Arc::new(SelfSigned::new()))).await;
}
