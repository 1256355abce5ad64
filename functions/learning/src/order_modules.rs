//! `PUT /v1/courses/{id}/modules/order`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::courses;
use portal_domain::course::MOST_MODULES;
use portal_domain::ids::{CourseId, ModuleId};
use portal_domain::text::Few;
use portal_http::answer::Answer;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::{Call, PathParameters, Portal, Problem, etag};
use serde::Serialize;
use utoipa::ToSchema;

use crate::manage;

/// The order of the modules.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrderBody {
    /// Each module of the course once, the first first.
    #[schema(value_type = Vec<ModuleId>, max_items = 200)]
    module_ids: Few<ModuleId, MOST_MODULES>,
}

impl FromFields for OrderBody {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let module_ids = fields.required("moduleIds");
        Some(Self {
            module_ids: module_ids?,
        })
    }
}

/// Puts the modules of a course in another order. `If-Match` is compared with the course.
#[utoipa::path(
    put,
    path = "/v1/courses/{id}/modules/order",
    operation_id = "order_modules",
    tag = "courses",
    params(("id" = CourseId, Path, description = "The course's id.")),
    request_body(content = OrderBody),
    responses(
        (status = 204, description = "They are in this order."),
        (status = 409, description = "These are not the modules of the course, each once."),
        (status = 412, description = "The course has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn order_modules(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    Fields { value: order, .. }: Fields<OrderBody>,
) -> Result<Response, Problem> {
    let id: CourseId = path.read("id")?;
    let mut tx = portal.database().begin(&call.context).await?;
    let course = manage::hold(&mut tx, id).await?;
    etag::guard(&headers, course.version)?;
    courses::order_modules(&mut tx, id, &order.module_ids).await?;
    Ok(Answer::nothing().respond(tx.commit().await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "OrderBody");
        assert_eq!(portal_http::fields::names::<OrderBody>(), documented);
    }
}
