//! Learning: courses and their modules, who takes them, and the certificates at the end.

mod add_module;
mod certificate_body;
mod change_course;
mod change_module;
mod course_body;
mod course_filters;
mod create_course;
mod download_certificate;
mod drop_course;
mod enroll_in_course;
mod enrollment_list;
mod list_course_enrollments;
mod list_courses;
mod list_enrollments;
mod list_modules;
mod manage;
mod module_body;
mod order_modules;
mod record_progress;
mod reinstate_certificate;
mod remove_module;
mod revoke_certificate;
mod show_course;
mod show_enrollment;
mod show_module;
mod state;
mod verify_certificate;

use portal_http::Operations;
pub use state::Learning;
use utoipa::OpenApi;

/// The function's name.
pub const FUNCTION: &str = "learning";

/// The handlers, by operation.
#[must_use]
pub fn operations() -> Operations<Learning> {
    Operations::of(FUNCTION)
        .bind("add_module", add_module::add_module)
        .bind("change_course", change_course::change_course)
        .bind("change_module", change_module::change_module)
        .bind("create_course", create_course::create_course)
        .bind("download_certificate", download_certificate::download_certificate)
        .bind("drop_course", drop_course::drop_course)
        .bind("enroll_in_course", enroll_in_course::enroll_in_course)
        .bind(
            "list_course_enrollments",
            list_course_enrollments::list_course_enrollments,
        )
        .bind("list_courses", list_courses::list_courses)
        .bind("list_enrollments", list_enrollments::list_enrollments)
        .bind("list_modules", list_modules::list_modules)
        .bind("order_modules", order_modules::order_modules)
        .bind("record_progress", record_progress::record_progress)
        .bind(
            "reinstate_certificate",
            reinstate_certificate::reinstate_certificate,
        )
        .bind("remove_module", remove_module::remove_module)
        .bind("revoke_certificate", revoke_certificate::revoke_certificate)
        .bind("show_course", show_course::show_course)
        .bind("show_enrollment", show_enrollment::show_enrollment)
        .bind("show_module", show_module::show_module)
        .bind("verify_certificate", verify_certificate::verify_certificate)
}

#[derive(OpenApi)]
#[openapi(
    paths(
        add_module::add_module,
        change_course::change_course,
        change_module::change_module,
        create_course::create_course,
        download_certificate::download_certificate,
        drop_course::drop_course,
        enroll_in_course::enroll_in_course,
        list_course_enrollments::list_course_enrollments,
        list_courses::list_courses,
        list_enrollments::list_enrollments,
        list_modules::list_modules,
        order_modules::order_modules,
        record_progress::record_progress,
        reinstate_certificate::reinstate_certificate,
        remove_module::remove_module,
        revoke_certificate::revoke_certificate,
        show_course::show_course,
        show_enrollment::show_enrollment,
        show_module::show_module,
        verify_certificate::verify_certificate
    ),
    components(schemas(
        portal_domain::course::CourseDetails,
        portal_domain::course::ModuleDetails,
        portal_http::query::FilterText
    ))
)]
struct Document;

/// The function's part of the OpenAPI document.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    portal_http::openapi::complete(Document::openapi())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handlers_description_and_table_agree() {
        assert_eq!(operations().into_router().err(), None);
        assert_eq!(
            portal_http::openapi::differences(FUNCTION, &openapi()),
            Vec::<String>::new()
        );
    }
}
