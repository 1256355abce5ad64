//! Courses, when time has passed: what was not paid in time is given up, and who has a certificate that runs out soon is reminded.
//!
//! Each batch is one transaction with its mails; done twice, or by two runs at once, it does nothing more, and a run that dies has done
//! some batches.

use portal_data::{DataError, Database, RequestContext, enrollments};
use portal_jobs::Deadline;
use time::OffsetDateTime;

use crate::report::Report;

/// How many enrolments are taken up at once.
const BATCH: i64 = 200;

/// Does what is due until nothing is, or the deadline comes.
///
/// # Errors
/// [`DataError`] of the queries.
pub(crate) async fn keep(
    (database, context): (&Database, &RequestContext),
    deadline: &Deadline,
    now: OffsetDateTime,
    report: &mut Report,
) -> Result<(), DataError> {
    while !deadline.has_come() {
        let mut tx = database.begin(context).await?;
        let lapsed = enrollments::lapse(&mut tx, now, BATCH).await?;
        let reminded = enrollments::remind(&mut tx, now, BATCH).await?;
        tx.commit().await?;
        report.enrollments_lapsed += count(lapsed);
        report.certificates_reminded += count(reminded);
        if lapsed + reminded == 0 {
            return Ok(());
        }
    }
    Ok(())
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
