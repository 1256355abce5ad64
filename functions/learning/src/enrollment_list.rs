//! Lists of enrolments: those in a course, and a member's own.

use axum::response::Response;
use portal_data::enrollments::{self, EnrollmentFilters, EnrollmentPosition};
use portal_data::{courses, permissions, read};
use portal_domain::course::EnrollmentStatus;
use portal_http::page::PageRequest;
use portal_http::query::{FromQuery, QueryReader};
use portal_http::{Call, Portal, Problem};
use utoipa::IntoParams;

use crate::manage;

/// What enrolments to show.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EnrollmentParameters {
    /// Where the enrolments stand; a name that is repeated means any of its values.
    #[param(required = false)]
    pub(crate) status: Vec<EnrollmentStatus>,
}

impl FromQuery for EnrollmentParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        Some(Self {
            status: query.many("status"),
        })
    }
}

/// One page, the latest first; for who has a permission, where it takes one.
///
/// # Errors
/// 400 for a cursor of another list, 403 without the permission, 404 where there is no such course, and those of the queries.
pub(crate) async fn page(
    portal: &Portal,
    call: &Call,
    page: &PageRequest,
    filters: &EnrollmentFilters,
    permission: Option<&'static str>,
) -> Result<Response, Problem> {
    let keys = portal.cursor_keys(page.cursor()).await?;
    let after: Option<EnrollmentPosition> = page.position(&keys)?;
    let read = read!(portal.database(), &call.context, |tx| {
        if let Some(permission) = permission {
            permissions::require(tx, permission).await?;
        }
        if let Some(course) = filters.course
            && courses::lookup(tx, course).await?.is_none()
        {
            return Ok(None);
        }
        let rows = enrollments::list(tx, filters, after, page.rows()).await?;
        let total = match page.counting() {
            Some(_) => Some(enrollments::count(tx, filters).await?),
            None => None,
        };
        Ok(Some((rows, total)))
    });
    let (rows, total) = read?.ok_or_else(manage::unseen)?;
    let page = page.page(&keys, rows, EnrollmentPosition::after)?;
    Ok(page.with_total(total).respond_json())
}
