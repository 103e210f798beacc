//! Benchmarks of the pure functions that every request calls: `cargo bench -p tests --bench hot`,
//! or one of them with `-- scope`.
//!
//! On a busy machine, where times are unreliable, `valgrind --tool=callgrind` counts the
//! instructions of the same binary.
#![allow(clippy::unwrap_used, reason = "what is measured is made here")]

use std::hint::black_box;

use application::Parameters;
use application::keys::jose::{JwtType, KeySet, KeyUse, PrivateKey};
use application::port::AccessTokenClaims;
use divan::Bencher;
use domain::bearer::BearerKind;
use domain::{Audience, CodeVerifier, Scope, Secret, SigningAlgorithm};

#[global_allocator]
static ALLOCATOR: divan::AllocProfiler = divan::AllocProfiler::system();

fn main() {
    divan::main();
}

fn key(algorithm: SigningAlgorithm) -> PrivateKey {
    PrivateKey::from_pkcs8(algorithm, &PrivateKey::generate(algorithm).unwrap()).unwrap()
}

fn claims() -> AccessTokenClaims {
    AccessTokenClaims {
        iss: "https://login.example.com".to_owned(),
        sub: "0193e5d2-7c1a-7b3e-8f4d-2a6b9c0d1e2f".to_owned(),
        aud: serde_json::from_value::<Audience>("https://api.example.com".into()).unwrap(),
        exp: 1_795_266_000,
        iat: 1_795_262_400,
        jti: "0193e5d2-7c1a-7b3e-8f4d-2a6b9c0d1e2f.AAAAAAAAAAAAAAAAAAAAAA".to_owned(),
        client_id: "web".parse().unwrap(),
        scope: "openid profile email read".parse().unwrap(),
        auth_time: Some(1_795_262_000),
        acr: None,
    }
}

#[divan::bench(args = SigningAlgorithm::ALL)]
fn sign_access_token(bencher: Bencher<'_, '_>, algorithm: SigningAlgorithm) {
    let (key, claims) = (key(algorithm), claims());
    bencher.bench(|| key.sign(JwtType::AccessToken, black_box(&claims)).unwrap());
}

#[divan::bench(args = SigningAlgorithm::ALL)]
fn verify_access_token(bencher: Bencher<'_, '_>, algorithm: SigningAlgorithm) {
    let key = key(algorithm);
    let token = key.sign(JwtType::AccessToken, &claims()).unwrap();
    let keys = KeySet::new([KeyUse::SignAndPublish(key)]).unwrap();
    bencher.bench(|| keys.verify::<AccessTokenClaims>(black_box(&token), JwtType::AccessToken).unwrap());
}

#[divan::bench]
fn pkce(bencher: Bencher<'_, '_>) {
    let verifier = CodeVerifier::from_random([9; 32]);
    let challenge = verifier.challenge();
    bencher.bench(|| challenge.is_answered_by(black_box(&verifier)));
}

#[divan::bench]
fn parse_scope() -> Scope {
    black_box("openid profile email address phone offline_access read").parse().unwrap()
}

#[divan::bench]
fn digest_of_a_token(bencher: Bencher<'_, '_>) {
    let token = BearerKind::RefreshToken.token([7; 32]);
    bencher.bench(|| black_box(&token).digest());
}

#[divan::bench]
fn recognise_and_read_a_refresh_token(bencher: Bencher<'_, '_>) {
    let token = BearerKind::RefreshToken.token([7; 32]);
    bencher.bench(|| BearerKind::RefreshToken.parse(black_box(token.expose())).is_ok());
}

#[divan::bench]
fn compare_a_generated_client_secret(bencher: Bencher<'_, '_>) {
    let secret = Secret::from_random([3; 32]);
    let kept = secret.digest();
    bencher.bench(|| black_box(&secret).digest() == kept);
}

#[divan::bench]
fn parameters_without_duplicates() -> Parameters {
    let pairs =
        [("grant_type", "authorization_code"), ("code", "SplxlOBeZQQYbYS6WxSbIA"), ("client_id", "web")];
    let pairs = pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    Parameters::new(pairs)
}
