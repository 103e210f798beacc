//! The text that is sent: a statement's own, with its requests, rules and columns filled in.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use sea_orm::DatabaseBackend;

use super::request::KeyType;
use super::statement::{Definition, Statement};

/// What texts include by name; the last one is included by rules too.
const RULES: [(&str, &str); 7] = [
    ("{may_enter}", include_str!("rules/may_enter.sql")),
    ("{parties}", include_str!("rules/parties.sql")),
    ("{recordable}", include_str!("rules/recordable.sql")),
    ("{rotatable}", include_str!("rules/rotatable.sql")),
    ("{valid_client}", include_str!("rules/valid_client.sql")),
    ("{valid_grant}", include_str!("rules/valid_grant.sql")),
    ("{requested_resources}", include_str!("rules/requested_resources.sql")),
];

/// What is before the names of a companion's columns.
pub(super) const COMPANION: &str = "companion_";

/// The texts that a database needed so far. A clone shares them.
#[derive(Debug, Clone)]
pub(crate) struct Texts {
    backend: DatabaseBackend,
    kept: Arc<RwLock<HashMap<Form, Arc<str>>>>,
}

/// For how many requests a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Form {
    One(Statement),
    Many(Statement, Option<Statement>),
}

impl Texts {
    pub(crate) fn new(backend: DatabaseBackend) -> Self {
        Self { backend, kept: Arc::default() }
    }

    /// For one request.
    pub(super) fn for_one(&self, statement: Statement) -> Arc<str> {
        self.get_or_fill(Form::One(statement), || {
            let text = filled_in(statement.0, &one_request(statement.0.keys, self.backend));
            text.replace("{rows}", &rows(statement.0.keys, self.backend))
        })
    }

    /// For any number of requests on PostgreSQL, and of another look-up with it.
    pub(super) fn for_many(&self, main: Statement, companion: Option<Statement>) -> Arc<str> {
        self.get_or_fill(Form::Many(main, companion), || {
            let many =
                |statement: Statement, first| filled_in(statement.0, &many_requests(statement.0.keys, first));
            match companion {
                None => many(main, 1),
                Some(companion) => {
                    let first = main.0.keys.len() + 1;
                    both(main.0, &many(main, 1), companion.0, &many(companion, first))
                }
            }
        })
    }

    fn get_or_fill(&self, form: Form, text: impl FnOnce() -> String) -> Arc<str> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner).get(&form).map(Arc::clone);
        kept.unwrap_or_else(|| {
            let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(kept.entry(form).or_insert_with(|| text().into()))
        })
    }
}

/// A row of one look-up has nothing in the columns of the other.
fn both(main: &Definition, main_text: &str, companion: &Definition, companion_text: &str) -> String {
    let (mut of_main, mut of_companion) = (String::new(), String::new());
    for column in columns(main) {
        of_main.push_str(&format!(", main.{column}"));
        of_companion.push_str(", NULL");
    }
    for column in columns(companion) {
        of_main.push_str(&format!(", NULL AS {COMPANION}{column}"));
        of_companion.push_str(&format!(", companion.{column}"));
    }
    format!(
        "SELECT FALSE AS is_companion, main.number{of_main} FROM ({main_text}) AS main \
         UNION ALL SELECT TRUE, companion.number{of_companion} FROM ({companion_text}) AS companion"
    )
}

/// The columns of a look-up's row, beside `number`.
fn columns(definition: &Definition) -> Vec<String> {
    let own = definition.columns.iter().map(|column| (*column).to_owned());
    let of_tables = definition
        .tables
        .iter()
        .flat_map(|table| (table.columns)().into_iter().map(|column| format!("{}_{column}", table.name)));
    own.chain(of_tables).collect()
}

fn filled_in(definition: &Definition, requests: &str) -> String {
    let mut text = without_comments(definition.text);
    for (name, rule) in RULES {
        text = text.replace(name, &without_comments(rule));
    }
    for table in definition.tables {
        let name = table.name;
        let columns =
            (table.columns)().into_iter().map(|column| format!("{name}.{column} AS {name}_{column}"));
        text = text.replace(&format!("{{{name}}}"), &columns.collect::<Vec<_>>().join(", "));
    }
    text.replace("{request}", requests)
}

/// In one line.
pub(crate) fn without_comments(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("--"));
    lines.collect::<Vec<_>>().join(" ")
}

/// One request as a table.
fn one_request(keys: &[(&str, KeyType)], backend: DatabaseBackend) -> String {
    let value = |(place, (name, key_type)): (usize, &(&str, KeyType))| {
        if backend == DatabaseBackend::Postgres {
            format!(", ${}::{} AS {name}", place + 1, postgres_type(*key_type))
        } else {
            format!(", ?{} AS {name}", place + 1)
        }
    };
    let values: String = keys.iter().enumerate().map(value).collect();
    format!("(SELECT 1 AS number{values}) AS request")
}

/// How many rows a list has at most. `LIMIT` takes no column of a table, so it names the key by its place.
fn rows(keys: &[(&str, KeyType)], backend: DatabaseBackend) -> String {
    let place = keys.iter().position(|(name, _)| *name == "rows").unwrap_or_default() + 1;
    if backend == DatabaseBackend::Postgres { format!("${place}") } else { format!("?{place}") }
}

