//! The keys of tokens, in two secrets: the private halves for the function that issues tokens, the public ones for all that
//! verify them; and the keys for what the database keeps encrypted.

use super::aws::Aws;
use crate::shell;
use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::rsa::{KeyPair, PublicKeyComponents};
use ring::signature::Ed25519KeyPair;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::process::Command;

/// The private keys; `auth` alone may read them.
pub(crate) const PRIVATE: &str = "portal/tokens";
/// The public keys.
pub(crate) const PUBLIC: &str = "portal/token-keys";
/// The keys for what is stored encrypted.
pub(crate) const DATA: &str = "portal/data-keys";

/// The keys that sign tickets; `events` alone may read them.
pub(crate) const TICKETS: &str = "portal/ticket-keys";

/// How many keys are kept: tokens live for minutes, so the one before the newest would do.
const KEPT: usize = 3;
/// From when a key is published until it signs: by then every function fetches its keys again for one that it does not know,
/// however lately somebody has made it do so.
const HEAD_START: Duration = Duration::from_secs(6);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Private {
    keys: Vec<SigningKey>,
    refresh_keys: Vec<SharedKey>,
}

#[derive(Serialize, Deserialize)]
struct SigningKey {
    id: String,
    pkcs8: String,
}

#[derive(Serialize, Deserialize)]
struct SharedKey {
    id: String,
    key: String,
}

/// The keys for what is stored encrypted: the first seals, all open.
#[derive(Serialize, Deserialize)]
struct Data {
    keys: Vec<SharedKey>,
}

/// The keys that sign tickets: the first signs, all verify.
#[derive(Serialize)]
struct Tickets {
    keys: Vec<SigningKey>,
}

#[derive(Default, Serialize, Deserialize)]
struct Public {
    keys: Vec<Jwk>,
}

/// A public key (RFC 7517).
#[derive(Serialize, Deserialize)]
struct Jwk {
    kty: String,
    #[serde(rename = "use")]
    usage: String,
    alg: String,
    kid: String,
    n: String,
    e: String,
}

/// Makes the secrets that are missing.
pub(crate) async fn ensure(aws: &Aws) -> Result<()> {
    let private = match read::<Private>(aws, PRIVATE).await? {
        Some(private) => private,
        None => {
            let private = Private {
                keys: vec![signing_key().await?],
                refresh_keys: vec![shared_key()],
            };
            write(aws, PRIVATE, &private).await?;
            private
        }
    };
    let mut public = read::<Public>(aws, PUBLIC).await?.unwrap_or_default();
    let known = |public: &Public, id: &str| public.keys.iter().any(|key| key.kid == id);
    if !private.keys.iter().all(|key| known(&public, &key.id)) {
        public.keys = private.keys.iter().map(publish).collect::<Result<_>>()?;
        write(aws, PUBLIC, &public).await?;
    }
    let data = Data {
        keys: vec![shared_key()],
    };
    aws.ensure_secret(DATA, &serde_json::to_string(&data)?).await?;
    aws.ensure_secret(TICKETS, &serde_json::to_string(&tickets()?)?)
        .await
        .map(drop)
}

/// The first content of each secret with keys, by the secret's name without what stands before the slash.
pub(crate) async fn fresh() -> Result<Vec<(&'static str, String)>> {
    let private = Private {
        keys: vec![signing_key().await?],
        refresh_keys: vec![shared_key()],
    };
    let public = Public {
        keys: private.keys.iter().map(publish).collect::<Result<_>>()?,
    };
    let data = Data {
        keys: vec![shared_key()],
    };
    let cursors = serde_json::json!({ "cursorKeys": [shared_key()] });
    Ok(vec![
        ("tokens", serde_json::to_string(&private)?),
        ("token-keys", serde_json::to_string(&public)?),
        ("data-keys", serde_json::to_string(&data)?),
        ("signing", cursors.to_string()),
        ("ticket-keys", serde_json::to_string(&tickets()?)?),
    ])
}

/// The keys of tickets, with a new one.
fn tickets() -> Result<Tickets> {
    let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
        .map_err(|_| anyhow::anyhow!("no key for tickets could be made"))?;
    Ok(Tickets {
        keys: vec![SigningKey {
            id: URL_SAFE_NO_PAD.encode(rand::random::<[u8; 6]>()),
            pkcs8: STANDARD.encode(pkcs8),
        }],
    })
}

/// Adds a new key at the front of both secrets, first where it verifies and then where it signs, and returns its id.
pub(crate) async fn rotate(aws: &Aws) -> Result<String> {
    let missing = |id| format!("there is no secret {id}: start the stack with `cargo xtask dev` first");
    let mut private: Private = read(aws, PRIVATE).await?.with_context(|| missing(PRIVATE))?;
    let mut public: Public = read(aws, PUBLIC).await?.with_context(|| missing(PUBLIC))?;
    let fresh = signing_key().await?;
    let id = fresh.id.clone();
    public.keys.insert(0, publish(&fresh)?);
    // One more than signs: a function that has not fetched the new keys yet signs with the oldest of them at most.
    public.keys.truncate(KEPT + 1);
    write(aws, PUBLIC, &public).await?;
    tokio::time::sleep(HEAD_START).await;
    private.keys.insert(0, fresh);
    private.keys.truncate(KEPT);
    private.refresh_keys.insert(0, shared_key());
    private.refresh_keys.truncate(KEPT);
    write(aws, PRIVATE, &private).await?;
    Ok(id)
}

