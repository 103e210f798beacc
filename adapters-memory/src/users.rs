//! The people who can sign in.

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Unbounded};

use application::port::{
    AmendedUser, ChangedUser, InsertedUser, SessionsAfterPassword, Unavailable, UserChange, UserFilter, Users,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::user::PasswordHash;
use domain::{
    AuditEvent, Authorization, Group, GroupId, Membership, Person, SessionId, SignInEvent, SignInKind,
    SignInName, User, UserId,
};

use crate::rules::TakenName;
use crate::{MemoryStore, State};

#[async_trait]
impl Users for MemoryStore {
    async fn find(&self, id: UserId) -> Result<Option<User>, Unavailable> {
        Ok(self.state().users.get(&id).cloned())
    }

    async fn find_with_groups(&self, id: UserId) -> Result<Option<Person>, Unavailable> {
        let state = self.state();
        let is_member = |group: &&Group| state.group_members.contains(&(id, group.id));
        let membership =
            |group: &Group| Membership { name: group.name.clone(), claims: group.claims.clone() };
        let memberships = || state.groups.values().filter(is_member).map(membership).collect();
        Ok(state.users.get(&id).cloned().map(|user| Person { user, memberships: memberships() }))
    }

    async fn find_by_sign_in_name(&self, name: &SignInName) -> Result<Option<User>, Unavailable> {
        let state = self.state();
        Ok(state.sign_in_names.get(name).and_then(|id| state.users.get(id)).cloned())
    }

    async fn insert(&self, user: &User, event: &AuditEvent) -> Result<InsertedUser, Unavailable> {
        let mut state = self.state();
        let inserted = state.insert_user(user);
        if inserted == InsertedUser::Done {
            state.set_up_link.take_if(|_| user.administrator);
            state.audit_events.push(event.clone());
        }
        Ok(inserted)
    }

    async fn change(
        &self,
        id: UserId,
        change: &UserChange,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<ChangedUser, Unavailable> {
        let mut state = self.state();
        let last_administrator = state.is_last_administrator(id);
        let Some(user) = state.users.get_mut(&id) else {
            return Ok(ChangedUser::Unknown);
        };
        if last_administrator && *change == UserChange::Disable {
            return Ok(ChangedUser::LastAdministrator);
        }
        user.updated_at = now;
        match change {
            UserChange::Password(hash) => {
                user.password = Some(hash.clone());
                end_everything_of(&mut state, id, None, now);
                let salt = hash.expose();
                state.record_sign_in(&SignInEvent::caused_by(event, id, SignInKind::PasswordChanged, salt));
            }
            UserChange::OwnPassword { hash, sessions } => {
                user.password = Some(hash.clone());
                match sessions {
                    SessionsAfterPassword::EndAllBut(kept) => {
                        end_everything_of(&mut state, id, Some(*kept), now);
                    }
                    SessionsAfterPassword::Keep => state.end_links_of(id),
                }
                let salt = hash.expose();
                state.record_sign_in(&SignInEvent::caused_by(event, id, SignInKind::PasswordChanged, salt));
            }
            UserChange::Enable => user.disabled_at = None,
            UserChange::Unlock => {
                user.unlocked_at = Some(now);
                state.record_sign_in(&SignInEvent::caused_by(event, id, SignInKind::Unlocked, ""));
            }
            UserChange::Disable => {
                user.disabled_at = Some(now);
                end_everything_of(&mut state, id, None, now);
            }
        }
        state.audit_events.push(event.clone());
        Ok(ChangedUser::Done)
    }

    async fn amend(
        &self,
        before: &User,
        after: &User,
        event: &AuditEvent,
    ) -> Result<AmendedUser, Unavailable> {
        let mut state = self.state();
        if state.users.get(&before.id) != Some(before) {
            return Ok(AmendedUser::Stale);
        }
        if !after.administrator && state.is_last_administrator(before.id) {
            return Ok(AmendedUser::LastAdministrator);
        }
        match state.taken_name(before.id, after) {
            Some(TakenName::Username) => return Ok(AmendedUser::UsernameTaken),
            Some(TakenName::Email) => return Ok(AmendedUser::EmailTaken),
            None => state.give_names(before.id, after),
        }
        state.set_up_link.take_if(|_| after.administrator);
        if before.email() != after.email() {
            state.end_links_of(before.id);
        }
        let amended = User {
            username: after.username.clone(),
            claims: after.claims.clone(),
            administrator: after.administrator,
            updated_at: after.updated_at,
            ..before.clone()
        };
        state.users.insert(before.id, amended);
        state.audit_events.push(event.clone());
        Ok(AmendedUser::Done)
    }

    async fn renew_hash(
        &self,
        id: UserId,
        before: &PasswordHash,
        after: &PasswordHash,
    ) -> Result<(), Unavailable> {
        let mut state = self.state();
        let user = state.users.get_mut(&id).filter(|user| user.password.as_ref() == Some(before));
        if let Some(user) = user {
            user.password = Some(after.clone());
        }
        Ok(())
    }

    async fn delete(&self, id: UserId, event: &AuditEvent) -> Result<ChangedUser, Unavailable> {
        let mut state = self.state();
        if state.is_last_administrator(id) {
            return Ok(ChangedUser::LastAdministrator);
        }
        if state.users.remove(&id).is_none() {
            return Ok(ChangedUser::Unknown);
        }
        state.group_members.retain(|(user, _)| *user != id);
        state.sign_in_names.retain(|_, user| *user != id);
        state.withdrawals.retain(|(user, _), _| *user != id);
        state.ended_before.remove(&id);
        state.end_links_of(id);
        state.end_factors_of(id);
        state.end_sessions(|session| session.user == id, event.at);
        state.sessions.retain(|_, kept| kept.session.user != id);
        state.remove_authorizations(|authorization| authorization.user == id);
        state.consents.retain(|(user, _), _| *user != id);
        state.sign_in_events.retain(|_, event| event.user != id);
        state.audit_events.push(event.clone());
        Ok(ChangedUser::Done)
    }

    async fn list(&self, after: Option<UserId>, limit: u32) -> Result<Vec<User>, Unavailable> {
        let state = self.state();
        let range = (after.map_or(Unbounded, Excluded), Unbounded);
        let page = state.users.range(range).take(limit as usize);
        Ok(page.map(|(_, user)| user.clone()).collect())
    }

    async fn search(
        &self,
        filter: &UserFilter,
        after: Option<&SignInName>,
        limit: u32,
    ) -> Result<Vec<User>, Unavailable> {
        let state = self.state();
        let group = filter.group.as_ref().map(|name| state.groups.get(&name.key()).map(|group| group.id));
        let is_wanted = |user: &&User| {
            let is_member = |group: Option<GroupId>| {
                group.is_some_and(|group| state.group_members.contains(&(user.id, group)))
            };
            group.is_none_or(is_member)
                && filter.is_enabled.is_none_or(|is_enabled| user.is_enabled() == is_enabled)
        };
        let named = |user: &User| Some((filter.found_by(user)?, user.clone()));
        let found: BTreeMap<_, _> = state.users.values().filter(is_wanted).filter_map(named).collect();
        let after = (after.map_or(Unbounded, Excluded), Unbounded);
        let page = found.range::<SignInName, _>(after).take(limit as usize);
        Ok(page.map(|(_, user)| user.clone()).collect())
    }
}

/// Ends the links and sessions of a user, and revokes what they granted; not the session `but`, nor what was granted in it.
pub(crate) fn end_everything_of(state: &mut State, id: UserId, but: Option<SessionId>, now: DateTime<Utc>) {
    state.end_links_of(id);
    state.end_sessions(|session| session.user == id && Some(session.id) != but, now);
    state.ended_before.insert(id, now);
    for kept in state.authorizations.values_mut() {
        let ends =
            |recorded: &Authorization| recorded.user == id && (but.is_none() || recorded.session != but);
        kept.revoked |= kept.recorded.as_ref().is_some_and(ends);
    }
}
