//! By which names a client knows users (OpenID Connect Core §8).

use clap::Args;
use domain::OutboundUri;
use domain::outbound_uri::InvalidOutboundUri;
use domain::subject::{SubjectChoice, SubjectType};

/// What is not given stays as it is.
#[derive(Debug, Clone, Args)]
pub(super) struct Subject {
    /// By which names it knows users: public (a new client's default), the same as other clients, or pairwise, which
    /// only clients of its host share. A change gives its users other names
    #[arg(long, value_name = "TYPE")]
    subject_type: Option<SubjectType>,
    /// Whose host shares pairwise names instead: the address of a JSON list of redirect URIs; empty for none
    #[arg(long, value_name = "URI", value_parser = address)]
    sector_identifier_uri: Option<Address>,
}

/// An address, or that there is none from now on.
#[derive(Debug, Clone)]
enum Address {
    At(OutboundUri),
    Nowhere,
}

fn address(text: &str) -> Result<Address, InvalidOutboundUri> {
    if text.is_empty() { Ok(Address::Nowhere) } else { text.parse().map(Address::At) }
}

impl Subject {
    /// What was said over what was there.
    pub(super) fn onto(self, kept: SubjectChoice) -> SubjectChoice {
        SubjectChoice {
            subject_type: self.subject_type.unwrap_or(kept.subject_type),
            sector_identifier_uri: match self.sector_identifier_uri {
                None => kept.sector_identifier_uri,
                Some(Address::Nowhere) => None,
                Some(Address::At(uri)) => Some(uri),
            },
        }
    }
}
