//! Subject identifiers: the same for all clients, or another one in each sector (OpenID Connect Core §8).

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::Url;
use uuid::{Builder, Uuid};

use crate::{ClientId, OutboundUri, RedirectUri, UserId};

/// A user's `sub` at one client. It is a UUID, which no client's id is: it can never be taken for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SubjectIdentifier(Uuid);

/// `subject_type` (§8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectType {
    /// Every client knows a user by the same name.
    #[default]
    Public,
    /// Clients of different sectors cannot tell that their users are the same.
    Pairwise,
}

/// The text names no subject type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be public or pairwise")]
pub struct UnknownSubjectType;

/// What a client registered about the subject identifiers of its users.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SubjectChoice {
    /// `subject_type`.
    pub subject_type: SubjectType,
    /// `sector_identifier_uri`: its host is the sector.
    #[serde(deserialize_with = "Option::deserialize")]
    pub sector_identifier_uri: Option<OutboundUri>,
}

/// How a grant names its user to its client. It belongs to the grant: a registration that changes changes only the names in
/// later grants (OpenID Connect Core §12.2, Back-Channel Logout 1.0 §2.4).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Naming {
    /// As every client with public subject identifiers.
    Public,
    /// As the other clients of this sector only.
    Pairwise(Sector),
}

/// The clients that share pairwise subject identifiers (§8.1).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sector {
    /// Every client of this host.
    Host(String),
    /// Only this client: none of its redirect URIs belongs to a host.
    Alone(ClientId),
}

/// Why a client has no sector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoSector {
    /// Its redirect URIs belong to several (§8.1).
    #[error(
        "pairwise subjects need a sector_identifier_uri where the redirect URIs are not all of one https host"
    )]
    SeveralHosts,
    /// The list at that address could have no entry of this client.
    #[error("a sector_identifier_uri is for clients with redirect URIs")]
    NoRedirectUri,
}

impl SubjectIdentifier {
    /// The name of a user that all clients share.
    #[must_use]
    pub const fn public(user: UserId) -> Self {
        Self(user.as_uuid())
    }

    /// The user, unless it is a pairwise name.
    #[must_use]
    pub fn public_user(&self) -> Option<UserId> {
        (self.0.get_version_num() != 8).then(|| self.0.into())
    }

    /// A pairwise name: a UUID of version 8 (RFC 9562 §5.8) of 122 of these bits. A public one has another version.
    #[must_use]
    pub const fn pairwise(bytes: [u8; 16]) -> Self {
        Self(Builder::from_custom_bytes(bytes).into_uuid())
    }
}

impl FromStr for SubjectIdentifier {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self)
    }
}

impl fmt::Display for SubjectIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

impl SubjectType {
    /// Every type there is.
    pub const ALL: [Self; 2] = [Self::Public, Self::Pairwise];

    /// The value on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Pairwise => "pairwise",
        }
    }
}

impl FromStr for SubjectType {
    type Err = UnknownSubjectType;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownSubjectType)
    }
}

impl SubjectChoice {
    /// The sector of a client with this choice; none for public subjects.
    ///
    /// A redirect URI that any application on a device could claim (RFC 8252 §8.6) belongs to no sector: otherwise
    /// all applications on loopback addresses would share one.
    ///
    /// # Errors
    /// [`NoSector`]; for public subjects too if the `sector_identifier_uri` is invalid for them.
    pub fn sector(
        &self,
        client: &ClientId,
        redirect_uris: &[RedirectUri],
    ) -> Result<Option<Sector>, NoSector> {
        if self.sector_identifier_uri.is_some() && redirect_uris.is_empty() {
            return Err(NoSector::NoRedirectUri);
        }
        if self.subject_type == SubjectType::Public {
            return Ok(None);
        }
        let hosts: BTreeSet<Option<String>> = match &self.sector_identifier_uri {
            Some(uri) => [host(uri.as_str())].into(),
            None => redirect_uris.iter().map(RedirectUri::host_of_its_own).collect(),
        };
        let mut hosts = hosts.into_iter();
        match (hosts.next().flatten(), hosts.next()) {
            (_, Some(_)) => Err(NoSector::SeveralHosts),
            (Some(host), None) => Ok(Some(Sector::Host(host))),
            (None, None) => Ok(Some(Sector::Alone(client.clone()))),
        }
    }
}

