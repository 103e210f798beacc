//! Measures one signature with a key that was parsed before.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use serde_json::json;

use crate::Failure;

/// As long as the signed part of an access token.
const MESSAGE: [u8; 480] = [b'e'; 480];

/// Prints the CPU time of one signature in microseconds, by `alg`.
pub(crate) fn measure(count: &str) -> Result<(), Failure> {
    let count = count.parse::<u32>()?.max(1);
    let random = SystemRandom::new();
    let rsa = RsaKeyPair::generate(KeySize::Rsa2048)?;
    let ecdsa = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
    let edwards = Ed25519KeyPair::generate()?;
    let mut signature = vec![0; rsa.public_modulus_len()];

    let rs256 = each(count, || Ok(rsa.sign(&RSA_PKCS1_SHA256, &random, &MESSAGE, &mut signature)?))?;
    let es256 = each(count * 8, || {
        std::hint::black_box(ecdsa.sign(&random, &MESSAGE)?);
        Ok(())
    })?;
    let eddsa = each(count * 8, || {
        std::hint::black_box(edwards.sign(&MESSAGE));
        Ok(())
    })?;
    println!("{}", json!({ "RS256": rs256, "ES256": es256, "EdDSA": eddsa }));
    Ok(())
}

/// The CPU time of one call in microseconds. The first calls are a warm-up and are not counted.
fn each(count: u32, mut call: impl FnMut() -> Result<(), Failure>) -> Result<f64, Failure> {
    for _ in 0..count.div_ceil(10) {
        call()?;
    }
    let before = nanoseconds_of_this_thread()?;
    for _ in 0..count {
        call()?;
    }
    let spent = nanoseconds_of_this_thread()?.saturating_sub(before);
    Ok(spent as f64 / 1_000.0 / f64::from(count))
}

/// The CPU time of this thread from the kernel, so that other processes on the core do not count.
fn nanoseconds_of_this_thread() -> Result<u64, Failure> {
    let account = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(account.split_whitespace().next().ok_or("an empty account")?.parse()?)
}
