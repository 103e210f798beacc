//! Authorization codes, each redeemed once (RFC 6749 §4.1.2, §10.5).

use std::collections::hash_map::Entry;

use application::port::{AuthorizationCodes, KeptCode, Redeemed, Unavailable};
use async_trait::async_trait;
use domain::{AuthorizationCode, Digest};

use crate::{MemoryStore, key_taken};

#[async_trait]
impl AuthorizationCodes for MemoryStore {
    async fn issue(&self, key: Digest, code: &AuthorizationCode) -> Result<(), Unavailable> {
        match self.state().authorization_codes.entry(key) {
            Entry::Occupied(_) => Err(key_taken()),
            Entry::Vacant(vacant) => {
                vacant.insert(KeptCode { code: code.clone(), redeemed: false });
                Ok(())
            }
        }
    }

    async fn find(&self, key: Digest) -> Result<Option<KeptCode>, Unavailable> {
        Ok(self.state().authorization_codes.get(&key).cloned())
    }

    async fn redeem(&self, key: Digest) -> Result<Redeemed, Unavailable> {
        Ok(match self.state().authorization_codes.get_mut(&key) {
            None => Redeemed::Unknown,
            Some(kept) if kept.redeemed => Redeemed::Again,
            Some(kept) => {
                kept.redeemed = true;
                Redeemed::First
            }
        })
    }
}
