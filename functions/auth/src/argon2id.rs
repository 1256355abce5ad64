//! Argon2id (RFC 9106): its cost, its memory, and hashes as PHC strings.

use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash::{Error, Output, ParamsString, PasswordHash, Result, Salt, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// The length of a salt and of a hash, in bytes (RFC 9106, section 4).
pub(crate) const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// The cost of a hash.
#[derive(Clone, Debug)]
pub(crate) struct Cost(pub(crate) Params);

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

    fn from_str(text: &str) -> std::result::Result<Self, ()> {
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

/// The memory that hashes are made in, kept from one to the next: to get 19 MiB anew takes a seventh of a hash's time. There are as
/// many as were in use at once.
#[derive(Clone, Default)]
pub(crate) struct Memories(Arc<Mutex<Vec<Vec<Block>>>>);

impl Memories {
    /// Lends one of them to some work.
    pub(crate) fn lend<T>(&self, work: impl FnOnce(&mut Vec<Block>) -> T) -> T {
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut memory = lock().pop().unwrap_or_default();
        let outcome = work(&mut memory);
        lock().push(memory);
        outcome
    }
}

impl Cost {
    /// A hash as a PHC string.
    pub(crate) fn hash(&self, password: &[u8], salt: &[u8], memory: &mut Vec<Block>) -> Result<String> {
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
pub(crate) fn matches(
    password: &[u8],
    hash: &PasswordHash<'_>,
    cost: &Cost,
    memory: &mut Vec<Block>,
) -> Result<bool> {
    let (Some(salt), Some(expected)) = (hash.salt, hash.hash) else {
        return Err(Error::PhcStringField);
    };
    let algorithm = Algorithm::try_from(hash.algorithm)?;
    let version = hash.version.map_or(Ok(Version::default()), Version::try_from)?;
    let mut bytes = [0; Salt::MAX_LENGTH];
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
) -> Result<Output> {
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
pub(crate) fn nobodys(cost: &Cost) -> String {
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
