//! Password hashes: Argon2id (RFC 9106), computed beside the async thread and a few at a time, so that memory stays bounded.

use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash::{Output, ParamsString, PasswordHash, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use portal_data::{ConfigError, Environment};
use portal_domain::password::NewPassword;
use portal_http::Problem;
use ring::rand::{SecureRandom as _, SystemRandom};
use tokio::sync::Semaphore;

/// The setting with the cost, and what it holds.
const COST: &str = "PORTAL_ARGON2";
const COST_FORM: &str = "Argon2's cost as m=<KiB>,t=<passes>,p=<lanes>, such as m=19456,t=2,p=1,";

/// The setting with how many passwords are hashed at once: memory is this number times the `m` of the cost.
const AT_ONCE: &str = "PORTAL_ARGON2_AT_ONCE";

/// The length of a salt and of a hash, in bytes (RFC 9106, section 4).
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// Hashes and verifies passwords. Clones share the bound on how many at once.
#[derive(Clone)]
pub(crate) struct PasswordHasher {
    cost: Cost,
    at_once: Arc<Semaphore>,
    memories: Memories,
    /// A hash at the current cost that no password has, verified where there is no account, so that it takes as long.
    nobodys: Arc<str>,
}

/// The cost of a hash.
#[derive(Clone, Debug)]
struct Cost(Params);

impl PartialEq for Cost {
    fn eq(&self, other: &Self) -> bool {
        let of = |cost: &Self| (cost.0.m_cost(), cost.0.t_cost(), cost.0.p_cost());
        of(self) == of(other)
    }
}

impl Default for Cost {
    /// The first choice of the OWASP Password Storage Cheat Sheet.
    fn default() -> Self {
        Self(Params::DEFAULT)
    }
}

impl FromStr for Cost {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut numbers = text.split(',').zip(["m=", "t=", "p="]).map(|(part, name)| {
            let number = part.trim().strip_prefix(name)?;
            number.parse::<u32>().ok()
        });
        let mut next = || numbers.next().flatten().ok_or(());
        let (memory, passes, lanes) = (next()?, next()?, next()?);
        if text.split(',').count() != 3 {
            return Err(());
        }
        Params::new(memory, passes, lanes, Some(HASH_BYTES))
            .map(Self)
            .map_err(drop)
    }
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

/// The memory that hashes are made in, kept from one to the next: to get 19 MiB anew takes a seventh of a hash's time. There are as
/// many as were in use at once.
#[derive(Clone, Default)]
struct Memories(Arc<Mutex<Vec<Vec<Block>>>>);

impl Memories {
    fn lend<T>(&self, work: impl FnOnce(&mut Vec<Block>) -> T) -> T {
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut memory = lock().pop().unwrap_or_default();
        let outcome = work(&mut memory);
        lock().push(memory);
        outcome
    }
}

impl Cost {
    /// A hash as a PHC string.
    fn hash(
        &self,
        password: &[u8],
        salt: &[u8],
        memory: &mut Vec<Block>,
    ) -> argon2::password_hash::Result<String> {
        let (algorithm, version) = (Algorithm::Argon2id, Version::V0x13);
        let output = digest(password, salt, (algorithm, version, self), HASH_BYTES, memory)?;
        let salt = SaltString::encode_b64(salt)?;
        let hash = PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: ParamsString::try_from(&self.0)?,
            salt: Some(salt.as_salt()),
            hash: Some(output),
        };
        Ok(hash.to_string())
    }
}

/// Whether a password has this hash, computed by the hash's own algorithm and at its own cost. The comparison takes the same time
/// wherever they differ.
fn matches(
    password: &[u8],
    hash: &PasswordHash<'_>,
    cost: &Cost,
    memory: &mut Vec<Block>,
) -> argon2::password_hash::Result<bool> {
    use argon2::password_hash::Error;
    let (Some(salt), Some(expected)) = (hash.salt, hash.hash) else {
        return Err(Error::PhcStringField);
    };
    let algorithm = Algorithm::try_from(hash.algorithm)?;
    let version = hash.version.map_or(Ok(Version::default()), Version::try_from)?;
    let mut bytes = [0; argon2::password_hash::Salt::MAX_LENGTH];
    let salt = salt.decode_b64(&mut bytes)?;
    let output = digest(password, salt, (algorithm, version, cost), expected.len(), memory)?;
    Ok(output == expected)
}

fn digest(
    password: &[u8],
    salt: &[u8],
    (algorithm, version, cost): (Algorithm, Version, &Cost),
    length: usize,
    memory: &mut Vec<Block>,
) -> argon2::password_hash::Result<Output> {
    let blocks = cost.0.block_count();
    if memory.len() < blocks {
        memory.resize(blocks, Block::default());
    }
    let argon2 = Argon2::new(algorithm, version, cost.0.clone());
    Output::init_with(length, |output| {
        Ok(argon2.hash_password_into_with_memory(password, salt, output, &mut memory[..])?)
    })
}

/// A PHC string whose hash is all zeros: as likely to be met as any other 256 bits.
fn nobodys(cost: &Cost) -> String {
    let zeros = |length: usize| STANDARD_NO_PAD.encode(vec![0; length]);
    format!(
        "$argon2id$v=19$m={},t={},p={}${}${}",
        cost.0.m_cost(),
        cost.0.t_cost(),
        cost.0.p_cost(),
        zeros(SALT_BYTES),
        zeros(HASH_BYTES)
    )
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
