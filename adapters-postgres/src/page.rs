//! One page of a list.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, Value};

use crate::Database;
use crate::fault::Fault;

/// Up to `limit` of the rows that `listed` finds, in the order of `key`, from the one after `after` on.
pub(crate) async fn page<E: EntityTrait>(
    database: &Database,
    listed: Select<E>,
    key: E::Column,
    after: Option<impl Into<Value>>,
    limit: u32,
) -> Result<Vec<E::Model>, Fault> {
    let mut page = listed.order_by_asc(key).limit(u64::from(limit));
    if let Some(after) = after {
        page = page.filter(key.gt(after));
    }
    Ok(page.all(&database.reader).await?)
}
