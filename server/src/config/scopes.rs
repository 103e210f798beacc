//! The scopes of the operator: a list of names, or a table for each, `[scopes.name]`, which says more about it.

use std::collections::{BTreeMap, BTreeSet};

use adapters_http::language::Language;
use domain::claim_name::check_claim_name;
use domain::claims::is_standard;
use domain::display_text::is_visible;
use domain::scope::{ADMINISTRATION, STANDARD};
use domain::{DeclaredScope, DeclaredScopes, Scope};
use figment::value::{Dict, Value};
use serde_json::json;
use toml_edit::{ImDocument, TableLike};

use super::value::{Read, scope_tokens, text};

/// The most bytes of a description: it is one line of a page.
const MAX_DESCRIPTION_BYTES: usize = 256;

/// The members of a table.
const MEMBERS: [&str; 4] = ["description", "claims", "default", "for_registered_clients"];

/// The setting `scopes`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OperatorScopes {
    /// Their names.
    pub names: Scope,
    /// The content of the tables.
    pub declared: DeclaredScopes,
    /// The scopes that self-registered clients may have.
    pub for_registered_clients: Scope,
    /// The scopes that self-registered clients may not have.
    pub not_for_registered_clients: Scope,
}

/// What is wrong with a table: the keys that lead to the place, and the reason.
type Fault = (Vec<String>, String);

/// Reads the setting. The error lists all faults; [`faults`] adds their lines.
pub(super) fn operator_scopes(value: &Value) -> Read<OperatorScopes> {
    let Some(tables) = value.as_dict() else {
        let (names, shown) = scope_tokens(value)?;
        return Ok((OperatorScopes { names, ..OperatorScopes::default() }, shown));
    };
    match read(tables) {
        Ok(scopes) => Ok((scopes, json!(tables))),
        Err(faults) => {
            let told: Vec<_> =
                faults.iter().map(|(keys, reason)| format!("{}: {reason}", keys.join("."))).collect();
            Err(told.join("; "))
        }
    }
}

/// Everything that is wrong with the tables in the text of the file `path`, each with its line.
pub(super) fn faults(path: &str, text: &str, tables: &Dict) -> Vec<String> {
    let told = |(keys, reason): Fault| {
        let line = line_of(text, &keys).map_or_else(String::new, |line| format!(", line {line}"));
        format!("scopes.{} in {path}{line}: {reason}", keys.join("."))
    };
    read(tables).err().into_iter().flatten().map(told).collect()
}

/// The tables of the file, and with them the scopes that the environment names.
pub(super) fn with_names(tables: &Dict, names: &Scope) -> Value {
    let named = names.iter().map(|name| (name.to_owned(), Value::from(Dict::new())));
    Value::from(named.chain(tables.clone()).collect::<Dict>())
}

fn read(tables: &Dict) -> Result<OperatorScopes, Vec<Fault>> {
    let (mut scopes, mut faults, mut declared) = (OperatorScopes::default(), Vec::new(), Vec::new());
    for (name, value) in tables {
        match table(name, value) {
            Ok((scope, registered)) => {
                let named = [name.as_str()].into_iter().collect();
                scopes.names = scopes.names.union(&named);
                let side = match registered {
                    Some(true) => &mut scopes.for_registered_clients,
                    Some(false) => &mut scopes.not_for_registered_clients,
                    None => &mut Scope::default(),
                };
                *side = side.union(&named);
                declared.push((name.clone(), scope));
            }
            Err(wrong) => faults.extend(wrong.into_iter().map(|(mut keys, reason)| {
                keys.insert(0, name.clone());
                (keys, reason)
            })),
        }
    }
    scopes.declared = declared.into_iter().collect();
    if faults.is_empty() { Ok(scopes) } else { Err(faults) }
}

