//! The composition root: the only place that names adapters. It gives each use case its ports.

mod browser;
mod data;
mod endpoints;
mod grants;
mod mail;
mod ports;
mod shared;

use std::sync::Arc;

use adapters_http::UseCases;
use application::client::administration::ClientAdministration;
use application::client::initial_access_tokens::InitialAccessTokenAdministration;
use application::client::logos::ClientLogos;
use application::keys::Keys;
use application::keys::sealing::SealingKey;
use application::metadata::Metadata;
use application::port::Ports;
use application::refusals::{Explanations, Reporter};
use application::resource::servers::ResourceAdministration;
use application::users::UserAdministration;
use application::users::factors::FactorAdministration;
use application::users::groups::GroupAdministration;
use application::users::links::UserLinks;
use application::users::mail::MailWriter;
use application::users::set_up::SetUp;
use application::{Context, Settings};

use browser::BrowserEndpoints;
use grants::grants;
use shared::Shared;

pub use data::{Data, Measured};
pub use ports::ports;

/// Every use case behind the HTTP endpoints. A grant that is not in the map is neither offered nor advertised.
#[must_use]
pub fn use_cases(ports: &Ports, settings: Settings, sealing_key: SealingKey) -> UseCases {
    let settings = Arc::new(settings);
    let shared = Shared::new(ports, context(ports, &settings), sealing_key);
    let mail = mail_writer(ports, &settings, &shared.sealing_key);
    let factors = Arc::new(factor_administration(ports, &settings, mail.clone()));
    let browser = BrowserEndpoints::new(ports, &shared, &factors);
    let grants = grants(ports, &shared);
    let links = Arc::new(user_links(ports, &settings, mail.clone()));
    let mails = mail::Mails::new(ports, &shared.context, mail.clone(), &links);
    let users = Arc::new(user_administration(ports, &settings, mail));
    let account = Arc::new(browser.account(ports, &shared, (users.clone(), links.clone(), factors.clone())));
    UseCases {
        metadata: Metadata::new(&settings, grants.keys().copied()),
        login: browser.login,
        resume: browser.resume,
        registration: Arc::new(endpoints::registration(ports, &shared, &grants)),
        administration: Arc::new(endpoints::admin_access(ports, &shared)),
        clients: Arc::new(client_administration(ports, &settings, Some(shared.keys.clone()))),
        logos: Arc::new(ClientLogos { clients: ports.clients.clone(), logos: ports.logos.clone() }),
        account,
        users,
        links,
        factors,
        groups: Arc::new(group_administration(ports, &settings)),
        resources: Arc::new(resource_servers(ports, &settings)),
        registration_tokens: Arc::new(registration_tokens(ports, &settings)),
        forgotten: mails.as_ref().map(|mails| mails.forgotten.clone()),
        sign_up: mails.as_ref().and_then(|mails| mails.offered_sign_up.clone()),
        mail_delivery: mails.map(|mails| mails.delivery),
        explanations: Arc::new(explanations(ports, &settings, Some(shared.reporter.clone()))),
        reporter: shared.reporter.clone(),
        sign_in_recorder: shared.recorder.clone(),
        audit_trail: ports.audit_trail.clone(),
        end_session: browser.end_session,
        posted: shared.posted.clone(),
        sessions: browser.sessions,
        backchannel_logout: Arc::new(endpoints::backchannel_logout(ports, &shared)),
        push: Arc::new(endpoints::push(ports, &shared, browser.checks)),
        device_authorization: Arc::new(endpoints::device_authorization(ports, &shared)),
        device_verification: browser.device_verification,
        authorization: browser.authorization,
        token: Arc::new(endpoints::token(ports, &shared, grants)),
        introspection: Arc::new(endpoints::introspection(ports, &shared)),
        revocation: Arc::new(endpoints::revocation(ports, &shared)),
        userinfo: Arc::new(endpoints::userinfo(ports, &shared)),
        protected_resources: Arc::new(endpoints::protected_resources(ports, &shared)),
        set_up: Arc::new(set_up(ports, &settings)),
        keys: shared.keys,
        readiness: ports.readiness.clone(),
        settings,
        shown_settings: Vec::new(),
        clock: ports.clock.clone(),
        entropy: ports.entropy.clone(),
    }
}

