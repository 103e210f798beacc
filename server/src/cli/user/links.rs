//! `user invite`, `user reset-link` and `user email-link`: one-time links, shown once.

use anyhow::bail;
use application::users::links::NewLink;
use application::users::{NewUser, UserAdministrationError};
use domain::claims::ProfileClaims;
use domain::user::Username;
use domain::{Actor, LinkPurpose, User, UserId};
use serde::Serialize;

use super::profile::Profile;
use crate::cli::answer::Answer;
use crate::cli::operator::Operator;

/// The answer of the commands.
#[derive(Serialize)]
struct Shown<'a> {
    id: UserId,
    username: &'a str,
    #[serde(flatten)]
    link: NewLink,
}

/// Creates a user who has not been invited yet, and shows an invitation. It can be given again until it is accepted.
pub(super) async fn invite(
    operator: &Operator,
    username: Username,
    administrator: bool,
    profile: Profile,
) -> anyhow::Result<Answer> {
    let changes = profile.changes()?;
    let user = match operator.users.find_by_sign_in_name(&(&username).into()).await {
        Ok(user) if changes.is_empty() && !administrator => user,
        Ok(_) => bail!(
            "a user with the name {} exists already; invite the user without other options, or change the user first",
            username.as_str()
        ),
        Err(UserAdministrationError::Unknown) => {
            let claims = ProfileClaims::default().amended(changes)?;
            let new = NewUser { username, password: None, claims, administrator };
            operator.users.create(new, Actor::CommandLine).await?
        }
        Err(error) => return Err(error.into()),
    };
    show(operator, &user, LinkPurpose::Invitation).await
}

/// Shows a link of a user.
pub(super) async fn show(operator: &Operator, user: &User, purpose: LinkPurpose) -> anyhow::Result<Answer> {
    let link = operator.links.issue(user, purpose, Actor::CommandLine).await?;
    Ok(Answer::one(&Shown { id: user.id, username: user.username.as_str(), link })?)
}
