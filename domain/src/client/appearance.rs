//! The parts of a client that users see on the consent page. If a client changes them, earlier consents end.

use std::collections::{BTreeMap, BTreeSet};

use super::Client;
use crate::Digest;

/// The members that the consent page shows: the name, the logo, the links, and all of them in other languages.
type Shown<'a> = ([&'a Option<String>; 4], &'a BTreeMap<String, String>);

impl Client {
    /// Whether consents to this client stay valid after the change. They do not if its subject identifiers change. A
    /// client that registered itself must not show itself in another way either, redirect to other hosts, or have a wider
    /// scope: no operator vouches for the change.
    #[must_use]
    pub fn keeps_consents_as(&self, after: &Self) -> bool {
        let is_same = || {
            self.shown() == after.shown()
                && after.destinations().is_subset(&self.destinations())
                && after.scope.is_subset_of(&self.scope)
        };
        self.naming() == after.naming() && (after.registration.is_none() || is_same())
    }

    /// The digest of the client's members that the consent page shows.
    #[must_use]
    pub fn appearance(&self) -> Digest {
        let (texts, localized) = self.shown();
        let texts =
            texts.into_iter().flat_map(|text| [text.is_some().to_string(), text.clone().unwrap_or_default()]);
        let localized = localized.iter().flat_map(|(name, text)| [name.clone(), text.clone()]);
        let parts: Vec<_> = texts.chain(localized).collect();
        Digest::of_parts(&parts.iter().map(String::as_bytes).collect::<Vec<_>>())
    }

    const fn shown(&self) -> Shown<'_> {
        let texts = [&self.name, &self.logo_uri, &self.policy_uri, &self.tos_uri];
        (texts, &self.details.localized)
    }

    fn destinations(&self) -> BTreeSet<String> {
        self.redirect_uris.iter().map(|uri| uri.verified().destination()).collect()
    }

    /// The text that lists are ordered by: the name in lower case, or the id of a client without one, and then the id, so that no two
    /// clients share it.
    #[must_use]
    pub fn name_key(&self) -> String {
        format!("{}\u{1}{}", self.name.as_deref().unwrap_or(self.id.as_str()).to_lowercase(), self.id)
    }

    /// Whether an operator vouches for it: an operator registered it, or marked it as their own.
    #[must_use]
    pub const fn is_vetted(&self) -> bool {
        self.registration.is_none() || self.first_party
    }
}