/// Puts a new key in front of those for what is stored encrypted, and returns its id. All before it are kept: backups need them.
pub(crate) async fn rotate_data(aws: &Aws) -> Result<String> {
    let missing = || format!("there is no secret {DATA}: start the stack with `cargo xtask dev` first");
    let mut data: Data = read(aws, DATA).await?.with_context(missing)?;
    let fresh = shared_key();
    let id = fresh.id.clone();
    data.keys.insert(0, fresh);
    write(aws, DATA, &data).await?;
    Ok(id)
}

async fn read<T: serde::de::DeserializeOwned>(aws: &Aws, id: &str) -> Result<Option<T>> {
    let Some(text) = aws.secret(id).await? else {
        return Ok(None);
    };
    let value = serde_json::from_str(&text);
    value
        .map(Some)
        .map_err(|_| anyhow::anyhow!("the secret {id} is not the JSON document that is expected there"))
}

async fn write<T: Serialize>(aws: &Aws, id: &str, value: &T) -> Result<()> {
    aws.put_secret(id, &serde_json::to_string(value)?).await
}

/// A new RSA key of 2048 bits. OpenSSL makes it, since the library that signs with it makes none.
async fn signing_key() -> Result<SigningKey> {
    let mut openssl = Command::new("openssl");
    openssl.args(["genpkey", "-quiet", "-algorithm", "RSA"]);
    openssl.args(["-pkeyopt", "rsa_keygen_bits:2048"]);
    let pem = shell::capture(&mut openssl)
        .await
        .context("openssl could not make a key")?;
    let pkcs8: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let (modulus, exponent) = public_half(&pkcs8)?;
    Ok(SigningKey {
        id: thumbprint(&modulus, &exponent),
        pkcs8,
    })
}

fn shared_key() -> SharedKey {
    SharedKey {
        id: URL_SAFE_NO_PAD.encode(rand::random::<[u8; 6]>()),
        key: STANDARD.encode(rand::random::<[u8; 32]>()),
    }
}

fn publish(key: &SigningKey) -> Result<Jwk> {
    let (n, e) = public_half(&key.pkcs8)?;
    Ok(Jwk {
        kty: "RSA".to_owned(),
        usage: "sig".to_owned(),
        alg: "RS256".to_owned(),
        kid: key.id.clone(),
        n,
        e,
    })
}

/// Modulus and exponent in base64url.
fn public_half(pkcs8: &str) -> Result<(String, String)> {
    let der = STANDARD.decode(pkcs8).context("a signing key is not base64")?;
    let pair = KeyPair::from_pkcs8(&der)
        .map_err(|error| anyhow::anyhow!("a signing key is not an RSA key that can be used: {error}"))?;
    let public = PublicKeyComponents::<Vec<u8>>::from(pair.public());
    Ok((URL_SAFE_NO_PAD.encode(public.n), URL_SAFE_NO_PAD.encode(public.e)))
}

/// The key's name for good: its thumbprint (RFC 7638).
fn thumbprint(modulus: &str, exponent: &str) -> String {
    let canonical = format!(r#"{{"e":"{exponent}","kty":"RSA","n":"{modulus}"}}"#);
    URL_SAFE_NO_PAD.encode(digest(&SHA256, canonical.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbprint_is_that_of_the_standards_example() {
        // RFC 7638, section 3.1.
        let modulus = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        assert_eq!(
            thumbprint(modulus, "AQAB"),
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
        );
    }

    #[tokio::test]
    async fn the_first_keys_are_those_that_are_published() {
        let fresh = fresh().await.unwrap();
        let content = |wanted: &str| {
            let (_, text) = fresh.iter().find(|(name, _)| *name == wanted).unwrap();
            serde_json::from_str::<serde_json::Value>(text).unwrap()
        };
        assert_eq!(
            content("tokens")["keys"][0]["id"],
            content("token-keys")["keys"][0]["kid"]
        );
        assert_ne!(
            content("data-keys")["keys"][0]["key"],
            content("signing")["cursorKeys"][0]["key"]
        );
        assert_eq!(fresh.len(), 5);
    }

    #[tokio::test]
    async fn a_new_key_can_be_used_and_published() {
        let key = signing_key().await.unwrap();
        let public = publish(&key).unwrap();
        assert_eq!((public.kid, public.e.as_str()), (key.id, "AQAB"));
        assert!(public.n.len() >= 342, "2048 bits in base64url");
    }
}