impl Sector {
    /// A text that no other sector has.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Host(host) => format!("host:{host}"),
            Self::Alone(client) => format!("client:{client}"),
        }
    }
}

fn host(uri: &str) -> Option<String> {
    Url::parse(uri).ok()?.host_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sector(uri: Option<&str>, redirect_uris: &[&str]) -> Result<Option<Sector>, NoSector> {
        let sector_identifier_uri = uri.map(|uri| uri.parse().unwrap());
        let choice = SubjectChoice { subject_type: SubjectType::Pairwise, sector_identifier_uri };
        let redirect_uris: Vec<_> = redirect_uris.iter().map(|uri| uri.parse().unwrap()).collect();
        choice.sector(&"web".parse().unwrap(), &redirect_uris)
    }

    #[test]
    fn the_sector_is_the_host_of_its_address_else_of_all_redirect_uris() {
        let of = |host: &str| Ok(Some(Sector::Host(host.to_owned())));
        assert_eq!(sector(None, &["https://A.example/cb", "https://a.example:8443/x"]), of("a.example"));
        let (uri, both) =
            (Some("https://s.example:9/list"), &["https://a.example/", "https://b.example/"][..]);
        assert_eq!(sector(uri, both), of("s.example"));
        assert_eq!(sector(uri, &["com.example.app:/cb"]), of("s.example"));
        assert_eq!(sector(None, both), Err(NoSector::SeveralHosts));
        assert_eq!(sector(uri, &[]), Err(NoSector::NoRedirectUri));
    }

    #[test]
    fn a_client_whose_redirect_uris_belong_to_nobody_is_alone() {
        let alone = Ok(Some(Sector::Alone("web".parse().unwrap())));
        for uris in [&[][..], &["com.example.app:/cb"], &["http://127.0.0.1/cb", "http://localhost/cb"]] {
            assert_eq!(sector(None, uris), alone);
        }
        assert_eq!(sector(None, &["https://a.example/", "http://[::1]/cb"]), Err(NoSector::SeveralHosts));
    }

    #[test]
    fn public_subjects_need_no_sector() {
        let uris = ["https://a.example/", "https://b.example/"].map(|uri| uri.parse().unwrap());
        assert_eq!(SubjectChoice::default().sector(&"web".parse().unwrap(), &uris), Ok(None));
        let with_list = SubjectChoice {
            sector_identifier_uri: "https://s.example/".parse().ok(),
            ..SubjectChoice::default()
        };
        assert_eq!(with_list.sector(&"web".parse().unwrap(), &uris), Ok(None));
        assert_eq!(with_list.sector(&"web".parse().unwrap(), &[]), Err(NoSector::NoRedirectUri));
    }

    /// Pairwise identifiers are derived from the label: with another one, every user would have another name.
    #[test]
    fn the_label_of_a_sector_never_changes_and_a_host_has_none_of_a_client() {
        assert_eq!(Sector::Host("a.example".to_owned()).label(), "host:a.example");
        assert_eq!(Sector::Alone("a.example".parse().unwrap()).label(), "client:a.example");
    }

    #[test]
    fn a_subject_type_is_public_or_pairwise() {
        assert_eq!(SubjectType::ALL.map(SubjectType::as_str), ["public", "pairwise"]);
        for kind in SubjectType::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        for text in ["Public", "ephemeral", ""] {
            assert_eq!(text.parse::<SubjectType>(), Err(UnknownSubjectType), "{text}");
        }
    }

    #[test]
    fn a_pairwise_identifier_is_no_public_one_and_no_client_id() {
        let pairwise = SubjectIdentifier::pairwise([7; 16]);
        let user = UserId::from_random([7; 16]);
        assert_ne!(pairwise, SubjectIdentifier::public(user));
        assert_eq!(
            (SubjectIdentifier::public(user).public_user(), pairwise.public_user()),
            (Some(user), None)
        );
        assert!(pairwise.to_string().parse::<ClientId>().is_err());
        assert_eq!(pairwise.to_string().parse(), Ok(pairwise));
    }
}
