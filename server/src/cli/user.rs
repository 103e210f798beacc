//! `user …`: an operator administers the people who can sign in.

mod profile;

use anyhow::bail;
use application::users::{Account, NewUser, UserAdministrationError};
use clap::Subcommand;
use domain::claims::ProfileClaims;
use domain::user::Username;
use domain::{Actor, User};
use serde_json::json;

use self::profile::Profile;
use super::answer::Answer;
use super::operator::Operator;
use super::standard_input;

/// How many users are read at once for a list.
const PAGE: u32 = 500;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create a user; without --password-stdin they cannot sign in until a password is set
    Create {
        /// What they type to sign in; case does not matter
        #[arg(long)]
        username: Username,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
        /// Make them an administrator
        #[arg(long)]
        admin: bool,
        #[command(flatten)]
        profile: Profile,
    },
    /// List all users
    List,
    /// Show a user
    Show {
        /// Their user name
        username: Username,
    },
    /// Set a password; the old one stops working
    SetPassword {
        /// Their user name
        username: Username,
        /// Read the password from standard input
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// Change the profile: --claims replaces all claims, --email and --name one each
    #[command(arg_required_else_help = true)]
    SetClaims {
        /// Their user name
        username: Username,
        #[command(flatten)]
        profile: Profile,
    },
    /// Disable a user: they are signed out everywhere, and nothing they granted works
    Disable {
        /// Their user name
        username: Username,
    },
    /// Enable a disabled user again
    Enable {
        /// Their user name
        username: Username,
    },
    /// Make a user an administrator
    Promote {
        /// Their user name
        username: Username,
    },
    /// Make an administrator an ordinary user again
    Demote {
        /// Their user name
        username: Username,
    },
    /// Delete a user with everything they granted
    Delete {
        /// Their user name
        username: Username,
    },
}

/// Does what the command says.
pub(super) async fn run(command: Command, operator: &Operator) -> anyhow::Result<Answer> {
    let people = &operator.people;
    let actor = Actor::CommandLine;
    let username = match command {
        Command::Create { username, password_stdin, admin, profile } => {
            let password = password_stdin.then(|| standard_input::secret("password")).transpose()?;
            let new = NewUser {
                username,
                password,
                claims: profile.over(&ProfileClaims::default())?,
                administrator: admin,
            };
            let user = people.create(new, actor).await?;
            return Ok(Answer::one(&Account::from(&user))?);
        }
        Command::List => return list(operator).await,
        Command::Delete { username } => {
            let user = named(operator, &username).await?;
            people.delete(user.id, actor).await?;
            let facts = json!({"id": user.id, "username": username, "deleted": true});
            let sentence = format!("the user {} is deleted", username.as_str());
            return Ok(Answer::new(sentence, &facts)?);
        }
        Command::Show { username } => username,
        Command::SetPassword { username, .. } => {
            let user = named(operator, &username).await?;
            let password = standard_input::secret("password")?;
            people.set_password(&user, &password, actor).await?;
            username
        }
        Command::SetClaims { username, profile } => {
            let user = named(operator, &username).await?;
            let claims = profile.over(&user.claims)?;
            let replace = |user: &mut User| {
                user.claims = claims.clone();
                Ok(())
            };
            people.update(user.id, replace, actor).await?;
            username
        }
        Command::Disable { username } => {
            let user = named(operator, &username).await?;
            people.set_enabled(user.id, false, actor).await?;
            username
        }
        Command::Promote { username } => {
            set_administrator(operator, &username, true).await?;
            username
        }
        Command::Demote { username } => {
            set_administrator(operator, &username, false).await?;
            username
        }
        Command::Enable { username } => {
            let user = named(operator, &username).await?;
            people.set_enabled(user.id, true, actor).await?;
            username
        }
    };
    Ok(Answer::one(&Account::from(&named(operator, &username).await?))?)
}

async fn set_administrator(
    operator: &Operator,
    username: &Username,
    administrator: bool,
) -> anyhow::Result<()> {
    let user = named(operator, username).await?;
    let change = |user: &mut User| {
        user.administrator = administrator;
        Ok(())
    };
    operator.people.update(user.id, change, Actor::CommandLine).await?;
    Ok(())
}

async fn named(operator: &Operator, username: &Username) -> anyhow::Result<User> {
    match operator.people.find_by_username(username).await {
        Err(UserAdministrationError::Unknown) => {
            bail!("there is no user with the name {}", username.as_str())
        }
        found => Ok(found?),
    }
}

async fn list(operator: &Operator) -> anyhow::Result<Answer> {
    let mut users: Vec<User> = Vec::new();
    loop {
        let after = users.last().map(|user| user.id);
        let page = operator.data.ports.users.list(after, PAGE).await?;
        if page.is_empty() {
            break;
        }
        users.extend(page);
    }
    let accounts: Vec<_> = users.iter().map(Account::from).collect();
    let columns = ["username", "id", "admin", "has_password", "disabled_at"];
    Ok(Answer::several(&accounts, &columns)?)
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use serde_json::Value;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(subcommand)]
        command: Command,
    }

    fn parse(words: &[&str]) -> Result<Command, clap::Error> {
        Line::try_parse_from([&["user"], words].concat()).map(|line| line.command)
    }

    /// What `set-claims` with these options makes of `kept`.
    fn changed(kept: &Value, options: &[&str]) -> anyhow::Result<Value> {
        let kept: ProfileClaims = serde_json::from_value(kept.clone()).unwrap();
        let Command::SetClaims { profile, .. } = parse(&[&["set-claims", "ada"], options].concat()).unwrap()
        else {
            panic!("not set-claims")
        };
        Ok(serde_json::to_value(profile.over(&kept)?).unwrap())
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
    fn a_file_replaces_all_claims_and_single_ones_win_over_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("claims.json");
        std::fs::write(&file, r#"{"email": "f@example.com", "email_verified": true}"#).unwrap();
        let claims = format!("--claims={}", file.display());
        let kept = json!({"nickname": "gone"});
        assert_eq!(
            changed(&kept, &[&claims, "--name=N"]).unwrap(),
            json!({"email": "f@example.com", "email_verified": true, "name": "N"})
        );
    }

    #[test]
    fn a_file_of_something_else_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("claims.json");
        let claims = format!("--claims={}", file.display());
        for (text, reason) in [
            ("[]", "claims.json is not a JSON object"),
            (r#"{"role": "admin"}"#, "role is not a standard claim"),
            (r#"{"email_verified": "yes"}"#, "email_verified has the wrong type"),
        ] {
            std::fs::write(&file, text).unwrap();
            let error = changed(&json!({}), &[&claims]).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }
}
