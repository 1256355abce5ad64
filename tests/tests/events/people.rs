//! People who call the API, and what they do.

pub(crate) use portal_tests::people::{Person, Reply};
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::support::{id_of, owner, with_defaults};

/// Somebody who may post events and run those, and no others.
pub(crate) async fn new_organizer() -> Person {
    sqlx::raw_sql(
        "INSERT INTO roles (id, name, description) VALUES (gen_random_uuid(), 'test_organizer', 'Posts events')
        ON CONFLICT DO NOTHING;
        INSERT INTO role_permissions (role_id, permission_id)
        SELECT r.id, p.id FROM roles AS r, permissions AS p WHERE r.name = 'test_organizer' AND p.name = 'events.create'
        ON CONFLICT DO NOTHING",
    )
    .execute(&mut owner().await)
    .await
    .unwrap();
    Person::with(&["test_organizer"]).await
}

/// What people do with events.
pub(crate) trait EventCalls {
    /// One of the requests that take no body.
    async fn act(&self, event: &str, action: &str) -> Reply;

    /// A draft of these fields, and its id.
    async fn draft(&self, fields: Value) -> String;

    /// An event that is announced, and its id.
    async fn open(&self, fields: Value) -> String;

    /// A seat, or a place in line.
    async fn register(&self, event: &str) -> Value;

    /// Gives it back.
    async fn give_back(&self, event: &str);

    /// The own registration for an event as it is now.
    async fn own(&self, event: &str) -> Value;
}

impl EventCalls for Person {
    async fn act(&self, event: &str, action: &str) -> Reply {
        self.send(Method::POST, &format!("/v1/events/{event}/{action}"), None, &[])
            .await
    }

    async fn draft(&self, fields: Value) -> String {
        let created = self.post("/v1/events", &with_defaults(fields)).await;
        id_of(&created.expect(StatusCode::CREATED))
    }

    async fn open(&self, fields: Value) -> String {
        let id = self.draft(fields).await;
        self.act(&id, "publish").await.expect(StatusCode::OK);
        id
    }

    async fn register(&self, event: &str) -> Value {
        self.act(event, "registration").await.expect(StatusCode::CREATED)
    }

    async fn give_back(&self, event: &str) {
        let reply = self.delete(&format!("/v1/events/{event}/registration")).await;
        reply.expect(StatusCode::NO_CONTENT);
    }

    async fn own(&self, event: &str) -> Value {
        let list = self.json(&format!("/v1/events/{event}/registrations")).await;
        list["items"][0].clone()
    }
}
