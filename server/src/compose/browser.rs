//! Composes the endpoints that a browser opens, and the parts that they share.

use std::sync::Arc;

use application::account::OwnAccount;
use application::authorize::{AuthorizationEndpoint, RequestChecks};
use application::browser::{BrowserInteractions, BrowserSessions};
use application::device::{DeviceVerification, UserCodeLookup};
use application::login::Login;
use application::logout::end_session::EndSessionEndpoint;
use application::resume::Resume;
use application::users::UserAdministration;
use application::users::factors::{AppEnrolment, FactorAdministration};
use application::users::links::UserLinks;
use application::users::passkeys::{Ceremonies, PasskeyEnrolment, PasskeyVerifier, RelyingParty};

use super::Ports;
use super::grants::password_verifier;
use super::shared::Shared;

/// The endpoints.
pub(super) struct BrowserEndpoints {
    pub(super) sessions: Arc<BrowserSessions>,
    pub(super) checks: Arc<RequestChecks>,
    pub(super) authorization: Arc<AuthorizationEndpoint>,
    pub(super) login: Arc<Login>,
    pub(super) resume: Arc<Resume>,
    pub(super) device_verification: Arc<DeviceVerification>,
    pub(super) end_session: Arc<EndSessionEndpoint>,
    enrolment: Arc<AppEnrolment>,
    passkey_enrolment: Option<Arc<PasskeyEnrolment>>,
}

impl BrowserEndpoints {
    pub(super) fn new(ports: &Ports, shared: &Shared, factors: &Arc<FactorAdministration>) -> Self {
        let context = &shared.context;
        let interactions = Arc::new(BrowserInteractions {
            interactions: ports.interactions.clone(),
            sealed: shared.sealed.clone(),
            context: context.clone(),
        });
        let sessions = Arc::new(BrowserSessions {
            sessions: ports.sessions.clone(),
            logout_signal: shared.logout_signal.clone(),
            context: context.clone(),
        });
        let checks = Arc::new(RequestChecks {
            clients: ports.clients.clone(),
            id_tokens: shared.id_tokens.clone(),
            request_objects: shared.request_objects.clone(),
            indicators: shared.indicators.clone(),
            context: context.clone(),
        });
        let authorization =
            Arc::new(authorization(ports, shared, checks.clone(), interactions.clone(), sessions.clone()));
        let device_verification =
            Arc::new(device_verification(ports, shared, interactions.clone(), sessions.clone()));
        let enrolment = Arc::new(enrolment(ports, shared, factors));
        let (passkeys, passkey_enrolment) = passkeys(ports, shared, factors).unzip();
        Self {
            login: Arc::new(Login {
                interactions: interactions.clone(),
                sessions: sessions.clone(),
                clients: ports.clients.clone(),
                passwords: password_verifier(ports, shared),
                enrolment: enrolment.clone(),
                passkeys,
                passkey_enrolment: passkey_enrolment.clone(),
                context: context.clone(),
            }),
            resume: Arc::new(Resume {
                interactions: interactions.clone(),
                sessions: sessions.clone(),
                authorization: authorization.clone(),
                device_verification: device_verification.clone(),
                context: context.clone(),
            }),
            end_session: Arc::new(end_session(ports, shared, interactions, sessions.clone())),
            enrolment,
            passkey_enrolment,
            sessions,
            checks,
            authorization,
            device_verification,
        }
    }

    /// The pages below `/account`.
    pub(super) fn account(
        &self,
        ports: &Ports,
        shared: &Shared,
        (users, links, factors): (Arc<UserAdministration>, Arc<UserLinks>, Arc<FactorAdministration>),
    ) -> OwnAccount {
        OwnAccount {
            users,
            factors,
            enrolment: self.enrolment.clone(),
            passkey_enrolment: self.passkey_enrolment.clone(),
            links,
            attempts: ports.attempts.clone(),
            sessions: self.sessions.clone(),
            clients: ports.clients.clone(),
            entry: shared.entry.clone(),
            sealed: shared.sealed.clone(),
            context: shared.context.clone(),
        }
    }
}

fn enrolment(ports: &Ports, shared: &Shared, factors: &FactorAdministration) -> AppEnrolment {
    AppEnrolment {
        factors: ports.second_factors.clone(),
        sealing_key: shared.sealing_key.clone(),
        sealed: shared.sealed.clone(),
        mail: factors.mail.clone(),
        context: shared.context.clone(),
    }
}

/// None where passkeys are impossible.
fn passkeys(
    ports: &Ports,
    shared: &Shared,
    factors: &FactorAdministration,
) -> Option<(Arc<PasskeyVerifier>, Arc<PasskeyEnrolment>)> {
    let relying_party = Arc::new(RelyingParty::new(&shared.context.settings)?);
    let ceremonies = Arc::new(Ceremonies {
        sealed: shared.sealed.clone(),
        spent: ports.replay_marks.clone(),
        context: shared.context.clone(),
    });
    let verifier = PasskeyVerifier {
        passkeys: ports.passkeys.clone(),
        users: ports.users.clone(),
        relying_party: relying_party.clone(),
        ceremonies: ceremonies.clone(),
    };
    let enrolment = PasskeyEnrolment {
        passkeys: ports.passkeys.clone(),
        relying_party,
        ceremonies,
        mail: factors.mail.clone(),
        context: shared.context.clone(),
    };
    Some((Arc::new(verifier), Arc::new(enrolment)))
}

fn authorization(
    ports: &Ports,
    shared: &Shared,
    checks: Arc<RequestChecks>,
    interactions: Arc<BrowserInteractions>,
    sessions: Arc<BrowserSessions>,
) -> AuthorizationEndpoint {
    AuthorizationEndpoint {
        checks,
        interactions,
        sessions,
        entry: shared.entry.clone(),
        consents: ports.consents.clone(),
        factors: ports.second_factors.clone(),
        pushed_requests: ports.pushed_requests.clone(),
        codes: ports.authorization_codes.clone(),
        subject_identifiers: shared.subject_identifiers.clone(),
        indicators: shared.indicators.clone(),
        posted: shared.posted.clone(),
        reporter: shared.reporter.clone(),
        context: shared.context.clone(),
    }
}

fn device_verification(
    ports: &Ports,
    shared: &Shared,
    interactions: Arc<BrowserInteractions>,
    sessions: Arc<BrowserSessions>,
) -> DeviceVerification {
    DeviceVerification {
        interactions,
        sessions,
        entry: shared.entry.clone(),
        user_codes: UserCodeLookup {
            codes: ports.device_codes.clone(),
            clients: ports.clients.clone(),
            indicators: shared.indicators.clone(),
            attempts: ports.attempts.clone(),
            context: shared.context.clone(),
        },
        codes: ports.device_codes.clone(),
        indicators: shared.indicators.clone(),
        context: shared.context.clone(),
    }
}

fn end_session(
    ports: &Ports,
    shared: &Shared,
    interactions: Arc<BrowserInteractions>,
    sessions: Arc<BrowserSessions>,
) -> EndSessionEndpoint {
    EndSessionEndpoint {
        interactions,
        sessions,
        clients: ports.clients.clone(),
        id_tokens: shared.id_tokens.clone(),
        subject_identifiers: shared.subject_identifiers.clone(),
        attempts: ports.attempts.clone(),
        posted: shared.posted.clone(),
        context: shared.context.clone(),
    }
}
