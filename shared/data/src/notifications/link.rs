//! The token of a link that ends mails of one topic to one member: it says so itself, with a tag that nobody else can make.
//!
//! `<key id>.<member>.<topic>.<tag>`: the member's id without hyphens, and HMAC-SHA256 over all before it, in base64url. It runs out with
//! its key and works as often as it is opened, since doing it again changes nothing (RFC 8058).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use portal_domain::ids::UserId;
use portal_domain::notification::Topic;
use ring::hmac;
use serde::Deserialize;

/// What the tags of these links are made for, so that none passes for one of something else that the same key signs.
const PURPOSE: &str = "unsubscribe ";
/// The least length of a key in bytes: that of the hash.
const KEY_BYTES: usize = 32;
/// The longest token that is looked at.
const LONGEST: usize = 256;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnsubscribeLink {
    /// Whose mails end.
    pub member: UserId,
    /// Which.
    pub topic: Topic,
}

/// The signing keys: the first signs, all verify.
#[derive(Deserialize)]
#[serde(try_from = "Document")]
pub struct LinkKeys(Vec<(String, hmac::Key)>);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    cursor_keys: Vec<NamedKey>,
}

#[derive(Deserialize)]
struct NamedKey {
    id: String,
    key: String,
}

impl TryFrom<Document> for LinkKeys {
    type Error = &'static str;

    fn try_from(document: Document) -> Result<Self, Self::Error> {
        let keys = document.cursor_keys.into_iter().map(|named| {
            let bytes = STANDARD.decode(&named.key).ok()?;
            (bytes.len() >= KEY_BYTES).then(|| (named.id, hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
        });
        let keys: Option<Vec<_>> = keys.collect();
        match keys {
            Some(keys) if !keys.is_empty() => Ok(Self(keys)),
            _ => Err("the signing secret needs keys of at least 32 bytes in base64"),
        }
    }
}

impl LinkKeys {
    /// The token of a link; none without keys, which cannot be.
    #[must_use]
    pub fn sign(&self, link: UnsubscribeLink) -> Option<String> {
        let (id, key) = self.0.first()?;
        let said = format!("{id}.{}.{}", link.member.as_uuid().simple(), link.topic);
        let tag = hmac::sign(key, format!("{PURPOSE}{said}").as_bytes());
        Some(format!("{said}.{}", URL_SAFE_NO_PAD.encode(tag)))
    }

    /// What a token of ours says; nothing for any other.
    #[must_use]
    pub fn verify(&self, token: &str) -> Option<UnsubscribeLink> {
        let (said, tag) = (token.len() <= LONGEST).then(|| token.rsplit_once('.'))??;
        let mut parts = said.split('.');
        let (id, member, topic) = (parts.next()?, parts.next()?, parts.next()?);
        let (_, key) = self.0.iter().find(|(known, _)| known == id)?;
        let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
        hmac::verify(key, format!("{PURPOSE}{said}").as_bytes(), &tag).ok()?;
        Some(UnsubscribeLink {
            member: member.parse().ok()?,
            topic: topic.parse().ok()?,
        })
    }

    /// Whether the key that a token names is among these. One that is not may have been added since they were fetched.
    #[must_use]
    pub fn know(&self, token: &str) -> bool {
        let named = token.split('.').next().unwrap_or_default();
        self.0.iter().any(|(id, _)| id == named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn keys(names: &[(&str, u8)]) -> LinkKeys {
        let keys: Vec<_> = names
            .iter()
            .map(|(id, byte)| serde_json::json!({ "id": id, "key": STANDARD.encode([*byte; 32]) }))
            .collect();
        serde_json::from_value(serde_json::json!({ "cursorKeys": keys })).unwrap()
    }

    fn link() -> UnsubscribeLink {
        UnsubscribeLink {
            member: UserId::from(Uuid::from_u128(7)),
            topic: Topic::Digest,
        }
    }

    #[test]
    fn a_link_reads_back_also_after_a_new_key() {
        let token = keys(&[("k1", 1)]).sign(link()).unwrap();
        assert_eq!(keys(&[("k1", 1)]).verify(&token), Some(link()));
        assert_eq!(keys(&[("k2", 2), ("k1", 1)]).verify(&token), Some(link()));
        assert_eq!(keys(&[("k2", 2)]).verify(&token), None);
        assert!(!keys(&[("k2", 2)]).know(&token));
    }

    #[test]
    fn a_token_that_was_changed_says_nothing() {
        let keys = keys(&[("k1", 1)]);
        let token = keys.sign(link()).unwrap();
        let other = UserId::from(Uuid::from_u128(8)).as_uuid().simple().to_string();
        let mine = link().member.as_uuid().simple().to_string();
        for bad in [
            token.replace("digest", "events"),
            token.replace(&mine, &other),
            format!("{token}A"),
            token.trim_end_matches(|c| c != '.').to_owned(),
            String::new(),
            "...".to_owned(),
            "x".repeat(1000),
        ] {
            assert_eq!(keys.verify(&bad), None, "{bad}");
        }
    }

    #[test]
    fn a_weak_key_or_none_is_refused() {
        for document in [
            serde_json::json!({ "cursorKeys": [] }),
            serde_json::json!({ "cursorKeys": [{ "id": "k1", "key": "AAAA" }] }),
        ] {
            assert!(serde_json::from_value::<LinkKeys>(document).is_err());
        }
    }
}
