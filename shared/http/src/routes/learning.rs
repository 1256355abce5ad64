//! Courses, who takes them, and certificates.

use axum::http::Method;

use super::Route;

pub(super) static ROUTES: &[Route] = &[
    route(Method::GET, "/v1/courses", "list_courses").public(),
    route(Method::POST, "/v1/courses", "create_course").permitted(MANAGE),
    route(Method::GET, "/v1/courses/{id}", "show_course").public(),
    route(Method::PATCH, "/v1/courses/{id}", "change_course").permitted(MANAGE),
    route(Method::GET, "/v1/courses/{id}/modules", "list_modules").public(),
    route(Method::POST, "/v1/courses/{id}/modules", "add_module").permitted(MANAGE),
    route(Method::PUT, "/v1/courses/{id}/modules/order", "order_modules").permitted(MANAGE),
    route(Method::GET, "/v1/courses/{id}/modules/{moduleId}", "show_module").public(),
    route(
        Method::PATCH,
        "/v1/courses/{id}/modules/{moduleId}",
        "change_module",
    )
    .permitted(MANAGE),
    route(
        Method::DELETE,
        "/v1/courses/{id}/modules/{moduleId}",
        "remove_module",
    )
    .permitted(MANAGE),
    route(Method::POST, "/v1/courses/{id}/enrollment", "enroll_in_course").throttled(),
    route(Method::DELETE, "/v1/courses/{id}/enrollment", "drop_course").throttled(),
    route(
        Method::GET,
        "/v1/courses/{id}/enrollments",
        "list_course_enrollments",
    )
    .permitted(MANAGE),
    route(Method::GET, "/v1/enrollments", "list_enrollments"),
    route(Method::GET, "/v1/enrollments/{id}", "show_enrollment"),
    route(
        Method::PUT,
        "/v1/enrollments/{id}/modules/{moduleId}",
        "record_progress",
    ),
    route(
        Method::GET,
        "/v1/enrollments/{id}/certificate",
        "download_certificate",
    ),
    route(Method::GET, "/v1/certificates/{number}", "verify_certificate").anonymous(),
    route(
        Method::PUT,
        "/v1/certificates/{number}/revocation",
        "revoke_certificate",
    )
    .permitted(MANAGE),
    route(
        Method::DELETE,
        "/v1/certificates/{number}/revocation",
        "reinstate_certificate",
    )
    .permitted(MANAGE),
];

/// To run the course catalogue and its enrolments.
const MANAGE: &str = "courses.manage";

const fn route(method: Method, path: &'static str, operation: &'static str) -> Route {
    Route::new("learning", method, path, operation)
}
