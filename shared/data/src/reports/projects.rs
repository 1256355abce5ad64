//! What was posted, bid and awarded.

use portal_domain::listing::{Day, Moment};
use portal_domain::project::ProjectStatus;
use portal_domain::report::{Periods, PipelineStep, ProjectPeriod, ProjectsReport, Span, share};
use time::OffsetDateTime;

use super::plan;
use crate::{DataError, Tx};

struct Counted {
    created: i64,
    published: i64,
    closed: i64,
    awarded: i64,
    cancelled: i64,
    bids_on_published: i64,
    bids: i64,
    bidders: i64,
    awards: i64,
    awarded_cents: i64,
}

impl Counted {
    fn of(self, span: Span) -> ProjectPeriod {
        ProjectPeriod {
            from: Day(span.first),
            to: Day(span.last),
            created: self.created,
            published: self.published,
            closed: self.closed,
            bids: self.bids,
            bidders: self.bidders,
            awards: self.awards,
            awarded_cents: self.awarded_cents,
            awarded_projects: self.awarded,
            cancelled_projects: self.cancelled,
            award_rate: share(self.awarded, self.awarded + self.cancelled),
            bids_per_project: share(self.bids_on_published, self.published),
        }
    }
}

/// The projects of each period, and where all of them stand.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn projects(
    tx: &mut Tx,
    periods: &Periods,
    now: OffsetDateTime,
) -> Result<ProjectsReport, DataError> {
    plan(tx).await?;
    let counted = sqlx::query_file_as!(Counted, "src/reports/projects.sql", &periods.bounds())
        .fetch_all(&mut *tx)
        .await?;
    let spans = periods.spans().iter();
    let counted = spans.zip(counted).map(|(span, counted)| counted.of(*span));
    Ok(ProjectsReport {
        frame: periods.frame(Moment(now)),
        periods: counted.collect(),
        pipeline: pipeline(tx).await?,
    })
}

async fn pipeline(tx: &mut Tx) -> Result<Vec<PipelineStep>, DataError> {
    let rows = sqlx::query!(
        r#"SELECT status, count(*) AS "projects!",
            COALESCE(sum(estimated_value_cents) FILTER (WHERE currency = 'USD'), 0)::bigint AS "value!",
            COALESCE(sum(application_count), 0)::bigint AS "bids!"
        FROM projects
        WHERE deleted_at IS NULL
        GROUP BY status"#
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    let step = |status: &ProjectStatus| {
        let row = rows.iter().find(|row| row.status == status.as_str());
        PipelineStep {
            status: *status,
            projects: row.map_or(0, |row| row.projects),
            estimated_value_cents: row.map_or(0, |row| row.value),
            bids: row.map_or(0, |row| row.bids),
        }
    };
    Ok(ProjectStatus::ALL.iter().map(step).collect())
}
