//! The keys of a node at one moment (RFC 7517 §5): the signing keys, the published keys, and the keys that still
//! verify.

use std::collections::{BTreeMap, HashMap, btree_map, hash_map};

use chrono::{DateTime, Duration, Utc};
use domain::SigningAlgorithm;
use domain::signing_key::JWKS_MAX_AGE_SECONDS;
use jsonwebtoken::jwk::JwkSet;
use serde::de::DeserializeOwned;

use super::{JoseError, JwtType, PrivateKey, PublicKey, read_header};

/// A key and its purpose. Only a key that signs needs its private key.
#[derive(Debug)]
pub enum KeyUse {
    /// The current key of its algorithm.
    SignAndPublish(PrivateKey),
    /// A next key, which clients must have cached before it signs, or a previous one, whose tokens are still valid.
    PublishOnly(PublicKey),
    /// A retired key. It only verifies an `id_token_hint`.
    VerifyOnly(PublicKey),
}

/// An immutable set of keys. A rotation makes a new one.
#[derive(Debug)]
pub struct KeySet {
    signing: BTreeMap<SigningAlgorithm, PrivateKey>,
    /// The published keys.
    verifying: HashMap<String, PublicKey>,
    /// Keys that only verify an `id_token_hint`.
    retired: HashMap<String, PublicKey>,
    jwks: Vec<u8>,
    /// When the first key of each algorithm was published.
    since: BTreeMap<SigningAlgorithm, DateTime<Utc>>,
}

impl KeySet {
    /// Makes the set. Published keys stay in the given order.
    ///
    /// # Errors
    /// [`JoseError::DuplicateKey`] for two keys of one `kid`, or two that sign with one algorithm;
    /// [`JoseError::InvalidKey`] for a key without a `kid`.
    pub fn new(keys: impl IntoIterator<Item = KeyUse>) -> Result<Self, JoseError> {
        let mut signing = BTreeMap::new();
        let mut verifying = HashMap::new();
        let mut retired = HashMap::new();
        let mut published = JwkSet::default();
        for key in keys {
            let (public, is_published) = match &key {
                KeyUse::SignAndPublish(private) => (private.public_key(), true),
                KeyUse::PublishOnly(public) => (public, true),
                KeyUse::VerifyOnly(public) => (public, false),
            };
            let kid = public.kid().ok_or(JoseError::InvalidKey)?;
            let (here, elsewhere) =
                if is_published { (&mut verifying, &retired) } else { (&mut retired, &verifying) };
            match here.entry(kid.to_owned()) {
                hash_map::Entry::Vacant(place) if !elsewhere.contains_key(kid) => {
                    place.insert(public.clone())
                }
                hash_map::Entry::Vacant(_) | hash_map::Entry::Occupied(_) => {
                    return Err(JoseError::DuplicateKey);
                }
            };
            if is_published {
                published.keys.push(public.jwk().clone());
            }
            if let KeyUse::SignAndPublish(private) = key {
                match signing.entry(private.algorithm()) {
                    btree_map::Entry::Vacant(place) => place.insert(private),
                    btree_map::Entry::Occupied(_) => return Err(JoseError::DuplicateKey),
                };
            }
        }
        let jwks = serde_json::to_vec(&published).map_err(|_| JoseError::InvalidKey)?;
        Ok(Self { signing, verifying, retired, jwks, since: BTreeMap::new() })
    }

    /// The key that signs with `algorithm` now.
    pub fn signing(&self, algorithm: SigningAlgorithm) -> Option<&PrivateKey> {
        self.signing.get(&algorithm)
    }

    /// The same keys, the first of each algorithm published at these instants.
    #[must_use]
    pub fn published_since(self, since: BTreeMap<SigningAlgorithm, DateTime<Utc>>) -> Self {
        Self { since, ..self }
    }

    /// The key that signs with `algorithm` at `now` for readers that are not new. While they may have cached a key set that
    /// has no key of the algorithm, it is the key of RS256, which is always published.
    pub fn signing_for_anyone(&self, algorithm: SigningAlgorithm, now: DateTime<Utc>) -> Option<&PrivateKey> {
        let is_first = |since| self.since.values().all(|other| since <= other);
        let is_known = self
            .since
            .get(&algorithm)
            .is_none_or(|since| is_first(since) || now >= *since + Duration::seconds(JWKS_MAX_AGE_SECONDS));
        self.signing(if is_known { algorithm } else { SigningAlgorithm::Rs256 })
    }

    /// The algorithms there is a signing key for, in the order of [`SigningAlgorithm::ALL`].
    pub fn algorithms(&self) -> impl Iterator<Item = SigningAlgorithm> + '_ {
        self.signing.keys().copied()
    }

    /// The key with this id that verifies a JWT of type `typ`. A retired key verifies ID tokens only: every other token
    /// that it signed has expired, so a token that verifies with it now is forged.
    pub fn verifying(&self, kid: &str, typ: JwtType) -> Option<&PublicKey> {
        self.verifying.get(kid).or_else(|| self.retired.get(kid).filter(|_| typ == JwtType::IdToken))
    }

    /// Verifies a JWT of type `typ` with the key that its header names, as [`PublicKey::verify`] does. Returns the
    /// claims.
    ///
    /// # Errors
    /// [`JoseError::UnknownKey`] for any other key; else as [`PublicKey::verify`].
    pub fn verify<C: DeserializeOwned>(&self, jws: &str, typ: JwtType) -> Result<C, JoseError> {
        let header = read_header(jws)?;
        let kid = header.kid.as_deref().ok_or(JoseError::UnknownKey)?;
        self.verifying(kid, typ).ok_or(JoseError::UnknownKey)?.verify_with(&header, jws, typ)
    }

    /// The published keys as the JSON text of a JWK set (RFC 7517 §5), made once per set.
    pub fn jwks(&self) -> &[u8] {
        &self.jwks
    }
}
