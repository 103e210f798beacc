//! The schema as the database describes it, and the changes of a newer one that are not allowed: expand, then contract.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, Database, DatabaseBackend, DatabaseConnection, QueryResult, Statement};

/// Tables by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schema(BTreeMap<String, Table>);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Table {
    columns: BTreeMap<String, Column>,
    /// By name, what they say.
    indexes: BTreeMap<String, Index>,
    /// Foreign keys and checks.
    constraints: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Column {
    kind: String,
    nullable: bool,
    has_default: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Index {
    unique: bool,
    definition: String,
}

const POSTGRES: [&str; 3] = [
    "SELECT table_name::text AS \"table\", column_name::text AS name, data_type::text AS definition, \
     is_nullable = 'YES' AS one, column_default IS NOT NULL OR is_identity = 'YES' AS other \
     FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT c.relname::text AS \"table\", i.relname::text AS name, pg_get_indexdef(x.indexrelid) AS definition, \
     x.indisunique AS one, false AS other FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid \
     JOIN pg_class i ON i.oid = x.indexrelid WHERE c.relnamespace = 'public'::regnamespace",
    "SELECT c.relname::text AS \"table\", '' AS name, pg_get_constraintdef(k.oid) AS definition, false AS one, \
     false AS other FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid \
     WHERE c.relnamespace = 'public'::regnamespace AND k.contype NOT IN ('p', 'u')",
];

const SQLITE: [&str; 3] = [
    "SELECT t.name AS \"table\", c.name AS name, c.type AS definition, c.\"notnull\" = 0 AND c.pk = 0 AS one, \
     c.dflt_value IS NOT NULL OR (c.pk > 0 AND lower(c.type) = 'integer') AS other \
     FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'",
    "SELECT t.name AS \"table\", i.name AS name, group_concat(c.name) AS definition, i.\"unique\" AS one, 0 AS other \
     FROM sqlite_master t, pragma_index_list(t.name) i, pragma_index_info(i.name) c WHERE t.type = 'table' \
     AND t.name NOT LIKE 'sqlite_%' GROUP BY t.name, i.name, i.\"unique\"",
    "SELECT t.name AS \"table\", '' AS name, f.\"from\" || ' to ' || f.\"table\" || '.' || f.\"to\" || ' ' || f.on_delete \
     AS definition, 0 AS one, 0 AS other FROM sqlite_master t, pragma_foreign_key_list(t.name) f \
     WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'",
];

impl Schema {
    /// The schema of the database at `url`, without the table of the migrations themselves.
    pub async fn read(url: &str) -> Self {
        let database = Database::connect(url).await.expect("a database");
        let queries = match database.get_database_backend() {
            DatabaseBackend::Sqlite => SQLITE,
            DatabaseBackend::Postgres | DatabaseBackend::MySql | _ => POSTGRES,
        };
        let mut tables: BTreeMap<String, Table> = BTreeMap::new();
        for (query, sql) in queries.into_iter().enumerate() {
            for row in rows(&database, sql).await {
                let text = |column| row.try_get::<String>("", column).expect("a text");
                let flag = |column| row.try_get::<bool>("", column).expect("a flag");
                let (name, definition) = (text("name"), text("definition"));
                let table = tables.entry(text("table")).or_default();
                match query {
                    0 => {
                        let (nullable, has_default) = (flag("one"), flag("other"));
                        table.columns.insert(name, Column { kind: definition, nullable, has_default });
                    }
                    1 => drop(table.indexes.insert(name, Index { unique: flag("one"), definition })),
                    _ => drop(table.constraints.insert(definition)),
                }
            }
        }
        database.close().await.expect("a closed database");
        tables.remove("seaql_migrations");
        Self(tables)
    }

    /// The names of its tables.
    pub fn tables(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

async fn rows(database: &DatabaseConnection, sql: &str) -> Vec<QueryResult> {
    let statement = Statement::from_string(database.get_database_backend(), sql);
    database.query_all_raw(statement).await.expect("rows")
}

/// The changes from `before` to `after` that break a node of the release with the schema `before`, a sentence for each. Such
/// a node has to read and write while nodes of the next version start. It uses everything but what is `unused`.
#[must_use]
pub fn breaking_changes(before: &Schema, after: &Schema, unused: &BTreeSet<String>) -> Vec<String> {
    let mut breaking = Vec::new();
    for (name, table) in before.0.iter().filter(|(name, _)| !unused.contains(*name)) {
        match after.0.get(name) {
            Some(newer) => table.list_breaking_changes(name, newer, unused, &mut breaking),
            None => breaking.push(format!("the table {name} is gone")),
        }
    }
    breaking
}

impl Table {
    fn list_breaking_changes(
        &self,
        table: &str,
        newer: &Self,
        unused: &BTreeSet<String>,
        breaking: &mut Vec<String>,
    ) {
        for (name, column) in &self.columns {
            let name = format!("{table}.{name}");
            match newer.columns.get(name.rsplit('.').next().unwrap_or_default()) {
                _ if unused.contains(&name) => {}
                None => breaking.push(format!("the column {name} is gone")),
                Some(newer) if newer.kind != column.kind => {
                    breaking.push(format!("the column {name} was {} and is {}", column.kind, newer.kind));
                }
                Some(newer) if newer.nullable != column.nullable => {
                    breaking.push(format!("whether the column {name} may be null has changed"));
                }
                Some(newer) if column.has_default && !newer.has_default => {
                    breaking.push(format!("the column {name} has lost its default"));
                }
                Some(_) => {}
            }
        }
        for (name, column) in newer.columns.iter().filter(|(name, _)| !self.columns.contains_key(*name)) {
            if !column.nullable && !column.has_default {
                breaking.push(format!("the new column {table}.{name} is not null and has no default"));
            }
        }
        for (name, index) in self.indexes.iter().filter(|(name, _)| !unused.contains(*name)) {
            if newer.indexes.get(name) != Some(index) {
                breaking.push(format!("the index {name} of {table} is gone or has changed"));
            }
        }
        for (name, index) in newer.indexes.iter().filter(|(name, _)| !self.indexes.contains_key(*name)) {
            if index.unique {
                breaking.push(format!("the new index {name} of {table} is unique"));
            }
        }
        for constraint in self.constraints.symmetric_difference(&newer.constraints) {
            breaking.push(format!("a constraint of {table} has changed: {constraint}"));
        }
    }
}
