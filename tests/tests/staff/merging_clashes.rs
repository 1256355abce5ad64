//! Where both accounts have something of which there is room for one.

use reqwest::StatusCode;
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use crate::people::{Person, StaffCalls, entry, new_administrator};
use crate::support::{one, owner, run};

/// All pairs of states of registrations for one event, and which side counts.
#[tokio::test]
async fn of_two_registrations_the_one_that_has_come_further_stays() {
    let staff = new_administrator().await;
    // By how far they have come: later before earlier.
    let ranked = ["ATTENDED", "REGISTERED", "WAITLISTED", "NO_SHOW", "CANCELLED"];
    let (keep, merge, organizer) = (
        Person::member().await,
        Person::member().await,
        Person::member().await,
    );
    let mut events = Vec::new();
    for (kept, mine) in ranked.iter().enumerate() {
        for (others, theirs) in ranked.iter().enumerate() {
            let event = Uuid::now_v7();
            run(&format!(
                "INSERT INTO events (id, organizer_id, title, type, status, starts_at, ends_at, max_capacity)
                VALUES ('{event}', '{}', 'E', 'MEETING', 'REGISTRATION_OPEN', '2120-01-01', '2120-01-02', 10);
                INSERT INTO event_registrations (id, event_id, user_id, status, waitlisted_at) VALUES
                    (gen_random_uuid(), '{event}', '{}', '{mine}', now()), (gen_random_uuid(), '{event}', '{}', '{theirs}', now())",
                organizer.id(), keep.id(), merge.id()
            ))
            .await;
            events.push((
                event,
                ranked[kept.min(others)],
                if kept <= others { "KEEP" } else { "MERGE" },
            ));
        }
    }
    let report = staff.merged(keep.id(), merge.id()).await;
    let clashes = entry(&report, "event_registrations")["clashes"]
        .as_array()
        .unwrap();
    assert_eq!(clashes.len(), events.len());
    for (event, status, wins) in events {
        let clash = clashes.iter().find(|clash| clash["id"] == json!(event)).unwrap();
        assert_eq!(
            (&clash["wins"], &clash["rule"]),
            (&json!(wins), &json!("FURTHEST")),
            "{clash}"
        );
        let mut owner = owner().await;
        let rows =
            sqlx::query("SELECT user_id, status, seat_version FROM event_registrations WHERE event_id = $1")
                .bind(event)
                .fetch_all(&mut owner)
                .await
                .unwrap();
        let rows: Vec<(Uuid, String, i32)> = rows.iter().map(|row| FromRow::from_row(row).unwrap()).collect();
        let of = |person: &Person| {
            rows.iter()
                .find(|(user, ..)| *user == person.id())
                .unwrap()
                .1
                .clone()
        };
        assert_eq!(
            (of(&keep).as_str(), of(&merge).as_str()),
            (status, "CANCELLED"),
            "{event}"
        );
        let counted: i32 = one(
            "SELECT registered_count FROM events WHERE id = $1",
            &event.to_string(),
        )
        .await;
        assert_eq!(
            counted,
            i32::from(["ATTENDED", "REGISTERED"].contains(&status)),
            "one person, one seat"
        );
    }
    let parked: i64 = sqlx::query_scalar("SELECT count(*) FROM users WHERE email LIKE '%@merge.invalid'")
        .fetch_one(&mut owner().await)
        .await
        .unwrap();
    assert_eq!(parked, 0);
}

