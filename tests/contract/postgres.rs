//! Runs the contract on PostgreSQL. Each clause has its own database, a copy of one that was
//! migrated once.

use std::sync::Arc;

use adapters_postgres::Database;
use tests::contract::Stores;
use tests::support::PrivateDatabase;

async fn stores() -> (PrivateDatabase, Stores) {
    let private = PrivateDatabase::migrated().await;
    let database = Database::connect(private.url()).await.unwrap();
    (private, Stores::new(&Arc::new(database)))
}

tests::contract!(crate::postgres::stores);
