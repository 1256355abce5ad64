//! A hundred members bid at the same moment on a project with room for ten.

use futures_util::future::join_all;
use portal_data::applications;
use portal_data::{DataError, RequestContext};
use portal_domain::application::Bid;
use portal_domain::ids::ProjectId;
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use portal_tests::tokens::Signer;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::people::{Person, ProjectCalls as _, new_poster};
use crate::support::{mailed, owner, value};

const MEMBERS: usize = 100;
const ROOM: usize = 10;

async fn members(owner: &mut PgConnection) -> Vec<Member> {
    let mut members = Vec::new();
    for _ in 0..MEMBERS {
        let name = format!("crowd-{}", Uuid::now_v7().simple());
        members.push(Member::add(owner, &name, &["member"]).await);
    }
    members
}

#[tokio::test]
async fn through_the_gateway_ten_succeed_and_ninety_are_told_that_it_is_full() {
    let poster = new_poster().await;
    let project = poster.open(json!({"maxApplications": ROOM})).await;
    let signer = Signer::newest().await;
    let people: Vec<_> = members(&mut owner().await)
        .await
        .into_iter()
        .map(|member| Person::of(member, &signer))
        .collect();
    let path = format!("/v1/projects/{project}/applications");
    let body = json!({"bidAmountCents": 5});
    let replies = join_all(people.iter().map(|person| person.post(&path, &body))).await;
    let (taken, refused): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 201);
    assert_eq!((taken.len(), refused.len()), (ROOM, MEMBERS - ROOM));
    for reply in refused {
        assert_eq!(reply.header("content-type"), "application/problem+json");
        assert_eq!(
            reply.detail(reqwest::StatusCode::CONFLICT),
            "This project has as many bids as it takes."
        );
    }
    let (counted, rows, events) = tally(&project).await;
    assert_eq!((counted, rows, events), (10, 10, 10));
    assert_eq!(
        mailed("APPLICATION_RECEIVED", &project).await,
        vec![poster.id(); ROOM]
    );
    let shown = poster.json(&format!("/v1/projects/{project}")).await;
    assert_eq!(
        (&shown["applicationCount"], &shown["acceptingApplications"]),
        (&json!(10), &json!(false))
    );
}

/// The count that is kept, the bids, and the steps of their histories.
async fn tally(project: &str) -> (i32, i64, i64) {
    (
        value("SELECT application_count FROM projects WHERE id = $1", project).await,
        value(
            "SELECT count(*) FROM project_applications WHERE project_id = $1",
            project,
        )
        .await,
        value(
            "SELECT count(*) FROM application_events AS e
            JOIN project_applications AS a ON a.id = e.application_id WHERE a.project_id = $1",
            project,
        )
        .await,
    )
}

/// Each on a connection of the own straight to the primary, so that neither gateway nor pooler puts them in a row.
#[tokio::test]
async fn on_a_hundred_connections_ten_succeed_and_ninety_are_refused() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let poster = Member::add(&mut owner, "poster", &["project_manager"]).await;
    let project = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO projects (id, owner_id, title, category, status, max_applications)
        VALUES ($1, $2, 'A library', 'COMMERCIAL', 'BIDDING_OPEN', 10)",
    )
    .bind(project)
    .bind(poster.id)
    .execute(&mut owner)
    .await
    .unwrap();
    let members = members(&mut owner).await;
    let mut connections = Vec::new();
    for member in &members {
        let mut connection = database.connect("portal_api").await;
        let begin = format!(
            "BEGIN; SELECT app.begin_request('{}', '{}', '{}', 60000, 0, 1000)",
            Uuid::now_v7(),
            member.id,
            member.session
        );
        sqlx::raw_sql(&begin).execute(&mut connection).await.unwrap();
        connections.push((connection, member.id));
    }
    let bids = connections
        .into_iter()
        .map(|(mut connection, member)| async move {
            let bid =
                sqlx::query("INSERT INTO project_applications (id, project_id, user_id) VALUES ($1, $2, $3)");
            let done = bid
                .bind(Uuid::now_v7())
                .bind(project)
                .bind(member)
                .execute(&mut connection)
                .await;
            let end = if done.is_ok() { "COMMIT" } else { "ROLLBACK" };
            sqlx::raw_sql(end).execute(&mut connection).await.unwrap();
            done.map(drop).map_err(|error| {
                let error = error.into_database_error().unwrap();
                (error.code().unwrap().into_owned(), error.message().to_owned())
            })
        });
    let outcomes = join_all(bids).await;
    let refused: Vec<_> = outcomes
        .iter()
        .filter_map(|outcome| outcome.as_ref().err())
        .collect();
    assert_eq!(refused.len(), MEMBERS - ROOM);
    let full = (
        "PB409".to_owned(),
        "This project has as many bids as it takes.".to_owned(),
    );
    assert!(refused.into_iter().all(|error| *error == full));
    let kept: (i32, i64) = sqlx::query_as(
        "SELECT application_count, (SELECT count(*) FROM project_applications) FROM projects WHERE id = $1",
    )
    .bind(project)
    .fetch_one(&mut owner)
    .await
    .unwrap();
    assert_eq!(kept, (10, 10));
}

/// The same through the data crate and the pooler, where a hundred transactions share a few back ends.
#[tokio::test]
async fn through_the_pooler_the_count_is_right_too() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let poster = Member::add(&mut owner, "poster", &["project_manager"]).await;
    let project = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO projects (id, owner_id, title, category, status, max_applications)
        VALUES ($1, $2, 'A library', 'COMMERCIAL', 'BIDDING_OPEN', 10)",
    )
    .bind(project)
    .bind(poster.id)
    .execute(&mut owner)
    .await
    .unwrap();
    let members = members(&mut owner).await;
    let portal = database.open("portal_api", false).await;
    let bid = async |context: RequestContext, member: Member| {
        let mut tx = portal.begin(&context).await?;
        let bid = Bid {
            bid_amount_cents: None,
            cover_letter: None,
            proposal: None,
        };
        applications::submit(&mut tx, ProjectId::from(project), member.id.into(), &bid).await?;
        tx.commit().await.map(drop)
    };
    let bids = members.iter().map(|member| bid(member.request(), *member));
    let outcomes = join_all(bids).await;
    let refused = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Err(DataError::Refused { .. })));
    assert_eq!(refused.count(), MEMBERS - ROOM);
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), ROOM);
    let kept: i32 = sqlx::query_scalar("SELECT application_count FROM projects WHERE id = $1")
        .bind(project)
        .fetch_one(&mut owner)
        .await
        .unwrap();
    assert_eq!(kept, 10);
}
