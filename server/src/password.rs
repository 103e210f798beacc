//! Passwords, and secrets an operator chose: Argon2id (RFC 9106), off the async threads and bounded.

use std::num::NonZeroUsize;
use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::system::random_bytes;

/// 19 MiB, two passes, one lane: the OWASP minimum, about 13 ms of one core.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// How many may wait for each one that is being hashed: under a second's worth, so that whoever waits is served
/// before the caller gives up, and a flood is answered at once.
const WAITING_PER_RUNNING: usize = 64;

/// Verified when there is no such user, so that both answers cost the same; the result is thrown away.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWhhcy10aGlz$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What a verification found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// The password is the right one.
    pub ok: bool,
    /// It is, and its hash was made with other parameters than today's: hash it again and store that.
    pub rehash: bool,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too many are waiting already; try again later (503, `Retry-After`).
    #[error("too many passwords are waiting to be checked")]
    Busy,
    /// What is stored is not an Argon2 hash in PHC string form.
    #[error("the stored password hash cannot be read")]
    Unreadable,
    /// The computation itself failed.
    #[error("the password could not be hashed")]
    Failed,
}

/// Hashes and verifies passwords, at most `limit` at once.
///
/// A password is its bytes as given: no Unicode normalization (NFC, NFKC) is applied, so the same characters
/// entered in another normalization form are another password. The caller limits the length.
#[derive(Debug)]
pub struct Argon2Passwords {
    admitted: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

impl Argon2Passwords {
    /// `limit` computations at once, each of 19 MiB and one thread (as many as there are cores is right), and 64
    /// times as many waiting.
    #[must_use]
    pub fn new(limit: NonZeroUsize) -> Self {
        Self::with_waiting(limit, limit.get().saturating_mul(WAITING_PER_RUNNING))
    }

    fn with_waiting(limit: NonZeroUsize, waiting: usize) -> Self {
        let running = limit.get().min(Semaphore::MAX_PERMITS);
        let admitted = running.saturating_add(waiting).min(Semaphore::MAX_PERMITS);
        Self {
            admitted: Arc::new(Semaphore::new(admitted)),
            running: Arc::new(Semaphore::new(running)),
        }
    }

    /// The password's Argon2id hash with a fresh salt, in PHC string form.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] if too many are waiting, [`PasswordError::Failed`] if it cannot be computed.
    pub async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        let password = Zeroizing::new(password.as_bytes().to_vec());
        self.run(move || hash(&password)).await
    }

    /// Whether `password` is the one `phc` was made from. `None`, for an unknown user, costs the same time and
    /// is never right.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] if too many are waiting, [`PasswordError::Unreadable`] if `phc` is not an Argon2
    /// hash, [`PasswordError::Failed`] if it cannot be computed.
    pub async fn verify(&self, password: &str, phc: Option<&str>) -> Result<Verdict, PasswordError> {
        let password = Zeroizing::new(password.as_bytes().to_vec());
        let known = phc.is_some();
        let phc = phc.unwrap_or(NOBODY).to_owned();
        let verdict = self.run(move || verify(&password, &phc)).await?;
        Ok(Verdict {
            ok: known && verdict.ok,
            rehash: known && verdict.rehash,
        })
    }

    /// The place is given back when the work ends, not when its caller goes away: an abandoned computation still
    /// takes its core.
    async fn run<T, F>(&self, work: F) -> Result<T, PasswordError>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, PasswordError> + Send + 'static,
    {
        let place = Arc::clone(&self.admitted)
            .try_acquire_owned()
            .map_err(|_full| PasswordError::Busy)?;
        let turn = Arc::clone(&self.running)
            .acquire_owned()
            .await
            .map_err(|_closed| PasswordError::Failed)?;
        tokio::task::spawn_blocking(move || {
            let _held = (place, turn);
            work()
        })
        .await
        .map_err(|_lost| PasswordError::Failed)?
    }
}

fn hash(password: &[u8]) -> Result<String, PasswordError> {
    let salt: [u8; 16] = random_bytes().map_err(|_none| PasswordError::Failed)?;
    let hash = argon2()?
        .hash_password_with_salt(password, &salt)
        .map_err(|_reason| PasswordError::Failed)?;
    Ok(hash.to_string())
}

