//! Roles: who gives which, and who edits what they allow.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::{Person, StaffCalls, new_administrator, with_permissions};
use crate::support::{each, recorded, role_of};

#[tokio::test]
async fn roles_are_given_and_taken_as_a_whole_and_count_from_the_next_request() {
    let (staff, member) = (new_administrator().await, Person::member().await);
    member.get("/v1/admin/users").await.expect(StatusCode::FORBIDDEN);
    let until = "2101-01-01T00:00:00Z";
    let roles = json!([{"role": "member"}, {"role": "support", "expiresAt": until}]);
    let before = staff.account(member.id()).await;
    let after = staff.give(member.id(), &roles).await.expect(StatusCode::OK);
    assert_eq!(after["roles"], json!(["member", "support"]));
    assert_eq!(after["heldRoles"][1]["expiresAt"], until);
    assert_eq!(after["heldRoles"][1]["grantedBy"], json!(staff.id()));
    assert!(after["version"].as_i64() > before["version"].as_i64());
    member.json("/v1/admin/users?limit=1").await;
    let after = staff.give(member.id(), &json!([])).await.expect(StatusCode::OK);
    assert_eq!(after["roles"], json!([]));
    member.get("/v1/admin/users").await.expect(StatusCode::FORBIDDEN);
    assert_eq!(recorded(member.id()).await.len(), 2);
}

