//! `user …`: manages users.

mod events;
mod factors;
mod links;
mod profile;

use anyhow::bail;
use application::users::{Account, NewUser, UserAdministrationError};
use clap::Subcommand;
use domain::claims::{InvalidClaim, ProfileClaims};
use domain::user::Username;
use domain::{Actor, LinkPurpose, SignInName, User, UserId};
use serde_json::{Map, Value, json};

use self::events::Events;
use self::profile::Profile;
pub(super) use self::profile::read_claims;
use super::answer::Answer;
use super::operator::Operator;
use super::pages::{PAGE_SIZE, all};
use super::standard_input;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create a user; without --password-stdin the user cannot sign in until you run `user set-password`
    Create {
        /// User name for signing in; case does not matter
        #[arg(long)]
        username: Username,
        /// Read the password from standard input: echo "$PASSWORD" | oauth2-server user create …
        #[arg(long)]
        password_stdin: bool,
        /// Make the user an administrator
        #[arg(long)]
        admin: bool,
        #[command(flatten)]
        profile: Profile,
    },
    /// Invite a user: creates the user if there is none, and shows a link by which they choose their first password
    Invite {
        /// User name for signing in; case does not matter
        #[arg(long)]
        username: Username,
        /// Make the user an administrator
        #[arg(long)]
        admin: bool,
        #[command(flatten)]
        profile: Profile,
    },
    /// Show a link by which a user sets a new password, once; the old password works until then
    ResetLink {
        /// User name or e-mail address
        username: SignInName,
    },
    /// Show a link by which a user confirms another e-mail address, once; the old address stays until then
    EmailLink {
        /// User name or e-mail address
        username: SignInName,
        /// The new e-mail address
        #[arg(long)]
        email: String,
    },
    /// List all users
    List,
    /// Show a user
    Show {
        /// User name or e-mail address
        username: SignInName,
    },
    /// Set a password; the old password stops working
    SetPassword {
        /// User name or e-mail address
        username: SignInName,
        /// Read the password from standard input (required): echo "$PASSWORD" | oauth2-server user set-password …
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// Set claims: only those that are named change; null in the file of --claims removes one
    #[command(arg_required_else_help = true)]
    SetClaims {
        /// User name or e-mail address
        username: SignInName,
        /// Remove every claim that is not named
        #[arg(long)]
        replace: bool,
        #[command(flatten)]
        profile: Profile,
    },
    /// Disable a user: ends all sessions, and all tokens of the user stop working; undo with `user enable`
    Disable {
        /// User name or e-mail address
        username: SignInName,
    },
    /// Enable a disabled user; the user has to sign in again
    Enable {
        /// User name or e-mail address
        username: SignInName,
    },
    /// End the lockouts of a user: earlier wrong passwords no longer count
    Unlock {
        /// User name or e-mail address
        username: SignInName,
    },
    /// Show which second factors a user has
    Factors {
        /// User name or e-mail address
        username: SignInName,
    },
    /// Remove every second factor of a user who has lost them; no session ends
    ResetFactors {
        /// User name or e-mail address
        username: SignInName,
    },
    /// List sign-ins and failed sign-ins with their addresses, the latest first
    Events(Events),
    /// Make a user an administrator
    Promote {
        /// User name or e-mail address
        username: SignInName,
    },
    /// Remove the administrator role from a user
    Demote {
        /// User name or e-mail address
        username: SignInName,
    },
    /// Delete a user with all sessions, consents and tokens
    Delete {
        /// User name or e-mail address
        username: SignInName,
    },
}

