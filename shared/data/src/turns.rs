//! How often members have lately done what makes mails or rows for others. Counted in the transaction that does it: what is rolled back
//! was no turn.

use portal_domain::turn::{Turn, Window};
use sqlx::postgres::types::PgInterval;
use time::OffsetDateTime;

use crate::{DataError, Tx};

/// Where the caller stands with an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenTurn {
    /// Whether there was room for one more.
    pub granted: bool,
    /// When that was asked, by the database's clock.
    pub at: OffsetDateTime,
    /// What was counted before, in the windows of [`Turn::quotas`].
    pub windows: Vec<Window>,
}

/// Takes one more turn of the caller's, unless there have been too many. Waits for the caller's other turns of the kind, so it comes before
/// any other row is held.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn take(tx: &mut Tx, turn: Turn) -> Result<TakenTurn, DataError> {
    let quotas = turn.quotas();
    let windows: Vec<PgInterval> = quotas
        .iter()
        .map(|quota| PgInterval {
            months: 0,
            days: 0,
            microseconds: i64::try_from(quota.window.as_micros()).unwrap_or(i64::MAX),
        })
        .collect();
    let most: Vec<i32> = quotas
        .iter()
        .map(|quota| i32::try_from(quota.most).unwrap_or(i32::MAX))
        .collect();
    let row = sqlx::query!(
        r#"SELECT granted AS "granted!", at AS "at!", counts AS "counts!", oldest AS "oldest!: Vec<Option<OffsetDateTime>>"
        FROM app.take_turn($1, $2, $3)"#,
        turn.as_str(),
        &windows,
        &most,
    )
    .fetch_one(&mut *tx)
    .await?;
    let windows = row
        .counts
        .into_iter()
        .zip(row.oldest)
        .map(|(count, oldest)| Window {
            count: u32::try_from(count).unwrap_or(u32::MAX),
            oldest,
        });
    Ok(TakenTurn {
        granted: row.granted,
        at: row.at,
        windows: windows.collect(),
    })
}
