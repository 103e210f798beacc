//! What a client asks to be, checked member by member (RFC 7591 §2, OpenID Connect Dynamic Registration §2).

use domain::client::{AuthenticationDefaults, SecretMethod};
use domain::logout::LogoutChannels;
use domain::self_registration::ApplicationType;
use domain::subject::SubjectChoice;
use domain::{ErrorCode, RedirectUri, RequestObjects, Scope, SigningAlgorithm, acr};
use url::Url;

use super::document::Document;
use super::keys::{self, Keys};
use super::{impossible, logout, request_objects, sector};
use crate::client::administration::Credential;
use crate::error::Refusal;

/// Longer texts are no names, addresses or contacts.
const LONGEST_NAME: usize = 256;
const LONGEST_URL: usize = 2048;

/// Metadata that is right in itself. Whether the client may have it, [`allowance`](super::allowance) judges.
#[derive(Debug, Clone)]
pub(super) struct Metadata {
    pub(super) name: Option<String>,
    pub(super) redirect_uris: Vec<RedirectUri>,
    pub(super) post_logout_redirect_uris: Vec<RedirectUri>,
    pub(super) logout: LogoutChannels,
    /// Verbatim; the ones we do not know are left out later.
    pub(super) grant_types: Vec<String>,
    /// Verbatim, if the client sent any.
    pub(super) response_types: Option<Vec<String>>,
    pub(super) scope: Option<Scope>,
    /// None for a public client.
    pub(super) authentication: Option<Credential>,
    pub(super) application_type: ApplicationType,
    pub(super) contacts: Vec<String>,
    pub(super) client_uri: Option<String>,
    pub(super) logo_uri: Option<String>,
    pub(super) policy_uri: Option<String>,
    pub(super) tos_uri: Option<String>,
    pub(super) initiate_login_uri: Option<String>,
    pub(super) subject: SubjectChoice,
    pub(super) id_token_signed_response_alg: SigningAlgorithm,
    pub(super) userinfo_signed_response_alg: Option<SigningAlgorithm>,
    pub(super) authentication_defaults: AuthenticationDefaults,
    pub(super) request_objects: RequestObjects,
}

/// Who says what a client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Registrant {
    /// The client itself.
    Client,
    /// An operator, who knows what they run.
    Operator,
}

impl Metadata {
    /// # Errors
    /// `invalid_redirect_uri`, `invalid_software_statement`, `unapproved_software_statement` or
    /// `invalid_client_metadata`, with a description that names the member.
    pub(super) fn read(document: &Document, registrant: Registrant) -> Result<Self, Refusal> {
        refuse_software_statement(document)?;
        impossible::refuse(document)?;
        let mut keys = keys::read(document)?;
        let authentication = authentication(document, &mut keys)?;
        let application_type = match document.text("application_type")? {
            None => ApplicationType::Web,
            Some(text) => text.parse().map_err(|_| wrong("application_type must be web or native"))?,
        };
        let private_use = registrant == Registrant::Operator || application_type == ApplicationType::Native;
        let texts = |name| Ok::<_, Refusal>(document.texts(name)?.map(owned));
        let redirect_uris = redirect_uris(document, private_use)?;
        Ok(Self {
            name: document.text("client_name")?.map(|name| shown("client_name", name)).transpose()?,
            logout: logout::channels(document, &redirect_uris)?,
            redirect_uris,
            post_logout_redirect_uris: post_logout_redirect_uris(document)?,
            grant_types: texts("grant_types")?.unwrap_or_else(|| vec!["authorization_code".to_owned()]),
            response_types: texts("response_types")?,
            scope: document
                .text("scope")?
                .map(|text| text.parse().map_err(|_| wrong("scope is malformed")))
                .transpose()?,
            request_objects: request_objects::read(document, keys, authentication.as_ref())?,
            authentication,
            application_type,
            contacts: contacts(document)?,
            client_uri: https(document, "client_uri")?,
            logo_uri: https(document, "logo_uri")?,
            policy_uri: https(document, "policy_uri")?,
            tos_uri: https(document, "tos_uri")?,
            initiate_login_uri: https(document, "initiate_login_uri")?,
            subject: sector::choice(document)?,
            id_token_signed_response_alg: algorithm(document, "id_token_signed_response_alg")?
                .unwrap_or(SigningAlgorithm::Rs256),
            userinfo_signed_response_alg: algorithm(document, "userinfo_signed_response_alg")?,
            authentication_defaults: authentication_defaults(document)?,
        })
    }
}

/// An algorithm of ours; nothing is ever unsigned where a signature was asked for.
fn algorithm(document: &Document, name: &'static str) -> Result<Option<SigningAlgorithm>, Refusal> {
    let parse = |text: &str| text.parse().map_err(|_| wrong(format!("{name} must be RS256, ES256 or EdDSA")));
    document.text(name)?.map(parse).transpose()
}

/// We trust nobody to vouch for software: a statement that we ignored would suggest otherwise (RFC 7591 §2.3).
fn refuse_software_statement(document: &Document) -> Result<(), Refusal> {
    let Some(statement) = document.text("software_statement")? else {
        return Ok(());
    };
    let is_jwt = statement.split('.').count() == 3
        && statement.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    Err(if is_jwt {
        Refusal::new(
            ErrorCode::UnapprovedSoftwareStatement,
            "this server approves no software statements; register without one",
        )
    } else {
        Refusal::new(ErrorCode::InvalidSoftwareStatement, "the software statement is not a signed JWT")
    })
}

