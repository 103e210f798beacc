//! What a valid registration falls short of: OAuth 2.1, RFC 9700, and common sense.
//!
//! See docs/decisions/explain.md.

use chrono::Duration;

use super::finding::{Finding, LintedServer, Severity};
use super::{AccessTokenFormat, AccessTokenTyp, ApplicationType, Client, ClientAuthentication, StoredSecret};
use crate::pkce::PkcePolicy;
use crate::redirect_uri::host_reached;
use crate::refusal::shell_word;
use crate::scope::OFFLINE_ACCESS;
use crate::{GrantType, KeySource, RedirectUri};

/// An ID token is read at once: it need not be valid for longer.
const LONGEST_ID_TOKEN: Duration = Duration::hours(1);
/// An access token that a resource server verifies alone works until it expires, also if it is revoked.
const LONGEST_ACCESS_TOKEN: Duration = Duration::hours(1);

impl Client {
    /// What its registration falls short of at this server, warnings first.
    #[must_use]
    pub fn lint(&self, server: &LintedServer) -> Vec<Finding> {
        let mut lint = Lint { client: self, server, findings: Vec::new() };
        lint.redirects();
        lint.proof();
        lint.grants();
        lint.access();
        lint.tokens();
        lint.appearance();
        lint.findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        lint.findings
    }

    /// Whether users sign in to it.
    fn has_users(&self) -> bool {
        self.grant_types.iter().any(|grant| {
            matches!(grant, GrantType::AuthorizationCode | GrantType::DeviceCode | GrantType::Password)
        })
    }

    /// Whether it runs on the devices of its users, where nothing stays secret.
    fn is_on_devices(&self) -> bool {
        let is_native = self.details.application_type == ApplicationType::Native;
        let claimable = |uri: &RedirectUri| uri.verified().is_claimable_by_any_app();
        is_native || (!self.redirect_uris.is_empty() && self.redirect_uris.iter().all(claimable))
    }
}

struct Lint<'a> {
    client: &'a Client,
    server: &'a LintedServer,
    findings: Vec<Finding>,
}

