//! The figures of an event are what an independent count of its registrations says.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sqlx::Row as _;

use crate::people::{EventCalls as _, new_organizer};
use crate::support::owner;

/// Registrations of every kind, at two prices and on three days, of which one changes at midnight in the event's zone.
async fn fill(event: &str) {
    let people = "INSERT INTO users (id, email, first_name, last_name, is_verified, approved_at)
        SELECT app.uuid_v7(), 'figures-' || gen_random_uuid() || '@example.org', 'Some', 'Body', true, now()
        FROM generate_series(1, 60) RETURNING id";
    let mut owner = owner().await;
    let people = sqlx::query(people).fetch_all(&mut owner).await.unwrap();
    let statuses = ["REGISTERED", "ATTENDED", "NO_SHOW", "CANCELLED", "WAITLISTED"];
    let days = [
        "2026-03-08 07:59:59+00",
        "2026-03-08 08:00:00+00",
        "2026-03-09 06:59:59+00",
    ];
    for (number, person) in people.iter().enumerate() {
        // Nobody is let in without having paid.
        let paid = number % 3 != 0 || statuses[number % 5] == "ATTENDED";
        sqlx::query(
            "INSERT INTO event_registrations (id, event_id, user_id, status, amount_cents, price_kind, paid_at, hold_expires_at, registered_at)
            VALUES (app.uuid_v7(), $1, $2, $3, $4, $5, CASE WHEN $6 THEN now() END,
                CASE WHEN NOT $6 AND $3 = 'REGISTERED' THEN now() + interval '1 hour' END, $7::timestamptz)",
        )
        .bind(event.parse::<uuid::Uuid>().unwrap())
        .bind(person.get::<uuid::Uuid, _>(0))
        .bind(statuses[number % 5])
        .bind(if number % 2 == 0 { 700_i64 } else { 500 })
        .bind(if number % 2 == 0 { "STANDARD" } else { "MEMBER" })
        .bind(paid)
        .bind(days[number % 7 % 3])
        .execute(&mut owner)
        .await
        .unwrap();
    }
}

#[tokio::test]
async fn the_figures_equal_an_independent_count() {
    let organizer = new_organizer().await;
    let id = organizer
        .open(json!({"maxCapacity": 100, "priceCents": 700}))
        .await;
    fill(&id).await;
    let figures = organizer.json(&format!("/v1/events/{id}/analytics")).await;
    // Counted from the list that anybody with a spreadsheet has.
    let all = organizer
        .follow(&format!("/v1/events/{id}/registrations?limit=7"))
        .await;
    assert_eq!(all.len(), 60);
    let count = |wanted: &dyn Fn(&Value) -> bool| all.iter().filter(|one| wanted(one)).count();
    let is = |one: &Value, status: &str| one["status"] == status;
    let had_seat = |one: &Value| is(one, "REGISTERED") || is(one, "ATTENDED") || is(one, "NO_SHOW");
    for (name, counted) in [
        ("registered", count(&had_seat)),
        ("held", count(&|one| !one["holdExpiresAt"].is_null())),
        ("waitlisted", count(&|one| is(one, "WAITLISTED"))),
        ("attended", count(&|one| is(one, "ATTENDED"))),
        ("noShows", count(&|one| is(one, "NO_SHOW"))),
        ("cancelled", count(&|one| is(one, "CANCELLED"))),
    ] {
        assert_eq!(figures[name], json!(counted), "{name}");
    }
    let paid = |one: &&Value| had_seat(one) && !one["paidAt"].is_null();
    let cents = |one: &Value| one["amountCents"].as_i64().unwrap();
    let sum: i64 = all.iter().filter(paid).map(cents).sum();
    assert_eq!(figures["paidCents"], json!(sum));
    let mut by_price: BTreeMap<i64, usize> = BTreeMap::new();
    for one in all.iter().filter(|one| had_seat(one)) {
        *by_price.entry(cents(one)).or_default() += 1;
    }
    let told: BTreeMap<i64, usize> = figures["byPrice"]
        .as_array()
        .unwrap()
        .iter()
        .map(|price| {
            (
                cents(price),
                usize::try_from(price["registered"].as_u64().unwrap()).unwrap(),
            )
        })
        .collect();
    assert_eq!(told, by_price);
    let days: Vec<_> = figures["byDay"]
        .as_array()
        .unwrap()
        .iter()
        .map(|day| day["day"].clone())
        .collect();
    assert_eq!(
        days,
        [json!("2026-03-07"), json!("2026-03-08")],
        "days of the event's zone, the second of which has 23 hours"
    );
    let of_days: u64 = figures["byDay"]
        .as_array()
        .unwrap()
        .iter()
        .map(|day| {
            ["registered", "waitlisted", "cancelled"]
                .iter()
                .map(|name| day[name].as_u64().unwrap())
                .sum::<u64>()
        })
        .sum();
    assert_eq!(of_days, 60);
}
