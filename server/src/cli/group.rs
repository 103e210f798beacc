//! `group …`: manages groups of users.

use std::path::PathBuf;

use anyhow::bail;
use application::users::groups::{GroupAdministrationError, GroupDocument, ShownGroup};
use clap::{Args, Subcommand};
use domain::{Actor, Group, GroupName, SignInName, User};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::operator::Operator;
use super::pages::{PAGE_SIZE, all};
use super::user::{find_user, read_claims};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create a group without members
    Create {
        /// Name that applications find in the claim `groups`. It stays; case does not matter when you name it
        group: GroupName,
        #[command(flatten)]
        options: Options,
    },
    /// List all groups
    List,
    /// Show a group and its members
    Show {
        /// Name of the group
        group: GroupName,
    },
    /// Change a group: options that are not given stay unchanged; an empty value removes the old one
    #[command(arg_required_else_help = true)]
    Update {
        /// Name of the group
        group: GroupName,
        #[command(flatten)]
        options: Options,
    },
    /// Delete a group; its members lose access at once to applications that only this group allowed
    Delete {
        /// Name of the group
        group: GroupName,
    },
    /// Add users to a group
    Add {
        /// Name of the group
        group: GroupName,
        /// User names or e-mail addresses
        #[arg(required = true, value_name = "USER")]
        users: Vec<SignInName>,
    },
    /// Remove users from a group; they lose access at once to applications that only this group allowed
    Remove {
        /// Name of the group
        group: GroupName,
        /// User names or e-mail addresses
        #[arg(required = true, value_name = "USER")]
        users: Vec<SignInName>,
    },
}

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Name for people
    #[arg(long, value_name = "TEXT")]
    display_name: Option<String>,
    /// What the group is for
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// File with a JSON object of claims that every member has, such as {"role": "editor", "quota": null}; null removes a claim
    #[arg(long, value_name = "FILE")]
    claims: Option<PathBuf>,
}

impl Options {
    fn document(self) -> anyhow::Result<Map<String, Value>> {
        let claims = self.claims.as_deref().map(read_claims).transpose()?;
        let members = [
            ("display_name", self.display_name.map(Value::from)),
            ("description", self.description.map(Value::from)),
            ("claims", claims.map(Value::from)),
        ];
        Ok(members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
    }
}

/// A group in an answer.
#[derive(Serialize)]
struct WithMembers<'a> {
    #[serde(flatten)]
    group: ShownGroup<'a>,
    members: Vec<&'a str>,
}

/// Runs the command.
pub(super) async fn run(command: Command, operator: &Operator) -> anyhow::Result<Answer> {
    let (groups, actor) = (&operator.groups, Actor::CommandLine);
    let name = match command {
        Command::Create { group, options } => {
            let mut document = options.document()?;
            document.insert("name".to_owned(), group.as_str().into());
            groups.create(GroupDocument::new(document), actor).await?;
            group
        }
        Command::List => return list(operator).await,
        Command::Show { group } => group,
        Command::Update { group, options } => {
            find(operator, &group).await?;
            let document = GroupDocument::new(options.document()?);
            let change = |group: &mut Group| Ok(document.clone().apply(group)?);
            groups.update(&group, change, actor).await?;
            group
        }
        Command::Delete { group } => {
            let name = find(operator, &group).await?.name;
            groups.delete(&group, actor).await?;
            return Ok(Answer::new(
                format!("the group {name} is deleted"),
                &json!({"name": name, "deleted": true}),
            )?);
        }
        Command::Add { group, users } => {
            find(operator, &group).await?;
            groups.add(&group, &find_all(operator, &users).await?, actor).await?;
            group
        }
        Command::Remove { group, users } => {
            find(operator, &group).await?;
            groups.remove(&group, &find_all(operator, &users).await?, actor).await?;
            group
        }
    };
    show(operator, &name).await
}

async fn show(operator: &Operator, name: &GroupName) -> anyhow::Result<Answer> {
    let group = find(operator, name).await?;
    let groups = &operator.data.ports.groups;
    let page =
        async |last: Option<&User>| groups.members(&group.name, last.map(|user| user.id), PAGE_SIZE).await;
    let users = all(page).await?;
    let mut members: Vec<_> = users.iter().map(|user| user.username.as_str()).collect();
    members.sort_unstable();
    Ok(Answer::one(&WithMembers { group: ShownGroup::from(&group), members })?)
}

async fn list(operator: &Operator) -> anyhow::Result<Answer> {
    let groups = &operator.data.ports.groups;
    let page = async |last: Option<&Group>| groups.list(last.map(|group| &group.name), PAGE_SIZE).await;
    let groups = all(page).await?;
    let shown: Vec<_> = groups.iter().map(ShownGroup::from).collect();
    Ok(Answer::several(&shown, &["name", "display_name", "description", "created_at"])?)
}

async fn find(operator: &Operator, name: &GroupName) -> anyhow::Result<Group> {
    match operator.groups.find(name).await {
        Err(GroupAdministrationError::Unknown) => {
            bail!("unknown group: {name}; `group list` shows all groups")
        }
        found => Ok(found?),
    }
}

/// All of these users. If one is unknown, nothing has happened yet.
async fn find_all(operator: &Operator, names: &[SignInName]) -> anyhow::Result<Vec<User>> {
    let mut users = Vec::with_capacity(names.len());
    for name in names {
        users.push(find_user(operator, name).await?);
    }
    Ok(users)
}