impl Lint<'_> {
    /// `command`: the verb, and the options after the id; empty for what no single command mends.
    fn warn(&mut self, check: &'static str, section: &'static str, reason: impl Into<String>, command: &str) {
        self.add(Severity::Warning, check, (section, reason.into()), command);
    }

    fn inform(
        &mut self,
        check: &'static str,
        section: &'static str,
        reason: impl Into<String>,
        command: &str,
    ) {
        self.add(Severity::Info, check, (section, reason.into()), command);
    }

    fn add(
        &mut self,
        severity: Severity,
        check: &'static str,
        (section, reason): (&'static str, String),
        command: &str,
    ) {
        let id = shell_word(self.client.id.as_str());
        let command = match command.split_once(' ') {
            Some((verb, options)) => Some(format!("oauth2-server client {verb} {id} {options}")),
            None if command.is_empty() => None,
            None => Some(format!("oauth2-server client {command} {id}")),
        };
        self.findings.push(Finding { severity, check, reason, section, command });
    }

    fn redirects(&mut self) {
        let client = self.client;
        if client.redirect_uris.iter().any(RedirectUri::is_http_to_another_machine) {
            let secure = update("--redirect-uri", &client.redirect_uris, |uri| {
                let is_plain = uri.is_http_to_another_machine();
                if is_plain { uri.as_str().replacen("http:", "https:", 1) } else { uri.to_string() }
            });
            let reason = "a redirect URI is http to another machine: everybody on the way can read the code";
            self.warn("redirect_uri_http", "RFC 9700 §2.6", reason, &secure);
        }
        if client.post_logout_redirect_uris.iter().any(RedirectUri::is_http_to_another_machine) {
            let reason = "a redirect URI after logout is http to another machine";
            self.warn("post_logout_redirect_uri_http", "RFC 9700 §2.6", reason, "");
        }
        let all = client.redirect_uris.iter().chain(&client.post_logout_redirect_uris);
        if let Some(uri) = all.clone().find(|uri| uri.as_str().contains('*')) {
            let reason =
                format!("{uri} has an asterisk, which is no wildcard: redirect URIs match letter by letter");
            self.warn("redirect_uri_wildcard", "RFC 9700 §2.1", reason, "");
        }
        let scheme = |uri: &RedirectUri| uri.as_str().split_once(':').map(|(scheme, _)| scheme.to_owned());
        if let Some(uri) = all
            .clone()
            .find(|uri| uri.is_private_use() && scheme(uri).is_some_and(|scheme| !scheme.contains('.')))
        {
            let reason = format!(
                "the scheme of {uri} has no dot, so it belongs to no domain, and any program on the device may claim it"
            );
            self.warn("redirect_uri_scheme", "RFC 8252 §7.1", reason, "");
        } else if let Some(uri) = all.clone().find(|uri| uri.is_private_use()) {
            let reason =
                format!("any program on the device may claim {uri}; an https address of your own is safer");
            self.inform("redirect_uri_claimable", "RFC 8252 §8.6", reason, "");
        }
        let host = |uri: &RedirectUri| host_reached(uri.as_str());
        if let Some(uri) = client.redirect_uris.iter().find(|uri| host(uri).as_deref() == Some("localhost")) {
            let reason = format!(
                "{uri} names localhost, which a resolver may send elsewhere: register 127.0.0.1, on any port"
            );
            let replaced = update("--redirect-uri", &client.redirect_uris, |uri| {
                uri.as_str().replacen("http://localhost", "http://127.0.0.1", 1)
            });
            self.inform("redirect_uri_localhost", "RFC 8252 §8.3", reason, &replaced);
        }
    }

    fn proof(&mut self) {
        let client = self.client;
        if client.is_exempt_from_pkce() && client.grant_types.contains(&GrantType::AuthorizationCode) {
            let reason = match self.server.pkce {
                PkcePolicy::PerClient => "it need not use PKCE, so a stolen code can be injected into it",
                PkcePolicy::Required => {
                    "it is registered as exempt from PKCE, and the setting pkce_policy demands PKCE all the same"
                }
            };
            self.warn("pkce_exempt", "RFC 9700 §2.1.1", reason, "update --require-pkce");
        }
        match &client.authentication {
            ClientAuthentication::Secret { secret, .. } => {
                if client.is_on_devices() && client.grant_types.contains(&GrantType::AuthorizationCode) {
                    let reason = "it runs on the devices of its users, where everybody can read its secret; a public client is \
                                  as safe and says so";
                    self.warn("secret_on_devices", "RFC 8252 §8.5", reason, "update --public");
                } else {
                    let reason = "it sends its secret with every request; with private_key_jwt nobody who sees a request can \
                                  authenticate as it";
                    self.inform("secret_not_key", "RFC 9700 §2.5", reason, "");
                }
                if matches!(secret, StoredSecret::Chosen(_)) {
                    let reason = "a person chose its secret, and such secrets are guessed";
                    self.warn("secret_chosen", "RFC 6749 §10.10", reason, "rotate-secret");
                }
            }
            ClientAuthentication::PrivateKeyJwt { keys: KeySource::Jwks(_) } => {
                let reason = "its keys are registered by value, so it cannot replace them alone: let it publish them at a jwks_uri";
                self.inform("keys_by_value", "RFC 7591 §2", reason, "");
            }
            ClientAuthentication::PrivateKeyJwt { keys: KeySource::JwksUri(_) }
            | ClientAuthentication::None => {}
        }
        if !client.request_objects.uris.is_empty() {
            let reason =
                "its request_uris make this server fetch from other hosts; pushed requests (PAR) do without";
            self.inform("request_uris", "RFC 9101 §10.4.1, RFC 9126 §1", reason, "");
        }
    }

    fn grants(&mut self) {
        let client = self.client;
        let has = |grant| client.grant_types.contains(&grant);
        if has(GrantType::Password) {
            let others = client.grant_types.iter().filter(|grant| **grant != GrantType::Password);
            let options: Vec<_> = others.map(|grant| format!("--grant {}", grant.as_str())).collect();
            let reason = "it sees the passwords of its users (password grant), which OAuth 2.1 has no more";
            self.warn("password_grant", "RFC 9700 §2.4", reason, &format!("update {}", options.join(" ")));
        }
        if client.grant_types.is_empty() && !client.resource_server {
            let reason = "it has no grant type, so it can get no token";
            self.inform("no_grant", "RFC 7591 §2", reason, "update --grant authorization_code");
        }
        if client.scope.contains(OFFLINE_ACCESS) && !has(GrantType::RefreshToken) && client.has_users() {
            let all = client.grant_types.iter().copied().chain([GrantType::RefreshToken]);
            let options: Vec<_> = all.map(|grant| format!("--grant {}", grant.as_str())).collect();
            let reason =
                "it may ask for offline_access, and may not use refresh tokens, so the scope does nothing";
            self.inform(
                "offline_without_refresh",
                "OpenID Connect Core §11",
                reason,
                &format!("update {}", options.join(" ")),
            );
        }
        if client.disabled_at.is_some() {
            let reason = "it is disabled; delete it if nobody misses it";
            self.inform("disabled", "common sense", reason, "delete");
        }
    }

    fn access(&mut self) {
        let client = self.client;
        match &client.allowed_groups {
            None if client.has_users() && !self.server.require_allowed_groups => {
                let reason = "every user of this server may enter it";
                self.inform("no_allowed_groups", "common sense", reason, "update --allow-group GROUP");
            }
            None if client.has_users() => {
                let reason = "it names no groups, and the setting require_allowed_groups closes such clients to all users";
                self.warn("nobody_may_enter", "common sense", reason, "update --allow-group GROUP");
            }
            Some(groups) if groups.is_empty() => {
                let reason = "it allows no group, so no user may enter it";
                self.warn("nobody_may_enter", "common sense", reason, "update --allow-group GROUP");
            }
            None | Some(_) => {}
        }
        let is_claimable = client.redirect_uris.iter().any(|uri| uri.verified().is_claimable_by_any_app());
        if client.first_party && client.is_public() && is_claimable {
            let reason =
                "its users are not asked for consent, and another program on the device can pose as it";
            self.warn("first_party_claimable", "RFC 8252 §8.6", reason, "update --first-party=false");
        }
        if client.resource_server {
            let reason = "it may introspect every token of this server; as the client of its own API it would see only the tokens for that";
            self.inform("introspects_everything", "RFC 7662 §4", reason, "");
        }
        if client.administrative && client.authentication.is_by_secret() {
            let reason = "whoever has its secret administers this server; let it authenticate with a key";
            self.inform("administrative_secret", "RFC 9700 §2.5", reason, "");
        }
    }

    fn tokens(&mut self) {
        let (client, server) = (self.client, self.server);
        let own = client.tokens.id_token_ttl_seconds.map(|seconds| Duration::seconds(seconds.into()));
        if client.has_users() && own.unwrap_or(server.id_token) > LONGEST_ID_TOKEN {
            let reason =
                "its ID tokens are valid for more than an hour, though an application reads them once";
            let options = if own.is_some() { "update --id-token-ttl-secs 3600" } else { "" };
            self.warn("id_token_lifetime", "OpenID Connect Core §2, §16.18", reason, options);
        }
        let is_jwt = client.tokens.access_token_format == AccessTokenFormat::Jwt;
        if is_jwt && !client.grant_types.is_empty() && server.access_token > LONGEST_ACCESS_TOKEN {
            let reason = "its access tokens work for more than an hour after they are revoked, wherever they are not introspected \
                          (OAUTH2_ACCESS_TOKEN_TTL_SECS)";
            self.warn("access_token_lifetime", "RFC 9700 §2.2, RFC 9068 §6", reason, "");
        }
        let typ = client.tokens.access_token_typ;
        if is_jwt && typ == AccessTokenTyp::AtJwt && !client.resources.allowed.is_empty() {
            let reason = "its access tokens have the typ at+jwt, as RFC 9068 wants it; if an API refuses them for that, give them \
                          the typ JWT, or set it for the API alone (`oauth2-server resource update URL --access-token-typ JWT`)";
            self.inform("access_token_typ", "RFC 9068 §2.1", reason, "update --access-token-typ JWT");
        }
    }

    fn appearance(&mut self) {
        if self.client.name.is_none() && self.client.has_users() {
            let reason = "it has no name, so its users are asked whether they trust its client_id";
            self.warn("no_name", "RFC 7591 §2", reason, "update --name NAME");
        }
    }
}