/// Runs the command.
pub(super) async fn run(command: Command, operator: &Operator) -> anyhow::Result<Answer> {
    let users = &operator.users;
    let actor = Actor::CommandLine;
    let id = match command {
        Command::Create { username, password_stdin, admin, profile } => {
            let password = password_stdin.then(|| standard_input::secret("password")).transpose()?;
            let claims = ProfileClaims::default().amended(profile.changes()?)?;
            let new = NewUser { username, password, claims, administrator: admin };
            return Ok(Answer::one(&Account::from(&users.create(new, actor).await?))?);
        }
        Command::Invite { username, admin, profile } => {
            return links::invite(operator, username, admin, profile).await;
        }
        Command::ResetLink { username } => {
            let user = find_user(operator, &username).await?;
            return links::show(operator, &user, LinkPurpose::PasswordReset).await;
        }
        Command::EmailLink { username, email } => {
            let user = find_user(operator, &username).await?;
            return links::show(operator, &user, LinkPurpose::EmailChange(email)).await;
        }
        Command::Factors { username } => {
            return factors::show(operator, &find_user(operator, &username).await?).await;
        }
        Command::ResetFactors { username } => {
            return factors::reset(operator, &find_user(operator, &username).await?).await;
        }
        Command::List => return list(operator).await,
        Command::Events(events) => return list_events(events, operator).await,
        Command::Delete { username } => return delete(operator, &username).await,
        Command::Show { username } => find_user(operator, &username).await?.id,
        Command::SetPassword { username, .. } => {
            let user = find_user(operator, &username).await?;
            let password = standard_input::secret("password")?;
            users.set_password(&user, &password, actor).await?;
            user.id
        }
        Command::SetClaims { username, replace, profile } => {
            let changes = profile.changes()?;
            let amend = |user: &mut User| {
                user.claims = set(&user.claims, replace, changes.clone())?;
                Ok(())
            };
            change(operator, &username, amend).await?
        }
        Command::Unlock { username } => {
            let user = find_user(operator, &username).await?;
            users.unlock(user.id, actor).await?;
            user.id
        }
        Command::Disable { username } => set_enabled(operator, &username, false).await?,
        Command::Enable { username } => set_enabled(operator, &username, true).await?,
        Command::Promote { username } => set_administrator(operator, &username, true).await?,
        Command::Demote { username } => set_administrator(operator, &username, false).await?,
    };
    Ok(Answer::one(&Account::from(&users.find(id).await?))?)
}

async fn delete(operator: &Operator, name: &SignInName) -> anyhow::Result<Answer> {
    let user = find_user(operator, name).await?;
    operator.users.delete(user.id, Actor::CommandLine).await?;
    let facts = json!({"id": user.id, "username": user.username, "deleted": true});
    let sentence = format!("the user {} is deleted", user.username.as_str());
    Ok(Answer::new(sentence, &facts)?)
}

async fn list_events(events: Events, operator: &Operator) -> anyhow::Result<Answer> {
    let user = match &events.username {
        Some(username) => Some(find_user(operator, username).await?.id),
        None => None,
    };
    events::list(events, user, operator).await
}

/// The claims after a change, or these claims alone.
fn set(
    kept: &ProfileClaims,
    replace: bool,
    changes: Map<String, Value>,
) -> Result<ProfileClaims, InvalidClaim> {
    if replace { ProfileClaims::default().amended(changes) } else { kept.amended(changes) }
}

async fn set_enabled(operator: &Operator, name: &SignInName, enabled: bool) -> anyhow::Result<UserId> {
    let user = find_user(operator, name).await?;
    operator.users.set_enabled(user.id, enabled, Actor::CommandLine).await?;
    Ok(user.id)
}

async fn set_administrator(
    operator: &Operator,
    name: &SignInName,
    administrator: bool,
) -> anyhow::Result<UserId> {
    let set = |user: &mut User| {
        user.administrator = administrator;
        Ok(())
    };
    change(operator, name, set).await
}

async fn change(
    operator: &Operator,
    name: &SignInName,
    change: impl Fn(&mut User) -> Result<(), UserAdministrationError> + Send + Sync,
) -> anyhow::Result<UserId> {
    let user = find_user(operator, name).await?;
    operator.users.update(user.id, change, Actor::CommandLine).await?;
    Ok(user.id)
}

/// The user who signs in with this name.
pub(super) async fn find_user(operator: &Operator, name: &SignInName) -> anyhow::Result<User> {
    match operator.users.find_by_sign_in_name(name).await {
        Err(UserAdministrationError::Unknown) => {
            bail!("unknown user: {}; `user list` shows all users", name.key())
        }
        found => Ok(found?),
    }
}

