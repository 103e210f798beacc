//! `serve`: opens the stores, loads the keys, listens, logs the address, and ends gracefully.
//!
//! See docs/decisions/operations.md.

use std::io;
use std::net::SocketAddr;

use adapters_http::outbound::OutboundClient;
use adapters_http::{Budget, UseCases};
use anyhow::anyhow;
use application::users::set_up::{LIFETIME_MINUTES, OfferedLink, SetUp};
use domain::Secret;
use serde_json::json;
use tokio::net::{TcpListener, TcpSocket};

use crate::background_recording::BackgroundRecording;
use crate::compose::{self, Data};
use crate::config::{Config, DatabaseUrl, RedisUrl};
use crate::mail_delivery::MailTask;
use crate::maintenance::{self, UnusedClients};
use crate::telemetry::LogFormat;
use crate::tls::is_world_readable;
use crate::{key_file, logout_delivery, metrics, tls};

/// How many connections may wait to be accepted. The system may allow fewer. Other clients try again a second later.
const BACKLOG: u32 = 8_192;
/// How many bytes the system keeps for a connection before the server reads them: no request is larger than twice that.
const RECEIVE_BUFFER: u32 = 64 * 1024;
const MIB: usize = 1024 * 1024;

/// Serves until SIGINT or SIGTERM. Then it finishes the requests in progress, and returns.
///
/// # Errors
/// One sentence about the cause: the certificate, a store, the encryption key, the address.
pub async fn serve(config: &Config) -> anyhow::Result<()> {
    let tls = match config.tls() {
        Some(files) => Some(tls::load(files).await?),
        None => None,
    };
    let mut data = Data::open(&config.database_url, OutboundClient::new(config.outbound())?).await?;
    data = data.with_mail(config.smtp()?);
    if let Some(url) = &config.redis_url {
        data = data.with_redis(url, &config.redis_prefix).await?;
    }
    let encryption_key = key_file::obtain(config.encryption_key.as_ref(), &config.database_url)?;
    let use_cases = compose::use_cases(&data.ports, config.settings(), encryption_key.sealing_key()?);
    let use_cases = UseCases { shown_settings: config.shown_settings(), ..use_cases };
    use_cases.keys.install().await?;
    let listener = bind(config).await?;
    if let Some(address) = config.metrics_addr {
        metrics::serve(address, use_cases.keys.clone(), data.measured()).await?;
    }
    let stopped = stop_signal()?;
    let ending = async move {
        stopped.await;
        tracing::info!("ending; requests under way are finished first");
    };

    announce(config, listener.local_addr()?);
    // Not before the listener exists: a second process that cannot listen must not replace the link of the first.
    offer_set_up_link(config, &use_cases.set_up).await?;

    let maintenance = tokio::spawn(maintenance::run(
        use_cases.keys.clone(),
        data.ports.expired.clone(),
        maintenance::Retention {
            audit_trail: data.ports.audit_trail.clone(),
            audit_kept_for: config.audit_retention_days,
            sign_in_events: data.ports.sign_in_events.clone(),
            sign_ins_kept_for: config.sign_in_history_days,
        },
        UnusedClients { clients: data.ports.clients.clone(), unused: config.registration_unused_days },
        data.ports.clock.clone(),
    ));
    let logout_delivery = tokio::spawn(logout_delivery::run(use_cases.backchannel_logout.clone()));
    let mail_task = use_cases.mail_delivery.clone().map(MailTask::start);
    let recording = BackgroundRecording::start(&use_cases);
    let router = adapters_http::router(use_cases, config.trusted_proxies.clone());
    let budget = Budget::new(config.request_memory_mib as usize * MIB, config.trusted_proxies.clone());
    let served = adapters_http::serve(listener, tls, budget, router, ending).await;
    maintenance.abort();
    logout_delivery.abort();
    if let Some(mail_task) = mail_task {
        mail_task.end().await;
    }
    recording.end().await;
    data.close().await;
    tracing::info!("stopped");
    Ok(served?)
}

async fn bind(config: &Config) -> anyhow::Result<TcpListener> {
    let (host, port) = (&*config.server_host, config.server_port);
    listen(host, port).await.map_err(|reason| {
        anyhow!("cannot listen on {host} port {port}: {reason}; set OAUTH2_SERVER_HOST and OAUTH2_SERVER_PORT to another address")
    })
}

