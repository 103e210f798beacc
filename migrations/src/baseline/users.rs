//! Users, their names, their one-time links, their second factors, their consents, the withdrawals of consents, and the sign-in history.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, binary, boolean, pk_uuid, text, text_null, uuid,
};

use crate::table::{create_all, index, ordered_text, table, text_key};

pub(super) async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let tables = vec![
        // An authorization that the user approved before `ended_before`, or up to `withdrew_at` (the last
        // withdrawal), is not recorded any more. Both are in the user's row because the statement that records an
        // authorization locks that row.
        table("users")
            .col(pk_uuid("id"))
            .col(text("username"))
            .col(text_null("password_hash"))
            .col(text("claims"))
            .col(boolean("administrator"))
            .col(big_integer_null("disabled_at"))
            .col(big_integer_null("unlocked_at"))
            .col(big_integer("created_at"))
            .col(big_integer("updated_at"))
            .col(big_integer_null("ended_before"))
            .col(big_integer_null("withdrew_at"))
            .take(),
        // One link of each kind for a user. `email`: the new address, for a link that changes it.
        table("one_time_links")
            .col(uuid("user_id"))
            .col(text("kind"))
            .col(binary("digest"))
            .col(text_null("email"))
            .col(big_integer("expires_at"))
            .primary_key(Index::create().col("user_id").col("kind"))
            .take(),
        authenticator_apps(),
        recovery_codes(),
        passkeys(),
        // What the users type to sign in, in the form that is compared: user names and e-mail addresses in one table, so that
        // no name of one user is the address of another.
        table("sign_in_names")
            .col(text_key("name", manager))
            .col(uuid("user_id"))
            .col(boolean("is_username"))
            .take(),
        // `resources`: the scope at each resource (RFC 8707). `claims`: the claims that the client requested
        // individually (OpenID Connect Core §5.5).
        table("consents")
            .col(uuid("user_id"))
            .col(ordered_text("client_id", manager).not_null())
            .col(text("scope"))
            .col(text("resources"))
            .col(text("claims"))
            .col(big_integer("granted_at"))
            .primary_key(Index::create().col("user_id").col("client_id"))
            .take(),
        table("withdrawals")
            .col(uuid("user_id"))
            .col(text("client_id"))
            .col(big_integer("withdrawn_at"))
            .primary_key(Index::create().col("user_id").col("client_id"))
            .take(),
        sign_in_events(),
    ];
    create_all(manager, tables, indexes()).await
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("users", &["administrator"]),
        // Few users are disabled.
        index("users", &["disabled_at"]).and_where(Expr::col("disabled_at").is_not_null()).take(),
        index("one_time_links", &["digest"]).unique().take(),
        index("one_time_links", &["expires_at"]),
        index("sign_in_names", &["user_id"]),
        index("passkeys", &["user_id"]),
        index("consents", &["client_id"]),
        index("withdrawals", &["client_id"]),
        index("sign_in_events", &["user_id", "id"]),
        // One event for a lockout.
        index("sign_in_events", &["user_id", "until"])
            .unique()
            .and_where(Expr::col("until").is_not_null())
            .take(),
    ]
}

/// `incarnation`: another app that the user later turns on has another one. `last_step`: the time step of the last accepted code
/// (RFC 6238).
fn authenticator_apps() -> TableCreateStatement {
    table("authenticator_apps")
        .col(pk_uuid("user_id"))
        .col(uuid("incarnation"))
        .col(binary("sealed"))
        .col(big_integer("last_step"))
        .col(big_integer("enrolled_at"))
        .col(big_integer_null("used_at"))
        .take()
}

/// The codes that are not spent.
fn recovery_codes() -> TableCreateStatement {
    table("recovery_codes")
        .col(uuid("user_id"))
        .col(binary("digest"))
        .primary_key(Index::create().col("user_id").col("digest"))
        .take()
}

/// `id`: that of the credential, which is different for all users. `credential`: what verifies it, as the library serialises it.
fn passkeys() -> TableCreateStatement {
    table("passkeys")
        .col(binary("id").primary_key())
        .col(uuid("user_id"))
        .col(text("name"))
        .col(text("credential"))
        .col(big_integer("sign_count"))
        .col(boolean("syncable"))
        .col(boolean("backed_up"))
        .col(boolean("on_security_key"))
        .col(big_integer("made_at"))
        .col(big_integer_null("used_at"))
        .take()
}

/// The id begins with the time, so that the purge and the list of all need no other index.
fn sign_in_events() -> TableCreateStatement {
    table("sign_in_events")
        .col(pk_uuid("id"))
        .col(uuid("user_id"))
        .col(text("kind"))
        .col(text_null("client_id"))
        .col(text_null("address"))
        .col(text_null("user_agent"))
        .col(big_integer_null("until"))
        .take()
}
