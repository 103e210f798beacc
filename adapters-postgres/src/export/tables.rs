//! Every table, in an order in which rows can be put in.

use super::table::{EntityTable, Table};
use crate::entity::{
    allowed_group, attempt, audit_event, authenticator_app, authorization, authorization_code, client,
    consent, device_code, ended_resource, group, group_member, initial_access_token, interaction,
    logout_notice, mail, one_time_link, opaque_access_token, passkey, pushed_request, recovery_code,
    refresh_token, refusal, replay_mark, resource, revoked_token, server_secret, session, set_up_link,
    sign_in_event, sign_in_name, signing_algorithm, signing_key, user, withdrawal,
};

macro_rules! tables {
    ($($entity:ident,)+) => {
        vec![$(Box::new(EntityTable::<$entity::Entity>::new())),+]
    };
}

pub(super) fn tables() -> Vec<Box<dyn Table>> {
    tables![
        client,
        resource,
        ended_resource,
        user,
        sign_in_name,
        consent,
        withdrawal,
        group,
        group_member,
        allowed_group,
        signing_algorithm,
        signing_key,
        server_secret,
        initial_access_token,
        set_up_link,
        one_time_link,
        authenticator_app,
        recovery_code,
        passkey,
        mail,
        audit_event,
        sign_in_event,
        refusal,
        session,
        authorization,
        // After its authorization, to which it has a foreign key.
        refresh_token,
        opaque_access_token,
        revoked_token,
        logout_notice,
        interaction,
        pushed_request,
        authorization_code,
        device_code,
        replay_mark,
        attempt,
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};

    use super::*;
    use crate::Database;

    /// By table, the columns; without what migrations keep about themselves.
    async fn migrated() -> BTreeMap<String, BTreeSet<String>> {
        let folder = tempfile::TempDir::new().unwrap();
        let url = format!("sqlite:{}?mode=rwc", folder.path().join("oauth2.db").display());
        let database = Database::connect(&url).await.unwrap();
        database.migrate().await.unwrap();
        let columns = "SELECT t.name AS table_name, c.name AS column_name FROM sqlite_master t, \
                       pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' \
                       AND t.name <> 'seaql_migrations'";
        let columns = Statement::from_string(DatabaseBackend::Sqlite, columns);
        let mut schema: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in database.reader.query_all_raw(columns).await.unwrap() {
            let column = row.try_get("", "column_name").unwrap();
            schema.entry(row.try_get("", "table_name").unwrap()).or_default().insert(column);
        }
        schema
    }

    #[tokio::test]
    async fn no_table_and_no_column_is_left_behind() {
        let moved: BTreeMap<String, BTreeSet<String>> = tables()
            .iter()
            .map(|table| {
                let columns = table.columns().into_iter().map(str::to_owned).collect();
                (table.name().to_owned(), columns)
            })
            .collect();
        assert_eq!(moved, migrated().await);
    }
}
