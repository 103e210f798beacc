//! The contract on the memory store.

use std::sync::Arc;

use adapters_memory::MemoryStore;
use tests::contract::Stores;

async fn stores() -> ((), Stores) {
    ((), Stores::new(&Arc::new(MemoryStore::new())))
}

tests::contract!(crate::memory::stores);
