//! An opportunity that comes again: what its source has changed is taken, and what people have changed here stays.

use reqwest::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::imports::{counts, import, opportunity, source};
use crate::people::{Person, ProjectCalls as _};
use crate::support::{alter, mailed, value};

struct Imported {
    staff: Person,
    source: String,
    project: String,
}

impl Imported {
    async fn of(fields: Value) -> Self {
        let (staff, source) = (Person::with(&["project_manager"]).await, source());
        let answer = import(&staff, &source, json!([opportunity("1", fields)])).await;
        let answer = answer.expect(StatusCode::OK);
        let project = answer["items"][0]["projectId"].as_str().unwrap().to_owned();
        Self {
            staff,
            source,
            project,
        }
    }

    /// What becomes of it when the source says this.
    async fn again(&self, fields: Value) -> Value {
        let items = json!([opportunity("1", fields)]);
        let answer = import(&self.staff, &self.source, items)
            .await
            .expect(StatusCode::OK);
        let item = answer["items"][0].clone();
        assert_eq!(counts(&answer).iter().sum::<u64>(), 1);
        item
    }

    async fn change(&self, patch: Value) {
        let path = format!("/v1/projects/{}", self.project);
        self.staff.patch(&path, &patch).await.expect(StatusCode::OK);
    }

    async fn shown(&self) -> Value {
        self.staff.json(&format!("/v1/projects/{}", self.project)).await
    }
}

#[tokio::test]
async fn what_people_have_changed_stays_until_the_source_says_something_new_of_it() {
    let imported = Imported::of(json!({"description": "Old.", "budgetMaxCents": 5, "city": "Oakland"})).await;
    imported
        .change(json!({"title": "The library at the lake", "city": null, "contactName": "Ana"}))
        .await;
    let same = imported
        .again(json!({"description": "Old.", "budgetMaxCents": 5, "city": "Oakland"}))
        .await;
    assert_eq!(same["outcome"], "UNCHANGED");

    let changed = imported
        .again(json!({"description": "New.", "budgetMaxCents": 7, "city": "Oakland"}))
        .await;
    assert_eq!(changed["outcome"], "CHANGED");
    assert_eq!(changed["changedFields"], json!(["budgetMaxCents", "description"]));
    let shown = imported.shown().await;
    assert_eq!(
        (&shown["description"], &shown["budgetMaxCents"]),
        (&json!("New."), &json!(7))
    );
    assert_eq!(
        (&shown["title"], &shown["city"], &shown["contactName"]),
        (&json!("The library at the lake"), &Value::Null, &json!("Ana"))
    );

    // Now the source itself renames it and takes a value back.
    let renamed = imported
        .again(json!({"title": "A media centre", "description": "New.", "city": "Oakland"}))
        .await;
    assert_eq!(renamed["changedFields"], json!(["budgetMaxCents", "title"]));
    let shown = imported.shown().await;
    assert_eq!(
        (&shown["title"], &shown["budgetMaxCents"], &shown["contactName"]),
        (&json!("A media centre"), &Value::Null, &json!("Ana"))
    );
}

#[tokio::test]
async fn a_change_that_was_made_by_hand_before_is_no_change() {
    let imported = Imported::of(json!({"budgetMaxCents": 5})).await;
    imported.change(json!({"budgetMaxCents": 6})).await;
    let version = imported.shown().await["version"].clone();
    let item = imported.again(json!({"budgetMaxCents": 6})).await;
    assert_eq!(
        (&item["outcome"], &item["changedFields"]),
        (&json!("UNCHANGED"), &json!([]))
    );
    assert_eq!(imported.shown().await["version"], version);
    // What the source said last is known all the same: by hand it can be changed again.
    imported.change(json!({"budgetMaxCents": 8})).await;
    assert_eq!(
        imported.again(json!({"budgetMaxCents": 6})).await["outcome"],
        "UNCHANGED"
    );
    assert_eq!(imported.shown().await["budgetMaxCents"], 8);
}

