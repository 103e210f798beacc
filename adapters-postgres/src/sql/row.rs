//! The reply of a look-up: a row with named columns.

use sea_orm::{DbErr, EntityTrait, FromQueryResult, IdenStatic, Iterable, QueryResult};

/// A row of a look-up. [`row!`] makes one.
pub(crate) trait Row: FromQueryResult {
    /// The columns that the text names itself.
    const COLUMNS: &'static [&'static str];
    /// The tables of which the row has all columns.
    const TABLES: &'static [Table];
}

/// A row without columns.
#[derive(Debug)]
pub(crate) struct Exists;

impl FromQueryResult for Exists {
    fn from_query_result(_row: &QueryResult, _prefix: &str) -> Result<Self, DbErr> {
        Ok(Self)
    }
}

impl Row for Exists {
    const COLUMNS: &'static [&'static str] = &[];
    const TABLES: &'static [Table] = &[];
}

/// A table of which a row has all columns: `{users}` in the text becomes `users.id AS users_id, …`.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: fn() -> Vec<&'static str>,
}

/// The columns of a table.
pub(crate) fn columns<E: EntityTrait>() -> Vec<&'static str> {
    E::Column::iter().map(|column| column.as_str()).collect()
}

/// Declares a row: its columns by name, then the entities whose tables are in it as a whole.
macro_rules! row {
    ($(#[$doc:meta])* $name:ident {
        $($column:ident: $type:ty,)*
        $(; $($field:ident: $entity:ident of $table:literal,)+)?
    }) => {
        $(#[$doc])*
        pub(crate) struct $name {
            $($column: $type,)*
            $($($field: $entity::Model,)+)?
        }

        impl sea_orm::FromQueryResult for $name {
            fn from_query_result(row: &sea_orm::QueryResult, prefix: &str) -> Result<Self, sea_orm::DbErr> {
                Ok(Self {
                    $($column: row.try_get(prefix, stringify!($column))?,)*
                    $($($field: <$entity::Model as sea_orm::FromQueryResult>::from_query_result(
                        row,
                        &format!("{prefix}{}_", $table),
                    )?,)+)?
                })
            }
        }

        impl $crate::sql::Row for $name {
            const COLUMNS: &'static [&'static str] = &[$(stringify!($column),)*];
            const TABLES: &'static [$crate::sql::Table] = &[
                $($($crate::sql::Table { name: $table, columns: $crate::sql::columns::<$entity::Entity> },)+)?
            ];
        }
    };
}
pub(crate) use row;
