//! Hashes passwords and operator-chosen client secrets with Argon2id (RFC 9106), on a bounded number of threads.

use std::num::NonZeroUsize;
use std::sync::Arc;

use application::port::{Passwords, PasswordsError};
use argon2::{
    Algorithm, Argon2, Params, PasswordHash as PhcString, PasswordHasher, PasswordVerifier, Version,
};
use async_trait::async_trait;
use domain::user::PasswordHash;
use tokio::sync::{Semaphore, oneshot};
use zeroize::Zeroizing;

use crate::low_priority_threads::LowPriorityThreads;
use crate::system::random_bytes;

/// 19 MiB, two passes, one lane: the minimum that OWASP recommends, about 13 ms of one core.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// How many computations may wait for each running one: they take a few seconds. All users of a company can sign in within
/// one minute. Beyond that the server answers at once that it is busy.
const MAX_WAITING_PER_RUNNING: usize = 256;

/// Verified for an unknown user, so that both answers take the same time. The result is not used.
const UNKNOWN_USER: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWhhcy10aGlz$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes and verifies passwords, at most `limit` at once.
///
/// The hash covers the bytes as given, without Unicode normalization (NFC, NFKC): the same characters in another
/// normalization form are another password. The caller limits the length.
#[derive(Debug)]
pub struct Argon2Passwords {
    admitted: Arc<Semaphore>,
    running: Arc<Semaphore>,
    threads: LowPriorityThreads,
}

impl Argon2Passwords {
    /// At most `limit` computations run at once, each with 19 MiB and one thread; the number of cores is a good
    /// limit. At most 256 times as many are queued.
    #[must_use]
    pub fn new(limit: NonZeroUsize) -> Self {
        Self::with_waiting(limit, limit.get().saturating_mul(MAX_WAITING_PER_RUNNING))
    }

    fn with_waiting(limit: NonZeroUsize, waiting: usize) -> Self {
        let running = limit.get().min(Semaphore::MAX_PERMITS);
        let admitted = running.saturating_add(waiting).min(Semaphore::MAX_PERMITS);
        Self {
            admitted: Arc::new(Semaphore::new(admitted)),
            running: Arc::new(Semaphore::new(running)),
            threads: LowPriorityThreads::new("password", limit),
        }
    }

    /// The permits are released when the work ends, not when its caller is cancelled: the computation still occupies a
    /// core.
    async fn run<T, F>(&self, work: F) -> Result<T, PasswordsError>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, PasswordsError> + Send + 'static,
    {
        let admission =
            Arc::clone(&self.admitted).try_acquire_owned().map_err(|_full| PasswordsError::Busy)?;
        let waiting = GaugeGuard::increment("oauth2_password_hashing_waiting");
        let permit =
            Arc::clone(&self.running).acquire_owned().await.map_err(|_closed| PasswordsError::Failed)?;
        drop(waiting);
        let (sender, receiver) = oneshot::channel();
        self.threads.run(Box::new(move || {
            let result = {
                let _held = (admission, permit, GaugeGuard::increment("oauth2_password_hashing_running"));
                work()
            };
            // The caller may be cancelled.
            let _cancelled = sender.send(result);
        }));
        receiver.await.map_err(|_lost| PasswordsError::Failed)?
    }
}

/// Adds one to a gauge until it is dropped.
struct GaugeGuard(metrics::Gauge);

impl GaugeGuard {
    fn increment(gauge: &'static str) -> Self {
        let gauge = metrics::gauge!(gauge);
        gauge.increment(1);
        Self(gauge)
    }
}

impl Drop for GaugeGuard {
    fn drop(&mut self) {
        self.0.decrement(1);
    }
}

#[async_trait]
impl Passwords for Argon2Passwords {
    #[tracing::instrument(name = "passwords.hash", skip_all)]
    async fn hash(&self, password: &str) -> Result<PasswordHash, PasswordsError> {
        let password = Zeroizing::new(password.as_bytes().to_vec());
        self.run(move || hash(&password)).await.map(PasswordHash::new)
    }

    #[tracing::instrument(name = "passwords.verify", skip_all)]
    async fn verify(&self, password: &str, kept: Option<&PasswordHash>) -> Result<bool, PasswordsError> {
        let password = Zeroizing::new(password.as_bytes().to_vec());
        let phc = kept.map_or(UNKNOWN_USER, PasswordHash::expose).to_owned();
        let matches = self.run(move || verify(&password, &phc)).await?;
        Ok(kept.is_some() && matches)
    }

    fn is_outdated(&self, kept: &PasswordHash) -> bool {
        !kept.expose().starts_with(&format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$"))
    }
}

/// The Argon2id hash with a fresh salt, in PHC string form.
fn hash(password: &[u8]) -> Result<String, PasswordsError> {
    let hash = argon2()?
        .hash_password_with_salt(password, &random_bytes::<16>())
        .map_err(|_reason| PasswordsError::Failed)?;
    Ok(hash.to_string())
}

/// The stored hash gives the parameters. The comparison takes constant time.
fn verify(password: &[u8], phc: &str) -> Result<bool, PasswordsError> {
    let kept = PhcString::new(phc).map_err(|_reason| PasswordsError::Failed)?;
    if kept.salt.is_none() || kept.hash.is_none() {
        // The library would report a wrong password.
        return Err(PasswordsError::Failed);
    }
    match argon2()?.verify_password(password, &kept) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(_reason) => Err(PasswordsError::Failed),
    }
}

