//! A merge shows nobody what was hidden from them, and leaves nothing behind on the account that is closed.

use portal_data::staff::{self, merges};
use portal_data::{DataError, Database};
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::people::{Person, StaffCalls, entry, new_administrator};
use crate::support::{one, run};

#[tokio::test]
async fn what_one_account_has_hidden_the_other_does_not_show() {
    let (staff, reader) = (new_administrator().await, Person::member().await);
    // What the kept account says, what the other says, and what is right for a value that comes from the other.
    for (own, others, both) in [
        ("{}", r#"{"phone": "NOBODY", "address": "NOBODY"}"#, "NOBODY"),
        (r#"{"phone": "NOBODY", "address": "NOBODY"}"#, "{}", "NOBODY"),
        (r#"{"phone": "EVERYONE", "address": "EVERYONE"}"#, "{}", "MEMBERS"),
        (
            r#"{"phone": "EVERYONE", "address": "EVERYONE"}"#,
            r#"{"phone": "EVERYONE", "address": "EVERYONE"}"#,
            "EVERYONE",
        ),
    ] {
        let (keep, merge) = (Person::member().await, Person::member().await);
        run(&format!(
            "UPDATE users SET field_visibility = '{own}' WHERE id = '{}';
            UPDATE users SET field_visibility = '{others}', phone = '+14155550000', street = '1 Secret St', city = 'Oakland' WHERE id = '{}'",
            keep.id(),
            merge.id()
        ))
        .await;
        let report = staff.merged(keep.id(), merge.id()).await;
        let clashes = entry(&report, "users")["clashes"].as_array().unwrap().clone();
        let said: Vec<_> = clashes
            .iter()
            .map(|clash| (clash["name"].as_str().unwrap(), clash["rule"].as_str().unwrap()))
            .collect();
        assert_eq!(said, [("phone", "FILLED_IN"), ("address", "FILLED_IN")]);
        let kept: Value = one(
            "SELECT field_visibility FROM users WHERE id = $1 AND phone IS NOT NULL AND street IS NOT NULL",
            &keep.id().to_string(),
        )
        .await;
        assert_eq!(
            (&kept["phone"], &kept["address"]),
            (&json!(both), &json!(both)),
            "{own} {others}"
        );
        let shown = reader.json(&format!("/v1/members/{}", keep.id())).await;
        assert_eq!(
            shown.to_string().contains("+14155550000"),
            both != "NOBODY",
            "{shown}"
        );
        assert_eq!(
            shown.to_string().contains("1 Secret St"),
            both != "NOBODY",
            "{shown}"
        );
    }
}

#[tokio::test]
async fn what_the_kept_account_says_itself_stays_as_visible_as_it_was() {
    let staff = new_administrator().await;
    let (keep, merge) = (Person::member().await, Person::member().await);
    run(&format!(
        "UPDATE users SET phone = '+14155550001' WHERE id = '{}';
        UPDATE users SET field_visibility = '{{\"phone\": \"NOBODY\"}}', phone = '+14155550000' WHERE id = '{}'",
        keep.id(),
        merge.id()
    ))
    .await;
    staff.merged(keep.id(), merge.id()).await;
    let kept: Value = one(
        "SELECT field_visibility FROM users WHERE id = $1",
        &keep.id().to_string(),
    )
    .await;
    assert_eq!(kept, json!({}));
}

#[tokio::test]
async fn nobody_is_invited_to_a_project_of_their_own() {
    let staff = new_administrator().await;
    let (keep, merge, friend) = (
        Person::member().await,
        Person::member().await,
        Person::member().await,
    );
    run(&format!(
        "INSERT INTO projects (id, owner_id, title, category) VALUES ('{1}', '{1}', 'P', 'COMMERCIAL'), ('{0}', '{0}', 'Q', 'COMMERCIAL');
        INSERT INTO project_invitations (project_id, user_id, invited_by) VALUES
            ('{1}', '{0}', '{1}'), ('{1}', '{2}', '{1}'), ('{0}', '{1}', '{0}')",
        keep.id(), merge.id(), friend.id()
    ))
    .await;
    let report = staff.merged(keep.id(), merge.id()).await;
    assert_eq!(
        entry(&report, "project_invitations")["clashes"],
        json!([{"id": null, "name": "2", "wins": "BOTH", "rule": "OWN_PROJECT"}])
    );
    let invited: Vec<Uuid> = one(
        "SELECT array_agg(user_id) FROM project_invitations WHERE project_id = $1",
        &merge.id().to_string(),
    )
    .await;
    assert_eq!(invited, [friend.id()]);
}

struct Ground {
    owner: PgConnection,
    api: Database,
    admin: Database,
    staff: Member,
    keep: Member,
    merge: Member,
}

async fn ground() -> Ground {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    Ground {
        staff: Member::add(&mut owner, "staff", &["administrator"]).await,
        keep: Member::add(&mut owner, "keep", &[]).await,
        merge: Member::add(&mut owner, "merge", &[]).await,
        api: database.open("portal_api", false).await,
        admin: database.open("portal_admin", false).await,
        owner,
    }
}

impl Ground {
    async fn merged(&self) -> Result<(), DataError> {
        let mut tx = self.admin.begin(&self.staff.request()).await?;
        staff::hold(&mut tx).await?;
        merges::merge(&mut tx, self.keep.id.into(), self.merge.id.into()).await?;
        tx.commit().await.map(drop)
    }
}

#[tokio::test]
async fn a_request_that_began_before_the_merge_adds_nothing_after_it() {
    let ground = ground().await;
    let mut late = ground.api.begin(&ground.merge.request()).await.unwrap();
    let mut friendly = ground.api.begin(&ground.staff.request()).await.unwrap();
    ground.merged().await.unwrap();
    let message =
        "INSERT INTO messages (id, sender_id, receiver_id, content) VALUES (gen_random_uuid(), $1, $2, 'x')";
    let refused = sqlx::query(message)
        .bind(ground.merge.id)
        .bind(ground.staff.id)
        .execute(&mut late)
        .await
        .map(drop)
        .expect_err("it would be the closed account's");
    assert!(matches!(DataError::from(refused), DataError::AccountInactive));
    let refused = sqlx::query(message)
        .bind(ground.staff.id)
        .bind(ground.merge.id)
        .execute(&mut friendly)
        .await
        .map(drop)
        .expect_err("nobody would read it");
    assert!(matches!(DataError::from(refused), DataError::Refused { .. }));
}

#[tokio::test]
async fn no_table_takes_rows_of_an_account_that_was_given_up() {
    let mut ground = ground().await;
    ground.merged().await.unwrap();
    let (gone, other) = (ground.merge.id, ground.keep.id);
    let ids: Vec<Uuid> = (0..4).map(|_| Uuid::now_v7()).collect();
    let [project, event, course, tier] = ids[..] else {
        unreachable!()
    };
    sqlx::raw_sql(&format!(
        "INSERT INTO projects (id, owner_id, title, category, status) VALUES ('{project}', '{other}', 'P', 'COMMERCIAL', 'BIDDING_OPEN');
        INSERT INTO events (id, organizer_id, title, type, starts_at, ends_at) VALUES ('{event}', '{other}', 'E', 'MEETING', '2120-01-01', '2120-01-02');
        INSERT INTO courses (id, author_id, title, difficulty) VALUES ('{course}', '{other}', 'C', 'BEGINNER');
        INSERT INTO membership_tiers (id, name, price_cents, duration_months, seats) VALUES ('{tier}', 'T', 100, 12, 5);
        INSERT INTO memberships (id, user_id, tier_id, starts_at, ends_at) VALUES ('{tier}', '{other}', '{tier}', now(), now() + interval '9 days')"
    ))
    .execute(&mut ground.owner)
    .await
    .unwrap();
    for row in [
        format!("payments (id, user_id, type, amount_cents) VALUES ('{tier}', '{gone}', 'DONATION', 5)"),
        format!(
            "memberships (id, user_id, tier_id, starts_at, ends_at) VALUES ('{event}', '{gone}', '{tier}', now(), now() + interval '9 days')"
        ),
        format!("membership_people (membership_id, user_id) VALUES ('{tier}', '{gone}')"),
        format!("event_registrations (id, event_id, user_id) VALUES ('{event}', '{event}', '{gone}')"),
        format!("course_enrollments (id, course_id, user_id) VALUES ('{course}', '{course}', '{gone}')"),
        format!("projects (id, owner_id, title, category) VALUES ('{tier}', '{gone}', 'P', 'COMMERCIAL')"),
        format!("project_applications (id, project_id, user_id) VALUES ('{tier}', '{project}', '{gone}')"),
        format!(
            "project_invitations (project_id, user_id, invited_by) VALUES ('{project}', '{gone}', '{other}')"
        ),
        format!(
            "events (id, organizer_id, title, type, starts_at, ends_at) VALUES ('{tier}', '{gone}', 'E', 'MEETING', '2120-01-01', '2120-01-02')"
        ),
        format!("messages (id, sender_id, receiver_id, content) VALUES ('{tier}', '{gone}', '{other}', 'x')"),
        format!("messages (id, sender_id, receiver_id, content) VALUES ('{tier}', '{other}', '{gone}', 'x')"),
        format!(
            "member_feedback (id, user_id, category, subject, content) VALUES ('{tier}', '{gone}', 'BUG', 's', 'c')"
        ),
        format!("saved_searches (id, user_id, name, query) VALUES ('{tier}', '{gone}', 'n', '{{}}')"),
        format!("user_roles (user_id, role_id) SELECT '{gone}', id FROM roles WHERE name = 'member'"),
    ] {
        let refused = sqlx::raw_sql(&format!("INSERT INTO {row}"))
            .execute(&mut ground.owner)
            .await
            .expect_err(&row);
        let refused = refused.into_database_error().unwrap();
        assert_eq!(refused.code().unwrap(), "PB409", "{row}: {refused}");
        let taken = format!(
            "INSERT INTO {}",
            row.replace(&gone.to_string(), &ground.staff.id.to_string())
        );
        sqlx::raw_sql(&format!("BEGIN; {taken}; ROLLBACK"))
            .execute(&mut ground.owner)
            .await
            .unwrap_or_else(|error| panic!("{taken}: {error}"));
    }
}
