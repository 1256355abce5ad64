//! How many rows a list has: counted, or counted a little way and estimated beyond.

use crate::DataError;

/// How the rows of a list are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// One by one.
    Exact,
    /// One by one up to [`CAP`], from the planner's statistics beyond.
    Estimated,
}

/// How far an estimate counts one by one.
pub(crate) const CAP: i64 = 1_000;

impl Counting {
    /// How many rows a count reads at most; all of them when `None`.
    pub(crate) const fn limit(self) -> Option<i64> {
        match self {
            Self::Exact => None,
            Self::Estimated => Some(CAP),
        }
    }
}

/// The number of rows that the planner expects, from the answer to `EXPLAIN (FORMAT JSON)`.
pub(crate) fn planned_rows(plan: &serde_json::Value) -> Result<i64, DataError> {
    let rows = plan
        .pointer("/0/Plan/Plan Rows")
        .and_then(serde_json::Value::as_f64);
    let rows = rows.ok_or_else(|| DataError::Corrupt {
        table: "EXPLAIN",
        reason: "no Plan Rows".to_owned(),
    })?;
    // Plan rows are whole numbers far below 2^53.
    #[allow(clippy::cast_possible_truncation)]
    Ok(rows as i64)
}
