//! People who call the API, and what they do.

pub(crate) use portal_tests::people::{Person, Reply, next_page};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::role_of;

/// Somebody who may do everything.
pub(crate) async fn new_administrator() -> Person {
    Person::with(&["administrator"]).await
}

/// Somebody with these permissions alone.
pub(crate) async fn with_permissions(permissions: &[&str]) -> Person {
    let role = role_of(permissions).await;
    Person::with(&[&role]).await
}

/// What staff do.
pub(crate) trait StaffCalls {
    /// One of the actions on an account that take a reason alone.
    async fn act(&self, account: Uuid, action: &str) -> Reply;

    /// Asks to replace the roles of an account.
    async fn give(&self, account: Uuid, roles: &Value) -> Reply;

    /// The preview of a merge.
    async fn preview(&self, keep: Uuid, merge: Uuid) -> Reply;

    /// Merges as a preview has shown it.
    async fn merge(&self, preview: &Value) -> Reply;

    /// Previews and orders a merge, and has a second member of staff finish it; what it has done.
    async fn merged(&self, keep: Uuid, merge: Uuid) -> Value;

    /// An account as staff see it.
    async fn account(&self, id: Uuid) -> Value;
}

impl StaffCalls for Person {
    async fn act(&self, account: Uuid, action: &str) -> Reply {
        let path = format!("/v1/admin/users/{account}/{action}");
        self.post(&path, &json!({"reason": format!("To {action}")})).await
    }

    async fn give(&self, account: Uuid, roles: &Value) -> Reply {
        let path = format!("/v1/admin/users/{account}/roles");
        let body = json!({"roles": roles, "reason": "New tasks"});
        self.send(Method::PUT, &path, Some(&body), &[]).await
    }

    async fn preview(&self, keep: Uuid, merge: Uuid) -> Reply {
        let body = json!({"keepId": keep, "mergeId": merge});
        self.post("/v1/admin/users/merge/preview", &body).await
    }

    async fn merge(&self, preview: &Value) -> Reply {
        let body = json!({
            "keepId": preview["keepId"], "mergeId": preview["mergeId"], "previewVersion": preview["previewVersion"],
            "reason": "One person",
        });
        self.post("/v1/admin/users/merge", &body).await
    }

    async fn merged(&self, keep: Uuid, merge: Uuid) -> Value {
        let second = new_administrator().await;
        let preview = self.preview(keep, merge).await.expect(StatusCode::OK);
        self.merge(&preview).await.expect(StatusCode::ACCEPTED);
        let preview = second.preview(keep, merge).await.expect(StatusCode::OK);
        let done = second.merge(&preview).await.expect(StatusCode::OK);
        assert_eq!(done, preview, "what was shown is what was done");
        done
    }

    async fn account(&self, id: Uuid) -> Value {
        self.json(&format!("/v1/admin/users/{id}")).await
    }
}

/// What a merge says of a table.
pub(crate) fn entry<'a>(report: &'a Value, table: &str) -> &'a Value {
    let entries = report["entries"].as_array().unwrap();
    entries
        .iter()
        .find(|entry| entry["table"] == table)
        .unwrap_or_else(|| panic!("nothing of {table} in {report}"))
}