async fn list(operator: &Operator) -> anyhow::Result<Answer> {
    let page =
        async |last: Option<&User>| operator.data.ports.users.list(last.map(|user| user.id), PAGE_SIZE).await;
    let users = all(page).await?;
    let accounts: Vec<_> = users.iter().map(Account::from).collect();
    let columns = ["username", "id", "admin", "has_password", "disabled_at"];
    Ok(Answer::several(&accounts, &columns)?)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(subcommand)]
        command: Command,
    }

    fn parse(words: &[&str]) -> Result<Command, clap::Error> {
        Line::try_parse_from([&["user"], words].concat()).map(|line| line.command)
    }

    /// The claims after `set-claims` with these options.
    fn changed(kept: &Value, options: &[&str]) -> anyhow::Result<Value> {
        let kept: ProfileClaims = serde_json::from_value(kept.clone()).unwrap();
        let Command::SetClaims { profile, replace, .. } =
            parse(&[&["set-claims", "ada"], options].concat()).unwrap()
        else {
            panic!("not set-claims")
        };
        Ok(serde_json::to_value(set(&kept, replace, profile.changes()?)?).unwrap())
    }

    #[test]
    fn the_example_of_the_manual_is_understood() {
        let command = "create --username ada --email ada@example.com --password-stdin --admin";
        let words: Vec<_> = command.split(' ').collect();
        let Command::Create { username, password_stdin: true, admin: true, profile } = parse(&words).unwrap()
        else {
            panic!("{command}")
        };
        assert_eq!(username.as_str(), "ada");
        assert_eq!(profile.email.as_deref(), Some("ada@example.com"));
    }

    #[test]
    fn a_password_is_set_from_standard_input_only() {
        assert_eq!(parse(&["set-password", "ada"]).unwrap_err().exit_code(), 2);
        assert!(parse(&["set-password", "ada", "--password-stdin"]).is_ok());
    }

    #[test]
    fn another_address_is_not_verified_yet() {
        let kept = json!({"email": "a@example.com", "email_verified": true, "name": "A"});
        assert_eq!(
            changed(&kept, &["--email=b@example.com"]).unwrap(),
            json!({"email": "b@example.com", "name": "A"})
        );
        assert_eq!(changed(&kept, &["--email=a@example.com"]).unwrap(), kept);
    }

    #[test]
    fn what_is_not_named_stays_and_null_removes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("claims.json");
        let claims = format!("--claims={}", file.display());
        let kept = json!({"email": "a@example.com", "email_verified": true, "name": "A", "nickname": "gone"});
        std::fs::write(&file, r#"{"given_name": "G", "nickname": null}"#).unwrap();
        assert_eq!(
            changed(&kept, &[&claims, "--name=N"]).unwrap(),
            json!({"email": "a@example.com", "email_verified": true, "name": "N", "given_name": "G"})
        );
    }

    #[test]
    fn a_replacement_keeps_nothing_that_is_not_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("claims.json");
        let claims = format!("--claims={}", file.display());
        std::fs::write(&file, r#"{"level": 7}"#).unwrap();
        let kept = json!({"email": "a@example.com", "email_verified": true, "department": "research"});
        let merged = changed(&kept, &[&claims]).unwrap();
        assert_eq!((&merged["level"], &merged["department"]), (&json!(7), &json!("research")));
        assert_eq!(changed(&kept, &[&claims, "--replace"]).unwrap(), json!({"level": 7}));
        let renewed = changed(&kept, &["--replace", "--email=a@example.com"]).unwrap();
        assert_eq!(renewed, json!({"email": "a@example.com"}), "what is not named is not kept");
    }

    #[test]
    fn an_address_is_verified_where_the_file_or_an_option_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("claims.json");
        let claims = format!("--claims={}", file.display());
        let verified = json!({"email": "b@example.com", "email_verified": true});
        let none = json!({});
        let other = json!({"email": "a@example.com", "email_verified": false});
        std::fs::write(&file, r#"{"email_verified": true}"#).unwrap();
        for kept in [&none, &other] {
            assert_eq!(changed(kept, &[&claims, "--email=b@example.com"]).unwrap(), verified);
            assert_eq!(changed(kept, &["--email=b@example.com", "--email-verified"]).unwrap(), verified);
        }
        let kept = changed(&verified, &["--email-verified=false"]).unwrap();
        assert_eq!(kept, json!({"email": "b@example.com", "email_verified": false}));
        std::fs::write(&file, r#"{"email": "f@example.com", "email_verified": true}"#).unwrap();
        let refused = changed(&none, &[&claims, "--email=b@example.com"]).unwrap_err().to_string();
        assert!(refused.contains("different e-mail addresses"), "{refused}");
        let command = "create --username ada --email ada@example.com --email-verified --password-stdin";
        assert!(parse(&command.split(' ').collect::<Vec<_>>()).is_ok());
    }

    #[test]
    fn a_file_of_something_else_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("claims.json");
        let claims = format!("--claims={}", file.display());
        for (text, reason) in [
            ("[]", "claims.json is not a JSON object"),
            (r#"{"groups": ["admins"]}"#, "groups cannot be set as a claim"),
            (r#"{"email_verified": "yes"}"#, "email_verified has the wrong type"),
        ] {
            std::fs::write(&file, text).unwrap();
            let error = changed(&json!({}), &[&claims]).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }
}