#[tokio::test]
async fn of_two_bids_the_one_that_has_come_further_stays_and_none_on_an_own_project() {
    let staff = new_administrator().await;
    let (keep, merge, poster) = (
        Person::member().await,
        Person::member().await,
        Person::member().await,
    );
    let (reviewed, tied, own): (Uuid, Uuid, Uuid) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    run(&format!(
        "INSERT INTO projects (id, owner_id, title, category, status) VALUES
            ('{reviewed}', '{2}', 'R', 'COMMERCIAL', 'BIDDING_OPEN'), ('{tied}', '{2}', 'T', 'COMMERCIAL', 'BIDDING_OPEN'),
            ('{own}', '{0}', 'O', 'COMMERCIAL', 'BIDDING_OPEN');
        INSERT INTO project_applications (id, project_id, user_id, bid_amount_cents, status) VALUES
            (gen_random_uuid(), '{reviewed}', '{0}', 1, 'PENDING'), (gen_random_uuid(), '{reviewed}', '{1}', 2, 'REVIEWING'),
            (gen_random_uuid(), '{tied}', '{0}', 3, 'PENDING'), (gen_random_uuid(), '{tied}', '{1}', 4, 'PENDING'),
            (gen_random_uuid(), '{own}', '{1}', 5, 'PENDING')",
        keep.id(), merge.id(), poster.id()
    ))
    .await;
    let report = staff.merged(keep.id(), merge.id()).await;
    let bids = "SELECT COALESCE(array_agg(bid_amount_cents::int ORDER BY bid_amount_cents), '{}') FROM project_applications
        WHERE user_id = $1 AND status <> 'WITHDRAWN'";
    assert_eq!(one::<Vec<i32>>(bids, &keep.id().to_string()).await, [2, 3]);
    assert_eq!(one::<Vec<i32>>(bids, &merge.id().to_string()).await, [0; 0]);
    for project in [reviewed, tied] {
        let count: i32 = one(
            "SELECT application_count FROM projects WHERE id = $1",
            &project.to_string(),
        )
        .await;
        assert_eq!(count, 1);
    }
    let clashes = entry(&report, "project_applications")["clashes"]
        .as_array()
        .unwrap();
    let rules: std::collections::BTreeSet<_> = clashes
        .iter()
        .map(|clash| clash["rule"].as_str().unwrap())
        .collect();
    assert_eq!((clashes.len(), rules), (3, ["FURTHEST", "OWN_PROJECT"].into()));
}

#[tokio::test]
async fn of_two_ways_through_a_course_the_further_one_stays_and_certificates_all_do() {
    let staff = new_administrator().await;
    let (keep, merge) = (Person::member().await, Person::member().await);
    let course = Uuid::now_v7();
    let number = Uuid::now_v7();
    run(&format!(
        "INSERT INTO courses (id, author_id, title, difficulty) VALUES ('{course}', '{0}', 'C', 'BEGINNER');
        INSERT INTO course_enrollments (id, course_id, user_id, status, progress_percent) VALUES
            (gen_random_uuid(), '{course}', '{0}', 'IN_PROGRESS', 20), (gen_random_uuid(), '{course}', '{1}', 'IN_PROGRESS', 80);
        INSERT INTO course_enrollments (id, course_id, user_id, status, progress_percent, completed_at, certificate_number, certificate_holder, certificate_course)
        VALUES (gen_random_uuid(), '{course}', '{1}', 'COMPLETED', 100, now(), '{number}', 'M', 'C')",
        keep.id(), merge.id()
    ))
    .await;
    staff.merged(keep.id(), merge.id()).await;
    let ways = "SELECT array_agg(status || progress_percent ORDER BY status) FROM course_enrollments WHERE user_id = $1";
    assert_eq!(
        one::<Vec<String>>(ways, &keep.id().to_string()).await,
        ["COMPLETED100", "IN_PROGRESS80"]
    );
    assert_eq!(
        one::<Vec<String>>(ways, &merge.id().to_string()).await,
        ["DROPPED20"]
    );
}

