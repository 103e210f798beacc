//! One-time links: invitations, new passwords, changes of e-mail addresses.

use application::port::{IssuedLink, LinkUse, OneTimeLinks, Unavailable, UsedLink};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{AuditEvent, Digest, LinkKind, LinkPurpose, OneTimeLink, SignInEvent, User, UserId};

use crate::users::end_everything_of;
use crate::{MemoryStore, State};

#[async_trait]
impl OneTimeLinks for MemoryStore {
    async fn issue(
        &self,
        link: &OneTimeLink,
        email: Option<&str>,
        event: &AuditEvent,
    ) -> Result<IssuedLink, Unavailable> {
        let mut state = self.state();
        let kind = link.purpose.kind();
        let Some(user) = state.users.get(&link.user).filter(|user| user.is_enabled()) else {
            return Ok(IssuedLink::Unknown);
        };
        if user.email() != email {
            return Ok(IssuedLink::AddressChanged);
        }
        if kind == LinkKind::Invitation && user.password.is_some() {
            return Ok(IssuedLink::HasPassword);
        }
        state.one_time_links.insert((link.user, kind), link.clone());
        state.audit_events.push(event.clone());
        Ok(IssuedLink::Done)
    }

    async fn find(
        &self,
        digest: Digest,
        now: DateTime<Utc>,
    ) -> Result<Option<(OneTimeLink, User)>, Unavailable> {
        Ok(self.state().live_link(digest, now))
    }

    async fn redeem(
        &self,
        digest: Digest,
        with: &LinkUse,
        now: DateTime<Utc>,
        event: &AuditEvent,
    ) -> Result<UsedLink, Unavailable> {
        let mut state = self.state();
        let Some((link, user)) = state.live_link(digest, now) else {
            return Ok(UsedLink::Invalid);
        };
        let changed = match (&link.purpose, with) {
            (LinkPurpose::Invitation | LinkPurpose::PasswordReset, LinkUse::Password(hash)) => {
                end_everything_of(&mut state, user.id, None, now);
                User { password: Some(hash.clone()), ..user }
            }
            (LinkPurpose::EmailChange(email), LinkUse::Email) => {
                let changed = user.with_verified_email(email).map_err(|error| corrupt(&error))?;
                if state.taken_name(user.id, &changed).is_some() {
                    return Ok(UsedLink::Invalid);
                }
                state.give_names(user.id, &changed);
                changed
            }
            (_, LinkUse::Password(_) | LinkUse::Email) => return Ok(UsedLink::Invalid),
        };
        state.end_links_of(link.user);
        state.users.insert(link.user, User { updated_at: now, ..changed });
        for used in SignInEvent::of_link(event, link.user, with.password()) {
            state.record_sign_in(&used);
        }
        state.audit_events.push(event.clone());
        Ok(UsedLink::Done)
    }
}

fn corrupt(reason: &impl ToString) -> Unavailable {
    Unavailable { component: "memory", reason: reason.to_string() }
}

impl State {
    /// Ends every link of a user.
    pub(crate) fn end_links_of(&mut self, user: UserId) {
        self.one_time_links.retain(|(of, _), _| *of != user);
    }

    fn live_link(&self, digest: Digest, now: DateTime<Utc>) -> Option<(OneTimeLink, User)> {
        let link =
            self.one_time_links.values().find(|link| link.digest == digest && now < link.expires_at)?;
        let user = self.users.get(&link.user).filter(|user| user.is_enabled())?;
        Some((link.clone(), user.clone()))
    }
}
