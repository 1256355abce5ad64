//! A merge moves what one account has to another, all of it.

use reqwest::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::people::{Person, StaffCalls, entry, new_administrator};
use crate::support::{one, owner, run};

/// Columns that name an account and are moved, each with how many rows name this one.
async fn naming(account: Uuid) -> Vec<(String, i64)> {
    let mut owner = owner().await;
    let columns: Vec<(String, String)> = sqlx::query_as(
        "SELECT table_name, column_name FROM app.account_references() WHERE on_merge <> 'STAY' ORDER BY 1, 2",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    let mut found = Vec::new();
    for (table, column) in columns {
        let count: i64 = sqlx::query_scalar(&format!("SELECT count(*) FROM {table} WHERE {column} = $1"))
            .bind(account)
            .fetch_one(&mut owner)
            .await
            .unwrap();
        if count > 0 {
            found.push((format!("{table}.{column}"), count));
        }
    }
    found
}

/// Something of everything that an account may have and that clashes with nothing.
async fn fill(account: Uuid, other: Uuid) {
    let ids: Vec<Uuid> = (0..8).map(|_| Uuid::now_v7()).collect();
    let [
        project,
        event,
        course,
        tier,
        message,
        ticket,
        announcement,
        foreign,
    ] = ids[..]
    else {
        unreachable!()
    };
    run(&format!(
        "INSERT INTO projects (id, owner_id, title, category) VALUES ('{project}', '{account}', 'P', 'COMMERCIAL'), ('{foreign}', '{other}', 'F', 'COMMERCIAL');
        INSERT INTO addenda (id, project_id, number, summary, created_by) VALUES (gen_random_uuid(), '{project}', 1, 's', '{account}');
        INSERT INTO project_files (id, project_id, object_key, name, media_type, size_bytes, checksum_sha256, uploaded_by)
        VALUES (gen_random_uuid(), '{project}', '{project}', 'n', 'text/plain', 1, 'x', '{account}');
        INSERT INTO project_invitations (project_id, user_id, invited_by) VALUES ('{foreign}', '{account}', '{other}'), ('{project}', '{other}', '{account}');
        INSERT INTO events (id, organizer_id, title, type, starts_at, ends_at) VALUES ('{event}', '{account}', 'E', 'MEETING', '2120-01-01', '2120-01-02');
        INSERT INTO event_registrations (id, event_id, user_id, checked_in_by) VALUES (gen_random_uuid(), '{event}', '{account}', '{account}');
        INSERT INTO courses (id, author_id, title, difficulty) VALUES ('{course}', '{account}', 'C', 'BEGINNER');
        INSERT INTO course_enrollments (id, course_id, user_id) VALUES (gen_random_uuid(), '{course}', '{account}');
        INSERT INTO messages (id, sender_id, receiver_id, content) VALUES ('{message}', '{other}', '{account}', 'Hello'), (gen_random_uuid(), '{account}', '{other}', 'Hi');
        INSERT INTO conversations (user_id, counterpart_id, last_message_id, last_message_at, unread_count)
        VALUES ('{account}', '{other}', '{message}', now(), 1), ('{other}', '{account}', '{message}', now(), 0);
        INSERT INTO message_reports (id, message_id, reported_by, reason, excerpt) VALUES (gen_random_uuid(), '{message}', '{account}', 'r', 'Hello');
        INSERT INTO member_blocks (user_id, blocked_id) VALUES ('{account}', '{other}'), ('{other}', '{account}');
        INSERT INTO member_feedback (id, user_id, category, subject, content, assigned_to) VALUES ('{ticket}', '{account}', 'BUG', 's', 'c', '{account}');
        INSERT INTO feedback_replies (id, feedback_id, author_id, content) VALUES (gen_random_uuid(), '{ticket}', '{account}', 'c');
        INSERT INTO announcements (id, author_id, title, content) VALUES ('{announcement}', '{account}', 't', 'c');
        INSERT INTO announcement_reads (announcement_id, user_id) VALUES ('{announcement}', '{account}');
        INSERT INTO saved_searches (id, user_id, name, query) VALUES (gen_random_uuid(), '{account}', 'n', '{{}}');
        INSERT INTO notification_settings (user_id, time_zone) VALUES ('{account}', 'UTC');
        INSERT INTO message_digests (user_id, since, due_at) VALUES ('{account}', now(), '2120-01-01');
        INSERT INTO outbox (id, user_id, kind, recipient, not_before) VALUES (gen_random_uuid(), '{account}', 'TICKET_REPLIED', 'old@example.org', '2120-01-01');
        INSERT INTO membership_tiers (id, name, price_cents, duration_months, seats) VALUES ('{tier}', '{tier}', 100, 12, 5);
        INSERT INTO memberships (id, user_id, tier_id, starts_at, ends_at) VALUES (gen_random_uuid(), '{account}', '{tier}', now() - interval '9 days', now() + interval '9 days');
        INSERT INTO payments (id, user_id, type, amount_cents) VALUES (gen_random_uuid(), '{account}', 'DONATION', 5);
        INSERT INTO skills (name) VALUES ('{tier}');
        INSERT INTO user_skills (user_id, skill, level) VALUES ('{account}', '{tier}', 'EXPERT');
        INSERT INTO known_devices (user_id, device_hash) VALUES ('{account}', uuid_send('{tier}'));
        INSERT INTO single_use_tokens (token_hash, user_id, purpose) VALUES (uuid_send('{tier}'), '{account}', 'RESET_PASSWORD');
        INSERT INTO secure_data (user_id, kind, key_id, ciphertext) VALUES ('{account}', 'SSN', 'k', '\\x01')"
    ))
    .await;
}

#[tokio::test]
async fn all_that_names_an_account_names_the_other_then() {
    let staff = new_administrator().await;
    let (keep, merge, other) = (
        Person::member().await,
        Person::member().await,
        Person::member().await,
    );
    fill(merge.id(), other.id()).await;
    let before = naming(merge.id()).await;
    let report = staff.merged(keep.id(), merge.id()).await;

    let left = naming(merge.id()).await;
    assert!(left.is_empty(), "nothing is left but what stays: {left:?}");
    let dropped = ["known_devices.user_id", "single_use_tokens.user_id"];
    let expected: Vec<_> = before
        .into_iter()
        .filter(|(column, _)| !dropped.contains(&column.as_str()))
        // Two mails more, which tell of the merge.
        .map(|(column, count)| {
            if column == "outbox.user_id" {
                (column, count + 2)
            } else {
                (column, count)
            }
        })
        .collect();
    let mut after = naming(keep.id()).await;
    // The kept account's own role is the same as the other's, and the given-up account points to it.
    after.retain(|(column, _)| column != "users.merged_into");
    assert_eq!(after, expected);
    assert!(
        report["entries"]
            .as_array()
            .unwrap()
            .iter()
            .all(|entry| entry["clashes"] == json!([])),
        "{report}"
    );
    assert_eq!(entry(&report, "secure_data")["stays"], 1);
    merge.get("/v1/auth/me").await.expect(StatusCode::UNAUTHORIZED);
    keep.json("/v1/auth/me").await;
    let given_up: (Option<Uuid>, bool) = {
        let mut owner = owner().await;
        sqlx::query_as(
            "SELECT merged_into, deleted_at IS NOT NULL AND NOT is_active FROM users WHERE id = $1",
        )
        .bind(merge.id())
        .fetch_one(&mut owner)
        .await
        .unwrap()
    };
    assert_eq!(given_up, (Some(keep.id()), true));
    assert_eq!(staff.account(keep.id()).await["mergedIds"], json!([merge.id()]));
}

#[tokio::test]
async fn the_kept_account_reads_what_was_the_others() {
    let staff = new_administrator().await;
    let (keep, merge, other) = (
        Person::member().await,
        Person::member().await,
        Person::member().await,
    );
    fill(merge.id(), other.id()).await;
    staff.merged(keep.id(), merge.id()).await;
    for (path, count) in [
        ("/v1/feedback", 1),
        ("/v1/conversations", 1),
        ("/v1/registrations", 1),
        ("/v1/enrollments", 1),
        ("/v1/payments", 1),
    ] {
        let list = keep.json(path).await;
        assert_eq!(list["items"].as_array().unwrap().len(), count, "{path}: {list}");
    }
    let thread = other
        .json(&format!("/v1/conversations/{}/messages", keep.id()))
        .await;
    assert_eq!(thread["items"].as_array().unwrap().len(), 2, "{thread}");
    let recipient: String = one(
        "SELECT recipient FROM outbox WHERE user_id = $1 AND kind = 'TICKET_REPLIED'",
        &keep.id().to_string(),
    )
    .await;
    let email: String = one("SELECT email FROM users WHERE id = $1", &keep.id().to_string()).await;
    assert_eq!(
        recipient, email,
        "a mail that waits goes to the address that is left"
    );
}

#[tokio::test]
async fn the_audit_keeps_who_did_what_under_which_account() {
    let staff = new_administrator().await;
    let (keep, merge) = (Person::member().await, Person::member().await);
    let ticket = json!({"category": "BUG", "subject": "s", "content": "c"});
    merge
        .post("/v1/feedback", &ticket)
        .await
        .expect(StatusCode::CREATED);
    let by_merge = "SELECT count(*) FROM audit_log WHERE user_id = $1";
    let before: i64 = one(by_merge, &merge.id().to_string()).await;
    assert!(before > 0);
    staff.merged(keep.id(), merge.id()).await;
    assert_eq!(one::<i64>(by_merge, &merge.id().to_string()).await, before);
    let moved: Value = one(
        "SELECT after FROM audit_log WHERE table_name = 'member_feedback' AND operation = 'UPDATE' AND before ->> 'user_id' = $1::text
        ORDER BY id DESC LIMIT 1",
        &merge.id().to_string(),
    )
    .await;
    assert_eq!(moved["user_id"], json!(keep.id()));
}
