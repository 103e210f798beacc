//! Groups of users.

use std::collections::btree_map::Entry;
use std::ops::Bound::{Excluded, Unbounded};

use application::port::{ChangedMembers, Groups, InsertedGroup, MembershipChange, Unavailable};
use async_trait::async_trait;
use domain::{AuditEvent, ClientId, Group, GroupName, User, UserId};

use crate::MemoryStore;

#[async_trait]
impl Groups for MemoryStore {
    async fn insert(&self, group: &Group, event: &AuditEvent) -> Result<InsertedGroup, Unavailable> {
        let mut guard = self.state();
        let state = &mut *guard;
        match state.groups.entry(group.name.key()) {
            Entry::Occupied(_) => Ok(InsertedGroup::NameTaken),
            Entry::Vacant(vacant) => {
                vacant.insert(group.clone());
                state.audit_events.push(event.clone());
                Ok(InsertedGroup::Done)
            }
        }
    }

    async fn amend(&self, before: &Group, after: &Group, event: &AuditEvent) -> Result<bool, Unavailable> {
        let mut state = self.state();
        match state.groups.get_mut(&before.name.key()) {
            Some(kept) if kept == before => {
                *kept = Group {
                    id: before.id,
                    name: before.name.clone(),
                    created_at: before.created_at,
                    ..after.clone()
                };
            }
            Some(_) | None => return Ok(false),
        }
        state.audit_events.push(event.clone());
        Ok(true)
    }

    async fn delete(&self, name: &GroupName, event: &AuditEvent) -> Result<bool, Unavailable> {
        let mut state = self.state();
        let Some(group) = state.groups.remove(&name.key()) else {
            return Ok(false);
        };
        state.group_members.retain(|(_, of)| *of != group.id);
        for allowed in state.clients.values_mut().filter_map(|client| client.allowed_groups.as_mut()) {
            allowed.retain(|allowed| allowed.key() != group.name.key());
        }
        state.end_entry(event.at);
        state.audit_events.push(event.clone());
        Ok(true)
    }

    async fn change_members(
        &self,
        group: &GroupName,
        change: MembershipChange<'_>,
        event: &AuditEvent,
    ) -> Result<ChangedMembers, Unavailable> {
        let mut state = self.state();
        let Some(group) = state.groups.get(&group.key()).map(|group| group.id) else {
            return Ok(ChangedMembers::NoSuchGroup);
        };
        let changed = match change {
            MembershipChange::Add(users) => {
                if let Some(unknown) = users.iter().find(|user| !state.users.contains_key(user)) {
                    return Ok(ChangedMembers::NoSuchUser(*unknown));
                }
                users.iter().filter(|user| state.group_members.insert((**user, group))).count()
            }
            MembershipChange::Remove(users) => {
                users.iter().filter(|user| state.group_members.remove(&(**user, group))).count()
            }
        };
        if changed > 0 {
            state.end_entry(event.at);
            state.audit_events.push(event.clone());
        }
        Ok(ChangedMembers::Done(changed as u64))
    }

    async fn find(&self, name: &GroupName) -> Result<Option<Group>, Unavailable> {
        Ok(self.state().groups.get(&name.key()).cloned())
    }

    async fn list(&self, after: Option<&GroupName>, limit: u32) -> Result<Vec<Group>, Unavailable> {
        let state = self.state();
        let range = (after.map_or(Unbounded, |name| Excluded(name.key())), Unbounded);
        let page = state.groups.range::<String, _>(range).take(limit as usize);
        Ok(page.map(|(_, group)| group.clone()).collect())
    }

    async fn members(
        &self,
        group: &GroupName,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<User>, Unavailable> {
        let state = self.state();
        let Some(group) = state.groups.get(&group.key()).map(|group| group.id) else {
            return Ok(Vec::new());
        };
        let members = state.group_members.iter().filter(|(user, of)| *of == group && Some(*user) > after);
        let users = members.filter_map(|(user, _)| state.users.get(user));
        Ok(users.take(limit as usize).cloned().collect())
    }

    async fn admits(&self, user: UserId, client: &ClientId) -> Result<bool, Unavailable> {
        Ok(self.state().may_enter(user, client))
    }

    async fn of_user(&self, user: UserId) -> Result<Vec<Group>, Unavailable> {
        let state = self.state();
        let is_member = |group: &&Group| state.group_members.contains(&(user, group.id));
        Ok(state.groups.values().filter(is_member).cloned().collect())
    }
}
