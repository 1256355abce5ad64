//! E-mail addresses, as accounts are known by.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a text is no address that mail can be sent to.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum EmailError {
    /// RFC 5321, section 4.5.3.1: 64 octets before the @, 254 in all.
    #[error("must have at most 64 characters before the @ and 254 in all")]
    TooLong,
    /// The sender takes plain ASCII; a domain in another script has an `xn--` form.
    #[error("must be plain ASCII; write the domain in its xn-- form where it is in another script")]
    NotAscii,
    /// Not a dot-atom, an @ and a domain name (RFC 5322, section 3.4.1).
    #[error("must be an e-mail address such as maria@example.org")]
    Malformed,
}

/// An e-mail address, written as its owner writes it; upper and lower case count as one.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The form by which addresses are compared.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// What stands before the @.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }
}

impl PartialEq for EmailAddress {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for EmailAddress {}

impl TryFrom<String> for EmailAddress {
    type Error = EmailError;

    fn try_from(text: String) -> Result<Self, EmailError> {
        let text = text.trim();
        if !text.is_ascii() {
            return Err(EmailError::NotAscii);
        }
        let (local, domain) = text.split_once('@').ok_or(EmailError::Malformed)?;
        if local.len() > 64 || text.len() > 254 {
            return Err(EmailError::TooLong);
        }
        if !is_dot_atom(local) || !is_domain(domain) {
            return Err(EmailError::Malformed);
        }
        Ok(Self(text.to_owned()))
    }
}

/// RFC 5322, section 3.2.3: atoms with single dots between.
fn is_dot_atom(text: &str) -> bool {
    let is_atext = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    text.split('.')
        .all(|atom| !atom.is_empty() && atom.bytes().all(is_atext))
}

/// A host name of two labels or more whose last one is no number, so that no IP address passes.
fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = text.rsplit('.').next().unwrap_or_default();
    text.contains('.') && text.split('.').all(is_label) && !last.bytes().all(|byte| byte.is_ascii_digit())
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

impl Deref for EmailAddress {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<EmailAddress, EmailError> {
        text.to_owned().try_into()
    }

    #[test]
    fn addresses_are_trimmed_and_compared_without_case() {
        let address = read(" Maria.Munoz+bids@Example.org ").unwrap();
        assert_eq!(&*address, "Maria.Munoz+bids@Example.org");
        assert_eq!(address, read("maria.munoz+bids@example.ORG").unwrap());
        assert_eq!(address.folded(), "maria.munoz+bids@example.org");
        assert_eq!(address.local_part(), "Maria.Munoz+bids");
    }

    #[test]
    fn what_no_mail_reaches_is_refused() {
        for bad in [
            "",
            "@",
            "a",
            "a@",
            "@b.org",
            "a@b",
            "a@b@c.org",
            "a b@c.org",
            ".a@c.org",
            "a..b@c.org",
            "a@-c.org",
            "a@c-.org",
            "a@c..org",
            "a@10.0.0.1",
            "a@[10.0.0.1]",
            "\"a\"@c.org",
            "a\0@c.org",
            "a\n@c.org",
            "a@c.org\r\nBcc: x@y.org",
        ] {
            assert_eq!(read(bad), Err(EmailError::Malformed), "{bad:?}");
        }
        assert_eq!(read("muñoz@example.org"), Err(EmailError::NotAscii));
    }

    #[test]
    fn the_length_is_bounded_before_the_at_and_in_all() {
        let local = |length: usize| read(&format!("{}@example.org", "a".repeat(length)));
        assert!(local(64).is_ok());
        assert_eq!(local(65), Err(EmailError::TooLong));
        let whole = |length: usize| {
            let rest = length - "a@.org".len();
            let labels = format!(
                "{}.{}.{}.{}",
                "b".repeat(63),
                "c".repeat(63),
                "d".repeat(57),
                "e".repeat(rest - 186)
            );
            read(&format!("a@{labels}.org"))
        };
        assert!(whole(254).is_ok());
        assert!(whole(255).is_err());
    }
}
