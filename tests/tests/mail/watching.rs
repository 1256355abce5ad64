//! Members who keep searches, what is published, and what they are told of it.

use portal_tests::members::Member;
use serde_json::Value;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::support::World;

/// A member who has kept a search for two days, in which nothing has been looked for yet.
pub async fn watcher(world: &mut World, name: &str, query: &Value) -> Member {
    let member = Member::add(&mut world.owner, name, &["member"]).await;
    save(world, &member, query).await;
    member
}

pub async fn save(world: &mut World, member: &Member, query: &Value) {
    sqlx::query(
        "INSERT INTO saved_searches (id, user_id, name, query, created_at, matched_until)
        VALUES ($1, $2, $3 ->> 'q', $3, now() - interval '2 days', now() - interval '2 days')",
    )
    .bind(Uuid::now_v7())
    .bind(member.id)
    .bind(query)
    .execute(&mut world.owner)
    .await
    .unwrap();
}

/// A public project that was published so many minutes ago; more columns in SQL.
pub async fn publish(world: &mut World, title: &str, minutes: i32, changes: &str) -> Uuid {
    let owner = Member::add(
        &mut world.owner,
        &format!("owner-{}", Uuid::now_v7().simple()),
        &[],
    )
    .await;
    publish_on(&mut world.owner, owner, title, minutes, changes).await
}

pub async fn publish_on(
    connection: &mut PgConnection,
    owner: Member,
    title: &str,
    minutes: i32,
    changes: &str,
) -> Uuid {
    let id = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO projects (id, owner_id, title, category, status, published_at, deadline_date)
        VALUES ($1, $2, $3, 'COMMERCIAL', 'BIDDING_OPEN', now() - make_interval(mins => $4), now() + interval '20 days')",
    )
    .bind(id)
    .bind(owner.id)
    .bind(title)
    .bind(minutes)
    .execute(&mut *connection)
    .await
    .unwrap();
    if !changes.is_empty() {
        let update = format!("UPDATE projects SET {changes} WHERE id = $1");
        sqlx::query(&update).bind(id).execute(connection).await.unwrap();
    }
    id
}

/// What a day and a little more does.
pub async fn let_a_day_pass(world: &mut World) {
    world
        .execute(
            "UPDATE saved_searches SET matched_until = matched_until - interval '25 hours', last_alert_on = last_alert_on - 1;
            UPDATE projects SET published_at = published_at - interval '25 hours', created_at = created_at - interval '25 hours'",
        )
        .await;
}

/// What the mails to a member tell: of each, the titles of each search.
pub async fn told(world: &mut World, name: &str) -> Vec<Vec<Vec<String>>> {
    let payloads: Vec<Value> = sqlx::query_scalar(
        "SELECT payload FROM outbox WHERE recipient = $1 || '@example.org' AND kind = 'SAVED_SEARCH_ALERT' ORDER BY id",
    )
    .bind(name)
    .fetch_all(&mut world.owner)
    .await
    .unwrap();
    let titles = |search: &Value| {
        let results = search["results"].as_array().unwrap().iter();
        results
            .map(|result| result["title"].as_str().unwrap().to_owned())
            .collect()
    };
    payloads
        .iter()
        .map(|payload| {
            payload["searches"]
                .as_array()
                .unwrap()
                .iter()
                .map(titles)
                .collect()
        })
        .collect()
}
