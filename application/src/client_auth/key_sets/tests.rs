//! Which verifications are done off the async threads.

use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use domain::client::ClientAuthentication;
use domain::{ClientId, Incarnation};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::*;
use crate::port::Unfetched;

/// How many bytes the PKCS#8 form of an RSA key adds before the key.
const PKCS8_WRAPPING: usize = 26;

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }
}

/// Publishes one key set.
struct Publisher(String);

#[async_trait]
impl FetchedDocuments for Publisher {
    async fn fetch(&self, _: &ClientId, _: &OutboundUri, _: &'static str) -> Result<Vec<u8>, Unfetched> {
        Ok(self.0.clone().into_bytes())
    }
}

/// Counts, and runs at once, unless it loses what it should run.
#[derive(Default)]
struct Counting {
    runs: AtomicU32,
    is_broken: bool,
}

#[async_trait]
impl Computations for Counting {
    async fn run(&self, computation: Box<dyn FnOnce() + Send>) {
        self.runs.fetch_add(1, Ordering::SeqCst);
        if !self.is_broken {
            computation();
        }
    }
}

/// A key and an assertion that it signed, with this `kid` in the header.
struct Signer {
    jwk: Value,
    private: EncodingKey,
}

impl Signer {
    fn new(size: KeySize) -> Self {
        let pair = KeyPair::generate(size).unwrap();
        let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
        let public = pair.public_key();
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let (n, e) = (public.modulus(), public.exponent());
        let jwk = json!({
            "kty": "RSA", "kid": "own",
            "n": encode(n.big_endian_without_leading_zero()), "e": encode(e.big_endian_without_leading_zero()),
        });
        Self { jwk, private: EncodingKey::from_rsa_der(&der.as_ref()[PKCS8_WRAPPING..]) }
    }

    fn sign(&self, kid: &str) -> String {
        crate::keys::jose::install().unwrap();
        let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::RS256) };
        jsonwebtoken::encode(&header, &json!({"sub": "web"}), &self.private).unwrap()
    }
}

fn client(source: KeySource) -> Client {
    let id = "web".parse().unwrap();
    let client = Client::new(id, Incarnation::from_random([1; 16]), DateTime::UNIX_EPOCH);
    Client { authentication: ClientAuthentication::PrivateKeyJwt { keys: source }, ..client }
}

/// The outcome for a client with these keys, by value and by reference, and how many computations it took.
async fn verified(keys: &[&Value], jws: &str, computations: Counting) -> [(Result<(), Unverified>, u32); 2] {
    let set = json!({"keys": keys}).to_string();
    let computations = Arc::new(computations);
    let sets =
        ClientKeySets::new(Arc::new(Publisher(set.clone())), Arc::new(Fixed), Arc::clone(&computations) as _);
    let sources = [
        KeySource::Jwks(set.parse().unwrap()),
        KeySource::JwksUri("https://client.example/jwks".parse().unwrap()),
    ];
    let mut outcomes = Vec::new();
    for source in sources {
        let jws = jws.to_owned();
        let attempt = move |key: &ClientKey| key.verify_assertion::<Value>(&jws, None).map(drop);
        let outcome = sets.verify(&client(source), attempt).await;
        outcomes.push((outcome, computations.runs.swap(0, Ordering::SeqCst)));
    }
    outcomes.try_into().unwrap()
}

#[tokio::test]
async fn a_large_key_is_tried_off_the_async_threads_and_a_usual_one_at_once() {
    let (usual, large) = (Signer::new(KeySize::Rsa2048), Signer::new(KeySize::Rsa3072));
    for (keys, signer, runs) in [
        (&[&usual.jwk][..], &usual, 0),
        (&[&large.jwk], &large, 1),
        (&[&usual.jwk, &large.jwk], &usual, 1),
        (&[&usual.jwk, &large.jwk], &large, 1),
    ] {
        for outcome in verified(keys, &signer.sign("own"), Counting::default()).await {
            assert_eq!(outcome, (Ok(()), runs), "{} keys", keys.len());
        }
    }
    let other = Signer::new(KeySize::Rsa3072);
    for (outcome, runs) in verified(&[&large.jwk], &other.sign("own"), Counting::default()).await {
        assert_eq!((outcome, runs), (Err(Unverified::NoKeyFits(JoseError::BadSignature)), 1));
    }
    // A large exponent costs as much as a large modulus.
    let slow = json!({"kty": "RSA", "n": usual.jwk["n"], "e": URL_SAFE_NO_PAD.encode([0xFF; 4])});
    let [(outcome, runs), _] = verified(&[&slow], &usual.sign("own"), Counting::default()).await;
    assert_eq!((outcome, runs), (Err(Unverified::NoKeyFits(JoseError::BadSignature)), 1));
}

#[tokio::test]
async fn a_key_with_another_kid_is_not_tried() {
    let large = Signer::new(KeySize::Rsa3072);
    for (outcome, _) in verified(&[&large.jwk], &large.sign("another"), Counting::default()).await {
        assert!(
            matches!(outcome, Err(Unverified::NoKeyFits(JoseError::WrongKey) | Unverified::NotFetched(_))),
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn a_verification_that_does_not_end_is_no_success() {
    let large = Signer::new(KeySize::Rsa3072);
    let broken = || Counting { is_broken: true, ..Counting::default() };
    for (outcome, _) in verified(&[&large.jwk], &large.sign("own"), broken()).await {
        assert_eq!(outcome, Err(Unverified::Unfinished));
    }
}