/// One scope, and whether self-registered clients may have it, if the table says so.
fn table(name: &str, value: &Value) -> Result<(DeclaredScope, Option<bool>), Vec<Fault>> {
    let whole = |reason: &str| vec![(Vec::new(), reason.to_owned())];
    let is_token = name.parse::<Scope>().is_ok_and(|scope| scope.contains(name));
    if !is_token {
        return Err(whole("not a scope: printable ASCII without spaces, quotation marks and backslashes"));
    }
    if STANDARD.contains(&name) || name == ADMINISTRATION {
        return Err(whole("a scope of this server itself. Choose another name for yours"));
    }
    let Some(members) = value.as_dict() else {
        return Err(whole("must be a table, such as [scopes.name] with a description"));
    };
    let (mut scope, mut registered, mut faults) = (DeclaredScope::default(), None, Vec::new());
    for (member, value) in members {
        let read = match member.as_str() {
            "description" => description(value).map(|texts| scope.description = texts),
            "claims" => claims(value).map(|names| scope.claims = names),
            "default" => switch(value).map(|default| scope.default = Some(default)),
            "for_registered_clients" => switch(value).map(|open| registered = Some(open)),
            _ => Err((Vec::new(), unknown(member))),
        };
        faults.extend(read.err().map(|(mut keys, reason)| {
            keys.insert(0, member.clone());
            (keys, reason)
        }));
    }
    if faults.is_empty() { Ok((scope, registered)) } else { Err(faults) }
}

fn unknown(member: &str) -> String {
    let hint = match super::settings::SETTINGS.iter().any(|setting| setting.key == member) {
        true => ". It is a setting: write it above the first table of the file",
        false => "",
    };
    format!("unknown; a scope has {}{hint}", MEMBERS.join(", "))
}

/// One text for all languages, or a table of texts by the tags of languages.
fn description(value: &Value) -> Result<BTreeMap<String, String>, Fault> {
    let shown = |key: Vec<String>, value: &Value| match value.as_str() {
        Some(text) if is_visible(text) && text.len() <= MAX_DESCRIPTION_BYTES => Ok(text.to_owned()),
        _ => Err((
            key,
            format!("must be a text of 1 to {MAX_DESCRIPTION_BYTES} bytes without invisible characters"),
        )),
    };
    let Some(texts) = value.as_dict() else {
        return Ok([("en".to_owned(), shown(Vec::new(), value)?)].into());
    };
    let by_language = texts.iter().map(|(tag, value)| match Language::find(tag) {
        Some(language) => Ok((language.tag().to_owned(), shown(vec![tag.clone()], value)?)),
        None => {
            let shipped: Vec<_> = Language::shipped().map(Language::tag).collect();
            Err((vec![tag.clone()], format!("not one of the languages of the pages: {}", shipped.join(", "))))
        }
    });
    by_language.collect()
}

fn claims(value: &Value) -> Result<BTreeSet<String>, Fault> {
    let fault = |reason: String| (Vec::new(), reason);
    let texts = value.as_array().unwrap_or(std::slice::from_ref(value)).iter().map(text);
    let texts: Vec<_> =
        texts.collect::<Result<_, _>>().map_err(|_| fault("must be a list of names".to_owned()))?;
    let names = texts.iter().flat_map(|text| text.split_ascii_whitespace());
    names
        .map(|name| match is_standard(name) {
            true => Ok(name.to_owned()),
            false => {
                check_claim_name(name).map(|()| name.to_owned()).map_err(|reason| fault(reason.to_string()))
            }
        })
        .collect()
}

fn switch(value: &Value) -> Result<bool, Fault> {
    value.to_bool().ok_or((Vec::new(), "must be true or false".to_owned()))
}

/// The line of the file, counted from 1, on which this part of `scopes` begins.
fn line_of(text: &str, keys: &[String]) -> Option<usize> {
    let document = ImDocument::parse(text).ok()?;
    let mut table: &dyn TableLike = document.as_table();
    let mut start = None;
    for key in ["scopes"].into_iter().chain(keys.iter().map(String::as_str)) {
        let (written, item) = table.get_key_value(key)?;
        start = written.span().or(start);
        match item.as_table_like() {
            Some(inner) => table = inner,
            None => break,
        }
    }
    Some(text.get(..start?.start)?.matches('\n').count() + 1)
}
