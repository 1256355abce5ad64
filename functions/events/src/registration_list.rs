//! Lists of registrations: those for an event, and a member's own.

use axum::response::Response;
use portal_data::registrations::{self, RegistrationFilters, RegistrationPosition};
use portal_data::{DataError, Tx, read};
use portal_domain::event::{Registration, RegistrationStatus};
use portal_http::csv::{Cell, CsvTable, Tabular};
use portal_http::page::PageRequest;
use portal_http::query::{FromQuery, QueryReader};
use portal_http::{Call, Portal, Problem};
use utoipa::IntoParams;

/// What registrations to show.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RegistrationParameters {
    /// Where the registrations stand; a name that is repeated means any of its values.
    #[param(required = false)]
    pub(crate) status: Vec<RegistrationStatus>,
}

impl FromQuery for RegistrationParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        Some(Self {
            status: query.many("status"),
        })
    }
}

/// One page, the latest first.
///
/// # Errors
/// 400 for a cursor of another list, and those of the queries.
pub(crate) async fn page(
    portal: &Portal,
    call: &Call,
    page: &PageRequest,
    filters: &RegistrationFilters,
) -> Result<Response, Problem> {
    let keys = portal.cursor_keys(page.cursor()).await?;
    let after: Option<RegistrationPosition> = page.position(&keys)?;
    let read = read!(portal.database(), &call.context, |tx| {
        let rows = registrations::list(tx, filters, after, page.rows()).await?;
        let total = match page.counting() {
            Some(_) => Some(registrations::count(tx, filters).await?),
            None => None,
        };
        Ok((rows, total))
    });
    let (rows, total) = read?;
    let page = page.page(&keys, rows, RegistrationPosition::after)?;
    Ok(page.with_total(total).respond_json())
}

/// The list as CSV, up to 5 MB; `Link` leads to the rest.
///
/// # Errors
/// As [`page`].
pub(crate) async fn table(
    portal: &Portal,
    call: &Call,
    page: &PageRequest,
    filters: &RegistrationFilters,
) -> Result<Response, Problem> {
    let keys = portal.cursor_keys(page.cursor()).await?;
    let first: Option<RegistrationPosition> = page.position(&keys)?;
    let table = read!(portal.database(), &call.context, |tx| {
        fill(tx, page, filters, first).await
    });
    table?.respond(page, &keys, "registrations")
}

/// A registration as a row of a table.
struct Line<'a>(&'a Registration);

/// Reads on until the list or the room in the table ends.
async fn fill(
    tx: &mut Tx,
    page: &PageRequest,
    filters: &RegistrationFilters,
    first: Option<RegistrationPosition>,
) -> Result<CsvTable<RegistrationPosition>, DataError> {
    let mut table = CsvTable::begin::<Line<'_>>(page);
    loop {
        let wanted = table.wanted();
        let after = table.last().copied().or(first);
        let rows = registrations::list(tx, filters, after, wanted).await?;
        for row in &rows {
            if !table.add(&Line(row), RegistrationPosition::after(row)) {
                return Ok(table);
            }
        }
        if i64::try_from(rows.len()).is_ok_and(|count| count < wanted) {
            return Ok(table);
        }
    }
}

impl Tabular for Line<'_> {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "memberName",
        "memberCompany",
        "status",
        "priceKind",
        "amountCents",
        "currency",
        "paidAt",
        "registeredAt",
        "holdExpiresAt",
        "waitlistPosition",
        "checkedInAt",
        "cancelledAt",
    ];

    fn cells(&self) -> Vec<Cell> {
        let Self(registration) = self;
        let moment = |moment: Option<portal_domain::listing::Moment>| {
            let text = moment.and_then(|moment| serde_json::to_value(moment).ok());
            Cell::plain(text.and_then(|text| text.as_str().map(str::to_owned)))
        };
        vec![
            Cell::plain(Some(registration.id)),
            Cell::text(registration.member_name.as_ref()),
            Cell::text(registration.member_company.as_ref()),
            Cell::plain(Some(registration.status)),
            Cell::plain(Some(registration.price_kind)),
            Cell::plain(Some(registration.amount_cents.get())),
            Cell::plain(Some(&registration.currency)),
            moment(registration.paid_at),
            moment(Some(registration.registered_at)),
            moment(registration.hold_expires_at),
            Cell::plain(registration.waitlist_position),
            moment(registration.checked_in_at),
            moment(registration.cancelled_at),
        ]
    }
}