/// The update with an option for each of these URIs, changed.
fn update(option: &str, uris: &[RedirectUri], change: impl Fn(&RedirectUri) -> String) -> String {
    let options: Vec<_> = uris.iter().map(|uri| format!("{option} {}", shell_word(&change(uri)))).collect();
    format!("update {}", options.join(" "))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::client::SecretMethod;
    use crate::user::PasswordHash;
    use crate::{Digest, Incarnation};

    const SERVER: LintedServer = LintedServer {
        pkce: PkcePolicy::PerClient,
        require_allowed_groups: true,
        access_token: Duration::hours(1),
        id_token: Duration::hours(1),
    };

    /// A client with nothing to find, changed.
    fn found(change: impl FnOnce(&mut Client)) -> Vec<Finding> {
        let mut client = Client {
            name: Some("Web".to_owned()),
            redirect_uris: vec!["https://web.example/cb".parse().unwrap()],
            grant_types: [GrantType::AuthorizationCode].into(),
            allowed_groups: Some(["staff".parse().unwrap()].into()),
            ..Client::new("web".parse().unwrap(), Incarnation::from_random([1; 16]), DateTime::UNIX_EPOCH)
        };
        change(&mut client);
        client.lint(&SERVER)
    }

    fn secret(secret: StoredSecret) -> ClientAuthentication {
        ClientAuthentication::Secret { method: SecretMethod::ClientSecretBasic, secret }
    }

    fn generated() -> ClientAuthentication {
        secret(StoredSecret::Generated(Digest::of(b"secret")))
    }

    fn uris(texts: &[&str]) -> Vec<RedirectUri> {
        texts.iter().map(|text| RedirectUri::try_from((*text).to_owned()).unwrap()).collect()
    }

    #[test]
    fn a_good_registration_has_no_findings() {
        assert_eq!(found(|_| {}), []);
    }

    #[test]
    fn each_shortcoming_is_found_with_the_command_that_mends_it() {
        type Change = fn(&mut Client);
        let cases: [(Change, &str, Option<&str>); 12] = [
            (
                |client| client.redirect_uris = uris(&["http://app.lan/cb", "https://b.example/?a&b"]),
                "redirect_uri_http",
                Some("update web --redirect-uri https://app.lan/cb --redirect-uri 'https://b.example/?a&b'"),
            ),
            (|client| client.redirect_uris = uris(&["https://a.example/*"]), "redirect_uri_wildcard", None),
            (|client| client.redirect_uris = uris(&["vscode://cb"]), "redirect_uri_scheme", None),
            (
                |client| {
                    client.authentication = generated();
                    client.require_pkce = false;
                },
                "pkce_exempt",
                Some("update web --require-pkce"),
            ),
            (
                |client| {
                    client.authentication = generated();
                    client.details.application_type = ApplicationType::Native;
                },
                "secret_on_devices",
                Some("update web --public"),
            ),
            (
                |client| {
                    let hash = PasswordHash::new("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA".to_owned());
                    client.authentication = secret(StoredSecret::Chosen(hash));
                },
                "secret_chosen",
                Some("rotate-secret web"),
            ),
            (
                |client| {
                    client.authentication = generated();
                    client.grant_types.insert(GrantType::Password);
                },
                "password_grant",
                Some("update web --grant authorization_code"),
            ),
            (
                |client| client.allowed_groups = None,
                "nobody_may_enter",
                Some("update web --allow-group GROUP"),
            ),
            (
                |client| {
                    client.redirect_uris = uris(&["com.example.app:/cb"]);
                    client.first_party = true;
                },
                "first_party_claimable",
                Some("update web --first-party=false"),
            ),
            (
                |client| client.tokens.id_token_ttl_seconds = Some(7_200),
                "id_token_lifetime",
                Some("update web --id-token-ttl-secs 3600"),
            ),
            (|client| client.name = None, "no_name", Some("update web --name NAME")),
            (
                |client| client.post_logout_redirect_uris = uris(&["http://app.lan/bye"]),
                "post_logout_redirect_uri_http",
                None,
            ),
        ];
        for (change, check, command) in cases {
            let found = found(change);
            assert_eq!((found[0].check, found[0].severity), (check, Severity::Warning), "{found:?}");
            let command = command.map(|command| format!("oauth2-server client {command}"));
            assert_eq!(found[0].command, command);
            let warnings = found.iter().filter(|finding| finding.severity == Severity::Warning);
            assert_eq!(warnings.count(), 1, "{found:?}");
        }
    }

    #[test]
    fn what_can_only_be_better_is_no_warning() {
        type Change = fn(&mut Client);
        let cases: [(Change, &str); 7] = [
            (|client| client.authentication = generated(), "secret_not_key"),
            (|client| client.redirect_uris = uris(&["com.example.app:/cb"]), "redirect_uri_claimable"),
            (|client| client.redirect_uris = uris(&["http://localhost:8000/cb"]), "redirect_uri_localhost"),
            (|client| client.resource_server = true, "introspects_everything"),
            (|client| client.scope = "openid offline_access".parse().unwrap(), "offline_without_refresh"),
            (|client| client.disabled_at = Some(DateTime::UNIX_EPOCH), "disabled"),
            (
                |client| client.resources.allowed = ["https://api.example".parse().unwrap()].into(),
                "access_token_typ",
            ),
        ];
        for (change, check) in cases {
            let found = found(change);
            let found: Vec<_> = found.iter().map(|finding| (finding.check, finding.severity)).collect();
            assert_eq!(found, [(check, Severity::Info)]);
        }
    }

    #[test]
    fn long_access_tokens_and_an_open_door_are_the_settings_of_the_server() {
        let client = Client {
            name: Some("Web".to_owned()),
            grant_types: [GrantType::AuthorizationCode].into(),
            ..Client::new("web".parse().unwrap(), Incarnation::from_random([1; 16]), DateTime::UNIX_EPOCH)
        };
        let server =
            LintedServer { require_allowed_groups: false, access_token: Duration::hours(2), ..SERVER };
        let found: Vec<_> = client.lint(&server).iter().map(|finding| finding.check).collect();
        assert_eq!(found, ["access_token_lifetime", "no_allowed_groups"]);
    }
}
