//! How tables and indexes are created: only if they do not exist, so that a migration that was interrupted can run again.

use sea_orm_migration::prelude::{Index, IndexCreateStatement, SchemaManager, Table, TableCreateStatement};
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseBackend, DbErr};
use sea_orm_migration::sea_query::ColumnDef;

/// Begins a table.
pub(crate) fn table(name: &'static str) -> TableCreateStatement {
    Table::create().table(name).if_not_exists().take()
}

/// An index called `<table>_<columns>`.
pub(crate) fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let name = format!("{table}_{}", columns.join("_"));
    let mut index = Index::create().name(name).table(table).if_not_exists().take();
    for column in columns {
        index.col(*column);
    }
    index
}

/// A primary key of text that is compared by its bytes.
pub(crate) fn text_key(name: &'static str, manager: &SchemaManager<'_>) -> ColumnDef {
    ordered_text(name, manager).not_null().primary_key().take()
}

/// Text that is compared by its bytes. PostgreSQL would order it by the language of the database.
pub(crate) fn ordered_text(name: &'static str, manager: &SchemaManager<'_>) -> ColumnDef {
    let mut text = ColumnDef::new(name).text().take();
    if manager.get_connection().get_database_backend() == DatabaseBackend::Postgres {
        text.extra("COLLATE \"C\"");
    }
    text
}

/// Creates tables, then their indexes.
pub(crate) async fn create_all(
    manager: &SchemaManager<'_>,
    tables: Vec<TableCreateStatement>,
    indexes: Vec<IndexCreateStatement>,
) -> Result<(), DbErr> {
    for table in tables {
        manager.create_table(table).await?;
    }
    for index in indexes {
        manager.create_index(index).await?;
    }
    Ok(())
}