fn argon2() -> Result<Argon2<'static>, PasswordsError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_reason| PasswordsError::Failed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn passwords() -> Argon2Passwords {
        Argon2Passwords::new(NonZeroUsize::MIN)
    }

    #[tokio::test]
    async fn the_right_password_is_accepted_and_a_wrong_one_is_not() {
        let passwords = passwords();
        let phc = passwords.hash("correct horse").await.unwrap();
        assert!(phc.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", phc.expose());
        let right = passwords.verify("correct horse", Some(&phc)).await.unwrap();
        assert!(right);
        let wrong = passwords.verify("battery staple", Some(&phc)).await.unwrap();
        assert!(!wrong);
    }

    #[tokio::test]
    async fn one_password_has_two_hashes() {
        let passwords = passwords();
        assert_ne!(passwords.hash("same").await.unwrap(), passwords.hash("same").await.unwrap());
    }

    #[tokio::test]
    async fn an_unknown_user_is_refused_after_the_same_work() {
        let verdict = passwords().verify("anything", None).await.unwrap();
        assert!(!verdict);
        let nobody = PhcString::new(UNKNOWN_USER).unwrap();
        let somebody = PhcString::new(&hash(b"x").unwrap()).unwrap();
        assert_eq!(nobody.algorithm, somebody.algorithm);
        assert_eq!(nobody.version, somebody.version);
        assert_eq!(nobody.params, somebody.params);
        assert_eq!(nobody.hash.unwrap().len(), somebody.hash.unwrap().len());
    }

    #[tokio::test]
    async fn a_hash_with_other_parameters_is_accepted() {
        let older = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).unwrap());
        let phc = older.hash_password_with_salt(b"old", b"0123456789abcdef").unwrap().to_string();
        let phc = PasswordHash::new(phc);
        assert!(passwords().is_outdated(&phc));
        assert!(!passwords().is_outdated(&passwords().hash("old").await.unwrap()));
        assert!(passwords().verify("old", Some(&phc)).await.unwrap());
        assert!(!passwords().verify("new", Some(&phc)).await.unwrap());
    }

    #[tokio::test]
    async fn a_kept_hash_of_another_kind_is_a_failure() {
        for phc in [
            "",
            "plain",
            "$2y$10$abcdefghijklmnopqrstuu5Lo0g67CiD3M4RpN1BmBb4Crp5w7dbK",
            "$argon2id$v=19$m=1",
        ] {
            let outcome = passwords().verify("x", Some(&PasswordHash::new(phc.to_owned()))).await;
            assert!(matches!(outcome, Err(PasswordsError::Failed)), "{phc}: {outcome:?}");
        }
    }

    #[tokio::test]
    async fn no_normalization_is_applied() {
        let passwords = passwords();
        let phc = passwords.hash("caf\u{e9}").await.unwrap();
        assert!(!passwords.verify("cafe\u{301}", Some(&phc)).await.unwrap());
    }

    #[tokio::test]
    async fn beyond_the_waiting_line_the_answer_is_busy_and_nobody_is_forgotten() {
        let passwords = Arc::new(Argon2Passwords::with_waiting(NonZeroUsize::MIN, 1));
        let (release, released) = mpsc::channel::<()>();
        let spawn = |work: Box<dyn FnOnce() -> Result<(), PasswordsError> + Send>| {
            let passwords = Arc::clone(&passwords);
            tokio::spawn(async move { passwords.run(work).await })
        };
        let running = spawn(Box::new(move || {
            released.recv().unwrap();
            Ok(())
        }));
        let waiting = spawn(Box::new(|| Ok(())));
        while passwords.admitted.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(matches!(passwords.hash("x").await, Err(PasswordsError::Busy)));
        release.send(()).unwrap();
        running.await.unwrap().unwrap();
        waiting.await.unwrap().unwrap();
        assert!(passwords.hash("x").await.is_ok());
    }

    #[tokio::test]
    async fn an_abandoned_computation_keeps_its_place_until_it_ends() {
        let passwords = Arc::new(Argon2Passwords::with_waiting(NonZeroUsize::MIN, 0));
        let (release, released) = mpsc::channel::<()>();
        let (begin, begun) = oneshot::channel();
        let abandoned = tokio::spawn({
            let passwords = Arc::clone(&passwords);
            async move {
                let work = move || {
                    begin.send(()).unwrap();
                    released.recv().unwrap();
                    Ok(())
                };
                passwords.run(work).await
            }
        });
        begun.await.unwrap();
        abandoned.abort();
        assert!(abandoned.await.unwrap_err().is_cancelled());
        assert!(matches!(passwords.hash("x").await, Err(PasswordsError::Busy)));
        release.send(()).unwrap();
    }
}
