//! Serving: open the data, load the keys, bind, say where, and end gracefully.
//!
//! See docs/decisions/operations.md.

use std::net::SocketAddr;

use adapters_http::outbound::OutboundClient;
use anyhow::anyhow;
use application::users::set_up::LIFETIME_MINUTES;
use domain::{Issuer, Secret};
use tokio::net::TcpListener;

use crate::compose::{self, Data};
use crate::config::{Config, RedisUrl};
use crate::encryption_key;
use crate::{logout_delivery, metrics, tls, upkeep};

/// Serves until SIGINT or SIGTERM; then requests under way are finished first.
///
/// # Errors
/// One sentence about what is missing: the certificate, the data, the encryption key, the address.
pub async fn serve(config: &Config) -> anyhow::Result<()> {
    let tls = match config.tls() {
        Some(files) => Some(tls::load(files).await?),
        None => None,
    };
    let mut data = Data::open(&config.database_url, OutboundClient::new(config.outbound())?).await?;
    if let Some(url) = &config.redis_url {
        data = data.with_redis(url, &config.redis_prefix).await?;
    }
    let encryption_key = encryption_key::obtain(config.encryption_key.as_ref(), &config.database_url)?;
    let use_cases = compose::use_cases(&data.ports, config.settings(), encryption_key.sealing_key()?);
    use_cases.keys.install().await?;
    let listener = bind(config).await?;
    if let Some(address) = config.metrics_addr {
        metrics::serve(address, use_cases.keys.clone(), data.measured()).await?;
    }
    let ending = ending()?;

    announce(config, listener.local_addr()?);
    // Only now: a second process that cannot bind must not take the link of the first one away.
    if let Some(token) = use_cases.set_up.offer().await? {
        show_set_up_link(&use_cases.settings.issuer, &token);
    }

    let upkeep = tokio::spawn(upkeep::go_on(
        use_cases.keys.clone(),
        data.ports.expired.clone(),
        data.ports.clock.clone(),
    ));
    let logout_delivery = tokio::spawn(logout_delivery::go_on(use_cases.backchannel_logout.clone()));
    let router = adapters_http::router(use_cases, config.trusted_proxies.networks().to_vec());
    let served = match tls {
        Some(tls) => adapters_http::serve_tls(listener, tls, router, ending).await,
        None => adapters_http::serve(listener, router, ending).await,
    };
    upkeep.abort();
    logout_delivery.abort();
    data.close().await;
    tracing::info!("stopped");
    Ok(served?)
}

async fn bind(config: &Config) -> anyhow::Result<TcpListener> {
    let (host, port) = (config.server_host.as_str(), config.server_port);
    TcpListener::bind((host, port)).await.map_err(|reason| {
        anyhow!("cannot listen on {host} port {port}: {reason}; OAUTH2_SERVER_HOST and OAUTH2_SERVER_PORT choose another address")
    })
}

fn announce(config: &Config, address: SocketAddr) {
    let issuer = config.server_public_base_url.as_str();
    let data = config.database_url.place();
    let short_lived = config.redis_url.as_ref().map_or_else(|| data.clone(), RedisUrl::place);
    let tls = config.tls().is_some();
    tracing::info!(issuer, %address, tls, data, short_lived, "serving");
    if config.password_grant_enabled {
        tracing::warn!(
            "OAUTH2_PASSWORD_GRANT_ENABLED is on: applications see their users' passwords; the password grant \
             must not be used (RFC 9700 section 2.4)"
        );
    }
}

/// For the terminal of whoever started the server, and not for the log: the link makes an administrator.
#[allow(clippy::print_stderr, reason = "the log must not have it")]
fn show_set_up_link(issuer: &Issuer, token: &Secret) {
    let link = format!("{}?token={}", issuer.endpoint("/setup"), token.expose());
    eprintln!("\n  There is no administrator yet. Make one here:\n\n    {link}\n");
    eprintln!("  The link is valid once, for {LIFETIME_MINUTES} minutes.\n");
}

/// Ends with the first SIGINT or SIGTERM that comes after this call.
#[cfg(unix)]
fn ending() -> std::io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("ending; requests under way are finished");
    })
}

/// Ends with Ctrl-C.
#[cfg(not(unix))]
fn ending() -> std::io::Result<impl Future<Output = ()> + Send> {
    Ok(async {
        // Without a handler the process ends at once, which is also an end.
        let _unheard = tokio::signal::ctrl_c().await;
    })
}
