//! People who call the API, and what they do.

pub(crate) use portal_tests::people::{Person, Reply};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{id_of, with_defaults};

/// Somebody who runs the courses.
pub(crate) async fn new_manager() -> Person {
    Person::with(&["course_manager"]).await
}

/// What people do with courses.
pub(crate) trait CourseCalls {
    /// A course of these fields, not in the catalogue, and its id.
    async fn draft(&self, fields: Value) -> String;

    /// A published course with so many required modules, one at least; its id and theirs.
    async fn publish(&self, fields: Value, modules: usize) -> (String, Vec<String>);

    /// A module at the end of a course, and its id.
    async fn add_module(&self, course: &str, fields: Value) -> String;

    /// Asks to take a course up.
    async fn ask_to_enroll(&self, course: &str) -> Reply;

    /// Takes a course up; the enrolment's id.
    async fn enroll(&self, course: &str) -> String;

    /// Asks to note how far one has come.
    async fn ask_to_record(&self, enrollment: &str, module: &str, percent: i32) -> Reply;

    /// Notes how far one has come; the enrolment as it is then.
    async fn record(&self, enrollment: &str, module: &str, percent: i32) -> Value;

    /// Takes a course up and does all of it; the enrolment then.
    async fn complete(&self, course: &str, modules: &[String]) -> Value;
}

impl CourseCalls for Person {
    async fn draft(&self, fields: Value) -> String {
        let created = self.post("/v1/courses", &with_defaults(fields)).await;
        id_of(&created.expect(StatusCode::CREATED))
    }

    async fn publish(&self, fields: Value, modules: usize) -> (String, Vec<String>) {
        let course = self.draft(fields).await;
        let mut ids = Vec::new();
        for number in 0..modules {
            ids.push(
                self.add_module(&course, json!({"title": format!("Part {number}")}))
                    .await,
            );
        }
        let path = format!("/v1/courses/{course}");
        let published = self.patch(&path, &json!({"isPublished": true})).await;
        published.expect(StatusCode::OK);
        (course, ids)
    }

    async fn add_module(&self, course: &str, fields: Value) -> String {
        let added = self.post(&format!("/v1/courses/{course}/modules"), &fields).await;
        id_of(&added.expect(StatusCode::CREATED))
    }

    async fn ask_to_enroll(&self, course: &str) -> Reply {
        let path = format!("/v1/courses/{course}/enrollment");
        self.send(Method::POST, &path, None, &[]).await
    }

    async fn enroll(&self, course: &str) -> String {
        id_of(&self.ask_to_enroll(course).await.expect(StatusCode::CREATED))
    }

    async fn ask_to_record(&self, enrollment: &str, module: &str, percent: i32) -> Reply {
        let path = format!("/v1/enrollments/{enrollment}/modules/{module}");
        let body = json!({"percent": percent});
        self.send(Method::PUT, &path, Some(&body), &[]).await
    }

    async fn record(&self, enrollment: &str, module: &str, percent: i32) -> Value {
        let reply = self.ask_to_record(enrollment, module, percent).await;
        reply.expect(StatusCode::OK)
    }

    async fn complete(&self, course: &str, modules: &[String]) -> Value {
        let enrollment = self.enroll(course).await;
        let mut now = Value::Null;
        for module in modules {
            now = self.record(&enrollment, module, 100).await;
        }
        assert_eq!(now["status"], "COMPLETED", "{now}");
        now
    }
}