/// Listens on the first address of the host that can be had.
async fn listen(host: &str, port: u16) -> io::Result<TcpListener> {
    let mut refused = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
    for address in tokio::net::lookup_host((host, port)).await? {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        // A server that starts again does not wait for the connections of the last one.
        socket.set_reuseaddr(true)?;
        // Connections inherit it. The system would let each grow to some megabytes.
        socket.set_recv_buffer_size(RECEIVE_BUFFER)?;
        match socket.bind(address).and_then(|()| socket.listen(BACKLOG)) {
            Ok(listener) => return Ok(listener),
            Err(reason) => refused = reason,
        }
    }
    Err(refused)
}

fn announce(config: &Config, address: SocketAddr) {
    let issuer = config.server_public_base_url.as_str();
    let data = config.database_url.place();
    let short_lived = config.redis_url.as_ref().map_or_else(|| data.clone(), RedisUrl::place);
    let tls = config.tls().is_some();
    tracing::info!(issuer, %address, tls, data, short_lived, "serving");
    warn_about(config);
}

/// Warns of settings that are allowed and dangerous.
pub(crate) fn warn_about(config: &Config) {
    if !config.server_public_base_url.is_https() {
        tracing::warn!(
            issuer = config.server_public_base_url.as_str(),
            "the issuer is http: passwords and tokens are not encrypted, and Kubernetes, AWS and many applications refuse \
             such an issuer. For more than a trial on this machine, serve https and set OAUTH2_SERVER_PUBLIC_BASE_URL"
        );
    }
    if let Some((file, settings)) = config.secrets_in_file()
        && is_world_readable(file)
    {
        tracing::warn!(
            file = %file.display(),
            settings = settings.join(", "),
            "every user of this machine can read the secrets in the configuration file: run `chmod 600` on it"
        );
    }
    if config.password_grant_enabled {
        tracing::warn!(
            "OAUTH2_PASSWORD_GRANT_ENABLED is on: with the password grant, applications see the passwords of their \
             users. It must not be used (RFC 9700 section 2.4); use the authorization code grant"
        );
    }
}

/// Offers the link to the first administrator, and shows it. Of the nodes of a cluster, one shows it.
async fn offer_set_up_link(config: &Config, set_up: &SetUp) -> anyhow::Result<()> {
    let offered = match &config.database_url {
        DatabaseUrl::Postgres { .. } => set_up.offer_once().await?,
        DatabaseUrl::Sqlite { .. } | DatabaseUrl::Memory => set_up.offer().await?,
    };
    match offered {
        OfferedLink::New(token) => show_set_up_link(config, &token),
        OfferedLink::Before => tracing::warn!(
            "there is no administrator yet. A node has shown the set-up link in the last {LIFETIME_MINUTES} minutes. Open that \
             link, or use `oauth2-server user create --admin`"
        ),
        OfferedLink::AlreadySetUp => {}
    }
    Ok(())
}

/// Shows the link beside the log lines, which RUST_LOG selects and which may be sent elsewhere: it makes an administrator. In a log
/// of JSON it is a line of JSON of its own.
#[allow(clippy::print_stderr, reason = "the log must not hold the link")]
fn show_set_up_link(config: &Config, token: &Secret) {
    let link = format!("{}?token={}", config.server_public_base_url.endpoint("/setup"), token.expose());
    if config.log_format == LogFormat::Json {
        let message = "there is no administrator yet; open this link to create one, once";
        let line = json!({"message": message, "set_up_link": link, "valid_minutes": LIFETIME_MINUTES});
        eprintln!("{line}");
        return;
    }
    eprintln!("\n  There is no administrator yet. Open this link to create one:\n\n    {link}\n");
    let next = match &config.database_url {
        // Another node may have shown a link that still works.
        DatabaseUrl::Postgres { .. } => "After that, a restart makes a new one.",
        DatabaseUrl::Sqlite { .. } | DatabaseUrl::Memory => "A restart makes a new one.",
    };
    eprintln!("  The link is valid once, for {LIFETIME_MINUTES} minutes. {next}\n");
}

/// Completes with the first SIGINT or SIGTERM after this call.
#[cfg(unix)]
pub(crate) fn stop_signal() -> io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Completes with Ctrl-C.
#[cfg(not(unix))]
pub(crate) fn stop_signal() -> io::Result<impl Future<Output = ()> + Send> {
    Ok(async {
        // If the handler cannot be installed, Ctrl-C ends the process at once.
        let _not_installed = tokio::signal::ctrl_c().await;
    })
}
