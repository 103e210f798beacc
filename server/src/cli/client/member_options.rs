//! Every member of the registration document as an option of its own: `--logo-uri URI` is `--set logo_uri=URI`.

use clap::builder::ArgAction;
use clap::{Arg, ArgMatches, Args, Command, Error, FromArgMatches};
use domain::client::{Form, MEMBERS, Member};

/// Members that have an option of this name already, with help of its own.
const DESCRIBED: [&str; 9] = [
    "redirect_uris",
    "post_logout_redirect_uris",
    "scope",
    "resources",
    "allowed_groups",
    "first_party",
    "resource_server",
    "administrative",
    "require_pkce",
];

/// The given options, with their values in the order of the members.
#[derive(Debug, Clone, Default)]
pub(super) struct MemberOptions(pub(super) Vec<(&'static Member, String)>);

impl FromArgMatches for MemberOptions {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let given = members().flat_map(|member| {
            let values = matches.get_many::<String>(member.name).unwrap_or_default();
            values.map(move |value| (member, value.clone()))
        });
        Ok(Self(given.collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for MemberOptions {
    fn augment_args(command: Command) -> Command {
        members().fold(command, |command, member| command.arg(option(member)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn members() -> impl Iterator<Item = &'static Member> {
    MEMBERS.iter().filter(|member| !DESCRIBED.contains(&member.name))
}

/// The option of a member. A flag needs no value. The help does not list these options; `--set` describes them.
fn option(member: &'static Member) -> Arg {
    let option = Arg::new(member.name).long(member.name.replace('_', "-")).hide(true);
    match member.form {
        Form::Flag => option.num_args(0..=1).require_equals(true).default_missing_value("true"),
        Form::List => option.action(ArgAction::Append),
        Form::Text | Form::Number | Form::Object => option,
    }
}
