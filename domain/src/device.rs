//! Device codes: a device begins, the user decides in a browser elsewhere, the device polls (RFC 8628).
//!
//! pending → approved or denied; approved → redeemed. Every transition takes the code and returns the outcome.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    Authorization, Client, ClientId, Digest, Incarnation, ResourceIdentifier, ResourceIncarnations, Scope,
};

/// How many seconds a poll that comes too early adds to the interval (RFC 8628 §3.5).
pub const SLOW_DOWN_SECONDS: u32 = 5;

/// How long a store keeps an expired code, so that its device gets `expired_token`.
const REMEMBERED_SECONDS: i64 = 3_600;

/// An issued device code. Only the device knows the code itself; a store keeps its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceCode {
    /// The client on the device.
    pub client: ClientId,
    /// The incarnation of the client.
    pub incarnation: Incarnation,
    /// The requested scope.
    pub scope: Scope,
    /// The resources that the request names, or else the client's default audience (RFC 8707 §2). None for this server alone.
    pub resources: BTreeSet<ResourceIdentifier>,
    /// Their incarnations.
    pub incarnations: ResourceIncarnations,
    /// The digest of the user code.
    pub user_code: Digest,
    /// When it expires: then the user can no longer decide and the device can no longer redeem it.
    pub expires_at: DateTime<Utc>,
    /// How often the device may poll.
    pub pace: Pace,
    /// Its state.
    pub state: State,
    /// The counter in which it counts until the user decides; none if it counts nowhere.
    #[serde(deserialize_with = "Option::deserialize")]
    pub counter: Option<Digest>,
}

/// How often a device may poll (RFC 8628 §3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// The seconds between two polls.
    pub interval_seconds: u32,
    /// When it last polled.
    #[serde(deserialize_with = "Option::deserialize")]
    pub polled_at: Option<DateTime<Utc>>,
}

/// The state of a device code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The user has not decided.
    Pending,
    /// Approved: the authorization that redemption records; its id is fixed.
    Approved(Box<Authorization>),
    /// The user denied.
    Denied,
    /// The device has redeemed the code.
    Redeemed,
}

/// The user's decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The user approved this authorization.
    Approve(Box<Authorization>),
    /// The user denied.
    Deny,
}

/// The outcome of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// The decision was recorded.
    First,
    /// The code was decided before or has expired: nothing changed.
    TooLate,
}

/// The outcome of a poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Poll {
    /// The user has not decided yet.
    Pending,
    /// The user has not decided, and the device polled too early: its interval is longer from now on.
    SlowDown,
    /// The user approved: the device may redeem the code for this authorization.
    Approved(Box<Authorization>),
    /// The person said no.
    Denied,
    /// The user did not decide in time, or the device did not poll in time.
    Expired,
    /// The code was redeemed before.
    Redeemed,
    /// The code was issued to another client, or to a deleted one that had the same id: nothing changed.
    OtherClient,
}

/// The outcome of a redemption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redemption {
    /// This call redeemed the code.
    First,
    /// It was redeemed before.
    Again,
    /// The code is not approved: nothing changed.
    NotApproved,
}

impl DeviceCode {
    /// A new, pending code for this server alone.
    #[must_use]
    pub fn new(
        client: &Client,
        scope: Scope,
        user_code: Digest,
        interval_seconds: u32,
        expires_at: DateTime<Utc>,
    ) -> Self {
        let pace = Pace { interval_seconds, polled_at: None };
        let resources = BTreeSet::new();
        Self {
            client: client.id.clone(),
            incarnation: client.incarnation,
            scope,
            resources,
            incarnations: ResourceIncarnations::default(),
            user_code,
            expires_at,
            pace,
            state: State::Pending,
            counter: None,
        }
    }

    /// Whether it has not expired at `now`.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at
    }

    /// Whether the user can still decide at `now`.
    #[must_use]
    pub fn is_undecided(&self, now: DateTime<Utc>) -> bool {
        match self.state {
            State::Pending => self.is_live(now),
            State::Approved(_) | State::Denied | State::Redeemed => false,
        }
    }

    /// When a store may delete it.
    #[must_use]
    pub fn forget_at(&self) -> DateTime<Utc> {
        self.expires_at + Duration::seconds(REMEMBERED_SECONDS)
    }

    /// The user decides at `now`: the first decision about an unexpired code counts.
    #[must_use]
    pub fn decide(self, decision: Decision, now: DateTime<Utc>) -> (Self, Decided) {
        if !self.is_undecided(now) {
            return (self, Decided::TooLate);
        }
        let state = match decision {
            Decision::Approve(authorization) => State::Approved(authorization),
            Decision::Deny => State::Denied,
        };
        (Self { state, ..self }, Decided::First)
    }

    /// `client` polls at `now`. The first poll is never too early. Each poll that is too early makes the interval longer
    /// permanently (RFC 8628 §3.5).
    #[must_use]
    pub fn poll(mut self, client: Incarnation, now: DateTime<Utc>) -> (Self, Poll) {
        if self.incarnation != client {
            return (self, Poll::OtherClient);
        }
        let answer = match &self.state {
            State::Denied => Poll::Denied,
            State::Redeemed => Poll::Redeemed,
            State::Pending | State::Approved(_) if !self.is_live(now) => Poll::Expired,
            State::Approved(authorization) => Poll::Approved(authorization.clone()),
            State::Pending => {
                let too_early = self.pace.is_too_early(now);
                self.pace = self.pace.polled(now);
                if too_early { Poll::SlowDown } else { Poll::Pending }
            }
        };
        (self, answer)
    }

    /// The device redeems the approved code, once.
    #[must_use]
    pub fn redeem(self) -> (Self, Redemption) {
        match self.state {
            State::Approved(_) => (Self { state: State::Redeemed, ..self }, Redemption::First),
            State::Redeemed => (self, Redemption::Again),
            State::Pending | State::Denied => (self, Redemption::NotApproved),
        }
    }
}

