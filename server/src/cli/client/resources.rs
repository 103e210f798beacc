//! The options about the resources a client may ask for (RFC 8707).

use clap::Args;
use domain::ResourceIdentifier;
use domain::client::ClientResources;

#[derive(Debug, Clone, Args)]
pub(super) struct Resources {
    /// A resource it may ask for tokens for, as `resource create` registered it; repeat for several
    #[arg(long = "resource", value_name = "URI")]
    allowed: Vec<ResourceIdentifier>,
    /// The one of its resources that its tokens are for when it names none; without it, they are for this server
    #[arg(long = "default-resource", value_name = "URI")]
    default: Option<ResourceIdentifier>,
    /// It may ask for no resource but this server, and has no default
    #[arg(long, conflicts_with_all = ["allowed", "default"])]
    no_resources: bool,
}

impl Resources {
    /// What is not given stays as it is.
    pub(super) fn apply(self, resources: &mut ClientResources) {
        if self.no_resources {
            *resources = ClientResources::default();
        }
        if !self.allowed.is_empty() {
            resources.allowed = self.allowed.into_iter().collect();
        }
        if self.default.is_some() {
            resources.default = self.default;
        }
    }

    pub(super) fn of_a_new_client(self) -> ClientResources {
        let mut resources = ClientResources::default();
        self.apply(&mut resources);
        resources
    }
}