fn context(ports: &Ports, settings: &Arc<Settings>) -> Context {
    Context { settings: settings.clone(), clock: ports.clock.clone(), entropy: ports.entropy.clone() }
}

/// The signing keys, for the command line.
#[must_use]
pub fn keys(ports: &Ports, settings: &Arc<Settings>, sealing_key: impl Into<Arc<SealingKey>>) -> Arc<Keys> {
    Arc::new(shared::keys(ports, context(ports, settings), sealing_key.into()))
}

/// The explanations of refused requests. A command has no reporter.
#[must_use]
pub fn explanations(
    ports: &Ports,
    settings: &Arc<Settings>,
    reporter: Option<Arc<Reporter>>,
) -> Explanations {
    Explanations {
        refusals: ports.refusals.clone(),
        clients: ports.clients.clone(),
        reporter,
        context: context(ports, settings),
    }
}

/// The administration of clients.
#[must_use]
pub fn client_administration(
    ports: &Ports,
    settings: &Arc<Settings>,
    keys: Option<Arc<Keys>>,
) -> ClientAdministration {
    ClientAdministration {
        keys,
        clients: ports.clients.clone(),
        resources: ports.resources.clone(),
        groups: ports.groups.clone(),
        passwords: ports.passwords.clone(),
        context: context(ports, settings),
    }
}

/// The administration of resource servers.
#[must_use]
pub fn resource_servers(ports: &Ports, settings: &Arc<Settings>) -> ResourceAdministration {
    ResourceAdministration {
        resources: ports.resources.clone(),
        clients: ports.clients.clone(),
        context: context(ports, settings),
    }
}

/// The administration of initial access tokens.
#[must_use]
pub fn registration_tokens(ports: &Ports, settings: &Arc<Settings>) -> InitialAccessTokenAdministration {
    InitialAccessTokenAdministration {
        tokens: ports.initial_access_tokens.clone(),
        context: context(ports, settings),
    }
}

/// The mail writer, if mail is set up.
#[must_use]
pub fn mail_writer(
    ports: &Ports,
    settings: &Arc<Settings>,
    sealing_key: &Arc<SealingKey>,
) -> Option<Arc<MailWriter>> {
    mail::writer(ports, context(ports, settings), sealing_key)
}

/// The administration of users.
#[must_use]
pub fn user_administration(
    ports: &Ports,
    settings: &Arc<Settings>,
    mail: Option<Arc<MailWriter>>,
) -> UserAdministration {
    UserAdministration {
        users: ports.users.clone(),
        sessions: ports.sessions.clone(),
        consents: ports.consents.clone(),
        authorizations: ports.authorizations.clone(),
        clients: ports.clients.clone(),
        events: ports.sign_in_events.clone(),
        passwords: ports.passwords.clone(),
        mail,
        context: context(ports, settings),
    }
}

/// The one-time links of users.
#[must_use]
pub fn user_links(ports: &Ports, settings: &Arc<Settings>, mail: Option<Arc<MailWriter>>) -> UserLinks {
    UserLinks {
        links: ports.one_time_links.clone(),
        passwords: ports.passwords.clone(),
        mail,
        context: context(ports, settings),
    }
}

/// The administration of second factors.
#[must_use]
pub fn factor_administration(
    ports: &Ports,
    settings: &Arc<Settings>,
    mail: Option<Arc<MailWriter>>,
) -> FactorAdministration {
    FactorAdministration {
        factors: ports.second_factors.clone(),
        passkeys: ports.passkeys.clone(),
        mail,
        context: context(ports, settings),
    }
}

/// The administration of groups.
#[must_use]
pub fn group_administration(ports: &Ports, settings: &Arc<Settings>) -> GroupAdministration {
    GroupAdministration { groups: ports.groups.clone(), context: context(ports, settings) }
}

/// The one-time link for the first administrator.
#[must_use]
pub fn set_up(ports: &Ports, settings: &Arc<Settings>) -> SetUp {
    SetUp {
        links: ports.set_up_links.clone(),
        passwords: ports.passwords.clone(),
        context: context(ports, settings),
    }
}
