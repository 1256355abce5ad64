//! Merges that cannot be.

use reqwest::StatusCode;
use serde_json::json;
use uuid::Uuid;

use crate::people::{Person, StaffCalls, new_administrator, with_permissions};
use crate::support::{alter, recorded, role_of, run};

#[tokio::test]
async fn what_cannot_be_merged_is_refused_with_the_reason() {
    let staff = new_administrator().await;
    let (one, two) = (Person::member().await, Person::member().await);
    let itself = staff
        .preview(one.id(), one.id())
        .await
        .detail(StatusCode::CONFLICT);
    assert_eq!(itself, "An account cannot be merged with itself.");
    staff
        .preview(one.id(), Uuid::now_v7())
        .await
        .expect(StatusCode::NOT_FOUND);
    let own = staff
        .preview(one.id(), staff.id())
        .await
        .detail(StatusCode::CONFLICT);
    assert_eq!(own, "Your own account is for somebody else to merge.");
    staff.act(two.id(), "suspend").await.expect(StatusCode::OK);
    let suspended = staff
        .preview(one.id(), two.id())
        .await
        .detail(StatusCode::CONFLICT);
    assert_eq!(suspended, "A suspended account is reinstated first.");
    staff.act(two.id(), "reinstate").await.expect(StatusCode::OK);
    staff.merged(one.id(), two.id()).await;
    staff
        .preview(one.id(), two.id())
        .await
        .expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_account_that_may_do_more_is_not_merged_into_ones_reach() {
    let clerk = with_permissions(&["users.read", "users.manage"]).await;
    let (member, administrator) = (Person::member().await, new_administrator().await);
    for (keep, merge) in [(&member, &administrator), (&administrator, &member)] {
        let refusal = clerk
            .preview(keep.id(), merge.id())
            .await
            .detail(StatusCode::CONFLICT);
        assert!(refusal.contains("may do what you may not"), "{refusal}");
    }
    let reader = with_permissions(&["users.read"]).await;
    reader
        .preview(member.id(), administrator.id())
        .await
        .expect(StatusCode::FORBIDDEN);
    member
        .preview(member.id(), administrator.id())
        .await
        .expect(StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_merge_gives_no_role_that_its_maker_may_not_give() {
    let powers = ["users.read", "users.manage", "feedback.manage"];
    let clerk = with_permissions(&powers).await;
    let role = role_of(&["feedback.manage"]).await;
    let (plain, holder) = (Person::member().await, Person::with(&["member", &role]).await);
    let refusal = clerk
        .preview(plain.id(), holder.id())
        .await
        .detail(StatusCode::CONFLICT);
    assert!(refusal.contains("roles that you may not give"), "{refusal}");
    // The other way round nobody comes to a role.
    clerk
        .preview(holder.id(), plain.id())
        .await
        .expect(StatusCode::OK);
    let giver = with_permissions(&[&powers[..], &["roles.manage"]].concat()).await;
    giver
        .preview(plain.id(), holder.id())
        .await
        .expect(StatusCode::OK);
    // Held for a shorter time it is given for a longer one.
    run(&format!(
        "INSERT INTO user_roles (user_id, role_id, expires_at) SELECT '{}', id, now() + interval '1 day' FROM roles WHERE name = '{role}'",
        plain.id()
    ))
    .await;
    clerk
        .preview(plain.id(), holder.id())
        .await
        .detail(StatusCode::CONFLICT);
    run(&format!(
        "UPDATE user_roles SET expires_at = now() + interval '1 hour' WHERE user_id = '{}' AND expires_at IS NULL AND role_id = (SELECT id FROM roles WHERE name = '{role}')",
        holder.id()
    ))
    .await;
    clerk
        .preview(plain.id(), holder.id())
        .await
        .expect(StatusCode::OK);
}

#[tokio::test]
async fn an_account_that_nobody_can_sign_in_to_is_not_the_one_that_is_kept() {
    let staff = new_administrator().await;
    let (keep, merge) = (Person::member().await, Person::member().await);
    alter(
        "UPDATE users SET is_verified = false, approved_at = NULL WHERE id = $1",
        &keep.id().to_string(),
    )
    .await;
    let refusal = staff
        .preview(keep.id(), merge.id())
        .await
        .detail(StatusCode::CONFLICT);
    assert!(refusal.contains("never confirmed"), "{refusal}");
    staff.merged(merge.id(), keep.id()).await;
}

#[tokio::test]
async fn two_memberships_that_are_being_paid_stop_a_merge() {
    let staff = new_administrator().await;
    let (one, two) = (Person::member().await, Person::member().await);
    let tier = Uuid::now_v7();
    run(&format!("INSERT INTO membership_tiers (id, name, price_cents, duration_months) VALUES ('{tier}', '{tier}', 100, 12)")).await;
    for person in [&one, &two] {
        run(&format!(
            "INSERT INTO payments (id, user_id, type, amount_cents, tier_id) VALUES (gen_random_uuid(), '{}', 'MEMBERSHIP', 100, '{tier}')",
            person.id()
        ))
        .await;
    }
    let refusal = staff
        .preview(one.id(), two.id())
        .await
        .detail(StatusCode::CONFLICT);
    assert!(
        refusal.contains("payment for a membership under way"),
        "{refusal}"
    );
    alter(
        "UPDATE payments SET status = 'CANCELLED' WHERE user_id = $1",
        &two.id().to_string(),
    )
    .await;
    staff.merged(one.id(), two.id()).await;
}

#[tokio::test]
async fn a_merge_does_what_its_preview_has_shown_or_nothing() {
    let staff = new_administrator().await;
    let (one, two) = (Person::member().await, Person::member().await);
    let preview = staff.preview(one.id(), two.id()).await.expect(StatusCode::OK);
    assert_eq!(
        staff.account(two.id()).await["status"],
        "active",
        "a preview changes nothing"
    );
    assert!(recorded(one.id()).await.is_empty());
    run(&format!(
        "INSERT INTO saved_searches (id, user_id, name, query) VALUES (gen_random_uuid(), '{}', 'n', '{{}}')",
        two.id()
    ))
    .await;
    staff
        .merge(&preview)
        .await
        .expect(StatusCode::PRECONDITION_FAILED);
    two.json("/v1/auth/me").await;
    let preview = staff.preview(one.id(), two.id()).await.expect(StatusCode::OK);
    // The other way round is another merge.
    let turned = json!({"keepId": two.id(), "mergeId": one.id(), "previewVersion": preview["previewVersion"], "reason": "x"});
    staff
        .post("/v1/admin/users/merge", &turned)
        .await
        .expect(StatusCode::PRECONDITION_FAILED);
    let unreasoned =
        json!({"keepId": one.id(), "mergeId": two.id(), "previewVersion": preview["previewVersion"]});
    assert_eq!(
        staff.post("/v1/admin/users/merge", &unreasoned).await.pointers(),
        ["/body/reason"]
    );
    staff.merge(&preview).await.expect(StatusCode::ACCEPTED);
    two.json("/v1/auth/me").await;
    let second = new_administrator().await;
    second.merge(&preview).await.expect(StatusCode::OK);
    let said = |action: &str, who: &Person| (action.to_owned(), who.id(), "One person".to_owned());
    assert_eq!(
        recorded(one.id()).await,
        [said("users.merge_order", &staff), said("users.merge", &second)]
    );
}
