//! How a database encodes, orders and classes text.

use std::fmt;

use serde::{Deserialize, Serialize};
use sqlx::postgres::PgConnection;

use crate::DataError;

/// The only template of which a database may have another locale than it has itself.
const EMPTY_TEMPLATE: &str = "template0";

/// What a database was made with, and keeps: in one of another, the same rows have other search vectors, and an index another order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Locale {
    /// The encoding, as `UTF8`.
    pub encoding: String,
    /// Whose order texts have, as `C.UTF-8`.
    pub collation: String,
    /// Whose letters are letters.
    pub ctype: String,
}

impl Locale {
    /// Whether both mean the same: systems spell `UTF-8` in names of locales as they like.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        self.encoding == other.encoding
            && spelled(&self.collation) == spelled(&other.collation)
            && spelled(&self.ctype) == spelled(&other.ctype)
    }

    /// What CREATE DATABASE has to be told behind the template, so that a database becomes like this where the template allows it.
    pub(super) fn options(&self, template: &str) -> String {
        if template != EMPTY_TEMPLATE {
            return String::new();
        }
        let [encoding, collation, ctype] =
            [&self.encoding, &self.collation, &self.ctype].map(|text| literal(text));
        format!(" ENCODING {encoding} LC_COLLATE {collation} LC_CTYPE {ctype}")
    }
}

impl fmt::Display for Locale {
    /// As `createdb` takes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "--encoding {} --lc-collate {} --lc-ctype {}",
            self.encoding, self.collation, self.ctype
        )
    }
}

/// That of the database which the connection is to.
pub(super) async fn locale(connection: &mut PgConnection) -> Result<Locale, DataError> {
    let locale = sqlx::query_as!(
        Locale,
        r#"SELECT pg_encoding_to_char(encoding)::text AS "encoding!", datcollate AS "collation!", datctype AS "ctype!"
        FROM pg_database WHERE datname = current_database()"#
    );
    Ok(locale.fetch_one(connection).await?)
}

fn spelled(name: &str) -> String {
    name.replace('-', "").to_ascii_lowercase()
}

/// A text as SQL reads it, whatever it holds.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locale(encoding: &str, collation: &str, ctype: &str) -> Locale {
        Locale {
            encoding: encoding.to_owned(),
            collation: collation.to_owned(),
            ctype: ctype.to_owned(),
        }
    }

    #[test]
    fn spelling_makes_no_other_locale() {
        let here = locale("UTF8", "en_US.UTF-8", "C.UTF-8");
        assert!(here.is_like(&locale("UTF8", "en_US.utf8", "C.utf8")));
        for other in [
            locale("SQL_ASCII", "en_US.UTF-8", "C.UTF-8"),
            locale("UTF8", "C.UTF-8", "C.UTF-8"),
            locale("UTF8", "en_US.UTF-8", "C"),
        ] {
            assert!(!here.is_like(&other), "{other}");
        }
    }

    #[test]
    fn a_locale_is_asked_for_where_the_template_allows_it() {
        let locale = locale("UTF8", "C.UTF-8", "it's");
        assert_eq!(locale.options("template1"), "");
        assert_eq!(
            locale.options("template0"),
            " ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'it''s'"
        );
    }
}
