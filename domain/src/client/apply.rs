//! Makes a client of a draft, or changes one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::credentials::AUTHENTICATION_MEMBERS;
use super::identity::{check_chosen_secret, check_same_id, check_same_secret, chosen_id};
use super::input::Input;
use super::member::Member;
use super::members::MEMBERS;
use super::policy::Policy;
use super::problem::{Problem, Problems};
use super::rules::{Change, RULES};
use super::{Client, ClientDraft, localized, operator_choices, unsupported};
use crate::Digest;

impl ClientDraft {
    /// Makes a new client. `empty` has its id, unless an operator chose one, and, if it registers itself, its
    /// registration token and limits. `new_secret` is the stored form of its secret, if it gets one.
    ///
    /// # Errors
    /// All problems of the draft.
    pub fn create(&self, empty: Client, policy: &Policy<'_>, new_secret: Digest) -> Result<Client, Problems> {
        let document = input(self.members(), policy, new_secret);
        let mut applied = Applied::new(empty);
        match chosen_id(&document) {
            Ok(chosen) => applied.client.id = chosen.unwrap_or(applied.client.id),
            Err(problem) => applied.problems.push(problem),
        }
        applied.problems.extend(unsupported::check(&document));
        let read: Vec<_> = settable(policy, None).collect();
        applied.read(&read, &document);
        applied.localize(&document, BTreeMap::new());
        if !applied.failed.contains(AUTHENTICATION_MEMBERS[0]) {
            applied.problems.extend(check_chosen_secret(&document, &applied.client).err());
        }
        applied.judge(&read, None, self.members(), policy)
    }

    /// `before` with the registration of this draft in place of the one it has: a member that the draft does not name
    /// gets its default (RFC 7592 §2.2). Members that the registrant may not set stay, and so does the secret.
    ///
    /// # Errors
    /// Everything that is wrong with the draft.
    pub fn replace(
        &self,
        before: &Client,
        policy: &Policy<'_>,
        new_secret: Digest,
    ) -> Result<Client, Problems> {
        let document = input(self.members(), policy, new_secret);
        let mut applied = Applied::changing(before, &document);
        let read: Vec<_> = settable(policy, Some(before)).collect();
        applied.read(&read, &document);
        applied.localize(&document, BTreeMap::new());
        operator_choices::restore_localized(policy, before, &mut applied.client);
        let client = &mut applied.client;
        if policy.registrant.is_client() {
            // The operator trusted the client as it was. Now users are asked for consent again.
            let is_trusted = operator_choices::is_the_same(before, client);
            client.resource_server &= is_trusted;
            client.first_party &= is_trusted;
        }
        applied.judge(&read, Some(before), self.members(), policy)
    }

    /// `before` with the members that this draft names; `null` sets a member to its default (RFC 7396). A member that
    /// the draft does not name stays as it is, and is not judged again.
    ///
    /// # Errors
    /// Everything that is wrong with the draft.
    pub fn patch(
        &self,
        before: &Client,
        policy: &Policy<'_>,
        new_secret: Digest,
    ) -> Result<Client, Problems> {
        let whole = self.over(before);
        let named = input(self.members(), policy, new_secret);
        let mut applied = Applied::changing(before, &named);
        applied.localize(&named, before.details.localized.clone());
        let with_keys = AUTHENTICATION_MEMBERS.iter().any(|name| self.members().contains_key(*name));
        let is_named = |member: &&Member| {
            self.members().contains_key(member.name)
                || (with_keys && AUTHENTICATION_MEMBERS.contains(&member.name))
        };
        let read: Vec<_> = settable(policy, Some(before)).filter(is_named).collect();
        applied.read(&read, &input(&whole, policy, new_secret));
        applied.judge(&read, Some(before), self.members(), policy)
    }

    /// The document of `before`, with the members of this draft replaced.
    fn over(&self, before: &Client) -> Map<String, Value> {
        let written =
            MEMBERS.iter().filter_map(|member| Some((member.name.to_owned(), member.value(before)?)));
        let mut whole: Map<String, Value> = written.collect();
        // The two exclude each other: one that is set replaces the other.
        for (set, other) in [("jwks", "jwks_uri"), ("jwks_uri", "jwks")] {
            if self.members().get(set).is_some_and(|value| !value.is_null()) {
                whole.remove(other);
            }
        }
        whole.extend(self.members().clone());
        whole
    }
}

/// A client whose members are being read.
struct Applied {
    client: Client,
    problems: Vec<Problem>,
    /// The members that could not be read.
    failed: BTreeSet<&'static str>,
}

impl Applied {
    const fn new(client: Client) -> Self {
        Self { client, problems: Vec::new(), failed: BTreeSet::new() }
    }

    fn changing(before: &Client, document: &Input<'_>) -> Self {
        let mut applied = Self::new(before.clone());
        applied.problems.extend(check_same_id(document, before).err());
        applied.problems.extend(check_same_secret(document, before).err());
        applied.problems.extend(unsupported::check(document));
        applied
    }

    fn read(&mut self, members: &[&Member], document: &Input<'_>) {
        for member in members {
            let read = (member.read)(&document.member(member.name), &mut self.client);
            if let Err(problem) = read {
                self.failed.insert(member.name);
                // Members that are read together report the same problem.
                if !self.problems.contains(&problem) {
                    self.problems.push(problem);
                }
            }
        }
    }

    /// Reads the names and links in each language, beside those that are `kept`.
    fn localize(&mut self, document: &Input<'_>, kept: BTreeMap<String, String>) {
        match localized::read(document, kept) {
            Ok(localized) => self.client.details.localized = localized,
            Err(problem) => self.problems.push(problem),
        }
    }

    /// Applies the rules between members that involve a member which was `read`, if none of their members failed.
    fn judge(
        mut self,
        read: &[&Member],
        before: Option<&Client>,
        said: &Map<String, Value>,
        policy: &Policy<'_>,
    ) -> Result<Client, Problems> {
        let change = Change { before, after: &self.client, said, policy };
        for rule in RULES {
            let is_touched = read.iter().any(|member| rule.members.contains(&member.name));
            let has_failed = rule.members.iter().any(|name| self.failed.contains(name));
            if is_touched && !has_failed {
                self.problems.extend((rule.check)(&change));
            }
        }
        let client = |()| match before {
            Some(before) => operator_choices::remember(before, self.client, policy),
            None => self.client,
        };
        Problems::check(self.problems).map(client)
    }
}

fn input<'a>(document: &'a Map<String, Value>, policy: &'a Policy<'a>, new_secret: Digest) -> Input<'a> {
    Input { member: "", document, policy, new_secret }
}

/// The members that the registrant may set of the client `before`, or of a new one.
fn settable<'a>(
    policy: &'a Policy<'a>,
    before: Option<&'a Client>,
) -> impl Iterator<Item = &'static Member> + use<'a> {
    MEMBERS.iter().filter(move |member| operator_choices::may_set(policy, before, member))
}
