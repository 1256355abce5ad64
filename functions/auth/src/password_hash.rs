//! Password hashes: Argon2id (RFC 9106), computed beside the async thread and a few at a time, so that memory stays bounded.

use std::sync::Arc;

use argon2::password_hash::PasswordHash;
use argon2::{Algorithm, Block, Params};
use portal_data::{ConfigError, Environment};
use portal_domain::password::NewPassword;
use portal_http::Problem;
use ring::rand::{SecureRandom as _, SystemRandom};
use tokio::sync::Semaphore;

use crate::argon2id::{Cost, Memories, SALT_BYTES, matches, nobodys};

/// The setting with the cost, and what it holds.
const COST: &str = "PORTAL_ARGON2";
const COST_FORM: &str = "Argon2's cost as m=<KiB>,t=<passes>,p=<lanes>, such as m=19456,t=2,p=1,";

/// The setting with how many passwords are hashed at once: memory is this number times the `m` of the cost.
const AT_ONCE: &str = "PORTAL_ARGON2_AT_ONCE";

/// Hashes and verifies passwords. Clones share the bound on how many at once.
#[derive(Clone)]
pub(crate) struct PasswordHasher {
    cost: Cost,
    at_once: Arc<Semaphore>,
    memories: Memories,
    /// A hash at the current cost that no password has, verified where there is no account, so that it takes as long.
    nobodys: Arc<str>,
}

/// What came of a verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verified {
    /// It is the password.
    pub(crate) matches: bool,
    /// The hash was made at another cost, and is worth making again now that the password is there.
    pub(crate) outdated: bool,
}

impl PasswordHasher {
    /// Reads `PORTAL_ARGON2` and `PORTAL_ARGON2_AT_ONCE`.
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable.
    pub(crate) fn read(environment: Environment<'_>) -> Result<Self, ConfigError> {
        let cost = environment.value_or(COST, COST_FORM, Cost::default())?;
        let at_once = environment.whole(AT_ONCE, 1..=64, 2_usize)?;
        Ok(Self {
            nobodys: nobodys(&cost).into(),
            cost,
            at_once: Arc::new(Semaphore::new(at_once)),
            memories: Memories::default(),
        })
    }

    /// A new hash of a password, as a PHC string.
    ///
    /// # Errors
    /// A 500 problem when the hash cannot be computed.
    pub(crate) async fn hash(&self, password: &[u8]) -> Result<String, Problem> {
        let (cost, password) = (self.cost.clone(), password.to_vec());
        self.aside(move |memory| {
            let mut salt = [0; SALT_BYTES];
            SystemRandom::new()
                .fill(&mut salt)
                .map_err(|_| "no random bytes".to_owned())?;
            cost.hash(&password, &salt, memory)
                .map_err(|error| error.to_string())
        })
        .await
    }

    /// Whether a password is the one behind a hash. Without a hash it never is, after as much work.
    ///
    /// # Errors
    /// A 500 problem when the hash is no PHC string of Argon2, or cannot be computed.
    pub(crate) async fn verify(&self, password: &[u8], hash: Option<&str>) -> Result<Verified, Problem> {
        let exists = hash.is_some();
        let (hash, password) = (hash.unwrap_or(&self.nobodys).to_owned(), password.to_vec());
        let current = self.cost.clone();
        self.aside(move |memory| {
            let hash = PasswordHash::new(&hash).map_err(|error| error.to_string())?;
            let cost = Params::try_from(&hash)
                .map(Cost)
                .map_err(|error| error.to_string())?;
            let matches = matches(&password, &hash, &cost, memory).map_err(|error| error.to_string())?;
            let outdated = cost != current || hash.algorithm != Algorithm::Argon2id.ident();
            Ok(Verified {
                matches: matches && exists,
                outdated,
            })
        })
        .await
    }

    /// Runs work that keeps a core busy on a thread of its own, once one of the permits is free.
    async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Vec<Block>) -> Result<T, String> + Send + 'static,
    ) -> Result<T, Problem> {
        let permit = Arc::clone(&self.at_once).acquire_owned().await;
        let permit = permit.map_err(|_| Problem::internal("the bound on hashing is gone"))?;
        let memories = self.memories.clone();
        let outcome = tokio::task::spawn_blocking(move || {
            // Held by the thread, not the request: a request that is given up does not free the memory before its work ends.
            let _permit = permit;
            memories.lend(work)
        })
        .await;
        match outcome {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(reason)) => Err(Problem::internal(&format!(
                "a password could not be hashed: {reason}"
            ))),
            Err(error) => Err(Problem::internal(&format!(
                "hashing a password ended early: {error}"
            ))),
        }
    }
}

/// The hash of a password at the cost that the environment sets, as a PHC string.
///
/// # Errors
/// When the cost cannot be used, or the hash cannot be computed; both say why.
pub async fn hash_password(password: &NewPassword) -> Result<String, lambda_http::Error> {
    let hasher = PasswordHasher::read(Environment::process())?;
    let hash = hasher.hash(password.as_bytes()).await;
    hash.map_err(|_| "the password could not be hashed; the log says why".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hasher(cost: &'static str) -> PasswordHasher {
        PasswordHasher::read(Environment::of(&[(COST, cost)])).unwrap()
    }

    #[tokio::test]
    async fn a_password_verifies_against_its_own_hash_alone() {
        let hasher = hasher("m=64,t=1,p=1");
        let hash = hasher.hash(b"correct horse battery").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
        assert_ne!(hash, hasher.hash(b"correct horse battery").await.unwrap());
        let verified = hasher
            .verify(b"correct horse battery", Some(&hash))
            .await
            .unwrap();
        assert_eq!((verified.matches, verified.outdated), (true, false));
        assert!(
            !hasher
                .verify(b"correct horse batterz", Some(&hash))
                .await
                .unwrap()
                .matches
        );
        assert!(
            !hasher
                .verify(b"correct horse battery", None)
                .await
                .unwrap()
                .matches
        );
        assert!(!hasher.verify(b"", None).await.unwrap().matches);
    }

    #[tokio::test]
    async fn a_hash_of_another_cost_still_verifies_and_is_outdated() {
        let hash = hasher("m=64,t=1,p=1")
            .hash(b"correct horse battery")
            .await
            .unwrap();
        let verified = hasher("m=128,t=1,p=1")
            .verify(b"correct horse battery", Some(&hash))
            .await
            .unwrap();
        assert_eq!((verified.matches, verified.outdated), (true, true));
    }

    #[tokio::test]
    async fn what_is_no_hash_is_a_fault_of_ours() {
        assert!(
            hasher("m=64,t=1,p=1")
                .verify(b"x", Some("hunter2"))
                .await
                .is_err()
        );
    }

    #[test]
    fn a_cost_that_cannot_be_is_named() {
        for bad in [
            "m=1,t=1,p=1",
            "m=19456,t=2",
            "m=19456,t=2,p=1,x=1",
            "t=2,m=19456,p=1",
            "m=a,t=2,p=1",
        ] {
            let environment = [(COST, bad)];
            let error = PasswordHasher::read(Environment::of(&environment)).err().unwrap();
            assert!(error.to_string().contains(COST), "{bad}: {error}");
        }
        assert!(PasswordHasher::read(Environment::of(&[])).is_ok());
    }
}
