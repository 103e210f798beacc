//! Creating, changing, filling and deleting groups.

use std::sync::Arc;

use domain::group::GroupClaims;
use domain::{AuditEvent, Author, Changes, Group, GroupId, GroupName, User, UserId};
use serde_json::{Map, Value};

use super::document::{GroupDocument, ShownGroup};
use super::error::GroupAdministrationError;
use crate::context::Context;
use crate::error::Error;
use crate::port::{ChangedMembers, Groups, InsertedGroup, MembershipChange};

/// How often a change is tried while other requests change the same group.
const MAX_ATTEMPTS: usize = 16;
/// The most members that one audit event can name.
const MAX_NAMED_MEMBERS: usize = 64;

/// Administers groups.
pub struct GroupAdministration {
    /// The groups and their members.
    pub groups: Arc<dyn Groups>,
    /// The clock, and entropy for ids.
    pub context: Context,
}

impl GroupAdministration {
    /// Creates a group without members.
    ///
    /// # Errors
    /// [`GroupAdministrationError`]; then no group is created.
    pub async fn create(
        &self,
        mut document: GroupDocument,
        author: impl Into<Author> + Send,
    ) -> Result<Group, GroupAdministrationError> {
        let now = self.context.now();
        let mut group = Group {
            id: GroupId::ordered(now, self.context.entropy.bytes()),
            name: document.take_name()?,
            display_name: None,
            description: None,
            claims: GroupClaims::default(),
            created_at: now,
            updated_at: now,
        };
        document.apply(&mut group)?;
        let event = AuditEvent::new(now, author, "group.create", &group.name);
        let event = event.with_changes(Changes::new_object(&members(&group)));
        match self.groups.insert(&group, &event).await.map_err(Error::from)? {
            InsertedGroup::Done => Ok(group),
            InsertedGroup::NameTaken => Err(GroupAdministrationError::NameTaken(group.name.to_string())),
        }
    }

    /// Finds the group with this name in any case.
    ///
    /// # Errors
    /// [`GroupAdministrationError::Unknown`] if there is none.
    pub async fn find(&self, name: &GroupName) -> Result<Group, GroupAdministrationError> {
        self.groups.find(name).await.map_err(Error::from)?.ok_or(GroupAdministrationError::Unknown)
    }

    /// Lists up to `limit` groups in the order of their names in lower case, from the one after `after` on.
    ///
    /// # Errors
    /// [`GroupAdministrationError::Failed`] only.
    pub async fn list(
        &self,
        after: Option<&GroupName>,
        limit: u32,
    ) -> Result<Vec<Group>, GroupAdministrationError> {
        Ok(self.groups.list(after, limit).await.map_err(Error::from)?)
    }

    /// Changes a group as `change` does. Concurrent changes are not lost: `change` is called again if another request changed
    /// the group first.
    ///
    /// # Errors
    /// [`GroupAdministrationError`]; then nothing is changed.
    pub async fn update(
        &self,
        name: &GroupName,
        change: impl Fn(&mut Group) -> Result<(), GroupAdministrationError> + Send + Sync,
        author: impl Into<Author> + Send,
    ) -> Result<Group, GroupAdministrationError> {
        let author = author.into();
        for _ in 0..MAX_ATTEMPTS {
            let before = self.find(name).await?;
            let mut after = before.clone();
            change(&mut after)?;
            if after == before {
                return Ok(before);
            }
            let now = self.context.now();
            after.updated_at = now;
            let event = AuditEvent::new(now, author.clone(), "group.update", &before.name)
                .with_changes(Changes::between(&members(&before), &members(&after)));
            if self.groups.amend(&before, &after, &event).await.map_err(Error::from)? {
                return Ok(after);
            }
        }
        Err(GroupAdministrationError::Contended)
    }