/// Native clients may have private-use schemes, web clients may not (OpenID Connect Dynamic Registration §2). Both
/// may be on this machine, for development, and at an https address that belongs to them (RFC 8252 §7.2).
fn redirect_uris(document: &Document, private_use: bool) -> Result<Vec<RedirectUri>, Refusal> {
    let invalid = |reason: String| Refusal {
        code: ErrorCode::InvalidRedirectUri,
        description: reason.clone().into(),
        detail: reason.into(),
        advice: None,
    };
    let mut redirect_uris = Vec::new();
    for text in document.texts("redirect_uris")?.unwrap_or_default() {
        let uri: RedirectUri = text.parse().map_err(|reason| invalid(format!("{reason}")))?;
        if uri.is_private_use() && !private_use {
            let reason = "a private-use scheme is for clients of the application_type native only";
            return Err(invalid(reason.to_owned()));
        }
        redirect_uris.push(uri);
    }
    Ok(redirect_uris)
}

fn post_logout_redirect_uris(document: &Document) -> Result<Vec<RedirectUri>, Refusal> {
    let name = "post_logout_redirect_uris";
    let texts = document.texts(name)?.unwrap_or_default();
    let parse = |text: &str| text.parse().map_err(|reason| wrong(format!("{name}: {reason}")));
    texts.into_iter().map(parse).collect()
}

/// None for a public client.
fn authentication(document: &Document, keys: &mut Option<Keys<'_>>) -> Result<Option<Credential>, Refusal> {
    let secret = |method| Ok(Some(Credential::Secret(method)));
    match document.text("token_endpoint_auth_method")? {
        None | Some("client_secret_basic") => secret(SecretMethod::ClientSecretBasic),
        Some("client_secret_post") => secret(SecretMethod::ClientSecretPost),
        Some("private_key_jwt") => Ok(Some(Credential::Keys(keys::needed(keys.take(), "private_key_jwt")?))),
        Some("none") => Ok(None),
        Some(_) => Err(wrong(
            "token_endpoint_auth_method must be client_secret_basic, client_secret_post, private_key_jwt or none",
        )),
    }
}

fn authentication_defaults(document: &Document) -> Result<AuthenticationDefaults, Refusal> {
    let name = "default_acr_values";
    let texts = document.texts(name)?.unwrap_or_default();
    if texts.len() > acr::MAX_CONTEXTS {
        return Err(wrong(format!("{name} must be at most {}", acr::MAX_CONTEXTS)));
    }
    let context = |text: &str| text.parse().map_err(|reason| wrong(format!("each of {name} {reason}")));
    Ok(AuthenticationDefaults {
        max_age_seconds: document.seconds("default_max_age")?,
        require_auth_time: document.flag("require_auth_time")?.unwrap_or(false),
        acr_values: texts.into_iter().map(context).collect::<Result<_, _>>()?,
    })
}

fn contacts(document: &Document) -> Result<Vec<String>, Refusal> {
    let texts = document.texts("contacts")?.unwrap_or_default();
    texts.into_iter().map(|text| shown("contacts", text)).collect()
}

/// A text that people will read: nothing in it may be invisible or turn the text around it.
fn shown(name: &str, text: &str) -> Result<String, Refusal> {
    let misleads = |character: char| {
        let turns =
            matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        character.is_control() || turns
    };
    if text.trim().is_empty() || text.len() > LONGEST_NAME || text.contains(misleads) {
        return Err(wrong(format!("{name} must have 1 to {LONGEST_NAME} bytes and no control characters")));
    }
    Ok(text.to_owned())
}

fn https(document: &Document, name: &'static str) -> Result<Option<String>, Refusal> {
    let Some(text) = document.text(name)? else {
        return Ok(None);
    };
    let plain =
        text.len() <= LONGEST_URL && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let url = Url::parse(text).ok().filter(|url| {
        plain && url.scheme() == "https" && url.username().is_empty() && url.password().is_none()
    });
    url.map(|_| Some(text.to_owned())).ok_or_else(|| wrong(format!("{name} must be an https URL")))
}

fn owned(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}

fn wrong(description: impl Into<std::borrow::Cow<'static, str>>) -> Refusal {
    Refusal::invalid_client_metadata(description)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(metadata: &Value) -> Result<Metadata, Refusal> {
        Metadata::read(&Document::read(metadata.to_string().as_bytes()).unwrap(), Registrant::Client)
    }

    #[test]
    fn without_members_the_defaults_are_those_of_rfc_7591() {
        let read = read(&json!({"unknown": {"a": 1}, "first_party": true})).unwrap();
        assert_eq!(read.authentication, Some(Credential::Secret(SecretMethod::ClientSecretBasic)));
        assert_eq!(read.grant_types, ["authorization_code"]);
        assert_eq!(read.application_type, ApplicationType::Web);
        assert_eq!(read.id_token_signed_response_alg, SigningAlgorithm::Rs256);
        assert!(read.name.is_none() && read.scope.is_none() && read.response_types.is_none());
    }

    #[test]
    fn a_private_use_scheme_is_for_native_clients() {
        let uris = json!(["com.example.app:/callback", "http://127.0.0.1/cb", "https://app.example/cb"]);
        let native = json!({"redirect_uris": uris, "application_type": "native"});
        assert_eq!(read(&native).unwrap().redirect_uris.len(), 3);
        let refusal = read(&json!({"redirect_uris": uris})).unwrap_err();
        assert_eq!(refusal.code, ErrorCode::InvalidRedirectUri);
    }

    #[test]
    fn a_name_that_would_mislead_is_refused() {
        for name in [" ", "a\u{202e}b", "a\nb", &"x".repeat(257)] {
            assert!(read(&json!({"client_name": name})).is_err(), "{name:?}");
        }
        assert!(read(&json!({"client_name": "Äpp – 東京 🗼"})).is_ok());
    }
}
