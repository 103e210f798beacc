//! The endpoints that programs call, and the delivery of logout tokens: which use case gets which port.

use std::collections::BTreeMap;
use std::sync::Arc;

use application::admin::access::AdminAccess;
use application::authorize::RequestChecks;
use application::authorize::push::PushedRequestEndpoint;
use application::client::registration::RegistrationEndpoint;
use application::device::DeviceAuthorizationEndpoint;
use application::introspection::IntrospectionEndpoint;
use application::logout::backchannel::BackchannelLogout;
use application::port::Ports;
use application::resource::metadata::ProtectedResources;
use application::revoke::RevocationEndpoint;
use application::token::{Grant, TokenEndpoint};
use application::userinfo::UserInfoEndpoint;
use domain::GrantType;

use super::shared::Shared;

type Grants = BTreeMap<GrantType, Box<dyn Grant>>;

pub(super) fn registration(ports: &Ports, shared: &Shared, grants: &Grants) -> RegistrationEndpoint {
    RegistrationEndpoint {
        clients: ports.clients.clone(),
        initial_access_tokens: ports.initial_access_tokens.clone(),
        attempts: ports.attempts.clone(),
        documents: ports.fetched_documents.clone(),
        grants: grants.keys().copied().collect(),
        keys: shared.keys.clone(),
        context: shared.context.clone(),
    }
}

pub(super) fn admin_access(ports: &Ports, shared: &Shared) -> AdminAccess {
    AdminAccess {
        sessions: ports.sessions.clone(),
        clients: ports.clients.clone(),
        access_tokens: shared.access_tokens.clone(),
        context: shared.context.clone(),
    }
}

pub(super) fn backchannel_logout(ports: &Ports, shared: &Shared) -> BackchannelLogout {
    BackchannelLogout {
        notices: ports.logout_notices.clone(),
        clients: ports.clients.clone(),
        receivers: ports.logout_receivers.clone(),
        subject_identifiers: shared.subject_identifiers.clone(),
        keys: shared.keys.clone(),
        context: shared.context.clone(),
        signal: shared.logout_signal.clone(),
    }
}

pub(super) fn push(ports: &Ports, shared: &Shared, checks: Arc<RequestChecks>) -> PushedRequestEndpoint {
    PushedRequestEndpoint {
        authenticator: shared.authenticator.clone(),
        checks,
        pushed_requests: ports.pushed_requests.clone(),
        attempts: ports.attempts.clone(),
        context: shared.context.clone(),
    }
}

pub(super) fn device_authorization(ports: &Ports, shared: &Shared) -> DeviceAuthorizationEndpoint {
    DeviceAuthorizationEndpoint {
        authenticator: shared.authenticator.clone(),
        codes: ports.device_codes.clone(),
        attempts: ports.attempts.clone(),
        indicators: shared.indicators.clone(),
        context: shared.context.clone(),
    }
}

pub(super) fn token(ports: &Ports, shared: &Shared, grants: Grants) -> TokenEndpoint {
    TokenEndpoint {
        authenticator: shared.authenticator.clone(),
        grants,
        sign_ins: shared.recorder.clone(),
        authorizations: ports.authorizations.clone(),
        clients: ports.clients.clone(),
        indicators: shared.indicators.clone(),
        access_tokens: shared.access_tokens.clone(),
        id_tokens: shared.id_tokens.clone(),
        keys: shared.keys.clone(),
        subject_identifiers: shared.subject_identifiers.clone(),
        context: shared.context.clone(),
    }
}

pub(super) fn introspection(ports: &Ports, shared: &Shared) -> IntrospectionEndpoint {
    IntrospectionEndpoint {
        users: ports.users.clone(),
        authenticator: shared.authenticator.clone(),
        access_tokens: shared.access_tokens.clone(),
        refresh_tokens: ports.refresh_tokens.clone(),
        subject_identifiers: shared.subject_identifiers.clone(),
        indicators: shared.indicators.clone(),
        keys: shared.keys.clone(),
        reporter: shared.reporter.clone(),
        context: shared.context.clone(),
    }
}

pub(super) fn revocation(ports: &Ports, shared: &Shared) -> RevocationEndpoint {
    RevocationEndpoint {
        authenticator: shared.authenticator.clone(),
        access_tokens: shared.access_tokens.clone(),
        refresh_tokens: ports.refresh_tokens.clone(),
        authorizations: ports.authorizations.clone(),
        context: shared.context.clone(),
    }
}

pub(super) fn userinfo(ports: &Ports, shared: &Shared) -> UserInfoEndpoint {
    UserInfoEndpoint {
        users: ports.users.clone(),
        access_tokens: shared.access_tokens.clone(),
        keys: shared.keys.clone(),
        context: shared.context.clone(),
    }
}

pub(super) fn protected_resources(ports: &Ports, shared: &Shared) -> ProtectedResources {
    ProtectedResources { resources: ports.resources.clone(), context: shared.context.clone() }
}
