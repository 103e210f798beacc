//! Groups of users and their members.

use async_trait::async_trait;
use domain::{AuditEvent, ClientId, Group, GroupName, User, UserId};

use super::Unavailable;

/// The outcome of an insertion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InsertedGroup {
    /// The group is added.
    Done,
    /// Another group has the name, in any case. Nothing changed.
    NameTaken,
}

/// A change of the members of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MembershipChange<'a> {
    /// These users are members from now on.
    Add(&'a [UserId]),
    /// These users are members no longer.
    Remove(&'a [UserId]),
}

/// The outcome of such a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangedMembers {
    /// So many users were added or removed; the others were members, or were none, before. If there is none, no event is
    /// recorded.
    Done(u64),
    /// There is no such group. Nothing changed.
    NoSuchGroup,
    /// This user, who was to be added, does not exist. Nothing changed.
    NoSuchUser(UserId),
}

/// Keeps groups and their members. Every write records its audit event in the same transaction. A write that is refused
/// records none.
#[async_trait]
pub trait Groups: Send + Sync {
    /// Adds a group without members: of any number of concurrent calls for one name, in any case, exactly one is
    /// [`InsertedGroup::Done`].
    async fn insert(&self, group: &Group, event: &AuditEvent) -> Result<InsertedGroup, Unavailable>;

    /// Replaces the display name, description, claims and `updated_at` of a group if it is still `before`. It is false, and
    /// nothing changes, if the group was changed or deleted since. Of any number of concurrent calls with one `before`, at most
    /// one is true.
    async fn amend(&self, before: &Group, after: &Group, event: &AuditEvent) -> Result<bool, Unavailable>;

    /// Deletes a group. It is false if there is no such group. Nobody is a member from then on, also if another group gets the
    /// name. Clients that allowed the group do not name it any more: one that allowed no other lets nobody enter. What users
    /// granted to them who may no longer enter is revoked.
    async fn delete(&self, name: &GroupName, event: &AuditEvent) -> Result<bool, Unavailable>;

    /// Adds members to a group, or removes them. Users who are deleted are in no group from then on. What users who are removed
    /// granted to clients that do not let them enter any more is revoked, also what they approved before and is recorded only
    /// later. It stays revoked if they become members again.
    async fn change_members(
        &self,
        group: &GroupName,
        change: MembershipChange<'_>,
        event: &AuditEvent,
    ) -> Result<ChangedMembers, Unavailable>;

    /// Finds the group with this name in any case.
    async fn find(&self, name: &GroupName) -> Result<Option<Group>, Unavailable>;

    /// Up to `limit` groups in the order of their names in lower case, after the name `after`.
    async fn list(&self, after: Option<&GroupName>, limit: u32) -> Result<Vec<Group>, Unavailable>;

    /// Up to `limit` members of a group in the order of their ids, after the id `after`; none if there is no such group.
    async fn members(
        &self,
        group: &GroupName,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<User>, Unavailable>;

    /// Whether a client lets this user enter: it names no groups, or the user is a member of one of them. False if there is no
    /// such client.
    async fn admits(&self, user: UserId, client: &ClientId) -> Result<bool, Unavailable>;

    /// Every group that this user is a member of, in the order of their names in lower case, with one look-up.
    async fn of_user(&self, user: UserId) -> Result<Vec<Group>, Unavailable>;
}
