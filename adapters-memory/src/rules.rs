//! The rules that several ports ask: when a grant is valid, who is an administrator, what is removed together.

use std::collections::BTreeSet;

use application::port::InsertedUser;
use chrono::{DateTime, Utc};
use domain::{
    Authorization, AuthorizationId, Client, ClientId, GroupName, Incarnation, SessionId, SignInName, User,
    UserId,
};

use crate::{KeptAuthorization, KeptSession, State};

/// Which name of a user another user has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TakenName {
    Username,
    Email,
}

impl KeptSession {
    /// Whether it has neither ended nor expired.
    pub(crate) fn is_live(&self, now: DateTime<Utc>) -> bool {
        !self.ended && self.session.is_live(now)
    }
}

impl State {
    pub(crate) fn client_is_enabled(&self, id: &ClientId) -> bool {
        self.clients.get(id).is_some_and(Client::is_enabled)
    }

    /// Whether this client is enabled and is not a later client with the same id.
    pub(crate) fn incarnation_is_enabled(&self, id: &ClientId, incarnation: Incarnation) -> bool {
        self.clients.get(id).is_some_and(|client| client.is_enabled() && client.incarnation == incarnation)
    }

    /// Whether none of these resources was deleted.
    pub(crate) fn resources_exist(&self, incarnations: &BTreeSet<Incarnation>) -> bool {
        incarnations.iter().all(|incarnation| !self.ended_resources.contains_key(incarnation))
    }

    /// Whether every group exists that this client allows.
    pub(crate) fn groups_exist(&self, client: &Client) -> bool {
        client.allowed_groups.iter().flatten().all(|name| self.groups.contains_key(&name.key()))
    }

    /// Whether this client lets this user enter.
    pub(crate) fn may_enter(&self, user: UserId, client: &ClientId) -> bool {
        let Some(client) = self.clients.get(client) else {
            return false;
        };
        let is_member = |name: &GroupName| {
            let group = self.groups.get(&name.key());
            group.is_some_and(|group| self.group_members.contains(&(user, group.id)))
        };
        client.allowed_groups.as_ref().is_none_or(|allowed| allowed.iter().any(is_member))
    }

    /// Revokes what users granted to clients that do not let them enter any more, and leaves notices for the clients.
    pub(crate) fn end_entry(&mut self, now: DateTime<Utc>) {
        let may_not_enter = |kept: &KeptAuthorization| {
            let recorded = kept.recorded.as_ref().filter(|_| !kept.revoked);
            recorded.is_some_and(|recorded| !self.may_enter(recorded.user, &recorded.client))
        };
        let ended = self.authorizations.iter().filter(|(_, kept)| may_not_enter(kept)).map(|(id, _)| *id);
        for id in ended.collect::<Vec<_>>() {
            let Some(kept) = self.authorizations.get_mut(&id) else { continue };
            kept.revoked = true;
            let Some(grant) = kept.recorded.clone() else { continue };
            let session = grant.session.and_then(|session| self.sessions.get(&session));
            if let Some(session) = session.filter(|kept| !kept.ended).map(|kept| kept.session.clone()) {
                self.leave_notice(&session, (grant.client, grant.naming), now);
            }
        }
    }

    pub(crate) fn user_is_enabled(&self, id: UserId) -> bool {
        self.users.get(&id).is_some_and(User::is_enabled)
    }

    pub(crate) fn session_is_live(&self, id: SessionId, now: DateTime<Utc>) -> bool {
        self.sessions.get(&id).is_some_and(|kept| kept.is_live(now))
    }

    /// The authorization, unless it is revoked, expired, or without its session, user, client or one of its resources.
    pub(crate) fn valid_authorization(
        &self,
        id: AuthorizationId,
        now: DateTime<Utc>,
    ) -> Option<&Authorization> {
        let kept = self.authorizations.get(&id)?;
        let authorization = kept.recorded.as_ref()?;
        let session_allows = authorization.is_offline()
            || authorization.session.is_none_or(|session| self.session_is_live(session, now));
        let valid = !kept.revoked
            && now < kept.expires_at
            && session_allows
            && self.user_is_enabled(authorization.user)
            && self.client_is_enabled(&authorization.client)
            && self.resources_exist(&authorization.incarnations.all());
        valid.then_some(authorization)
    }

    /// Whether this user is the only administrator who can sign in.
    pub(crate) fn is_last_administrator(&self, id: UserId) -> bool {
        let can_sign_in = |user: &&User| user.is_enabled() && user.password.is_some();
        let mut enabled = self.users.values().filter(|user| user.administrator).filter(can_sign_in);
        matches!((enabled.next(), enabled.next()), (Some(only), None) if only.id == id)
    }

    pub(crate) fn has_administrator(&self) -> bool {
        self.users.values().any(|user| user.administrator)
    }

    /// The name of `user` that belongs to another user than the one with this id.
    pub(crate) fn taken_name(&self, id: UserId, user: &User) -> Option<TakenName> {
        let names = user.sign_in_names();
        let is_taken = |name: &SignInName| self.sign_in_names.get(name).is_some_and(|other| *other != id);
        if is_taken(&names.username) {
            return Some(TakenName::Username);
        }
        names.email.as_ref().is_some_and(is_taken).then_some(TakenName::Email)
    }

    /// Gives the names of `user` to the user with this id, in place of those they had.
    pub(crate) fn give_names(&mut self, id: UserId, user: &User) {
        self.sign_in_names.retain(|_, other| *other != id);
        self.sign_in_names.extend(user.sign_in_names().iter().map(|name| (name.clone(), id)));
    }

    /// Adds a user with their names.
    pub(crate) fn insert_user(&mut self, user: &User) -> InsertedUser {
        if self.users.contains_key(&user.id) {
            return InsertedUser::UsernameTaken;
        }
        match self.taken_name(user.id, user) {
            Some(TakenName::Username) => return InsertedUser::UsernameTaken,
            Some(TakenName::Email) => return InsertedUser::EmailTaken,
            None => self.give_names(user.id, user),
        }
        self.users.insert(user.id, user.clone());
        InsertedUser::Done
    }

    /// Removes the authorizations that `which` selects, and their refresh tokens.
    pub(crate) fn remove_authorizations(&mut self, which: impl Fn(&Authorization) -> bool) {
        self.authorizations.retain(|_, kept| !kept.recorded.as_ref().is_some_and(&which));
        self.refresh_tokens.retain(|_, kept| self.authorizations.contains_key(&kept.token.authorization));
    }
}
