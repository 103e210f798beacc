//! What a user allows to clients: remembered consents, and valid grants with or without one. An operator can see and
//! withdraw it. First-party, native and device clients leave no consent, only grants.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::{
    AuditEvent, Author, Client, ClientId, Consent, DeclaredScopes, ResourceIdentifier, Scope, UserId,
};

use super::administration::UserAdministration;
use super::error::UserAdministrationError;
use crate::error::Error;
use crate::port::{ListFrom, LiveAuthorization};

/// How many grants one query reads.
const PAGE_SIZE: u32 = 500;

/// The consent and the grants of a user for one client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientAccess {
    /// The client.
    pub client: ClientId,
    /// Its registration, if it is registered still.
    pub registered: Option<Client>,
    /// The consent that is remembered, if one is.
    pub consent: Option<Consent>,
    /// The grants that are valid now, if there are any.
    pub live: Option<LiveGrants>,
}

/// All valid grants of a user to one client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveGrants {
    /// How many.
    pub count: u64,
    /// How many of them survive the end of their session (OpenID Connect Core §11).
    pub offline: u64,
    /// How many of them end with their session.
    pub with_session: u64,
    /// Their scopes.
    pub scope: Scope,
    /// The resources they are for.
    pub resources: BTreeSet<ResourceIdentifier>,
    /// The claims that were requested by name and that no scope of the same grant opens.
    pub claims: BTreeSet<String>,
    /// When the first of them was granted.
    pub since: DateTime<Utc>,
    /// When a refresh token of them was last used; none if none was.
    pub refreshed_at: Option<DateTime<Utc>>,
    /// When the last of them expires.
    pub expires_at: DateTime<Utc>,
}

impl ClientAccess {
    /// Every scope that is consented to or valid, at any resource.
    #[must_use]
    pub fn scope(&self) -> Scope {
        let consented =
            self.consent.iter().flat_map(|it| it.resources.values().map(|at| &at.scope).chain([&it.scope]));
        let live = self.live.iter().map(|live| &live.scope);
        consented.chain(live).fold(Scope::default(), |all, scope| all.union(scope))
    }

    /// Every resource that is named in the consent or in a valid grant.
    #[must_use]
    pub fn resources(&self) -> BTreeSet<&ResourceIdentifier> {
        let consented = self.consent.iter().flat_map(|it| it.resources.keys());
        consented.chain(self.live.iter().flat_map(|live| &live.resources)).collect()
    }

    /// Every claim that is consented to by name or requested by a valid grant.
    #[must_use]
    pub fn claims(&self) -> BTreeSet<&str> {
        let consented = self.consent.iter().flat_map(|it| &it.claims);
        consented.chain(self.live.iter().flat_map(|live| &live.claims)).map(String::as_str).collect()
    }
}

impl LiveGrants {
    fn add(so_far: Option<Self>, live: &LiveAuthorization, declared: &DeclaredScopes) -> Self {
        let (it, offline) = (&live.authorization, live.authorization.is_offline());
        let mut all = so_far.unwrap_or_else(|| Self {
            count: 0,
            offline: 0,
            with_session: 0,
            scope: Scope::default(),
            resources: BTreeSet::new(),
            claims: BTreeSet::new(),
            since: it.created_at,
            refreshed_at: None,
            expires_at: it.expires_at,
        });
        all.count += 1;
        all.offline += u64::from(offline);
        all.with_session += u64::from(!offline && it.session.is_some());
        all.scope = all.scope.union(&it.scope);
        all.resources.extend(it.resources.iter().cloned());
        all.claims.extend(it.claims.beyond(&it.scope, declared));
        all.since = all.since.min(it.created_at);
        all.refreshed_at = all.refreshed_at.max(live.refreshed_at);
        all.expires_at = all.expires_at.max(it.expires_at);
        all
    }
}

