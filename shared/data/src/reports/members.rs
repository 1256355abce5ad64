//! Who came, stayed and left.

use portal_domain::listing::Moment;
use portal_domain::report::{MemberPeriod, MembersNow, MembersReport, Periods};
use time::OffsetDateTime;

use super::plan;
use crate::{DataError, Tx};

/// One bound of the periods: who is a member there, and what has happened since the one before or will until the next.
struct Bound {
    members: i64,
    joined: i64,
    returned: i64,
    gone: i64,
    accounts: i64,
    approved: i64,
}

/// The members of each period, and now.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn members(
    tx: &mut Tx,
    periods: &Periods,
    now: OffsetDateTime,
) -> Result<MembersReport, DataError> {
    plan(tx).await?;
    let bounds = sqlx::query_file_as!(Bound, "src/reports/members.sql", &periods.bounds(), now)
        .fetch_all(&mut *tx)
        .await?;
    let ends = bounds.iter().zip(bounds.iter().skip(1));
    let counted = periods.spans().iter().zip(ends).map(|(span, (begin, end))| {
        MemberPeriod::counted(
            *span,
            (begin.accounts, begin.approved),
            (begin.members, end.members),
            (end.joined, end.returned, end.gone),
        )
    });
    let periods_of_report = counted.collect();
    let now_figures = sqlx::query_file_as!(MembersNow, "src/reports/members_now.sql", now)
        .fetch_one(&mut *tx)
        .await?;
    Ok(MembersReport {
        frame: periods.frame(Moment(now)),
        periods: periods_of_report,
        now: now_figures,
    })
}
