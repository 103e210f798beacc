//! The registration document that the options of a command make.

use std::fs;
use std::io::{self, Read};

use anyhow::{anyhow, bail};
use application::client::document::ANSWERED;
use clap::Args;
use clap::builder::PossibleValuesParser;
use domain::GrantType;
use domain::client::{ClientDraft, MEMBERS, Member, localizable};
use serde_json::Value;

use super::member_options::MemberOptions;

/// The minimum similarity of an existing name, for a suggestion.
const MIN_LIKENESS: f64 = 0.6;

/// The options of `client create` and `client update`. Each sets one member of the document; `--set` sets any of them.
#[derive(Debug, Clone, Default, Args)]
pub(in crate::cli) struct Registration {
    /// The name that users see
    #[arg(long)]
    name: Option<String>,
    /// Where users are sent back to after the login; repeat for several
    #[arg(long = "redirect-uri", value_name = "URI")]
    redirect_uris: Vec<String>,
    /// Where users may be sent after logout; repeat for several
    #[arg(long = "post-logout-redirect-uri", value_name = "URI")]
    post_logout_redirect_uris: Vec<String>,
    /// A grant type that the client may use; repeat for several. A new client gets authorization_code if none is given
    #[arg(long = "grant", value_name = "GRANT_TYPE", value_parser = PossibleValuesParser::new(GrantType::ALL.map(GrantType::as_str)))]
    grants: Vec<String>,
    /// The scopes that the client may request, separated by spaces. By default, a new client whose users sign in gets
    /// "openid profile email", any other client gets none
    #[arg(long)]
    scope: Option<String>,
    /// How the client authenticates. private_key_jwt needs --set jwks=JSON or --set jwks_uri=URI
    #[arg(long, value_name = "METHOD", value_parser = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"])]
    auth_method: Option<String>,
    /// A public client, without a secret: the same as --auth-method none
    #[arg(long, conflicts_with = "auth_method")]
    public: bool,
    /// A resource that the client may request tokens for, as `resource create` registered it; repeat for several
    #[arg(long = "resource", value_name = "URI")]
    resources: Vec<String>,
    /// Allow only members of this group; repeat the option for several groups. An empty value opens the client to all users
    /// again
    #[arg(long = "allow-group", value_name = "GROUP")]
    allowed_groups: Vec<String>,
    /// Your own application: users are not asked for consent
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    first_party: Option<bool>,
    /// A resource server: it may introspect every access token
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    resource_server: Option<bool>,
    /// An administrative tool: its own tokens, and its tokens for administrators, are valid at the administrative API
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    administrative: Option<bool>,
    /// The client must use PKCE (the default)
    #[arg(long)]
    require_pkce: bool,
    /// Exempt the client from PKCE, because it cannot send a code_challenge; never for public clients
    #[arg(long, conflicts_with = "require_pkce")]
    no_require_pkce: bool,
    /// A file with the registration document (RFC 7591) as JSON, or - for standard input; other options override it
    #[arg(long, value_name = "FILE")]
    from: Option<String>,
    /// Sets any member of the registration document, for example --set logo_uri=https://app.example/logo.png; an empty
    /// value removes it. Lists are JSON, or one --set for each entry. Names and links may have a language: --set client_name#ja=…. The short form is --logo-uri, and so for every member
    #[arg(long = "set", value_name = "MEMBER=VALUE", value_parser = assignment)]
    set: Vec<(String, &'static Member, String)>,
    #[command(flatten)]
    members: MemberOptions,
}

impl Registration {
    /// Whether the document comes from standard input.
    pub(super) fn reads_standard_input(&self) -> bool {
        self.from.as_deref() == Some("-")
    }

    /// The document.
    ///
    /// # Errors
    /// For a file that cannot be read, or that has an unknown member.
    pub(super) fn draft(self) -> anyhow::Result<ClientDraft> {
        let mut draft = self.from.as_deref().map(read).transpose()?.unwrap_or_default();
        let mut text = |member: &str, text: Option<String>| {
            text.into_iter().for_each(|text| draft.set(member, text));
        };
        text("client_name", self.name);
        text("scope", self.scope);
        text("token_endpoint_auth_method", self.auth_method.or(self.public.then(|| "none".to_owned())));
        let mut list = |member: &str, texts: Vec<String>| {
            if !texts.is_empty() {
                draft.set(member, texts);
            }
        };
        list("redirect_uris", self.redirect_uris);
        list("post_logout_redirect_uris", self.post_logout_redirect_uris);
        list("grant_types", self.grants);
        list("resources", self.resources);
        let everybody = self.allowed_groups == [""];
        list("allowed_groups", if everybody { Vec::new() } else { self.allowed_groups });
        if everybody {
            draft.set("allowed_groups", Value::Null);
        }
        let mut flag = |member: &str, flag: Option<bool>| {
            flag.into_iter().for_each(|flag| draft.set(member, flag));
        };
        flag("first_party", self.first_party);
        flag("resource_server", self.resource_server);
        flag("administrative", self.administrative);
        flag("require_pkce", (self.require_pkce || self.no_require_pkce).then_some(self.require_pkce));
        let mut set = ClientDraft::default();
        self.members.0.iter().for_each(|(member, text)| set.set_text(member.name, member, text));
        self.set.iter().for_each(|(name, member, text)| set.set_text(name, member, text));
        draft.extend(set);
        Ok(draft)
    }
}

/// The document in a file, or on standard input.
fn read(file: &str) -> anyhow::Result<ClientDraft> {
    let mut json = Vec::new();
    let read = match file {
        "-" => io::stdin().lock().read_to_end(&mut json).map(drop),
        file => fs::read(file).map(|read| json = read),
    };
    read.map_err(|reason| anyhow!("--from: {file} cannot be read: {reason}"))?;
    let draft = ClientDraft::from_json(&json).map_err(|reason| anyhow!("--from: {file}: {reason}"))?;
    for name in draft.names() {
        if !ANSWERED.contains(&name) {
            member(name).map_err(|unknown| anyhow!("--from: {unknown}"))?;
        }
    }
    Ok(draft)
}

/// `member=value`.
fn assignment(text: &str) -> anyhow::Result<(String, &'static Member, String)> {
    let (name, value) = text.split_once('=').ok_or_else(|| anyhow!("write MEMBER=VALUE"))?;
    Ok((name.to_owned(), member(name)?, value.to_owned()))
}

/// The member of this name, which may be in a language: `client_name#ja`.
fn member(name: &str) -> anyhow::Result<&'static Member> {
    if let Some((member, _)) = localizable(name) {
        return Ok(member);
    }
    if let Some(member) = MEMBERS.iter().find(|member| member.name == name) {
        return Ok(member);
    }
    match name {
        "client_id" => bail!("client_id cannot be set: --id chooses it for a new client"),
        "client_secret" => bail!("client_secret cannot be set: use --secret-stdin, or client rotate-secret"),
        _ => {}
    }
    let likeness = |member: &&Member| strsim::normalized_damerau_levenshtein(name, member.name);
    let nearest = MEMBERS.iter().max_by(|left, right| likeness(left).total_cmp(&likeness(right)));
    match nearest.filter(|nearest| likeness(nearest) > MIN_LIKENESS) {
        Some(nearest) => bail!("unknown member: {name}. Did you mean {}?", nearest.name),
        None => bail!("unknown member: {name}. `client show` lists the members of a client"),
    }
}