#[tokio::test]
async fn a_changed_requirement_of_an_announced_project_is_an_addendum() {
    let imported = Imported::of(json!({"requirements": ["Boots"]})).await;
    let bidder = Person::with(&["member"]).await;
    imported
        .staff
        .act(&imported.project, "open")
        .await
        .expect(StatusCode::OK);
    bidder.bid(&imported.project, 1).await;
    let item = imported.again(json!({"requirements": ["Boots", "Hats"]})).await;
    assert_eq!(item["changedFields"], json!(["requirements"]));
    assert_eq!(mailed("PROJECT_ADDENDUM", &imported.project).await, [bidder.id()]);
    let addenda = bidder
        .json(&format!("/v1/projects/{}/addenda", imported.project))
        .await;
    assert_eq!(addenda["items"][0]["summary"], "Changed: requirements");
    assert_eq!(imported.shown().await["addendumCount"], 1);
    imported.again(json!({"requirements": ["Boots", "Hats"]})).await;
    assert_eq!(imported.shown().await["addendumCount"], 1);
}

#[tokio::test]
async fn a_project_that_is_decided_or_was_taken_away_stays_so() {
    let imported = Imported::of(json!({})).await;
    for (state, reason) in [
        ("AWARDED", "A project that is AWARDED stays as it is."),
        ("COMPLETED", "A project that is COMPLETED stays as it is."),
        ("CANCELLED", "A project that is CANCELLED stays as it is."),
    ] {
        let sql = format!("UPDATE projects SET status = '{state}' WHERE id = $1");
        alter(&sql, &imported.project).await;
        let item = imported.again(json!({"title": "New"})).await;
        assert_eq!(
            (&item["outcome"], &item["reason"]),
            (&json!("SKIPPED"), &json!(reason))
        );
        assert_eq!(item["projectId"], imported.project);
    }
    imported
        .staff
        .delete(&format!("/v1/projects/{}", imported.project))
        .await
        .expect(StatusCode::NO_CONTENT);
    for fields in [json!({}), json!({"title": "New"})] {
        let item = imported.again(fields).await;
        assert_eq!(
            (&item["outcome"], &item["reason"]),
            (&json!("SKIPPED"), &json!("It was taken away here."))
        );
    }
    let title: String = value("SELECT title FROM projects WHERE id = $1", &imported.project).await;
    assert_eq!(title, "A library");
}

#[tokio::test]
async fn what_does_not_go_with_the_changes_made_here_is_rejected() {
    let imported = Imported::of(json!({"budgetMinCents": 1, "budgetMaxCents": 10})).await;
    imported.change(json!({"budgetMinCents": 9})).await;
    let item = imported
        .again(json!({"budgetMinCents": 1, "budgetMaxCents": 5}))
        .await;
    assert_eq!(item["outcome"], "REJECTED");
    assert_eq!(item["errors"][0]["pointer"], "/body/items/0/budgetMinCents");
    imported
        .staff
        .act(&imported.project, "open")
        .await
        .expect(StatusCode::OK);
    for cents in [1, 2] {
        Person::with(&["member"])
            .await
            .bid(&imported.project, cents)
            .await;
    }
    let item = imported
        .again(json!({"budgetMinCents": 1, "budgetMaxCents": 10, "maxApplications": 1}))
        .await;
    assert_eq!(item["errors"][0]["pointer"], "/body/items/0/maxApplications");
    assert_eq!(imported.shown().await["maxApplications"], Value::Null);
}

#[tokio::test]
async fn a_project_whose_source_was_never_noted_loses_nothing() {
    let (staff, source, project) = (
        Person::with(&["project_manager"]).await,
        source(),
        Uuid::now_v7().to_string(),
    );
    sqlx::query(
        "INSERT INTO projects (id, source, external_id, owner_id, title, category, status)
        VALUES ($1::uuid, $2, '1', $3, 'As written here', 'COMMERCIAL', 'PUBLISHED')",
    )
    .bind(project.parse::<Uuid>().unwrap())
    .bind(&source)
    .bind(staff.id())
    .execute(&mut crate::support::owner().await)
    .await
    .unwrap();
    let imported = Imported {
        staff,
        source,
        project,
    };
    let first = imported.again(json!({"title": "As the source says"})).await;
    assert_eq!(
        (&first["outcome"], &first["projectId"]),
        (&json!("UNCHANGED"), &json!(imported.project))
    );
    assert_eq!(imported.shown().await["title"], "As written here");
    let news = imported
        .again(json!({"title": "As the source says", "budgetMaxCents": 3}))
        .await;
    assert_eq!(news["changedFields"], json!(["budgetMaxCents"]));
    assert_eq!(imported.shown().await["title"], "As written here");
}
