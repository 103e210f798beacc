//! What an operator has changed in the registration of a client that registered itself. The client's next update must not
//! take it back (RFC 7592 §2.2: the server may replace values).

use std::collections::BTreeSet;

use super::Client;
use super::credentials::AUTHENTICATION_MEMBERS;
use super::localized::localizable;
use super::member::{Access, Member};
use super::members::MEMBERS;
use super::policy::Policy;

/// `after`, which remembers the members that differ from `before` if an operator changed them. What only operators may set
/// needs no mark.
pub(super) fn remember(before: &Client, mut after: Client, policy: &Policy<'_>) -> Client {
    let changed = changed(before, &after);
    if let Some(registration) = after.registration.as_mut().filter(|_| !policy.registrant.is_client()) {
        registration.set_by_operator.extend(changed.into_iter().map(str::to_owned));
    }
    after
}

/// Whether the registrant may set this member of the client `before`.
pub(super) fn may_set(policy: &Policy<'_>, before: Option<&Client>, member: &Member) -> bool {
    let by_operator = before
        .and_then(|before| before.registration.as_ref())
        .is_some_and(|registration| registration.set_by_operator.contains(member.name));
    !policy.registrant.is_client() || (member.access == Access::Everyone && !by_operator)
}

/// Puts back the names and links in several languages of the members that the registrant may not set.
pub(super) fn restore_localized(policy: &Policy<'_>, before: &Client, after: &mut Client) {
    let is_fixed =
        |name: &String| localizable(name).is_some_and(|(member, _)| !may_set(policy, Some(before), member));
    let localized = &mut after.details.localized;
    localized.retain(|name, _| !is_fixed(name));
    let kept = before.details.localized.iter().filter(|(name, _)| is_fixed(name));
    localized.extend(kept.map(|(name, text)| (name.clone(), text.clone())));
}

/// Whether a client that changed itself is still the one that an operator trusted: nothing differs except its contacts and the
/// version of its software.
pub(super) fn is_the_same(before: &Client, after: &Client) -> bool {
    changed(before, after).iter().all(|member| ["contacts", "software_version"].contains(member))
}

fn changed(before: &Client, after: &Client) -> BTreeSet<&'static str> {
    let differs =
        |member: &&Member| member.access == Access::Everyone && member.value(before) != member.value(after);
    let mut changed: BTreeSet<_> = MEMBERS.iter().filter(differs).map(|member| member.name).collect();
    if AUTHENTICATION_MEMBERS.iter().any(|name| changed.contains(name)) {
        changed.extend(AUTHENTICATION_MEMBERS);
    }
    let (old, new) = (&before.details.localized, &after.details.localized);
    let texts = old.keys().chain(new.keys()).filter(|name| old.get(*name) != new.get(*name));
    changed.extend(texts.filter_map(|name| localizable(name)).map(|(member, _)| member.name));
    changed
}
