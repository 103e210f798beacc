//! Opaque access tokens.

use std::collections::hash_map::Entry;

use application::port::{AccessTokenClaims, JudgedToken, OpaqueAccessTokens, TokenReference, Unavailable};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::Digest;

use crate::authorizations::token_status;
use crate::{KeptAccessToken, MemoryStore, key_taken};

#[async_trait]
impl OpaqueAccessTokens for MemoryStore {
    async fn keep(
        &self,
        digest: Digest,
        claims: &AccessTokenClaims,
        reference: &TokenReference,
        expires_at: DateTime<Utc>,
    ) -> Result<(), Unavailable> {
        match self.state().opaque_access_tokens.entry(digest) {
            Entry::Occupied(_) => Err(key_taken()),
            Entry::Vacant(vacant) => {
                let (claims, reference) = (claims.clone(), reference.clone());
                vacant.insert(KeptAccessToken { claims, reference, expires_at });
                Ok(())
            }
        }
    }

    async fn find(&self, digest: Digest, now: DateTime<Utc>) -> Result<Option<JudgedToken>, Unavailable> {
        let state = self.state();
        Ok(state.opaque_access_tokens.get(&digest).map(|kept| JudgedToken {
            claims: kept.claims.clone(),
            status: token_status(&state, &kept.reference, now),
        }))
    }
}
