//! The second factors of users: authenticator apps and recovery codes.

use application::port::{EnrolledApp, SecondFactors, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{
    AuditEvent, AuthenticatorApp, Digest, Incarnation, SignInEvent, SignInKind, User, UserFactors, UserId,
};

use crate::{MemoryStore, State};

#[async_trait]
impl SecondFactors for MemoryStore {
    async fn find(&self, user: UserId) -> Result<UserFactors, Unavailable> {
        let state = self.state();
        let codes = state.recovery_codes.iter().filter(|(of, _)| *of == user).count();
        let recovery_codes = u32::try_from(codes).unwrap_or(u32::MAX);
        let passkeys = u32::try_from(state.passkeys_of(user).count()).unwrap_or(u32::MAX);
        Ok(UserFactors { passkeys, app: state.authenticator_apps.get(&user).cloned(), recovery_codes })
    }

    async fn enrol_app(
        &self,
        user: UserId,
        app: &AuthenticatorApp,
        recovery_codes: &[Digest],
        event: &AuditEvent,
    ) -> Result<EnrolledApp, Unavailable> {
        let mut state = self.state();
        if !state.users.get(&user).is_some_and(User::is_enabled) {
            return Ok(EnrolledApp::Unknown);
        }
        if let Some(before) = state.authenticator_apps.get(&user) {
            let is_same = before.incarnation == app.incarnation;
            return Ok(if is_same { EnrolledApp::Again } else { EnrolledApp::HasApp });
        }
        state.authenticator_apps.insert(user, app.clone());
        state.replace_codes(user, recovery_codes);
        state.record_sign_in(&SignInEvent::caused_by(event, user, SignInKind::FactorAdded, ""));
        state.audit_events.push(event.clone());
        Ok(EnrolledApp::Done)
    }

    async fn accept_step(
        &self,
        user: UserId,
        app: Incarnation,
        step: i64,
        now: DateTime<Utc>,
    ) -> Result<bool, Unavailable> {
        let mut state = self.state();
        let app = state.authenticator_apps.get_mut(&user).filter(|kept| kept.incarnation == app);
        let Some(app) = app.filter(|app| app.last_step < step) else {
            return Ok(false);
        };
        app.last_step = step;
        app.used_at = Some(now);
        Ok(true)
    }

    async fn redeem_recovery_code(
        &self,
        user: UserId,
        code: Digest,
        event: &SignInEvent,
    ) -> Result<bool, Unavailable> {
        let mut state = self.state();
        let spent = state.recovery_codes.remove(&(user, code));
        if spent {
            state.record_sign_in(event);
        }
        Ok(spent)
    }

    async fn replace_recovery_codes(
        &self,
        user: UserId,
        codes: &[Digest],
        event: &AuditEvent,
    ) -> Result<bool, Unavailable> {
        let mut state = self.state();
        let has_factor = state.has_second_factor(user);
        if has_factor {
            state.replace_codes(user, codes);
            state.audit_events.push(event.clone());
        }
        Ok(has_factor)
    }

    async fn remove_app(&self, user: UserId, event: &AuditEvent) -> Result<bool, Unavailable> {
        let mut state = self.state();
        let removed = state.authenticator_apps.remove(&user).is_some();
        if removed {
            if !state.has_second_factor(user) {
                state.replace_codes(user, &[]);
            }
            state.record_sign_in(&SignInEvent::caused_by(event, user, SignInKind::FactorRemoved, ""));
            state.audit_events.push(event.clone());
        }
        Ok(removed)
    }

    async fn remove_all(&self, user: UserId, event: &AuditEvent) -> Result<bool, Unavailable> {
        let mut state = self.state();
        let removed = state.end_factors_of(user);
        for kind in &removed {
            state.record_sign_in(&SignInEvent::caused_by(event, user, *kind, ""));
        }
        if !removed.is_empty() {
            state.audit_events.push(event.clone());
        }
        Ok(!removed.is_empty())
    }
}

impl State {
    /// Removes the factors of a user, and tells what that was for their history.
    pub(crate) fn end_factors_of(&mut self, user: UserId) -> Vec<SignInKind> {
        let (codes, passkeys) = (self.recovery_codes.len(), self.passkeys.len());
        self.recovery_codes.retain(|(of, _)| *of != user);
        self.passkeys.retain(|_, passkey| passkey.user != user);
        let had_app = self.authenticator_apps.remove(&user).is_some();
        let had_passkeys = self.passkeys.len() < passkeys;
        let had_codes = self.recovery_codes.len() < codes;
        let app = (had_app || (had_codes && !had_passkeys)).then_some(SignInKind::FactorRemoved);
        app.into_iter().chain(had_passkeys.then_some(SignInKind::PasskeyRemoved)).collect()
    }

    fn replace_codes(&mut self, user: UserId, codes: &[Digest]) {
        self.recovery_codes.retain(|(of, _)| *of != user);
        self.recovery_codes.extend(codes.iter().map(|code| (user, *code)));
    }
}
