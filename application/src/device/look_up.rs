//! What a user code stands for; guessing is limited (RFC 8628 §5.1).

use chrono::{DateTime, Utc};
use domain::{Client, DeviceCode, GrantType, UserCode, UserId};

use super::{DeviceVerification, EntryProblem};
use crate::error::Error;
use crate::port::{Attempt, AttemptKey, Limit};

/// How many people's worth of wrong codes one address may try.
const PEOPLE_PER_ADDRESS: u32 = 10;

/// What a user code stands for.
pub(super) enum LookUp {
    /// A code that can be decided about, and its client.
    Found(Box<(DeviceCode, Client)>),
    /// Nothing, or nothing is told.
    Problem(EntryProblem),
}

impl DeviceVerification {
    /// Finds what a code stands for, counted before it is judged (RFC 8628 §5.1).
    pub(super) async fn look_up(
        &self,
        user_code: Option<&UserCode>,
        user: UserId,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<LookUp, Error> {
        let limit = self.authorization.settings.authentication_limit;
        let many = Limit { attempts: limit.attempts.saturating_mul(PEOPLE_PER_ADDRESS), ..limit };
        let by_user = AttemptKey::new("device.user", &[&user.to_string()]);
        let by_address = AttemptKey::new("device.address", &[address]);
        if let Attempt::Limited(until) = self.attempts.count(by_user, limit, now).await? {
            return Ok(LookUp::Problem(EntryProblem::Limited(until)));
        }
        if let Attempt::Limited(until) = self.attempts.count(by_address, many, now).await? {
            self.attempts.forgive(by_user).await?;
            return Ok(LookUp::Problem(EntryProblem::Limited(until)));
        }
        let found = match user_code {
            Some(user_code) => self.find(user_code, now).await?,
            None => None,
        };
        let Some(found) = found else {
            return Ok(LookUp::Problem(EntryProblem::Wrong));
        };
        for counter in [by_user, by_address] {
            self.attempts.forgive(counter).await?;
        }
        Ok(LookUp::Found(Box::new(found)))
    }

    /// The undecided code and its client, which may still do what it could when it asked.
    async fn find(
        &self,
        user_code: &UserCode,
        now: DateTime<Utc>,
    ) -> Result<Option<(DeviceCode, Client)>, Error> {
        let Some(code) = self.codes.find(user_code.digest(), now).await? else {
            return Ok(None);
        };
        let client = self.authorization.clients.find(&code.client).await?;
        let able = client.filter(|client| {
            client.is_enabled()
                && client.grant_types.contains(&GrantType::DeviceCode)
                && code.scope.is_subset_of(&client.scope)
                && code.resources.iter().all(|id| client.may_name(id, &self.authorization.settings.issuer))
        });
        Ok(able.map(|client| (code, client)))
    }
}