    /// Deletes a group. Its members lose what only this group gave them.
    ///
    /// # Errors
    /// [`GroupAdministrationError::Unknown`] if there is none.
    pub async fn delete(
        &self,
        name: &GroupName,
        author: impl Into<Author> + Send,
    ) -> Result<(), GroupAdministrationError> {
        let found = self.find(name).await?;
        let event = AuditEvent::new(self.context.now(), author, "group.delete", name)
            .with_changes(Changes::between(&members(&found), &Map::new()));
        match self.groups.delete(name, &event).await.map_err(Error::from)? {
            true => Ok(()),
            false => Err(GroupAdministrationError::Unknown),
        }
    }

    /// Adds users to a group and returns the number of new members. Users are added in batches, each with its audit event.
    ///
    /// # Errors
    /// [`GroupAdministrationError`]; then the users of the failed batch and of all later batches are not added.
    pub async fn add(
        &self,
        name: &GroupName,
        users: &[User],
        author: impl Into<Author> + Send,
    ) -> Result<u64, GroupAdministrationError> {
        self.change_members(name, users, Direction::Add, author.into()).await
    }

    /// Removes users from a group and returns how many were members. Their grants at applications that only this group let them
    /// enter are revoked at once.
    ///
    /// # Errors
    /// [`GroupAdministrationError`]; then the users of the failed batch and of all later batches stay members.
    pub async fn remove(
        &self,
        name: &GroupName,
        users: &[User],
        author: impl Into<Author> + Send,
    ) -> Result<u64, GroupAdministrationError> {
        self.change_members(name, users, Direction::Remove, author.into()).await
    }

    /// How many memberships have changed. One audit event names at most [`MAX_NAMED_MEMBERS`] users.
    async fn change_members(
        &self,
        name: &GroupName,
        users: &[User],
        direction: Direction,
        author: Author,
    ) -> Result<u64, GroupAdministrationError> {
        let mut changed = 0;
        for users in users.chunks(MAX_NAMED_MEMBERS) {
            let (ids, named, none) = (ids(users), named(users), Map::new());
            let (action, change, changes) = match direction {
                Direction::Add => ("group.add", MembershipChange::Add(&ids), Changes::between(&none, &named)),
                Direction::Remove => {
                    ("group.remove", MembershipChange::Remove(&ids), Changes::between(&named, &none))
                }
            };
            let event =
                AuditEvent::new(self.context.now(), author.clone(), action, name).with_changes(changes);
            changed += match self.groups.change_members(name, change, &event).await.map_err(Error::from)? {
                ChangedMembers::Done(changed) => changed,
                ChangedMembers::NoSuchGroup => return Err(GroupAdministrationError::Unknown),
                ChangedMembers::NoSuchUser(_) => return Err(GroupAdministrationError::UnknownUser),
            };
        }
        Ok(changed)
    }

    /// Up to `limit` members in the order of their ids, from the one after `after` on.
    ///
    /// # Errors
    /// [`GroupAdministrationError::Unknown`] if there is no such group.
    pub async fn members(
        &self,
        name: &GroupName,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<User>, GroupAdministrationError> {
        let found = self.find(name).await?;
        Ok(self.groups.members(&found.name, after, limit).await.map_err(Error::from)?)
    }

    /// Every group of a user, in the order of their names in lower case.
    ///
    /// # Errors
    /// [`GroupAdministrationError::Failed`] only.
    pub async fn of_user(&self, user: UserId) -> Result<Vec<Group>, GroupAdministrationError> {
        Ok(self.groups.of_user(user).await.map_err(Error::from)?)
    }
}

/// Whether users become members of a group or stop being members.
#[derive(Clone, Copy)]
enum Direction {
    Add,
    Remove,
}

/// What an administrator sees of a group, for the audit trail.
fn members(group: &Group) -> Map<String, Value> {
    let shown = serde_json::to_value(ShownGroup::from(group)).unwrap_or_default();
    let mut members = shown.as_object().cloned().unwrap_or_default();
    members.retain(|name, _| name != "created_at" && name != "updated_at");
    members
}

/// The names of users by their ids, for the audit trail.
fn named(users: &[User]) -> Map<String, Value> {
    users.iter().map(|user| (user.id.to_string(), user.username.as_str().into())).collect()
}

fn ids(users: &[User]) -> Vec<UserId> {
    users.iter().map(|user| user.id).collect()
}
