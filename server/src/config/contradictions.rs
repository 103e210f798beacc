//! Settings that are valid each by itself but contradict each other.

use domain::pkce::PkcePolicy;
use domain::scope::ADMINISTRATION;

use super::settings::Config;

impl Config {
    /// Settings that do not fit each other: the key of the one to change, and the reason.
    pub(super) fn contradictions(&self) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        let existing = self.all_scopes();
        for (setting, scopes) in [
            ("registration_allowed_scopes", &self.registration_allowed_scopes),
            ("issuer_default_scopes", &self.issuer_default_scopes),
        ] {
            if let Some(unknown) = scopes.iter().find(|scope| !existing.contains(scope)) {
                let reason =
                    format!("unknown scope {unknown:?}. Add it to the setting scopes, or remove it here");
                found.push((setting, reason));
            }
        }
        let closed = &self.scopes.not_for_registered_clients;
        if let Some(scope) = self.registration_allowed_scopes.iter().find(|scope| closed.contains(scope)) {
            let reason = format!("scopes.{scope} says for_registered_clients = false. Change one of them");
            found.push(("registration_allowed_scopes", reason));
        }
        if self.scopes.names.contains(ADMINISTRATION) {
            let reason = "administration is a scope of this server itself. Choose another name for yours";
            found.push(("scopes", reason.to_owned()));
        }
        if self.pkce_policy == PkcePolicy::Required && !self.registration_require_pkce {
            let reason = "pkce_policy is required, so no client can leave PKCE out. Set this to true, or pkce_policy \
                          to per_client";
            found.push(("registration_require_pkce", reason.to_owned()));
        }
        if let Some(context) = &self.second_factor_acr
            && self.acr_values.clone().with_two_factors_from(context).is_err()
        {
            let reason = "is none of acr_values. Add it there, or name one of them here";
            found.push(("second_factor_acr", reason.to_owned()));
        }
        found.extend(self.mail_contradiction());
        let missing = |other| format!("{other} is missing; the server needs both to speak https");
        match (&self.tls_cert_file, &self.tls_key_file) {
            (Some(_), None) => found.push(("tls_cert_file", missing("tls_key_file"))),
            (None, Some(_)) => found.push(("tls_key_file", missing("tls_cert_file"))),
            (Some(_), Some(_)) if !self.server_public_base_url.is_https() => {
                let reason = "the listener cannot be reached under this URL: with tls_cert_file it speaks https \
                              only. Begin the URL with https://";
                found.push(("server_public_base_url", reason.to_owned()));
            }
            (Some(_), Some(_)) | (None, None) => {}
        }
        found
    }
}
