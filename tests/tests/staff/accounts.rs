//! Approval, suspension, and what is seen of an account.

use reqwest::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::people::{Person, StaffCalls, new_administrator, with_permissions};
use crate::support::{alter, mailed, one, pending, recorded, run};

#[tokio::test]
async fn an_approved_account_is_a_members_and_its_owner_is_told() {
    let staff = new_administrator().await;
    let account = pending().await;
    assert_eq!(staff.account(account).await["status"], "pending");
    let approved = staff.act(account, "approve").await;
    assert!(approved.headers.contains_key("etag"));
    let approved = approved.expect(StatusCode::OK);
    assert_eq!(
        (&approved["status"], &approved["roles"]),
        (&json!("active"), &json!(["member"]))
    );
    assert!(
        approved["approvedAt"].is_string() && approved["memberSince"].is_string(),
        "{approved}"
    );
    assert_eq!(mailed(account).await, ["ACCOUNT_APPROVED"]);
    assert_eq!(
        recorded(account).await,
        [("users.approve".to_owned(), staff.id(), "To approve".to_owned())]
    );
    let again = staff.act(account, "approve").await.detail(StatusCode::CONFLICT);
    assert_eq!(
        again,
        "This account is active: only one that is pending is approved."
    );
    assert_eq!(mailed(account).await.len(), 1);
}

#[tokio::test]
async fn who_has_not_confirmed_the_address_is_not_approved() {
    let staff = new_administrator().await;
    let account = pending().await;
    alter(
        "UPDATE users SET is_verified = false WHERE id = $1",
        &account.to_string(),
    )
    .await;
    staff.act(account, "approve").await.expect(StatusCode::CONFLICT);
    assert!(recorded(account).await.is_empty());
}

#[tokio::test]
async fn a_suspension_ends_every_sign_in_at_once_and_says_why_to_staff_alone() {
    let staff = new_administrator().await;
    let member = Person::member().await;
    let before = member.json("/v1/auth/me").await;
    assert_eq!(staff.account(member.id()).await["sessionCount"], 1);
    let suspended = staff.act(member.id(), "suspend").await.expect(StatusCode::OK);
    assert_eq!(suspended["status"], "suspended");
    assert_eq!(suspended["sessionCount"], 0);
    assert_eq!(suspended["suspension"]["reason"], "To suspend");
    assert_eq!(suspended["suspension"]["suspendedBy"], json!(staff.id()));
    let refusal = member.get("/v1/auth/me").await;
    assert_eq!(refusal.status, StatusCode::UNAUTHORIZED);
    assert!(
        !refusal.body.to_string().contains("To suspend"),
        "{}",
        refusal.body
    );
    staff
        .act(member.id(), "suspend")
        .await
        .expect(StatusCode::CONFLICT);

    let open = staff.act(member.id(), "reinstate").await.expect(StatusCode::OK);
    assert_eq!(
        (&open["status"], &open["suspension"]),
        (&json!("active"), &Value::Null)
    );
    member.get("/v1/auth/me").await.expect(StatusCode::UNAUTHORIZED);
    assert_eq!(before["email"], open["email"], "the account is the same");
    staff
        .act(member.id(), "reinstate")
        .await
        .expect(StatusCode::CONFLICT);
    let actions: Vec<_> = recorded(member.id())
        .await
        .into_iter()
        .map(|(action, ..)| action)
        .collect();
    assert_eq!(actions, ["users.suspend", "users.reinstate"]);
}

#[tokio::test]
async fn nobody_changes_the_own_account_or_one_that_may_do_more() {
    let administrator = new_administrator().await;
    administrator
        .act(administrator.id(), "suspend")
        .await
        .expect(StatusCode::CONFLICT);
    let clerk = with_permissions(&["users.read", "users.manage"]).await;
    for action in ["suspend", "reinstate", "approve"] {
        let refusal = clerk
            .act(administrator.id(), action)
            .await
            .detail(StatusCode::FORBIDDEN);
        assert!(refusal.contains("may do what you may not"), "{refusal}");
    }
    let member = Person::member().await;
    clerk.act(member.id(), "suspend").await.expect(StatusCode::OK);
}

#[tokio::test]
async fn every_change_takes_a_permission_and_a_reason() {
    let (member, reader) = (Person::member().await, with_permissions(&["users.read"]).await);
    let account = pending().await;
    for person in [&member, &reader] {
        person.act(account, "approve").await.expect(StatusCode::FORBIDDEN);
    }
    member.get("/v1/admin/users").await.expect(StatusCode::FORBIDDEN);
    let staff = new_administrator().await;
    let path = format!("/v1/admin/users/{account}/approve");
    for body in [
        json!({}),
        json!({"reason": " "}),
        json!({"reason": "x".repeat(501)}),
    ] {
        assert_eq!(staff.post(&path, &body).await.pointers(), ["/body/reason"]);
    }
    staff
        .act(Uuid::now_v7(), "approve")
        .await
        .expect(StatusCode::NOT_FOUND);
    staff
        .get(&format!("/v1/admin/users/{}", Uuid::now_v7()))
        .await
        .expect(StatusCode::NOT_FOUND);
    staff.get("/v1/admin/users/x").await.expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_account_shows_licence_membership_sign_in_and_what_was_merged_into_it() {
    let staff = new_administrator().await;
    let member = Person::member().await;
    let id = member.id();
    let number: i64 = one(
        "SELECT 100000000 + (random() * 899999999)::bigint + 0 * length($1::text)",
        &id.to_string(),
    )
    .await;
    let (tier, other) = (Uuid::now_v7(), Uuid::now_v7());
    run(&format!(
        "INSERT INTO licences (license_number, region) VALUES ('{number}', 'NORTH');
        INSERT INTO california_contractors (license_number, region, business_name, primary_status, in_good_standing)
        VALUES ('{number}', 'NORTH', 'A FIRM', 'CLEAR', true);
        UPDATE users SET contractor_license = '{number}' WHERE id = '{id}';
        INSERT INTO membership_tiers (id, name, price_cents, duration_months) VALUES ('{tier}', '{tier}', 100, 12);
        INSERT INTO memberships (id, user_id, tier_id, starts_at, ends_at)
        VALUES (gen_random_uuid(), '{id}', '{tier}', now() - interval '1 day', now() + interval '9 days');
        INSERT INTO login_attempts (subject_kind, subject_hash, user_id, last_login_at) VALUES ('ACCOUNT', uuid_send('{id}'), '{id}', '2026-01-02T03:04:05Z');
        INSERT INTO users (id, email, first_name, last_name, is_active, deleted_at, merged_into)
        VALUES ('{other}', 'gone@example.org', 'G', 'One', false, now(), '{id}')"
    ))
    .await;
    let account = staff.account(id).await;
    assert_eq!(account["license"]["licenseNumber"], number.to_string());
    assert_eq!(account["license"]["primaryStatus"], "CLEAR");
    assert_eq!(account["membership"]["tierName"], tier.to_string());
    assert_eq!(account["lastSignInAt"], "2026-01-02T03:04:05Z");
    assert_eq!(account["mergedIds"], json!([other]));
    assert_eq!(account["heldRoles"][0]["role"], "member");
    for secret in ["passwordHash", "mfaSecret", "password_hash"] {
        assert!(account.get(secret).is_none());
    }
    staff
        .get(&format!("/v1/admin/users/{other}"))
        .await
        .expect(StatusCode::NOT_FOUND);
}
