//! Identifiers that may be used once, kept as long as they could be used again.

use application::port::{Marked, ReplayMarks, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::Digest;
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, Set};

use crate::Database;
use crate::column::{bytes, micros};
use crate::entity::replay_mark::{ActiveModel, Column, Entity};

#[async_trait]
impl ReplayMarks for Database {
    #[tracing::instrument(name = "replay_marks.mark", skip_all)]
    async fn mark(&self, digest: Digest, expires_at: DateTime<Utc>) -> Result<Marked, Unavailable> {
        self.retried(|| async {
            let row = ActiveModel { digest: Set(bytes(&digest)), expires_at: Set(micros(expires_at)) };
            // The transaction that inserts the row is first.
            let rows = Entity::insert(row)
                .on_conflict(OnConflict::column(Column::Digest).do_nothing().to_owned())
                .exec_without_returning(&self.writer)
                .await?;
            Ok(if rows == 1 { Marked::First } else { Marked::Seen })
        })
        .await
    }
}
