//! The members of the registration document (RFC 7591 §2, OpenID Connect Dynamic Registration §2, and this server's
//! own): one entry per member. They are read in this order, so that one can depend on those above it.

use serde::Serialize;
use serde_json::Value;

use super::credentials::{AUTHENTICATION_MEMBERS, read_keys, read_method};
use super::input::Input;
use super::member::{Access, Form, Member};
use super::problem::Problem;
use super::reads::{
    read_allowed_groups, read_grant_types, read_post_logout_redirect_uris, read_redirect_uris,
    read_request_uris, read_scope,
};
use super::{AccessTokenFormat, AccessTokenTyp, ApplicationType, Client, MAX_ID_TOKEN_TTL_SECONDS};
use crate::subject::SubjectType;
use crate::{GrantType, KeySource, SigningAlgorithm, acr};

/// A member that is kept in one field of the client: who may set it, its name, its JSON type, the field, how the field
/// is written, and how it is read.
macro_rules! member {
    ($access:ident, $name:literal, $form:ident, $client:ident.$($field:ident).+, $write:path, $input:ident => $read:expr) => {
        Member {
            name: $name,
            access: Access::$access,
            form: Form::$form,
            write: |$client| $write(&$client.$($field).+),
            read: |$input, $client| {
                $client.$($field).+ = $read?;
                Ok(())
            },
        }
    };
}

