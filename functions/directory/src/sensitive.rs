//! Tax numbers and bank details as they come in, and as little of them as goes out.

use portal_data::secure_data::Excerpt;
use portal_domain::listing::Moment;
use portal_domain::secure_data::{SecureKind, SecureValue};
use portal_http::fields::{FieldReader, FromFields};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// What is kept encrypted. A field that is left out stays, since nobody can read it to send it again; null forgets it.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct SensitiveData {
    /// Social Security number.
    #[schema(value_type = Option<String>, example = "536-22-8726")]
    ssn: Option<Option<SecureValue>>,
    /// Employer identification number.
    #[schema(value_type = Option<String>, example = "12-3456789")]
    ein: Option<Option<SecureValue>>,
    /// The number of a bank account.
    #[schema(value_type = Option<String>, example = "000123456789")]
    bank_account: Option<Option<SecureValue>>,
    /// The routing number of the account's bank.
    #[schema(value_type = Option<String>, example = "121000358")]
    bank_routing: Option<Option<SecureValue>>,
}

impl SensitiveData {
    /// What is said of each kind that is mentioned: a new number, or that it is to be forgotten.
    pub(crate) fn mentioned(self) -> impl Iterator<Item = (SecureKind, Option<SecureValue>)> {
        let said = [
            (SecureKind::Ssn, self.ssn),
            (SecureKind::Ein, self.ein),
            (SecureKind::BankAccount, self.bank_account),
            (SecureKind::BankRouting, self.bank_routing),
        ];
        said.into_iter()
            .filter_map(|(kind, said)| said.map(|value| (kind, value)))
    }
}

/// A text that no message repeats, also where something else was sent.
struct Unrepeated(Option<String>);

impl<'de> Deserialize<'de> for Unrepeated {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self(Some(text))),
            _ => Ok(Self(None)),
        }
    }
}

fn read(fields: &mut FieldReader, name: &'static str, kind: SecureKind) -> Option<Option<SecureValue>> {
    let Some(Unrepeated(text)) = fields.nullable(name)? else {
        return Some(None);
    };
    let Some(text) = text else {
        fields.fault(name, "must be a text, such as \"12-3456789\"");
        return None;
    };
    match SecureValue::parse(kind, &text) {
        Ok(value) => Some(Some(value)),
        Err(error) => {
            fields.fault(name, error.to_string());
            None
        }
    }
}

impl FromFields for SensitiveData {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        Some(Self {
            ssn: read(fields, "ssn", SecureKind::Ssn),
            ein: read(fields, "ein", SecureKind::Ein),
            bank_account: read(fields, "bankAccount", SecureKind::BankAccount),
            bank_routing: read(fields, "bankRouting", SecureKind::BankRouting),
        })
    }
}

/// As much as is shown of a number.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShownExcerpt {
    /// Its last four digits; fewer of a short one.
    last_four: String,
    /// When it was entered or last changed.
    updated_at: Moment,
}

/// What of it may be shown to its owner.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SensitiveExcerpts {
    /// Social Security number.
    #[schema(required)]
    ssn: Option<ShownExcerpt>,
    /// Employer identification number.
    #[schema(required)]
    ein: Option<ShownExcerpt>,
    /// The number of a bank account.
    #[schema(required)]
    bank_account: Option<ShownExcerpt>,
    /// The routing number of the account's bank.
    #[schema(required)]
    bank_routing: Option<ShownExcerpt>,
}

impl From<Vec<Excerpt>> for SensitiveExcerpts {
    fn from(excerpts: Vec<Excerpt>) -> Self {
        let shown = |kind| {
            let excerpt = excerpts.iter().find(|excerpt| excerpt.kind == kind)?;
            Some(ShownExcerpt {
                last_four: excerpt.last_digits.clone(),
                updated_at: Moment(excerpt.updated_at),
            })
        };
        Self {
            ssn: shown(SecureKind::Ssn),
            ein: shown(SecureKind::Ein),
            bank_account: shown(SecureKind::BankAccount),
            bank_routing: shown(SecureKind::BankRouting),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "SensitiveData");
        assert_eq!(portal_http::fields::names::<SensitiveData>(), documented);
    }
}