/// Requests as a table, from one array for each key.
fn many_requests(keys: &[(&str, KeyType)], first: usize) -> String {
    let array = |(place, (_, key_type)): (usize, &(&str, KeyType))| {
        format!("${}::{}[]", first + place, postgres_type(*key_type))
    };
    let arrays: Vec<_> = keys.iter().enumerate().map(array).collect();
    let names: Vec<_> = keys.iter().map(|(name, _)| *name).collect();
    format!("unnest({}) WITH ORDINALITY AS request ({}, number)", arrays.join(", "), names.join(", "))
}

const fn postgres_type(key_type: KeyType) -> &'static str {
    match key_type {
        KeyType::Boolean => "bool",
        KeyType::Bytes => "bytea",
        KeyType::Integer => "int8",
        KeyType::Text => "text",
        KeyType::Uuid => "uuid",
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{DbErr, FromQueryResult, QueryResult};

    use super::super::request::request;
    use super::super::row::{Exists, Row, Table, row};
    use super::super::statement::LookUp;
    use super::*;
    use crate::entity::authorization_code;

    request! {
        CodeKey {
            digest: Vec<u8>,
            now: i64,
        }
    }

    row! {
        #[allow(dead_code, reason = "only its columns matter")]
        FoundCode {
            extra: bool,
            ;
            code: authorization_code of "authorization_codes",
        }
    }

    const FIND: &str = "-- A comment.\nSELECT request.number, {authorization_codes}, TRUE AS extra\nFROM {request}\n\
        JOIN authorization_codes ON authorization_codes.digest = request.digest";
    static FIND_CODE: LookUp<CodeKey, FoundCode> = LookUp::new(FIND);
    static FIND_ALONG: LookUp<CodeKey, Named> =
        LookUp::companion("SELECT request.number, 'x' AS name FROM {request}");
    static WITH_RULES: LookUp<CodeKey, Exists> =
        LookUp::new("SELECT {valid_grant} {valid_client} {recordable} {rotatable} FROM {request} {parties}");

    struct Named;

    impl FromQueryResult for Named {
        fn from_query_result(_row: &QueryResult, _prefix: &str) -> Result<Self, DbErr> {
            Ok(Self)
        }
    }

    impl Row for Named {
        const COLUMNS: &'static [&'static str] = &["name"];
        const TABLES: &'static [Table] = &[];
    }

    const COLUMNS: &str = "authorization_codes.digest AS authorization_codes_digest, \
        authorization_codes.detail AS authorization_codes_detail, \
        authorization_codes.redeemed AS authorization_codes_redeemed, \
        authorization_codes.expires_at AS authorization_codes_expires_at, \
        authorization_codes.forget_at AS authorization_codes_forget_at";
    const JOIN: &str = "JOIN authorization_codes ON authorization_codes.digest = request.digest";

    #[test]
    fn the_keys_of_one_request_are_columns_by_name() {
        let text = Texts::new(DatabaseBackend::Sqlite).for_one(FIND_CODE.statement());
        let request = "(SELECT 1 AS number, ?1 AS digest, ?2 AS now) AS request";
        assert_eq!(*text, format!("SELECT request.number, {COLUMNS}, TRUE AS extra FROM {request} {JOIN}"));
        let text = Texts::new(DatabaseBackend::Postgres).for_one(FIND_CODE.statement());
        let request = "(SELECT 1 AS number, $1::bytea AS digest, $2::int8 AS now) AS request";
        assert!(text.contains(request), "{text}");
    }

    #[test]
    fn a_batch_has_one_text_for_any_number_of_requests() {
        let text = Texts::new(DatabaseBackend::Postgres).for_many(FIND_CODE.statement(), None);
        let request = "unnest($1::bytea[], $2::int8[]) WITH ORDINALITY AS request (digest, now, number)";
        assert_eq!(*text, format!("SELECT request.number, {COLUMNS}, TRUE AS extra FROM {request} {JOIN}"));
    }

    #[test]
    fn the_columns_of_a_companion_do_not_meet_those_of_the_look_up() {
        let text = Texts::new(DatabaseBackend::Postgres)
            .for_many(FIND_CODE.statement(), Some(FIND_ALONG.statement()));
        let start =
            "SELECT FALSE AS is_companion, main.number, main.extra, main.authorization_codes_digest, ";
        assert!(text.starts_with(start), "{text}");
        assert!(text.contains(", NULL AS companion_name FROM (SELECT request.number, "), "{text}");
        let end = ") AS main UNION ALL SELECT TRUE, companion.number, NULL, NULL, NULL, NULL, NULL, NULL, \
            companion.name FROM (SELECT request.number, 'x' AS name FROM \
            unnest($3::bytea[], $4::int8[]) WITH ORDINALITY AS request (digest, now, number)) AS companion";
        assert!(text.ends_with(end), "{text}");
    }

    #[test]
    fn every_rule_is_filled_in_without_its_comments() {
        let text = Texts::new(DatabaseBackend::Sqlite).for_one(WITH_RULES.statement());
        assert!(!text.contains(['{', '}']) && !text.contains("--"), "{text}");
    }
}
