//! This server as a relying party (§4): the only file that knows the library.

use domain::{CredentialId, Passkey, User, UserId};
use serde_json::{Value, json};
use url::{Host, Url};
use webauthn_rs::prelude::{
    Credential, DiscoverableAuthentication, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use crate::error::{Error, broken_key};
use crate::settings::Settings;

/// Makes and verifies passkeys for the host of the issuer, on pages of its origin.
pub struct RelyingParty(Webauthn);

/// A verified new credential.
pub(super) struct NewCredential {
    pub(super) id: CredentialId,
    pub(super) credential: String,
    pub(super) sign_count: u32,
    pub(super) is_syncable: bool,
    pub(super) is_backed_up: bool,
}

/// What an answer says that was signed by nobody's key yet.
pub(super) struct Claimed {
    answer: PublicKeyCredential,
    pub(super) id: CredentialId,
    /// The user handle, which security keys leave out if they are told which credential to use.
    pub(super) user: Option<UserId>,
}

/// A verified use.
pub(super) struct VerifiedUse {
    pub(super) sign_count: u32,
    pub(super) is_backed_up: bool,
}

/// Why an answer is refused.
pub(super) enum Invalid {
    /// Its count did not grow: there may be a copy of the passkey.
    Copied,
    /// The reason, for the log.
    Answer(String),
}

impl RelyingParty {
    /// None if the issuer has no name but an IP address: passkeys are for names (§5.1.2).
    #[must_use]
    pub fn new(settings: &Settings) -> Option<Self> {
        let origin = Url::parse(settings.issuer.origin()).ok()?;
        let Some(Host::Domain(host)) = origin.host() else {
            return None;
        };
        let operator = settings.operator();
        let webauthn = WebauthnBuilder::new(host, &origin).ok()?.rp_name(&operator).build().ok()?;
        Some(Self(webauthn))
    }

    /// The options of a new credential of this user, who has these passkeys, and what verifies the answer.
    pub(super) fn begin_registration(
        &self,
        user: &User,
        known: &[Passkey],
    ) -> Result<(String, PasskeyRegistration), Error> {
        let known = known.iter().map(|passkey| passkey.id.as_bytes().to_vec()).collect();
        let name = user.username.as_str();
        let display = user.claims.get("name").and_then(Value::as_str).filter(|name| !name.is_empty());
        let (challenge, state) = self
            .0
            .start_passkey_registration(user.id.as_uuid(), name, display.unwrap_or(name), Some(known))
            .map_err(|error| broken_key(&error))?;
        let mut options = to_json(&challenge.public_key)?;
        // It has to be found without a user name. The library discourages that, for the sake of old security keys.
        options["authenticatorSelection"] =
            json!({"residentKey": "required", "requireResidentKey": true, "userVerification": "required"});
        Ok((options.to_string(), state))
    }

    /// Verifies the answer of the browser (§7.1), and that the user was verified.
    pub(super) fn finish_registration(
        &self,
        answer: &str,
        state: &PasskeyRegistration,
    ) -> Result<NewCredential, String> {
        let answer: RegisterPublicKeyCredential =
            serde_json::from_str(answer).map_err(|error| error.to_string())?;
        let made = self.0.finish_passkey_registration(&answer, state).map_err(|error| error.to_string())?;
        let made = Credential::from(made);
        Ok(NewCredential {
            credential: serde_json::to_string(&made).map_err(|error| error.to_string())?,
            id: CredentialId::try_from(made.cred_id).map_err(|error| error.to_string())?,
            sign_count: made.counter,
            is_syncable: made.backup_eligible,
            is_backed_up: made.backup_state,
        })
    }

    /// The options of a sign-in, and what verifies the answer. With no passkeys, the person chooses one of those that are known to the
    /// browser.
    pub(super) fn begin_authentication(
        &self,
        allowed: &[Passkey],
    ) -> Result<(String, DiscoverableAuthentication), Error> {
        let (challenge, state) =
            self.0.start_discoverable_authentication().map_err(|error| broken_key(&error))?;
        let mut options = to_json(&challenge.public_key)?;
        let allowed =
            allowed.iter().map(|passkey| json!({"type": "public-key", "id": passkey.id.to_string()}));
        options["allowCredentials"] = allowed.collect();
        Ok((options.to_string(), state))
    }

    /// Reads an answer of the browser. Nothing is verified.
    pub(super) fn read(answer: &str) -> Result<Claimed, String> {
        let answer: PublicKeyCredential = serde_json::from_str(answer).map_err(|error| error.to_string())?;
        let id = CredentialId::try_from(answer.get_credential_id().to_vec());
        let id = id.map_err(|error| error.to_string())?;
        let user = answer.get_user_unique_id().and_then(|bytes| <[u8; 16]>::try_from(bytes).ok());
        let user = user.map(|bytes| UserId::from(uuid::Uuid::from_bytes(bytes)));
        Ok(Claimed { answer, id, user })
    }

    /// Verifies an answer (§7.2) with this passkey, and that the user was verified.
    pub(super) fn finish_authentication(
        &self,
        claimed: &Claimed,
        state: DiscoverableAuthentication,
        passkey: &Passkey,
    ) -> Result<VerifiedUse, Invalid> {
        let invalid = |error: &dyn ToString| Invalid::Answer(error.to_string());
        let kept: Credential = serde_json::from_str(&passkey.credential).map_err(|error| invalid(&error))?;
        let (counter, backup_state) = (passkey.sign_count, passkey.is_backed_up);
        let kept = Credential { counter, backup_state, ..kept };
        let verified = self.0.finish_discoverable_authentication_v2(&claimed.answer, state, kept);
        let verified = verified.map_err(|error| {
            let is_copied = matches!(error, WebauthnError::CredentialPossibleCompromise);
            if is_copied { Invalid::Copied } else { invalid(&error) }
        })?;
        if !verified.user_verified() {
            return Err(invalid(&"the user was not verified"));
        }
        Ok(VerifiedUse { sign_count: verified.counter(), is_backed_up: verified.backup_state() })
    }
}

fn to_json(options: &impl serde::Serialize) -> Result<Value, Error> {
    serde_json::to_value(options).map_err(|error| broken_key(&error))
}
