//! What is kept encrypted about a member: tax numbers and bank details. A value never shows itself; only its last digits do.

mod numbers;
#[cfg(test)]
mod tests;

use std::fmt;

use thiserror::Error;

use crate::words::words;

words! {
    /// What a sealed value is.
    SecureKind {
        /// A Social Security number.
        Ssn = "SSN",
        /// An employer identification number.
        Ein = "EIN",
        /// The number of a bank account.
        BankAccount = "BANK_ACCOUNT",
        /// The routing number of the account's bank.
        BankRouting = "BANK_ROUTING",
    }
}

/// Why a number cannot be taken. No message repeats it.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum SecureDataError {
    /// Not nine digits in groups of three, two and four.
    #[error("must have nine digits, as in 123-45-6789")]
    SsnForm,
    /// A number that the Social Security Administration has given to nobody.
    #[error("is not a Social Security number that was ever given to anyone: check it against the card")]
    SsnNeverIssued,
    /// Not nine digits in groups of two and seven.
    #[error("must have nine digits, as in 12-3456789")]
    EinForm,
    /// The first two digits are not a prefix that the IRS gives out.
    #[error("does not begin with two digits that the IRS gives out: check it against the IRS's letter")]
    EinPrefix,
    /// Not nine digits.
    #[error("must have nine digits, as at the bottom left of a check")]
    RoutingForm,
    /// No Federal Reserve district has this number, or its check digit is wrong.
    #[error("is not a routing number of a bank: check every digit")]
    RoutingUnknown,
    /// Not 4 to 17 digits.
    #[error("must have 4 to 17 digits")]
    AccountForm,
}

/// A valid number, in the form in which it is sealed: digits only.
#[derive(Clone, PartialEq, Eq)]
pub struct SecureValue {
    kind: SecureKind,
    digits: String,
}

impl SecureValue {
    /// Reads a number as people write it: blanks and hyphens may stand where they usually do.
    ///
    /// # Errors
    /// [`SecureDataError`], which says what is wrong and does not repeat the number.
    pub fn parse(kind: SecureKind, text: &str) -> Result<Self, SecureDataError> {
        let digits = match kind {
            SecureKind::Ssn => numbers::social_security_number(text),
            SecureKind::Ein => numbers::employer_identification_number(text),
            SecureKind::BankAccount => numbers::account_number(text),
            SecureKind::BankRouting => numbers::routing_number(text),
        }?;
        Ok(Self { kind, digits })
    }

    /// A value that was parsed before it was sealed. Its rules are not applied again: the IRS may have changed them since.
    #[must_use]
    pub fn restore(kind: SecureKind, digits: String) -> Option<Self> {
        let form = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        form.then_some(Self { kind, digits })
    }

    /// What the number is.
    #[must_use]
    pub const fn kind(&self) -> SecureKind {
        self.kind
    }

    /// The digits, for sealing and for the office that they are meant for.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.digits
    }

    /// What may be shown: the last four digits, and of a short number no more than half.
    #[must_use]
    pub fn last_digits(&self) -> &str {
        let shown = (self.digits.len() / 2).min(4);
        // Digits are one byte each, so this is a boundary.
        self.digits.get(self.digits.len() - shown..).unwrap_or_default()
    }
}

impl fmt::Debug for SecureValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SecureValue({}, [redacted])", self.kind)
    }
}
