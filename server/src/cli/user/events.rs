//! `user events`: the sign-in history.

use anyhow::bail;
use application::port::SignInFilter;
use application::users::SignInDocument;
use chrono::{DateTime, Utc};
use clap::Args;
use domain::{SignInEventId, SignInKind, SignInName, UserId};

use crate::cli::answer::Answer;
use crate::cli::operator::Operator;

/// Which events to list.
#[derive(Debug, Args)]
pub(in crate::cli) struct Events {
    /// User name; without it, the events of all users
    pub(super) username: Option<SignInName>,
    /// Only events of this kind; may be repeated: `signed_in`, `wrong_password`, `disabled`, `locked_out`, `password_changed`,
    /// `link_used`, `unlocked`, `wrong_code`, `factor_added`, `factor_removed`, `recovery_code_used`, `signed_in_with_passkey`,
    /// `passkey_refused`, `passkey_added`, `passkey_removed`
    #[arg(long)]
    kind: Vec<SignInKind>,
    /// Only events at this time or later, such as 2030-01-31T12:00:00Z
    #[arg(long)]
    since: Option<DateTime<Utc>>,
    /// Only events before this time
    #[arg(long)]
    until: Option<DateTime<Utc>>,
    /// How many events at most
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
    /// Continue after this event: the `next` of an earlier answer
    #[arg(long)]
    cursor: Option<String>,
}

/// Lists the events of this user, or of all users, the latest first.
pub(super) async fn list(
    events: Events,
    user: Option<UserId>,
    operator: &Operator,
) -> anyhow::Result<Answer> {
    let Events { kind, since, until, limit, cursor, .. } = events;
    let before = match cursor.map(|cursor| cursor.parse::<SignInEventId>()).transpose() {
        Ok(before) => before,
        Err(_) => bail!("--cursor is not the `next` of an earlier answer"),
    };
    let filter = SignInFilter { user, kinds: kind.into_iter().collect(), since, until };
    let mut found = operator.users.list_events(&filter, before, limit + 1).await?;
    let has_more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| has_more).map(|event| event.id.to_string());
    let documents: Vec<_> = found.iter().map(SignInDocument::from).collect();
    let mut columns = vec!["at", "kind", "address", "client", "until", "user_agent"];
    if user.is_none() {
        columns.insert(1, "user");
    }
    Ok(Answer::page(&documents, &columns, next)?)
}
