//! What is new in saved searches is told once, in one mail a day.

use notify::Report;
use serde_json::json;

use crate::support::World;
use crate::watching::{let_a_day_pass, publish, save, told, watcher};

#[tokio::test]
async fn what_is_new_is_told_once() {
    let mut world = World::create().await;
    let query = json!({ "q": "zephyrwall", "types": ["PROJECT"] });
    watcher(&mut world, "ana", &query).await;
    publish(&mut world, "Zephyrwall east", 5, "").await;
    publish(&mut world, "Something else", 5, "").await;
    publish(&mut world, "Zephyrwall before it was saved", 5000, "").await;
    let first = world.run().await;
    assert_eq!((first.alerts, first.alerts_failed, first.sent), (1, 0, 1));
    let row = world.row("ana@example.org").await;
    let search = &row["payload"]["searches"][0];
    assert_eq!(search["query"], "q=zephyrwall&types=PROJECT");
    assert_eq!((&search["more"], &search["isCapped"]), (&json!(0), &json!(false)));
    // The next run has nothing to look at, nor to send.
    assert_eq!(world.run().await, Report::default());
    let_a_day_pass(&mut world).await;
    assert_eq!(world.run().await, Report::default());
    assert_eq!(told(&mut world, "ana").await, [[["Zephyrwall east"]]]);
}

#[tokio::test]
async fn one_mail_tells_of_all_searches_and_how_many_more_there_are() {
    let mut world = World::create().await;
    let ana = watcher(&mut world, "ana", &json!({ "q": "zephyrwall" })).await;
    save(&mut world, &ana, &json!({ "q": "nothing of the kind" })).await;
    save(&mut world, &ana, &json!({ "q": "quillroof" })).await;
    // Looked at together with the others, though a day has not passed.
    world
        .execute(
            "UPDATE saved_searches SET matched_until = now() - interval '2 hours' WHERE name = 'quillroof'",
        )
        .await;
    for number in 0..7 {
        publish(&mut world, &format!("Zephyrwall {number}"), 5, "").await;
    }
    publish(&mut world, "Quillroof", 5, "").await;
    assert_eq!(world.run().await.alerts, 1);
    let row = world.row("ana@example.org").await;
    let searches = row["payload"]["searches"].as_array().unwrap();
    let summary: Vec<_> = searches
        .iter()
        .map(|search| {
            (
                search["name"].as_str().unwrap(),
                search["results"].as_array().unwrap().len(),
                search["more"].clone(),
            )
        })
        .collect();
    assert_eq!(summary, [("zephyrwall", 5, json!(2)), ("quillroof", 1, json!(0))]);
}

#[tokio::test]
async fn nothing_new_is_no_mail_and_is_looked_for_once_a_day() {
    let mut world = World::create().await;
    watcher(&mut world, "ana", &json!({ "q": "zephyrwall" })).await;
    assert_eq!(world.run().await, Report::default());
    publish(&mut world, "Zephyrwall east", 5, "").await;
    let marks = "SELECT jsonb_agg(matched_until) FROM saved_searches";
    let mark = world.scalar(marks).await;
    assert_eq!(world.run().await, Report::default());
    assert_eq!(
        world.scalar(marks).await,
        mark,
        "it was looked at again on the same day"
    );
    let rows = "SELECT to_jsonb(count(*)) FROM outbox";
    assert_eq!(world.scalar(rows).await, json!(0));
}

#[tokio::test]
async fn what_comes_after_the_mail_is_told_tomorrow() {
    let mut world = World::create().await;
    watcher(&mut world, "ana", &json!({ "q": "zephyrwall" })).await;
    publish(&mut world, "Zephyrwall one", 5, "").await;
    // So new that a transaction of the same time may still be open.
    publish(&mut world, "Zephyrwall two", 0, "").await;
    assert_eq!(world.run().await.alerts, 1);
    publish(&mut world, "Zephyrwall three", 0, "").await;
    world
        .execute("UPDATE saved_searches SET matched_until = matched_until - interval '25 hours'")
        .await;
    assert_eq!(world.run().await.alerts, 0, "a second mail on one day");
    world
        .execute("UPDATE saved_searches SET matched_until = matched_until + interval '25 hours'")
        .await;
    let_a_day_pass(&mut world).await;
    assert_eq!(world.run().await.alerts, 1);
    let mut told = told(&mut world, "ana").await;
    told[1][0].sort();
    assert_eq!(
        told,
        [
            vec![vec!["Zephyrwall one"]],
            vec![vec!["Zephyrwall three", "Zephyrwall two"]]
        ]
    );
}

#[tokio::test]
async fn one_search_that_cannot_be_read_keeps_nobody_else_waiting() {
    let mut world = World::create().await;
    watcher(
        &mut world,
        "odd",
        &json!({ "q": "zephyrwall", "types": ["UNKNOWN"] }),
    )
    .await;
    watcher(&mut world, "ana", &json!({ "q": "zephyrwall" })).await;
    publish(&mut world, "Zephyrwall east", 5, "").await;
    let report = world.run().await;
    assert_eq!((report.alerts, report.alerts_failed), (1, 1));
    assert_eq!(told(&mut world, "ana").await.len(), 1);
}
