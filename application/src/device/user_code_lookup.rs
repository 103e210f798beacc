//! Finding the device that shows a user code; guessing is limited (RFC 8628 §5.1).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{Client, DeviceCode, GrantType, RequestedResources, UserCode, UserId};
use tokio::try_join;

use crate::context::Context;
use crate::error::Error;
use crate::port::{Attempt, AttemptKey, Attempts, Clients, Counter, DeviceCodes, Forgiven, Limit};
use crate::resource::indicators::ResourceIndicators;
use crate::resource::target::Target;

/// An address may try as many wrong codes as this number of users.
const MAX_USERS_PER_ADDRESS: u32 = 10;

/// Looks up user codes.
pub struct UserCodeLookup {
    /// The store of device codes.
    pub codes: Arc<dyn DeviceCodes>,
    /// The registered clients.
    pub clients: Arc<dyn Clients>,
    /// Checks the resources that a device named.
    pub indicators: Arc<ResourceIndicators>,
    /// Counts wrong codes.
    pub attempts: Arc<dyn Attempts>,
    /// The limit and the issuer.
    pub context: Context,
}

/// The outcome of looking up a user code.
pub(super) enum UserCodeFound {
    /// A code that can be decided about, and its client.
    Device(Box<(DeviceCode, Client)>),
    /// No device, or the limit is reached.
    Problem(EntryProblem),
}

/// Why a user code does not lead to the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryProblem {
    /// It is mistyped, decided about, or expired. The page does not say which.
    WrongCode,
    /// It came in a link, and no operator vouches for its client: the user has to type it (RFC 8628 §5.4).
    OnlyLinked,
    /// Too many wrong codes: the next attempt is possible at this time.
    Limited(DateTime<Utc>),
}

impl UserCodeLookup {
    /// Finds the device of a code. The attempt is counted before the code is looked up (RFC 8628 §5.1).
    pub(super) async fn find(
        &self,
        user_code: Option<&UserCode>,
        user: UserId,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<UserCodeFound, Error> {
        let limit = self.context.settings.authentication_limit;
        let address_limit = Limit { attempts: limit.attempts.saturating_mul(MAX_USERS_PER_ADDRESS), ..limit };
        let by_user = AttemptKey::new("device.user", &[&user.to_string()]);
        let by_address = AttemptKey::new("device.address", &[address]);
        let counters = [Counter::new(by_user, limit), Counter::new(by_address, address_limit)];
        if let Attempt::Limited(until) = self.attempts.count(&counters, now).await? {
            return Ok(UserCodeFound::Problem(EntryProblem::Limited(until)));
        }
        let found = match user_code {
            Some(user_code) => self.undecided(user_code, now).await?,
            None => None,
        };
        let Some(found) = found else {
            return Ok(UserCodeFound::Problem(EntryProblem::WrongCode));
        };
        self.attempts.forgive(&[by_user, by_address].map(Forgiven::One)).await?;
        Ok(UserCodeFound::Device(Box::new(found)))
    }

    /// The undecided device code and its client, if the client may still make this request.
    async fn undecided(
        &self,
        user_code: &UserCode,
        now: DateTime<Utc>,
    ) -> Result<Option<(DeviceCode, Client)>, Error> {
        let Some(code) = self.codes.find(user_code.digest(), now).await? else {
            return Ok(None);
        };
        let (client, found) = try_join!(
            async { Ok::<_, Error>(self.clients.find(&code.client).await?) },
            self.indicators.find_again(&code.resources),
        )?;
        let allowed = client.filter(|client| {
            let requested = RequestedResources { ids: &code.resources, incarnations: &code.incarnations };
            let target = self.indicators.still_allowed(client, requested, found);
            let may_have = |target: Target| {
                code.scope.is_subset_of(&target.allowed_scope(&self.context.settings, client))
            };
            client.is_enabled()
                && client.incarnation == code.incarnation
                && client.grant_types.contains(&GrantType::DeviceCode)
                && target.is_some_and(may_have)
        });
        Ok(allowed.map(|client| (code, client)))
    }
}
