//! The schema of the first release, by subject.

mod abuse;
mod administration;
mod clients;
mod codes;
mod grants;
mod groups;
mod keys;
mod mails;
mod sessions;
mod users;

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261129_000001_baseline"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        clients::create(manager).await?;
        users::create(manager).await?;
        groups::create(manager).await?;
        administration::create(manager).await?;
        mails::create(manager).await?;
        sessions::create(manager).await?;
        codes::create(manager).await?;
        grants::create(manager).await?;
        keys::create(manager).await?;
        abuse::create(manager).await
    }
}
