//! Companies: whom their memberships cover, and for how long.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::{MoneyCalls as _, Person, new_finance};
use crate::support::{alter, id_of, mailed, night, one, tier};

const PEOPLE: &str = "/v1/membership/people";

async fn in_force(person: &Person) -> Value {
    person.json("/v1/membership").await["isInForce"].clone()
}

#[tokio::test]
async fn people_are_covered_while_there_are_seats() {
    let (holder, tier) = (Person::member().await, tier(50_000, 3).await);
    holder.join(tier).await;
    let (ana, bo, cy) = (
        Person::member().await,
        Person::member().await,
        Person::member().await,
    );
    for person in [&ana, &bo] {
        let added = holder.post(PEOPLE, &json!({"memberId": person.id()})).await;
        assert_eq!(added.status, StatusCode::OK, "{}", added.body);
    }
    assert_eq!(
        (in_force(&ana).await, in_force(&bo).await),
        (json!(true), json!(true))
    );
    let full = holder.post(PEOPLE, &json!({"memberId": cy.id()})).await;
    assert_eq!(
        full.detail(StatusCode::CONFLICT),
        "All 3 seats of this membership are taken."
    );
    let same: bool = one(
        "SELECT u.membership_expires_at = (SELECT max(ends_at) FROM memberships WHERE state = 'ACTIVE' AND user_id = (
            SELECT m.user_id FROM membership_people AS p JOIN memberships AS m ON m.id = p.membership_id WHERE p.user_id = u.id))
        FROM users AS u WHERE u.id = $1",
        &ana.id().to_string(),
    )
    .await;
    assert!(same);
    assert_eq!(mailed(ana.id()).await, ["MEMBERSHIP_COVERED"]);
    holder
        .delete(&format!("{PEOPLE}/{}", ana.id()))
        .await
        .expect(StatusCode::NO_CONTENT);
    assert_eq!(
        (in_force(&ana).await, in_force(&bo).await),
        (json!(false), json!(true))
    );
    let gone = holder.delete(&format!("{PEOPLE}/{}", ana.id())).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    holder
        .post(PEOPLE, &json!({"memberId": cy.id()}))
        .await
        .expect(StatusCode::OK);
}

#[tokio::test]
async fn who_is_invited_by_an_address_accepts_with_it() {
    let (holder, tier) = (Person::member().await, tier(50_000, 2).await);
    holder.join(tier).await;
    let (guest, other) = (Person::member().await, Person::member().await);
    let address: String = one("SELECT email FROM users WHERE id = $1", &guest.id().to_string()).await;
    let invited = holder
        .post(PEOPLE, &json!({"email": address.to_uppercase()}))
        .await
        .expect(StatusCode::OK);
    assert_eq!(
        (&invited["items"][0]["memberId"], &invited["items"][0]["email"]),
        (&Value::Null, &json!(address.to_uppercase())),
        "whether it has an account is not told"
    );
    assert_eq!(in_force(&guest).await, false, "nobody is covered without knowing");
    let invitation = guest.json("/v1/membership").await["invitations"][0].clone();
    let accept = format!("/v1/membership/invitations/{}/accept", id_of(&invitation));
    assert_eq!(
        other.send(Method::POST, &accept, None, &[]).await.status,
        StatusCode::NOT_FOUND
    );
    guest
        .send(Method::POST, &accept, None, &[])
        .await
        .expect(StatusCode::NO_CONTENT);
    assert_eq!(in_force(&guest).await, true);
    let people = holder.json(PEOPLE).await;
    assert_eq!(people["items"][0]["memberId"], json!(guest.id()));
    assert_eq!(
        guest.send(Method::POST, &accept, None, &[]).await.status,
        StatusCode::NOT_FOUND,
        "once"
    );
}

