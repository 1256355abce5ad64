//! What a sign-in keeps of the second factor, which staff work takes.

use reqwest::Method;
use serde_json::json;

use crate::support::{PASSWORD, Person, answer, call, recover};

/// How many sign-ins of an account have shown it, and how many there are.
async fn shown(person: &mut Person) -> (i64, i64) {
    let shown = "SELECT count(second_factor_at) FROM sessions WHERE user_id = $1";
    let all = "SELECT count(*) FROM sessions WHERE user_id = $1";
    (person.look(shown).await, person.look(all).await)
}

#[tokio::test]
async fn a_sign_in_keeps_that_the_second_factor_was_shown_and_loses_it_with_the_authenticator() {
    let mut person = Person::create().await;
    let (before, token) = (person.token().await, person.token().await);
    assert_eq!(shown(&mut person).await, (0, 2));
    let app = person.enrol(&token).await;
    assert_eq!(
        shown(&mut person).await,
        (1, 2),
        "the sign-in that confirmed it alone"
    );
    let challenge = person.challenge().await;
    assert_eq!(answer(&challenge, &app.code(0)).await.status.as_u16(), 200);
    assert_eq!(shown(&mut person).await, (2, 3));
    let challenge = person.challenge().await;
    assert_eq!(recover(&challenge, &app.recovery[0]).await.status.as_u16(), 200);
    assert_eq!(shown(&mut person).await, (3, 4));
    let proof = json!({ "password": PASSWORD });
    let removed = call(Method::DELETE, "/v1/auth/mfa/totp", Some(&before), &proof).await;
    assert_eq!(removed.status.as_u16(), 204);
    assert_eq!(shown(&mut person).await, (0, 4));
}

#[tokio::test]
async fn staff_who_sign_in_with_the_password_alone_do_no_staff_work() {
    let mut person = Person::create().await;
    person
        .execute("INSERT INTO user_roles (user_id, role_id) SELECT $1, id FROM roles WHERE name = 'support'")
        .await;
    let token = person.token().await;
    let body = json!({ "keepId": person.id, "mergeId": person.id });
    let refused = call(Method::POST, "/v1/admin/users/merge/preview", Some(&token), &body).await;
    assert_eq!(refused.problem(), (403, "forbidden"));
    assert!(
        refused.body["detail"].as_str().unwrap().contains("second factor"),
        "{refused:?}"
    );
    person.enrol(&token).await;
    let refused = call(Method::POST, "/v1/admin/users/merge/preview", Some(&token), &body).await;
    assert_eq!(refused.body["detail"], "This takes the permission users.manage.");
}
