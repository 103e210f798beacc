//! One table of any kind: its rows are lists of JSON values in the order of its columns.

use std::marker::PhantomData;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{ColumnType, Expr, ExprTrait};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseBackend,
    DatabaseTransaction, EntityTrait, IdenStatic, Iterable, ModelTrait, PrimaryKeyToColumn, PrimaryKeyTrait,
    QueryFilter, QueryOrder, QuerySelect, Value,
};
use serde_json::Value as Json;

use super::MAX_BATCH;
use crate::fault::Fault;

/// A row, in the order of the columns.
pub(super) type Row = Vec<Json>;

/// What cannot be in a column.
const CORRUPT: Fault = Fault::Corrupt("a column");

/// A table.
#[async_trait]
pub(super) trait Table: Send + Sync {
    /// The name of the table.
    fn name(&self) -> &'static str;

    /// Its columns, in the order of a row's values.
    fn columns(&self) -> Vec<&'static str>;

    /// Whether there is no row.
    async fn is_empty(&self, transaction: &DatabaseTransaction) -> Result<bool, Fault>;

    /// The next rows after this one, in the order of their keys.
    async fn rows_after(
        &self,
        last: Option<&Row>,
        transaction: &DatabaseTransaction,
    ) -> Result<Vec<Row>, Fault>;

    /// Puts rows into it.
    async fn insert(&self, rows: &[Row], transaction: &DatabaseTransaction) -> Result<(), Fault>;

    /// Makes automatic row numbers continue after the largest existing one.
    async fn restart_numbering(&self, transaction: &DatabaseTransaction) -> Result<(), Fault>;
}

/// The table of an entity.
pub(super) struct EntityTable<E>(PhantomData<E>);

impl<E> EntityTable<E> {
    pub(super) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<E: EntityTrait> EntityTable<E> {
    fn key() -> Vec<E::Column> {
        E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column).collect()
    }

    /// The key of a row, as a condition that the keys after it meet.
    fn after(row: &Row) -> Result<Expr, Fault> {
        let key = Self::key();
        let mut values = Vec::with_capacity(key.len());
        for (column, json) in E::Column::iter().zip(row) {
            if key.iter().any(|part| part.as_str() == column.as_str()) {
                values.push((column.as_str(), from_json(column, json)?));
            }
        }
        let value_of = |part: &E::Column| {
            let found = values.iter().find(|(name, _)| *name == part.as_str());
            found.map(|(_, value)| Expr::val(value.clone())).ok_or(CORRUPT)
        };
        let here = Expr::tuple(key.iter().map(value_of).collect::<Result<Vec<_>, _>>()?);
        Ok(Expr::tuple(key.into_iter().map(Expr::col)).gt(here))
    }
}

#[async_trait]
impl<E> Table for EntityTable<E>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send,
{
    fn name(&self) -> &'static str {
        E::default().table_name()
    }

    fn columns(&self) -> Vec<&'static str> {
        E::Column::iter().map(|column| column.as_str()).collect()
    }

    async fn is_empty(&self, transaction: &DatabaseTransaction) -> Result<bool, Fault> {
        Ok(E::find().limit(1).one(transaction).await?.is_none())
    }

    async fn rows_after(
        &self,
        last: Option<&Row>,
        transaction: &DatabaseTransaction,
    ) -> Result<Vec<Row>, Fault> {
        let mut rows = E::find().limit(u64::from(MAX_BATCH));
        for column in Self::key() {
            rows = rows.order_by_asc(column);
        }
        if let Some(last) = last {
            rows = rows.filter(Self::after(last)?);
        }
        let rows = rows.all(transaction).await?;
        rows.into_iter()
            .map(|row| E::Column::iter().map(|column| to_json(row.get(column))).collect())
            .collect()
    }

    async fn insert(&self, rows: &[Row], transaction: &DatabaseTransaction) -> Result<(), Fault> {
        let mut models = Vec::with_capacity(rows.len());
        for row in rows {
            if row.len() != self.columns().len() {
                return Err(CORRUPT);
            }
            let mut model = E::ActiveModel::default();
            for (column, json) in E::Column::iter().zip(row) {
                model.try_set(column, from_json(column, json)?).map_err(|_| CORRUPT)?;
            }
            models.push(model);
        }
        if !models.is_empty() {
            E::insert_many(models).exec_without_returning(transaction).await?;
        }
        Ok(())
    }

    async fn restart_numbering(&self, transaction: &DatabaseTransaction) -> Result<(), Fault> {
        // SQLite continues after the largest number by itself.
        if !E::PrimaryKey::auto_increment() || transaction.get_database_backend() != DatabaseBackend::Postgres
        {
            return Ok(());
        }
        for column in Self::key() {
            let (table, column) = (self.name(), column.as_str());
            let sql = format!(
                "SELECT setval(pg_get_serial_sequence('{table}', '{column}'), (SELECT max({column}) FROM {table}))"
            );
            transaction.execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

#[allow(clippy::wildcard_enum_match_arm, reason = "no entity has any of the many others")]
fn to_json(value: Value) -> Result<Json, Fault> {
    Ok(match value {
        Value::Bool(value) => value.into(),
        Value::Int(value) => value.into(),
        Value::BigInt(value) => value.into(),
        Value::String(value) => value.into(),
        Value::Bytes(value) => value.map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).into(),
        Value::Uuid(value) => value.map(|id| id.to_string()).into(),
        _ => return Err(CORRUPT),
    })
}

fn from_json<C: ColumnTrait>(column: C, json: &Json) -> Result<Value, Fault> {
    let null = json.is_null();
    let definition = column.def();
    if null && !definition.is_null() {
        return Err(CORRUPT);
    }
    let value = match definition.get_column_type() {
        ColumnType::Boolean => Value::Bool(json.as_bool()),
        ColumnType::Integer => Value::Int(json.as_i64().and_then(|number| number.try_into().ok())),
        ColumnType::BigInteger => Value::BigInt(json.as_i64()),
        ColumnType::String(_) | ColumnType::Text => Value::String(json.as_str().map(str::to_owned)),
        ColumnType::Uuid => Value::Uuid(json.as_str().and_then(|text| Uuid::parse_str(text).ok())),
        ColumnType::Binary(_) | ColumnType::VarBinary(_) | ColumnType::Blob => {
            Value::Bytes(json.as_str().and_then(|text| URL_SAFE_NO_PAD.decode(text).ok()))
        }
        // No entity has any other.
        ColumnType::Char(_) | _ => return Err(CORRUPT),
    };
    // A value that could not be read must not become NULL.
    if null == (value == value.as_null()) { Ok(value) } else { Err(CORRUPT) }
}