#[tokio::test]
async fn nobody_gives_or_takes_what_they_do_not_have() {
    let giver = with_permissions(&["users.read", "roles.manage", "events.manage", "events.create"]).await;
    let member = Person::member().await;
    giver
        .give(member.id(), &json!([{"role": "event_manager"}]))
        .await
        .expect(StatusCode::OK);
    let refusal = giver
        .give(
            member.id(),
            &json!([{"role": "event_manager"}, {"role": "finance"}]),
        )
        .await;
    let refusal = refusal.detail(StatusCode::FORBIDDEN);
    assert!(
        refusal.contains("finance") && refusal.contains("payments.read"),
        "{refusal}"
    );
    let finance = Person::with(&["finance"]).await;
    giver
        .give(finance.id(), &json!([]))
        .await
        .expect(StatusCode::FORBIDDEN);
    // What stays as it is, is not asked about.
    let kept = json!([{"role": "finance"}, {"role": "member"}]);
    giver.give(finance.id(), &kept).await.expect(StatusCode::OK);
    // Not even to oneself.
    giver
        .give(giver.id(), &json!([{"role": "administrator"}]))
        .await
        .expect(StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn every_fault_of_roles_is_named() {
    let (staff, member) = (new_administrator().await, Person::member().await);
    let odd = json!([{"role": "no_such"}, {"role": "support", "expiresAt": "2001-01-01T00:00:00Z"}]);
    let faults = staff.give(member.id(), &odd).await.pointers();
    assert_eq!(faults, ["/body/roles/0/role", "/body/roles/1/expiresAt"]);
    let twice = json!([{"role": "support"}, {"role": "support"}]);
    assert_eq!(staff.give(member.id(), &twice).await.pointers(), ["/body/roles"]);
    assert_eq!(
        staff
            .give(member.id(), &json!([{"role": "Bad Name"}]))
            .await
            .pointers(),
        ["/body/roles/0/role"]
    );
    let path = format!("/v1/admin/users/{}/roles", member.id());
    let body = json!({"roles": [], "reason": "x"});
    let stale = staff
        .send(Method::PUT, &path, Some(&body), &[("if-match", "\"1.x\"")])
        .await;
    // Its role has raised the version.
    stale.expect(StatusCode::PRECONDITION_FAILED);
}

async fn create(who: &Person, name: &str, permissions: &Value) -> crate::people::Reply {
    let body =
        json!({"name": name, "description": "At the door", "permissions": permissions, "reason": "The gala"});
    who.post("/v1/admin/roles", &body).await
}

#[tokio::test]
async fn a_role_is_made_changed_and_deleted_within_what_its_maker_has() {
    let staff = new_administrator().await;
    let holder = Person::member().await;
    let name = role_of(&[]).await + "_made";
    let made = create(&staff, &name, &json!(["events.manage"])).await;
    assert_eq!(made.header("location"), format!("/v1/admin/roles/{name}"));
    made.expect(StatusCode::CREATED);
    create(&staff, &name, &json!([]))
        .await
        .expect(StatusCode::CONFLICT);
    staff
        .give(holder.id(), &json!([{"role": name}]))
        .await
        .expect(StatusCode::OK);

    let path = format!("/v1/admin/roles/{name}");
    let shown = staff.get(&path).await;
    let tag = shown.header("etag").to_owned();
    let shown = shown.expect(StatusCode::OK);
    assert_eq!(
        (&shown["holderCount"], &shown["isSystem"]),
        (&json!(1), &json!(false))
    );
    let body = json!({"permissions": ["events.manage", "users.read"], "reason": "They look people up"});
    let changed = staff
        .send(Method::PATCH, &path, Some(&body), &[("if-match", &tag)])
        .await;
    let changed = changed.expect(StatusCode::OK);
    assert_eq!(changed["permissions"], json!(["events.manage", "users.read"]));
    assert_eq!(changed["description"], "At the door");
    let stale = staff
        .send(Method::PATCH, &path, Some(&body), &[("if-match", &tag)])
        .await;
    stale.expect(StatusCode::PRECONDITION_FAILED);
    holder.json("/v1/admin/users?limit=1").await;

    let reason = json!({"reason": "The gala is over"});
    let gone = staff.send(Method::DELETE, &path, Some(&reason), &[]).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    holder.get("/v1/admin/users").await.expect(StatusCode::FORBIDDEN);
    staff.get(&path).await.expect(StatusCode::NOT_FOUND);
    let system = staff
        .send(Method::DELETE, "/v1/admin/roles/support", Some(&reason), &[])
        .await;
    system.expect(StatusCode::CONFLICT);
}

#[tokio::test]
async fn nobody_edits_into_a_role_what_they_do_not_have_and_the_administrators_role_is_fixed() {
    let giver = with_permissions(&["users.read", "roles.manage", "events.manage"]).await;
    let name = role_of(&[]).await + "_made";
    create(&giver, &name, &json!(["payments.read"]))
        .await
        .expect(StatusCode::FORBIDDEN);
    create(&giver, &name, &json!(["events.manage"]))
        .await
        .expect(StatusCode::CREATED);
    let path = format!("/v1/admin/roles/{name}");
    for permissions in [json!(["events.manage", "audit.read"]), json!(["payments.read"])] {
        let body = json!({"permissions": permissions, "reason": "More"});
        giver.patch(&path, &body).await.expect(StatusCode::FORBIDDEN);
    }
    let unknown = json!({"permissions": ["events.manage", "no.such"], "reason": "More"});
    assert_eq!(
        giver.patch(&path, &unknown).await.pointers(),
        ["/body/permissions/1"]
    );
    let foreign = role_of(&["payments.read"]).await;
    let foreign = format!("/v1/admin/roles/{foreign}");
    giver
        .patch(&foreign, &json!({"permissions": [], "reason": "Less"}))
        .await
        .expect(StatusCode::FORBIDDEN);
    giver
        .send(Method::DELETE, &foreign, Some(&json!({"reason": "x"})), &[])
        .await
        .expect(StatusCode::FORBIDDEN);

    let staff = new_administrator().await;
    let body = json!({"permissions": ["users.read"], "reason": "Less"});
    let refusal = staff
        .patch("/v1/admin/roles/administrator", &body)
        .await
        .detail(StatusCode::FORBIDDEN);
    assert!(refusal.contains("administrator"), "{refusal}");
    let words = json!({"description": "May do everything", "reason": "Clearer"});
    staff
        .patch("/v1/admin/roles/administrator", &words)
        .await
        .expect(StatusCode::OK);
}

#[tokio::test]
async fn permissions_and_roles_are_listed_by_name() {
    let staff = new_administrator().await;
    let permissions = staff.json("/v1/admin/permissions").await;
    let names = each(permissions["items"].as_array().unwrap(), "/name");
    assert!(names.len() >= 19 && names.is_sorted(), "{names:?}");
    let roles = staff.json("/v1/admin/roles").await;
    let administrator = roles["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|role| role["name"] == "administrator");
    assert_eq!(
        each(administrator.unwrap()["permissions"].as_array().unwrap(), ""),
        names
    );
    let again = staff.get("/v1/admin/permissions").await;
    let tag = again.header("etag").to_owned();
    let known = staff
        .send(
            Method::GET,
            "/v1/admin/permissions",
            None,
            &[("if-none-match", &tag)],
        )
        .await;
    assert_eq!(known.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn a_role_that_an_announcement_is_for_stays_and_a_repeated_creation_is_one() {
    let staff = new_administrator().await;
    let name = role_of(&[]).await;
    let news = json!({"title": "News", "content": "For you", "audience": "ROLE", "audienceRole": name});
    staff
        .post("/v1/announcements", &news)
        .await
        .expect(StatusCode::CREATED);
    let path = format!("/v1/admin/roles/{name}");
    staff
        .send(Method::DELETE, &path, Some(&json!({"reason": "x"})), &[])
        .await
        .expect(StatusCode::CONFLICT);
    let body = json!({"name": format!("{name}_two"), "description": "d", "permissions": [], "reason": "r"});
    let headers = [("idempotency-key", name.as_str())];
    let first = staff
        .send(Method::POST, "/v1/admin/roles", Some(&body), &headers)
        .await;
    let again = staff
        .send(Method::POST, "/v1/admin/roles", Some(&body), &headers)
        .await;
    assert_eq!((first.status, &first.bytes), (StatusCode::CREATED, &again.bytes));
}

#[tokio::test]
async fn what_one_has_for_a_while_one_gives_for_no_longer_and_puts_into_no_role() {
    let (staff, member) = (new_administrator().await, Person::member().await);
    let hour = time::OffsetDateTime::now_utc() + time::Duration::hours(1);
    let hour = hour.replace_nanosecond(0).unwrap();
    let at = |moment: time::OffsetDateTime| {
        let format = &time::format_description::well_known::Rfc3339;
        json!(moment.format(format).unwrap())
    };
    let deputy = Person::member().await;
    let lent = json!([{"role": "member"}, {"role": "administrator", "expiresAt": at(hour)}]);
    staff.give(deputy.id(), &lent).await.expect(StatusCode::OK);
    let own = json!([{"role": "member"}, {"role": "administrator"}]);
    let refusal = deputy.give(deputy.id(), &own).await.detail(StatusCode::FORBIDDEN);
    assert!(refusal.contains("administrator for so long"), "{refusal}");
    for (until, status) in [
        (json!(null), StatusCode::FORBIDDEN),
        (at(hour + time::Duration::minutes(1)), StatusCode::FORBIDDEN),
        (at(hour), StatusCode::OK),
        (at(hour - time::Duration::minutes(1)), StatusCode::OK),
    ] {
        let mut grant = json!({"role": "support"});
        if !until.is_null() {
            grant["expiresAt"] = until;
        }
        let reply = deputy
            .give(member.id(), &json!([{"role": "member"}, grant]))
            .await;
        assert_eq!(reply.status, status, "{grant}: {}", reply.body);
    }
    deputy
        .give(member.id(), &json!([{"role": "member"}]))
        .await
        .expect(StatusCode::OK);

    // A role has no end: what is put into one would outlast what its editor has.
    let name = role_of(&[]).await;
    create(&deputy, &format!("{name}_x"), &json!(["payments.read"]))
        .await
        .expect(StatusCode::FORBIDDEN);
    create(&deputy, &format!("{name}_x"), &json!([]))
        .await
        .expect(StatusCode::CREATED);
}
