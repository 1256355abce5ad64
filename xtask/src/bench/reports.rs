//! Reports: what sums over many rows.

use super::cases::{Case, case, column};
use super::people::People;
use super::report::{Class, Shape};
use anyhow::Result;
use sqlx::postgres::PgConnection;

/// The fullest events' analytics, and the reports for staff.
pub(super) async fn all(owner: &mut PgConnection, people: &People) -> Result<Vec<Case>> {
    let events =
        "SELECT id::text FROM events WHERE deleted_at IS NULL ORDER BY registered_count DESC, id LIMIT 20";
    let events = column(owner, events).await?;
    let analytics = events
        .into_iter()
        .map(|id| format!("/v1/events/{id}/analytics"))
        .collect();
    let report = |name, path: &str| {
        let paths = vec![format!("/v1/admin/reports/{path}")];
        case(name, Class::Report, Shape::Other, &people.administrator, paths)
    };
    Ok(vec![
        case(
            "event_analytics",
            Class::Report,
            Shape::Other,
            &people.event_manager,
            analytics,
        ),
        report("report_members", "members"),
        report("report_projects", "projects"),
        report("report_events", "events"),
        report("report_revenue", "revenue"),
        report("report_outreach", "outreach"),
    ])
}
