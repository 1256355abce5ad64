//! What is suggested while somebody types.

use portal_domain::contractor::LicenceNumber;
use portal_domain::search::SearchWords;

use crate::{DataError, Tx};

/// How many suggestions there are at most.
const MOST: usize = 10;

/// How many of them are names of firms.
const MOST_NAMES: i64 = 4;

/// Something to search for.
#[derive(Clone, Debug, PartialEq)]
pub enum Suggestion {
    /// The words with the last one completed.
    Words {
        /// All of them.
        text: String,
        /// How many documents have the last one.
        documents: i64,
    },
    /// A firm whose name begins so.
    Contractor {
        /// Its name.
        name: String,
        /// Its licence.
        license_number: LicenceNumber,
    },
}

/// What a text may become: its last word completed by the commonest words of the dictionary, and firms whose names begin with it.
///
/// # Errors
/// [`DataError`] of a query.
pub async fn suggest(tx: &mut Tx, text: &str) -> Result<Vec<Suggestion>, DataError> {
    let names = names(tx, text).await?;
    let words = SearchWords::parse(text);
    let mut suggestions = match words.last_begun() {
        Some(begun) => complete(tx, &words, begun, MOST - names.len().min(MOST)).await?,
        None => Vec::new(),
    };
    suggestions.extend(names);
    Ok(suggestions)
}

/// One or two letters begin thousands of words: of those the commonest are read from an index that has them in that order.
async fn complete(
    tx: &mut Tx,
    words: &SearchWords,
    begun: &str,
    most: usize,
) -> Result<Vec<Suggestion>, DataError> {
    let rows = sqlx::query!(
        r#"SELECT w.term AS "term!", sum(w.document_count)::bigint AS "documents!"
           FROM (
               (SELECT term, document_count FROM search_terms
                WHERE length($1) = 1 AND left(term, 1) = $1 ORDER BY document_count DESC LIMIT 60)
               UNION ALL
               (SELECT term, document_count FROM search_terms
                WHERE length($1) = 2 AND left(term, 2) = $1 ORDER BY document_count DESC LIMIT 60)
               UNION ALL
               SELECT term, document_count FROM search_terms
               WHERE length($1) > 2 AND term ~>=~ $1 AND term ~<~ ($1 || chr(1114111))
           ) AS w
           GROUP BY w.term
           ORDER BY 2 DESC, 1
           LIMIT $2"#,
        begun,
        i64::try_from(most).unwrap_or(0),
    )
    .fetch_all(&mut *tx)
    .await?;
    let completed = rows.into_iter().map(|row| Suggestion::Words {
        text: words.completed(&row.term),
        documents: row.documents,
    });
    Ok(completed.collect())
}

/// The index on the letters and digits of names serves it.
async fn names(tx: &mut Tx, text: &str) -> Result<Vec<Suggestion>, DataError> {
    let rows = sqlx::query!(
        r#"SELECT display_name AS "name!", license_number AS "license_number!"
           FROM contractor_listings
           WHERE app.name_key($1) <> '' AND app.name_key(display_name) COLLATE "C" LIKE app.name_key($1) || '%'
           ORDER BY app.name_key(display_name) COLLATE "C", license_number
           LIMIT $2"#,
        text,
        MOST_NAMES,
    )
    .fetch_all(&mut *tx)
    .await?;
    let named = rows.into_iter().map(|row| {
        Ok(Suggestion::Contractor {
            name: row.name,
            license_number: row.license_number.parse().map_err(|_| DataError::Corrupt {
                table: "california_contractors",
                reason: row.license_number,
            })?,
        })
    });
    named.collect()
}