#[tokio::test]
async fn two_at_once_do_not_get_one_seat() {
    let (holder, tier) = (Person::member().await, tier(50_000, 2).await);
    holder.join(tier).await;
    let (ana, bo) = (Person::member().await, Person::member().await);
    let bodies = [json!({"memberId": ana.id()}), json!({"memberId": bo.id()})];
    let (one, two) = tokio::join!(holder.post(PEOPLE, &bodies[0]), holder.post(PEOPLE, &bodies[1]));
    let mut statuses = [one.status, two.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::OK, StatusCode::CONFLICT]);
}

#[tokio::test]
async fn people_stay_covered_over_a_renewal_and_lose_it_with_the_membership() {
    let (holder, tier) = (Person::member().await, tier(50_000, 3).await);
    let first = id_of(&holder.join(tier).await);
    let ana = Person::member().await;
    holder
        .post(PEOPLE, &json!({"memberId": ana.id()}))
        .await
        .expect(StatusCode::OK);
    holder.join(tier).await;
    alter(
        "UPDATE memberships SET starts_at = starts_at - interval '366 days', ends_at = ends_at - interval '366 days',
            grace_ends_at = grace_ends_at - interval '366 days'
        WHERE user_id = (SELECT user_id FROM payments WHERE id = $1)",
        &first,
    )
    .await;
    night().await;
    assert_eq!(in_force(&ana).await, true, "the next period covers her, too");
    let second: String = one(
        "SELECT id::text FROM payments WHERE user_id = (SELECT user_id FROM payments WHERE id = $1) AND purchase_kind = 'RENEW'",
        &first,
    )
    .await;
    let finance = new_finance().await;
    finance
        .refund(&second, &json!({"reason": "The firm has closed"}))
        .await
        .expect(StatusCode::OK);
    assert_eq!(in_force(&ana).await, false);
}

#[tokio::test]
async fn a_companys_next_period_covers_its_people_from_its_beginning_on() {
    // The cheaper one waits until the dearer one ends.
    let (holder, alone, company) = (
        Person::member().await,
        tier(90_000, 1).await,
        tier(50_000, 2).await,
    );
    let first = id_of(&holder.join(alone).await);
    holder.join(company).await;
    let ana = Person::member().await;
    holder
        .post(PEOPLE, &json!({"memberId": ana.id()}))
        .await
        .expect(StatusCode::OK);
    assert_eq!(in_force(&ana).await, false, "it has not begun");
    let until = "SELECT membership_expires_at > now() FROM users WHERE id = $1";
    assert_eq!(one::<Option<bool>>(until, &ana.id().to_string()).await, None);
    alter(
        "UPDATE memberships SET starts_at = starts_at - interval '366 days', ends_at = ends_at - interval '366 days',
            grace_ends_at = grace_ends_at - interval '366 days'
        WHERE user_id = (SELECT user_id FROM payments WHERE id = $1)",
        &first,
    )
    .await;
    night().await;
    assert_eq!(in_force(&ana).await, true);
    assert_eq!(
        one::<Option<bool>>(until, &ana.id().to_string()).await,
        Some(true)
    );
}

#[tokio::test]
async fn a_membership_for_one_covers_nobody_else_and_bodies_are_read_whole() {
    let (holder, tier) = (Person::member().await, tier(5_000, 1).await);
    let ana = Person::member().await;
    let before = holder.post(PEOPLE, &json!({"memberId": ana.id()})).await;
    assert_eq!(
        before.detail(StatusCode::CONFLICT),
        "You hold no membership that could cover others."
    );
    holder.join(tier).await;
    let alone = holder.post(PEOPLE, &json!({"memberId": ana.id()})).await;
    assert_eq!(
        alone.detail(StatusCode::CONFLICT),
        "This membership covers nobody but its holder."
    );
    assert_eq!(
        holder.post(PEOPLE, &json!({})).await.pointers(),
        ["/body/memberId"]
    );
    let both = json!({"memberId": ana.id(), "email": "ana@example.org"});
    assert_eq!(holder.post(PEOPLE, &both).await.pointers(), ["/body/email"]);
    assert_eq!(
        holder.post(PEOPLE, &json!({"email": "ana"})).await.pointers(),
        ["/body/email"]
    );
}
