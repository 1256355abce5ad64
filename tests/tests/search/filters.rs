//! Every filter, and what it leaves out because it has no such field.

use serde_json::Value;

use crate::support::{
    Asker, add_contractor, add_course, add_event, add_member, add_project, facet, marker, sorted,
};

/// One of each kind with a word in common.
struct Kinds {
    word: String,
    contractor: String,
    project: String,
    event: String,
    course: String,
    member: String,
    asker: Asker,
}

impl Kinds {
    async fn add() -> Self {
        let word = marker();
        let place = "city = 'Emeryville', coordinates = ST_Point(-122.29, 37.83, 4326)::geography";
        let columns = ", city, coordinates, classifications";
        let values = ", 'EMERYVILLE', ST_Point(-122.29, 37.83, 4326)::geography, '{C-39}'";
        let budget = "budget_min_cents = 100000, budget_max_cents = 500000, deadline_date = '2031-05-01'";
        Self {
            contractor: add_contractor(&format!("{word} ROOFS"), columns, values).await,
            project: add_project(&format!("Roof {word}"), &format!("{place}, {budget}")).await,
            event: add_event(
                &format!("Meet {word}"),
                &format!("{place}, starts_at = '2031-06-01', ends_at = '2031-06-02'"),
            )
            .await,
            course: add_course(&format!("Learn {word}"), "").await,
            member: add_member(&word, place).await.id.to_string(),
            asker: Asker::with(&["member"]).await.1,
            word,
        }
    }

    async fn check(&self, rest: &str, expected: &[&String]) {
        let expected: Vec<_> = expected.iter().map(|id| (*id).clone()).collect();
        let found = self.asker.search(&self.word, rest).await;
        assert_eq!(sorted(crate::support::ids(&found)), sorted(expected), "{rest}");
        assert_eq!(found["matching"], "ALL");
    }
}

#[tokio::test]
async fn types_choose_and_fields_narrow() {
    let kinds = Kinds::add().await;
    let Kinds {
        contractor,
        project,
        event,
        course,
        member,
        ..
    } = &kinds;
    kinds
        .check("", &[contractor, project, event, course, member])
        .await;
    kinds
        .check("&types=PROJECT&types=COURSE", &[project, course])
        .await;
    kinds.check("&types=MEMBER", &[member]).await;
    kinds.check("&status=clear", &[contractor]).await;
    kinds
        .check("&status=BIDDING_OPEN&status=published", &[project, event])
        .await;
    kinds.check("&category=COMMERCIAL", &[project]).await;
    kinds
        .check("&category=safety&category=WORKSHOP", &[event, course])
        .await;
    kinds
        .check("&city=emeryVILLE", &[contractor, project, event, member])
        .await;
    kinds.check("&city=Emeryville&category=WORKSHOP", &[event]).await;
    kinds.check("&city=Nowhere", &[]).await;
    kinds.check("&types=COURSE&city=Emeryville", &[]).await;
}

#[tokio::test]
async fn dates_budgets_and_places_narrow() {
    let kinds = Kinds::add().await;
    let Kinds {
        contractor,
        project,
        event,
        member,
        ..
    } = &kinds;
    kinds
        .check("&dateFrom=2031-05-01T00:00:00Z", &[project, event])
        .await;
    kinds.check("&dateFrom=2031-05-01T00:00:01Z", &[event]).await;
    kinds.check("&dateTo=2031-06-01T00:00:00Z", &[project]).await;
    kinds
        .check("&dateFrom=2031-05-02T00:00:00Z&dateTo=2031-05-31T00:00:00Z", &[])
        .await;
    kinds.check("&budgetMinCents=500000", &[project]).await;
    kinds.check("&budgetMinCents=500001", &[]).await;
    kinds.check("&budgetMaxCents=100000", &[project]).await;
    kinds.check("&budgetMaxCents=99999", &[]).await;
    kinds
        .check(
            "&near=37.80,-122.27&radiusMiles=5",
            &[contractor, project, event, member],
        )
        .await;
    kinds.check("&near=37.80,-122.27&radiusMiles=1", &[]).await;
    let near = kinds
        .asker
        .search(&kinds.word, "&near=37.80,-122.27&radiusMiles=5")
        .await;
    for item in near["items"].as_array().unwrap() {
        let miles = item["distanceMiles"].as_f64().unwrap();
        assert!((2.0..3.0).contains(&miles), "{item}");
    }
    let anywhere = kinds.asker.search(&kinds.word, "").await;
    let items = anywhere["items"].as_array().unwrap();
    assert!(items.iter().all(|item| item.get("distanceMiles").is_none()));
}

#[tokio::test]
async fn the_nearer_of_two_comes_first() {
    let asker = Asker::anybody();
    let word = marker();
    let at = |lng: f64| format!(", ST_Point({lng}, 37.8, 4326)::geography");
    let far = add_contractor(&format!("{word} FAR"), ", coordinates", &at(-122.0)).await;
    let close = add_contractor(&format!("{word} CLO"), ", coordinates", &at(-122.25)).await;
    let found = asker.ids(&word, "&near=37.8,-122.27&radiusMiles=50").await;
    assert_eq!(found, [close, far]);
}

#[tokio::test]
async fn facets_count_what_is_found() {
    let kinds = Kinds::add().await;
    let list = kinds.asker.search(&kinds.word, "&count=exact").await;
    assert_eq!(list["total"], 5);
    let one = |values: &[&str]| -> Vec<(String, i64)> {
        values.iter().map(|value| ((*value).to_owned(), 1)).collect()
    };
    assert_eq!(
        facet(&list, "types"),
        one(&["CONTRACTOR", "COURSE", "EVENT", "MEMBER", "PROJECT"])
    );
    assert_eq!(
        facet(&list, "statuses"),
        one(&["BIDDING_OPEN", "CLEAR", "PUBLISHED"])
    );
    assert_eq!(
        facet(&list, "categories"),
        one(&["COMMERCIAL", "SAFETY", "WORKSHOP"])
    );
    assert_eq!(facet(&list, "cities"), [("Emeryville".to_owned(), 4)]);
    let values = |name: &str| list["facets"][name].as_array().unwrap().clone();
    assert!(
        values("types")
            .iter()
            .all(|value| value["capped"] == Value::Bool(false))
    );
}

#[tokio::test]
async fn what_is_said_of_each_kind_is_its_own() {
    let kinds = Kinds::add().await;
    let list = kinds.asker.search(&kinds.word, "").await;
    let item = |kind: &str| {
        let items = list["items"].as_array().unwrap();
        items.iter().find(|item| item["type"] == kind).unwrap().clone()
    };
    let contractor = item("CONTRACTOR");
    assert_eq!(contractor["title"], format!("{} ROOFS", kinds.word));
    assert_eq!(
        (&contractor["subtitle"], &contractor["status"]),
        (&"C-39".into(), &"CLEAR".into())
    );
    let project = item("PROJECT");
    assert_eq!(
        (&project["date"], &project["category"]),
        (&"2031-05-01T00:00:00Z".into(), &"COMMERCIAL".into())
    );
    let event = item("EVENT");
    assert_eq!(
        (&event["date"], &event["category"]),
        (&"2031-06-01T00:00:00Z".into(), &"WORKSHOP".into())
    );
    let course = item("COURSE");
    assert_eq!(
        (&course["subtitle"], &course["city"]),
        (&"BEGINNER".into(), &Value::Null)
    );
    let member = item("MEMBER");
    assert_eq!(
        (&member["title"], &member["city"]),
        (&format!("Marisol {}", kinds.word).into(), &"Emeryville".into())
    );
}
