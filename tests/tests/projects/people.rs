//! People who call the API, and what they do.

pub(crate) use portal_tests::people::{Person, Reply, next_page};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{id_of, owner, with_defaults};

/// Somebody who may post projects and run those, and no others.
pub(crate) async fn new_poster() -> Person {
    sqlx::raw_sql(
        "INSERT INTO roles (id, name, description) VALUES (gen_random_uuid(), 'test_poster', 'Posts projects')
        ON CONFLICT DO NOTHING;
        INSERT INTO role_permissions (role_id, permission_id)
        SELECT r.id, p.id FROM roles AS r, permissions AS p WHERE r.name = 'test_poster' AND p.name = 'projects.create'
        ON CONFLICT DO NOTHING",
    )
    .execute(&mut owner().await)
    .await
    .unwrap();
    Person::with(&["test_poster"]).await
}

/// What people do with projects.
pub(crate) trait ProjectCalls {
    /// One of the actions that take no body.
    async fn act(&self, project: &str, action: &str) -> Reply;

    /// A draft of these fields, and its id.
    async fn draft(&self, fields: Value) -> String;

    /// A project that takes bids.
    async fn open(&self, fields: Value) -> String;

    /// A bid on a project, and its id.
    async fn bid(&self, project: &str, cents: i64) -> String;
}

impl ProjectCalls for Person {
    async fn act(&self, project: &str, action: &str) -> Reply {
        self.send(
            Method::POST,
            &format!("/v1/projects/{project}/{action}"),
            None,
            &[],
        )
        .await
    }

    async fn draft(&self, fields: Value) -> String {
        let created = self.post("/v1/projects", &with_defaults(fields)).await;
        id_of(&created.expect(StatusCode::CREATED))
    }

    async fn open(&self, fields: Value) -> String {
        let id = self.draft(fields).await;
        for action in ["publish", "open"] {
            self.act(&id, action).await.expect(StatusCode::OK);
        }
        id
    }

    async fn bid(&self, project: &str, cents: i64) -> String {
        let bid = json!({"bidAmountCents": cents, "coverLetter": format!("We bid {cents}.")});
        let reply = self
            .post(&format!("/v1/projects/{project}/applications"), &bid)
            .await;
        id_of(&reply.expect(StatusCode::CREATED))
    }
}
