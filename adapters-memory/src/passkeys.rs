//! The passkeys of users.

use application::port::{AddedPasskey, Passkeys, RemovedPasskey, Unavailable, UsedPasskey};
use async_trait::async_trait;
use domain::{
    AuditEvent, CredentialId, Passkey, PasskeyName, PasskeyUse, SignInEvent, SignInKind, User, UserId,
};

use crate::{MemoryStore, State};

#[async_trait]
impl Passkeys for MemoryStore {
    async fn find(&self, id: &CredentialId) -> Result<Option<Passkey>, Unavailable> {
        Ok(self.state().passkeys.get(id).cloned())
    }

    async fn list(&self, user: UserId) -> Result<Vec<Passkey>, Unavailable> {
        let mut found: Vec<_> = self.state().passkeys_of(user).cloned().collect();
        found.sort_by(|one, other| (one.made_at, &one.id).cmp(&(other.made_at, &other.id)));
        Ok(found)
    }

    async fn add(
        &self,
        passkey: &Passkey,
        most: u32,
        event: &AuditEvent,
    ) -> Result<AddedPasskey, Unavailable> {
        let mut state = self.state();
        if !state.users.get(&passkey.user).is_some_and(User::is_enabled) {
            return Ok(AddedPasskey::Unknown);
        }
        if state.passkeys.contains_key(&passkey.id) {
            return Ok(AddedPasskey::Taken);
        }
        if state.passkeys_of(passkey.user).count() >= most as usize {
            return Ok(AddedPasskey::TooMany);
        }
        state.passkeys.insert(passkey.id.clone(), passkey.clone());
        let salt = passkey.id.to_string();
        state.record_sign_in(&SignInEvent::caused_by(event, passkey.user, SignInKind::PasskeyAdded, &salt));
        state.audit_events.push(event.clone());
        Ok(AddedPasskey::Done)
    }

    async fn record_use(&self, id: &CredentialId, used: &PasskeyUse) -> Result<UsedPasskey, Unavailable> {
        let mut state = self.state();
        let Some(passkey) = state.passkeys.get_mut(id) else {
            return Ok(UsedPasskey::Unknown);
        };
        if !passkey.may_have_counted(used.sign_count) {
            return Ok(UsedPasskey::Copied);
        }
        passkey.sign_count = used.sign_count;
        passkey.is_backed_up = used.is_backed_up;
        passkey.used_at = Some(used.at);
        Ok(UsedPasskey::Accepted)
    }

    async fn rename(
        &self,
        user: UserId,
        id: &CredentialId,
        name: &PasskeyName,
        event: &AuditEvent,
    ) -> Result<bool, Unavailable> {
        let mut state = self.state();
        let Some(passkey) = state.passkeys.get_mut(id).filter(|passkey| passkey.user == user) else {
            return Ok(false);
        };
        passkey.name = name.clone();
        state.audit_events.push(event.clone());
        Ok(true)
    }

    async fn remove(
        &self,
        user: UserId,
        id: &CredentialId,
        event: &AuditEvent,
    ) -> Result<RemovedPasskey, Unavailable> {
        let mut state = self.state();
        let has_password = state.users.get(&user).is_some_and(|user| user.password.is_some());
        if state.passkeys.get(id).is_none_or(|passkey| passkey.user != user) {
            return Ok(RemovedPasskey::Unknown);
        }
        if !has_password && state.passkeys_of(user).count() == 1 {
            return Ok(RemovedPasskey::LastWayIn);
        }
        state.passkeys.remove(id);
        if !state.has_second_factor(user) {
            state.recovery_codes.retain(|(of, _)| *of != user);
        }
        let salt = id.to_string();
        state.record_sign_in(&SignInEvent::caused_by(event, user, SignInKind::PasskeyRemoved, &salt));
        state.audit_events.push(event.clone());
        Ok(RemovedPasskey::Done)
    }
}

impl State {
    pub(crate) fn passkeys_of(&self, user: UserId) -> impl Iterator<Item = &Passkey> {
        self.passkeys.values().filter(move |passkey| passkey.user == user)
    }

    pub(crate) fn has_second_factor(&self, user: UserId) -> bool {
        self.authenticator_apps.contains_key(&user) || self.passkeys_of(user).next().is_some()
    }
}