/// Every member that can be set.
#[rustfmt::skip]
pub static MEMBERS: &[Member] = &[
    member!(Everyone, "client_name", Text, client.name, optional, input => input.name_text()),
    member!(Everyone, "application_type", Text, client.details.application_type, always, input => input.parsed_or(ApplicationType::Web)),
    member!(Operator, "allow_http_redirect", Flag, client.allow_http_redirect, flag, input => input.flag(false)),
    special("redirect_uris", Form::List, |client| always(&client.redirect_uris), read_redirect_uris),
    special("post_logout_redirect_uris", Form::List, |client| list(&client.post_logout_redirect_uris), read_post_logout_redirect_uris),
    member!(Everyone, "backchannel_logout_uri", Text, client.logout.back.uri, optional, input => input.backchannel_logout_uri()),
    special("backchannel_logout_session_required", Form::Flag, |client| optional(&client.logout.back.registered_session_required()), |input, client| {
        input.flag(false).map(|required| client.logout.back.session_required = required)
    }),
    member!(Everyone, "frontchannel_logout_uri", Text, client.logout.front.uri, optional, input => input.parsed()),
    special("frontchannel_logout_session_required", Form::Flag, |client| optional(&client.logout.front.registered_session_required()), |input, client| {
        input.flag(false).map(|required| client.logout.front.session_required = required)
    }),
    special("grant_types", Form::List, |client| always(&client.grant_types), read_grant_types),
    // It follows from the grant types. A rule compares the two where a document has both.
    special("response_types", Form::List, |client| always(&response_types(client)), |input, _| input.texts().map(drop)),
    special("scope", Form::Text, |client| always(&client.scope), read_scope),
    member!(Everyone, "request_object_signing_alg", Text, client.request_objects.algorithm, optional, input => input.parsed()),
    member!(Everyone, "require_signed_request_object", Flag, client.request_objects.required, flag, input => input.flag(false)),
    special("request_uris", Form::List, |client| list(&client.request_objects.uris), read_request_uris),
    special(AUTHENTICATION_MEMBERS[0], Form::Text, |client| always(&client.authentication.as_str()), read_method),
    special(AUTHENTICATION_MEMBERS[1], Form::Object, |client| optional(&client.keys().and_then(KeySource::jwks)), read_keys),
    special(AUTHENTICATION_MEMBERS[2], Form::Text, |client| optional(&client.keys().and_then(KeySource::jwks_uri)), read_keys),
    member!(Everyone, "subject_type", Text, client.subject.subject_type, always, input => input.parsed_or(SubjectType::Public)),
    member!(Everyone, "sector_identifier_uri", Text, client.subject.sector_identifier_uri, optional, input => input.outbound_uri()),
    member!(Everyone, "id_token_signed_response_alg", Text, client.id_token_signed_response_alg, always, input => input.parsed_or(SigningAlgorithm::Rs256)),
    member!(Everyone, "userinfo_signed_response_alg", Text, client.userinfo_signed_response_alg, optional, input => input.parsed()),
    member!(Everyone, "introspection_signed_response_alg", Text, client.introspection_signed_response_alg, optional, input => input.parsed()),
    member!(Everyone, "token_endpoint_auth_signing_alg", Text, client.assertion_algorithm, optional, input => input.parsed()),
    member!(Everyone, "default_max_age", Number, client.authentication_defaults.max_age_seconds, optional, input => input.seconds()),
    member!(Everyone, "require_auth_time", Flag, client.authentication_defaults.require_auth_time, flag, input => input.flag(false)),
    member!(Everyone, "default_acr_values", List, client.authentication_defaults.acr_values, list, input => input.list(acr::MAX_CONTEXTS)),
    member!(Everyone, "contacts", List, client.details.contacts, list, input => input.shown_texts()),
    member!(Everyone, "client_uri", Text, client.details.client_uri, optional, input => input.https_url()),
    member!(Everyone, "logo_uri", Text, client.logo_uri, optional, input => input.https_url()),
    member!(Everyone, "policy_uri", Text, client.policy_uri, optional, input => input.https_url()),
    member!(Everyone, "tos_uri", Text, client.tos_uri, optional, input => input.https_url()),
    member!(Everyone, "initiate_login_uri", Text, client.details.initiate_login_uri, optional, input => input.https_url()),
    member!(Everyone, "software_id", Text, client.details.software_id, optional, input => input.shown_text()),
    member!(Everyone, "software_version", Text, client.details.software_version, optional, input => input.shown_text()),
    // A client that registered itself gets the claims at UserInfo only, unless it asks for more.
    special("id_token_claims", Form::Flag, |client| always(&client.tokens.id_token_claims), |input, client| {
        input.flag(client.registration.is_none()).map(|included| client.tokens.id_token_claims = included)
    }),
    member!(Operator, "resources", List, client.resources.allowed, list, input => input.list(usize::MAX)),
    member!(Operator, "default_resource", Text, client.resources.default, optional, input => input.parsed()),
    Member {
        access: Access::Operator,
        ..special("allowed_groups", Form::List, |client| optional(&client.allowed_groups), read_allowed_groups)
    },
    member!(Operator, "access_token_format", Text, client.tokens.access_token_format, always, input => input.parsed_or(AccessTokenFormat::Jwt)),
    member!(Operator, "access_token_typ", Text, client.tokens.access_token_typ, always, input => input.parsed_or(AccessTokenTyp::AtJwt)),
    member!(Operator, "claim_mapping", Object, client.tokens.claim_mapping, optional, input => input.claim_mapping()),
    member!(Operator, "id_token_ttl_secs", Number, client.tokens.id_token_ttl_seconds, optional, input => input.lifetime(MAX_ID_TOKEN_TTL_SECONDS)),
    // A public client always has to. A client that registers itself may ask for more security than it has, never for less.
    special("require_pkce", Form::Flag, |client| always(&!client.is_exempt_from_pkce()), |input, client| {
        let kept = input.is_of_client() && client.require_pkce;
        let by_default = !input.is_of_client();
        input.flag(by_default).map(|required| client.require_pkce = required || kept)
    }),
    member!(Everyone, "require_pushed_authorization_requests", Flag, client.require_pushed_authorization_requests, always, input => input.flag(false)),
    member!(Operator, "first_party", Flag, client.first_party, always, input => input.flag(false)),
    member!(Operator, "resource_server", Flag, client.resource_server, always, input => input.flag(false)),
    member!(Operator, "administrative", Flag, client.administrative, always, input => input.flag(false)),
];

/// A member that does not map to one field.
const fn special(
    name: &'static str,
    form: Form,
    write: fn(&Client) -> Option<Value>,
    read: fn(&Input<'_>, &mut Client) -> Result<(), Problem>,
) -> Member {
    Member { name, access: Access::Everyone, form, write, read }
}

/// A value that is always in the document.
fn always(value: &impl Serialize) -> Option<Value> {
    serde_json::to_value(value).ok()
}

/// A value that is in the document if there is one.
fn optional(value: &Option<impl Serialize>) -> Option<Value> {
    value.as_ref().and_then(always)
}

/// A list that is in the document unless it is empty.
fn list(values: &impl Serialize) -> Option<Value> {
    always(values).filter(|values| values.as_array().is_none_or(|values| !values.is_empty()))
}

/// A flag that is in the document if it is set.
fn flag(value: &bool) -> Option<Value> {
    value.then_some(Value::Bool(true))
}

fn response_types(client: &Client) -> &'static [&'static str] {
    if client.grant_types.contains(&GrantType::AuthorizationCode) { &["code"] } else { &[] }
}
