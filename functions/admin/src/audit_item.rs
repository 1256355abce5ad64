//! A change as it stands in a table.

use portal_domain::audit::AuditEntry;
use portal_domain::listing::Moment;
use portal_http::csv::{Cell, Tabular};
use serde_json::Value;
use time::format_description::well_known::Rfc3339;

/// A row of the table of changes.
pub(crate) struct AuditRow(pub(crate) AuditEntry);

impl Tabular for AuditRow {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "at",
        "actorId",
        "actorName",
        "databaseRole",
        "application",
        "table",
        "rowId",
        "operation",
        "before",
        "after",
        "requestId",
    ];

    fn cells(&self) -> Vec<Cell> {
        let Self(entry) = self;
        let actor = entry.actor.as_ref();
        vec![
            Cell::plain(Some(entry.id)),
            moment(Some(entry.at)),
            Cell::plain(actor.map(|actor| actor.id)),
            Cell::text(actor.and_then(|actor| actor.name.as_ref())),
            Cell::text(Some(&entry.database_role)),
            Cell::text(Some(&entry.application)),
            Cell::text(Some(&entry.table)),
            Cell::text(Some(&entry.row_id)),
            Cell::plain(Some(entry.operation)),
            Cell::text(entry.before.as_ref().map(Value::to_string)),
            Cell::text(entry.after.as_ref().map(Value::to_string)),
            Cell::plain(entry.request_id),
        ]
    }
}

/// A cell of a moment.
pub(crate) fn moment(moment: Option<Moment>) -> Cell {
    Cell::plain(moment.and_then(|moment| moment.0.format(&Rfc3339).ok()))
}