impl Pace {
    fn is_too_early(self, now: DateTime<Utc>) -> bool {
        let interval = Duration::seconds(i64::from(self.interval_seconds));
        self.polled_at.is_some_and(|polled_at| now < polled_at + interval)
    }

    fn polled(self, now: DateTime<Utc>) -> Self {
        let longer = if self.is_too_early(now) { SLOW_DOWN_SECONDS } else { 0 };
        Self { interval_seconds: self.interval_seconds.saturating_add(longer), polled_at: Some(now) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AuthorizationId, UserId};

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    fn tv() -> Client {
        Client::new("tv".parse().unwrap(), Incarnation::from_random([3; 16]), at(0))
    }

    fn code() -> DeviceCode {
        DeviceCode::new(&tv(), "read".parse().unwrap(), Digest::of(b"BCDFGHJK"), 5, at(600))
    }

    fn authorization() -> Box<Authorization> {
        Box::new(Authorization {
            resources: BTreeSet::new(),
            incarnations: ResourceIncarnations::default(),
            claims: crate::ClaimsRequest::default(),
            id: AuthorizationId::from_random([1; 16]),
            client: tv().id,
            incarnation: tv().incarnation,
            user: UserId::from_random([2; 16]),
            naming: crate::subject::Naming::Public,
            session: None,
            sid: None,
            scope: "read".parse().unwrap(),
            auth_time: at(0),
            acr: None,
            amr: Vec::new(),
            created_at: at(0),
            expires_at: at(4_200),
        })
    }

    fn approved() -> DeviceCode {
        code().decide(Decision::Approve(authorization()), at(1)).0
    }

    #[test]
    fn each_early_poll_makes_the_interval_five_seconds_longer_for_good() {
        let mut code = code();
        for (second, answer) in [
            (0, Poll::Pending),
            (5, Poll::Pending),
            (9, Poll::SlowDown),  // 4 of 5: from now on 10
            (18, Poll::SlowDown), // 9 of 10: from now on 15
            (33, Poll::Pending),  // 15 of 15
            (47, Poll::SlowDown), // 14 of 15
        ] {
            let polled = code.poll(tv().incarnation, at(second));
            assert_eq!(polled.1, answer, "at {second}");
            code = polled.0;
        }
    }

    #[test]
    fn one_decision_counts_and_only_while_the_code_lives() {
        let (denied, first) = code().decide(Decision::Deny, at(599));
        assert_eq!((first, &denied.state), (Decided::First, &State::Denied));
        assert_eq!(
            denied.clone().decide(Decision::Approve(authorization()), at(599)),
            (denied, Decided::TooLate)
        );
        assert_eq!(code().decide(Decision::Deny, at(600)), (code(), Decided::TooLate));
    }

    #[test]
    fn an_approved_code_expires_like_any_other_and_a_denied_one_stays_denied() {
        assert_eq!(approved().poll(tv().incarnation, at(599)).1, Poll::Approved(authorization()));
        assert_eq!(approved().poll(tv().incarnation, at(600)).1, Poll::Expired);
        assert_eq!(code().poll(tv().incarnation, at(600)).1, Poll::Expired);
        let (denied, _) = code().decide(Decision::Deny, at(1));
        assert_eq!(denied.poll(tv().incarnation, at(600)).1, Poll::Denied);
    }

    #[test]
    fn another_client_learns_and_changes_nothing_also_under_the_same_id() {
        let other = Incarnation::from_random([4; 16]);
        for code in [code(), approved()] {
            assert_eq!(code.clone().poll(other, at(1)), (code, Poll::OtherClient));
        }
    }

    #[test]
    fn only_an_approved_code_is_redeemed_and_only_once() {
        let (redeemed, first) = approved().redeem();
        assert_eq!(first, Redemption::First);
        assert_eq!(redeemed.clone().poll(tv().incarnation, at(2)).1, Poll::Redeemed);
        assert_eq!(redeemed.clone().redeem(), (redeemed, Redemption::Again));
        assert_eq!(code().redeem(), (code(), Redemption::NotApproved));
    }

    #[test]
    fn a_device_learns_for_an_hour_that_its_code_has_expired() {
        assert_eq!(code().forget_at(), at(600 + 3_600));
    }
}