impl UserAdministration {
    /// Lists up to `limit` clients to which a user allows something, in the order of their ids, from the one after `after`
    /// on.
    ///
    /// # Errors
    /// [`UserAdministrationError::Unknown`] if there is no such user.
    pub async fn list_consents(
        &self,
        id: UserId,
        after: Option<&ClientId>,
        limit: u32,
    ) -> Result<Vec<ClientAccess>, UserAdministrationError> {
        self.find(id).await?;
        let consents = self.consents.list(id, after, limit).await.map_err(Error::from)?;
        let from = after.map_or(ListFrom::Start, ListFrom::AfterClient);
        let mut live = self.live_grants(id, from, limit).await?;
        let consents = consents.into_iter().map(|consent| (consent.client.clone(), consent));
        let mut consents: BTreeMap<_, _> = consents.collect();
        let clients: BTreeSet<_> = consents.keys().chain(live.keys()).cloned().collect();
        let mut page = Vec::new();
        for client in clients.into_iter().take(limit as usize) {
            let (consent, live) = (consents.remove(&client), live.remove(&client));
            page.push(self.access(client, consent, live).await?);
        }
        Ok(page)
    }

    /// What a user allows to this client.
    ///
    /// # Errors
    /// [`UserAdministrationError::NoConsent`] if that is nothing.
    pub async fn find_consent(
        &self,
        id: UserId,
        client: &ClientId,
    ) -> Result<ClientAccess, UserAdministrationError> {
        self.find(id).await?;
        let consent = self.consents.find(id, client).await.map_err(Error::from)?;
        let live = self.live_grants(id, ListFrom::Client(client), 1).await?.remove(client);
        if consent.is_none() && live.is_none() {
            return Err(UserAdministrationError::NoConsent);
        }
        self.access(client.clone(), consent, live).await
    }

    /// Withdraws the consent of a user to a client, and revokes what the user granted to it.
    ///
    /// # Errors
    /// [`UserAdministrationError::NoConsent`] if there is none.
    pub async fn withdraw_consent(
        &self,
        id: UserId,
        client: &ClientId,
        author: impl Into<Author> + Send,
    ) -> Result<(), UserAdministrationError> {
        let target = format!("{id} {client}");
        let event = AuditEvent::new(self.context.now(), author, "consent.withdraw", &target);
        let withdrawn = self.consents.withdraw(id, client, &event).await.map_err(Error::from)?;
        if withdrawn { Ok(()) } else { Err(UserAdministrationError::NoConsent) }
    }

    async fn access(
        &self,
        client: ClientId,
        consent: Option<Consent>,
        live: Option<LiveGrants>,
    ) -> Result<ClientAccess, UserAdministrationError> {
        let registered = self.clients.find(&client).await.map_err(Error::from)?;
        Ok(ClientAccess { client, registered, consent, live })
    }

    /// The valid grants to the first clients from `from` on, up to `clients` of them. It reads page by page: a user may have
    /// any number of grants.
    async fn live_grants(
        &self,
        user: UserId,
        from: ListFrom<'_>,
        clients: u32,
    ) -> Result<BTreeMap<ClientId, LiveGrants>, Error> {
        let now = self.context.now();
        let mut grants: BTreeMap<ClientId, LiveGrants> = BTreeMap::new();
        let mut page = self.authorizations.list(user, from, PAGE_SIZE, now).await?;
        loop {
            for live in &page {
                let client = &live.authorization.client;
                if grants.len() == clients as usize && !grants.contains_key(client) {
                    return Ok(grants);
                }
                let so_far = grants.remove(client);
                grants.insert(
                    client.clone(),
                    LiveGrants::add(so_far, live, &self.context.settings.declared_scopes),
                );
            }
            let last = page.pop().filter(|_| page.len() + 1 == PAGE_SIZE as usize);
            let Some(last) = last else {
                return Ok(grants);
            };
            let from = ListFrom::After(&last.authorization);
            page = self.authorizations.list(user, from, PAGE_SIZE, now).await?;
        }
    }
}
