//! Tickets: a seat as a signed token (RFC 7515, compact), which the door reads from a QR code and can verify without the network.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portal_domain::event::CheckInWindow;
use portal_domain::ids::{EventId, RegistrationId, UserId};
use portal_http::Problem;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::ticket_keys::TicketKeys;

/// What the header of a ticket calls it.
const TOKEN_TYPE: &str = "ticket+jwt";

/// The longest ticket that is looked at.
const LONGEST: usize = 1_000;

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

/// What a ticket says. Names of three letters keep the code small.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ticket {
    /// Who has signed it.
    pub(crate) iss: String,
    /// The event.
    pub(crate) evt: EventId,
    /// The registration.
    pub(crate) reg: RegistrationId,
    /// The member.
    pub(crate) sub: UserId,
    /// Which of the member's seats it is: one that is given back and taken anew has another number.
    pub(crate) ver: i32,
    /// From when it lets somebody in, in seconds since 1970.
    pub(crate) nbf: i64,
    /// Until when.
    pub(crate) exp: i64,
}

impl Ticket {
    /// The same, good while people are let in.
    pub(crate) fn within(self, window: CheckInWindow) -> Self {
        Self {
            nbf: window.opens.unix_timestamp(),
            exp: window.closes.unix_timestamp(),
            ..self
        }
    }

    /// The token.
    ///
    /// # Errors
    /// A 500 problem when it cannot be written.
    pub(crate) fn sign(&self, keys: &TicketKeys) -> Result<String, Problem> {
        let key = keys
            .newest()
            .ok_or_else(|| Problem::internal("there is no key for tickets"))?;
        let header = Header {
            alg: "EdDSA".to_owned(),
            typ: TOKEN_TYPE.to_owned(),
            kid: key.id.clone(),
        };
        let signed = format!("{}.{}", part(&header)?, part(self)?);
        let signature = URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()));
        Ok(format!("{signed}.{signature}"))
    }

    /// What a token says, if it was signed by one of the keys.
    pub(crate) fn verify(token: &str, keys: &TicketKeys) -> Option<Self> {
        if token.len() > LONGEST {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header: Header = read(header)?;
        if header.alg != "EdDSA" || header.typ != TOKEN_TYPE {
            return None;
        }
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let key = keys.get(&header.kid)?;
        key.verifies(signed.as_bytes(), &signature)
            .then(|| read(claims))?
    }
}

/// The key that a token says it was signed with.
pub(crate) fn key_id(token: &str) -> Option<String> {
    let (header, _) = token.split_once('.')?;
    read::<Header>(header).map(|header| header.kid)
}

fn part<T: Serialize>(value: &T) -> Result<String, Problem> {
    let json = serde_json::to_vec(value)
        .map_err(|error| Problem::internal(&format!("a ticket cannot be written: {error}")))?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}

fn read<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket_keys::sample;
    use jsonwebtoken::{Algorithm, DecodingKey, Validation};
    use uuid::Uuid;

    fn ticket() -> Ticket {
        Ticket {
            iss: "https://api.example".to_owned(),
            evt: Uuid::from_u128(1).into(),
            reg: Uuid::from_u128(2).into(),
            sub: Uuid::from_u128(3).into(),
            ver: 1,
            nbf: 1_000,
            exp: 2_000,
        }
    }

    #[test]
    fn a_ticket_verifies_with_the_published_key_alone() {
        let keys = sample(&["t2", "t1"]);
        let token = ticket().sign(&keys).unwrap();
        let public = serde_json::to_value(keys.public()).unwrap();
        let key = DecodingKey::from_ed_components(public["keys"][0]["x"].as_str().unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.validate_exp = false;
        let read = jsonwebtoken::decode::<Ticket>(&token, &key, &validation).unwrap();
        assert_eq!(read.header.kid.as_deref(), Some("t2"));
        assert_eq!(read.claims, ticket());
    }

    #[test]
    fn one_that_was_tampered_with_or_signed_by_others_is_none() {
        let keys = sample(&["t2", "t1"]);
        let token = ticket().sign(&keys).unwrap();
        assert_eq!(Ticket::verify(&token, &keys), Some(ticket()));
        let parts: Vec<_> = token.split('.').collect();
        let other = part(&Ticket { ver: 2, ..ticket() }).unwrap();
        let unsigned = part(&serde_json::json!({"alg": "none", "typ": TOKEN_TYPE, "kid": "t2"})).unwrap();
        for forged in [
            format!("{}.{other}.{}", parts[0], parts[2]),
            format!("{unsigned}.{}.", parts[1]),
            format!("{}.{}", parts[0], parts[1]),
            format!("{token}A"),
            String::new(),
            "..".to_owned(),
            "a".repeat(LONGEST + 1),
        ] {
            assert_eq!(Ticket::verify(&forged, &keys), None, "{forged}");
        }
        assert_eq!(Ticket::verify(&token, &sample(&["t2"])), None);
    }
}