fn verify(password: &[u8], phc: &str) -> Result<Verdict, PasswordError> {
    let stored = PasswordHash::new(phc).map_err(|_reason| PasswordError::Unreadable)?;
    let params = Params::try_from(&stored).map_err(|_reason| PasswordError::Unreadable)?;
    let current = stored.algorithm == Algorithm::Argon2id.ident()
        && stored.version == Some(Version::V0x13.into())
        && (params.m_cost(), params.t_cost(), params.p_cost()) == (MEMORY_KIB, PASSES, LANES);
    // The computation follows the parameters of the stored hash; the comparison is in constant time.
    match argon2()?.verify_password(password, &stored) {
        Ok(()) => Ok(Verdict {
            ok: true,
            rehash: !current,
        }),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(Verdict {
            ok: false,
            rehash: false,
        }),
        Err(_reason) => Err(PasswordError::Unreadable),
    }
}

fn argon2() -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_reason| PasswordError::Failed)?;
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
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        let right = passwords.verify("correct horse", Some(&phc)).await.unwrap();
        assert_eq!(
            right,
            Verdict {
                ok: true,
                rehash: false
            }
        );
        let wrong = passwords.verify("battery staple", Some(&phc)).await.unwrap();
        assert_eq!(
            wrong,
            Verdict {
                ok: false,
                rehash: false
            }
        );
    }

    #[tokio::test]
    async fn one_password_has_two_hashes() {
        let passwords = passwords();
        assert_ne!(
            passwords.hash("same").await.unwrap(),
            passwords.hash("same").await.unwrap()
        );
    }

    #[tokio::test]
    async fn an_unknown_user_is_refused_after_the_same_work() {
        let verdict = passwords().verify("anything", None).await.unwrap();
        assert_eq!(
            verdict,
            Verdict {
                ok: false,
                rehash: false
            }
        );
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let somebody = PasswordHash::new(&hash(b"x").unwrap()).unwrap();
        assert_eq!(nobody.algorithm, somebody.algorithm);
        assert_eq!(nobody.version, somebody.version);
        assert_eq!(nobody.params, somebody.params);
        assert_eq!(nobody.hash.unwrap().len(), somebody.hash.unwrap().len());
    }

    #[tokio::test]
    async fn a_hash_with_other_parameters_is_accepted_and_asks_for_a_new_one() {
        let older = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(8, 1, 1, None).unwrap(),
        );
        let phc = older
            .hash_password_with_salt(b"old", b"0123456789abcdef")
            .unwrap()
            .to_string();
        assert_eq!(
            passwords().verify("old", Some(&phc)).await.unwrap(),
            Verdict {
                ok: true,
                rehash: true
            }
        );
        assert_eq!(
            passwords().verify("new", Some(&phc)).await.unwrap(),
            Verdict {
                ok: false,
                rehash: false
            }
        );
    }

    #[tokio::test]
    async fn a_stored_hash_of_another_kind_is_unreadable() {
        for phc in [
            "",
            "plain",
            "$2y$10$abcdefghijklmnopqrstuu5Lo0g67CiD3M4RpN1BmBb4Crp5w7dbK",
            "$argon2id$v=19$m=1",
        ] {
            let outcome = passwords().verify("x", Some(phc)).await;
            assert!(
                matches!(outcome, Err(PasswordError::Unreadable)),
                "{phc}: {outcome:?}"
            );
        }
    }

    #[tokio::test]
    async fn no_normalization_is_applied() {
        let passwords = passwords();
        let phc = passwords.hash("caf\u{e9}").await.unwrap();
        assert!(!passwords.verify("cafe\u{301}", Some(&phc)).await.unwrap().ok);
    }

    #[tokio::test]
    async fn beyond_the_waiting_line_the_answer_is_busy_and_nobody_is_forgotten() {
        let passwords = Arc::new(Argon2Passwords::with_waiting(NonZeroUsize::MIN, 1));
        let (release, released) = mpsc::channel::<()>();
        let spawn = |work: Box<dyn FnOnce() -> Result<(), PasswordError> + Send>| {
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
        assert!(matches!(passwords.hash("x").await, Err(PasswordError::Busy)));
        release.send(()).unwrap();
        running.await.unwrap().unwrap();
        waiting.await.unwrap().unwrap();
        assert!(passwords.hash("x").await.is_ok());
    }

    #[tokio::test]
    async fn an_abandoned_computation_keeps_its_place_until_it_ends() {
        let passwords = Arc::new(Argon2Passwords::with_waiting(NonZeroUsize::MIN, 0));
        let (release, released) = mpsc::channel::<()>();
        let (begin, begun) = tokio::sync::oneshot::channel();
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
        assert!(matches!(passwords.hash("x").await, Err(PasswordError::Busy)));
        release.send(()).unwrap();
    }
}
