//! `user factors` and `user reset-factors`: the second factors of a user.

use application::users::factors::FactorsDocument;
use domain::{Actor, User, UserId};
use serde::Serialize;

use crate::cli::answer::Answer;
use crate::cli::operator::Operator;

/// The answer of the commands.
#[derive(Serialize)]
struct Shown<'a> {
    id: UserId,
    username: &'a str,
    #[serde(flatten)]
    factors: FactorsDocument,
}

/// Shows which factors the user has.
pub(super) async fn show(operator: &Operator, user: &User) -> anyhow::Result<Answer> {
    let factors = operator.factors.show(user.id).await?;
    Ok(Answer::one(&Shown { id: user.id, username: user.username.as_str(), factors })?)
}

/// Removes every factor of the user, and shows that there is none.
pub(super) async fn reset(operator: &Operator, user: &User) -> anyhow::Result<Answer> {
    operator.factors.reset(user, Actor::CommandLine).await?;
    show(operator, user).await
}