#[tokio::test]
async fn skills_roles_and_the_licence_are_the_better_of_both() {
    let staff = new_administrator().await;
    let (keep, merge) = (
        Person::with(&["member", "support"]).await,
        Person::with(&["member", "finance"]).await,
    );
    let (skill, other) = (Uuid::now_v7(), Uuid::now_v7());
    let numbers = [skill, other].map(|id| u32::try_from(id.as_u128() % 900_000_000).unwrap() + 100_000_000);
    run(&format!(
        "INSERT INTO skills (name) VALUES ('{skill}'), ('{other}');
        INSERT INTO user_skills (user_id, skill, level, verified) VALUES
            ('{0}', '{skill}', 'BEGINNER', true), ('{1}', '{skill}', 'EXPERT', false), ('{1}', '{other}', 'EXPERT', false);
        UPDATE user_roles SET expires_at = now() + interval '1 day' WHERE user_id = '{0}' AND role_id = (SELECT id FROM roles WHERE name = 'member');
        INSERT INTO licences (license_number, region) VALUES ('{2}', 'NORTH'), ('{3}', 'NORTH');
        INSERT INTO california_contractors (license_number, region, business_name, primary_status, in_good_standing, is_namc_member)
        VALUES ('{2}', 'NORTH', 'A', 'CLEAR', true, true), ('{3}', 'NORTH', 'B', 'CLEAR', true, true);
        UPDATE users SET contractor_license = '{2}', company = 'Kept' WHERE id = '{0}';
        UPDATE users SET contractor_license = '{3}', company = 'Given up', title = 'Boss', city = 'Oakland', zip = '94607' WHERE id = '{1}'",
        keep.id(), merge.id(), numbers[0], numbers[1]
    ))
    .await;
    let report = staff.merged(keep.id(), merge.id()).await;
    let account = staff.account(keep.id()).await;
    assert_eq!(account["roles"], json!(["finance", "member", "support"]));
    assert!(
        account["heldRoles"]
            .as_array()
            .unwrap()
            .iter()
            .all(|held| held["expiresAt"].is_null()),
        "{account}"
    );
    assert_eq!(
        (&account["company"], &account["city"]),
        (&json!("Kept"), &json!("Oakland"))
    );
    assert_eq!(account["contractorLicense"], numbers[0].to_string());
    let clash = &entry(&report, "users")["clashes"][0];
    assert_eq!(
        (&clash["id"], &clash["rule"]),
        (&json!(numbers[1].to_string()), &json!("ONE_LICENCE"))
    );
    let free: bool = one(
        &format!("SELECT NOT is_namc_member AND $1::uuid IS NOT NULL FROM california_contractors WHERE license_number = '{}'", numbers[1]),
        &keep.id().to_string(),
    )
    .await;
    assert!(free, "who has left is no member");
    let skills: Vec<String> = one(
        "SELECT array_agg(level || verified ORDER BY skill) FROM user_skills WHERE user_id = $1",
        &keep.id().to_string(),
    )
    .await;
    assert_eq!(skills, ["EXPERTtrue", "EXPERTfalse"]);
}

#[tokio::test]
async fn threads_become_one_and_what_the_two_wrote_to_each_other_stays() {
    let staff = new_administrator().await;
    let (keep, merge, friend) = (
        Person::member().await,
        Person::member().await,
        Person::member().await,
    );
    let send = async |from: &Person, to: &Person, text: &str| {
        let body = json!({"receiverId": to.id(), "content": text});
        from.post("/v1/messages", &body).await.expect(StatusCode::CREATED);
    };
    send(&friend, &keep, "to keep").await;
    send(&friend, &merge, "to merge").await;
    send(&merge, &keep, "between").await;
    keep.send(
        reqwest::Method::POST,
        &format!("/v1/blocks/{}", friend.id()),
        None,
        &[],
    )
    .await;
    merge
        .send(
            reqwest::Method::POST,
            &format!("/v1/blocks/{}", friend.id()),
            None,
            &[],
        )
        .await;
    let report = staff.merged(keep.id(), merge.id()).await;
    assert_eq!(entry(&report, "messages")["stays"], 1);
    let threads = keep.json("/v1/conversations").await;
    let with = |person: &Person| -> i64 {
        let items = threads["items"].as_array().unwrap();
        items
            .iter()
            .filter(|thread| thread["counterpart"]["id"] == json!(person.id()))
            .count()
            .try_into()
            .unwrap()
    };
    assert_eq!(with(&friend), 1, "{threads}");
    let unread: i32 = one(
        &format!(
            "SELECT unread_count FROM conversations WHERE user_id = $1 AND counterpart_id = '{}'",
            friend.id()
        ),
        &keep.id().to_string(),
    )
    .await;
    assert_eq!(unread, 2);
    let blocks: i64 = one(
        "SELECT count(*) FROM member_blocks WHERE user_id = $1",
        &keep.id().to_string(),
    )
    .await;
    assert_eq!(blocks, 1);
}
