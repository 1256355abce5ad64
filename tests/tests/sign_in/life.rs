//! The life of an account, through the gateway.

use reqwest::Method;
use serde_json::json;

use crate::client::{From, fresh_email, fresh_password, me, owner, post, registration, send};
use crate::mails;

#[tokio::test]
async fn a_member_registers_confirms_signs_in_goes_on_and_signs_out() {
    let (email, password, here) = (fresh_email(), fresh_password(), From::Gateway);
    let credentials = json!({"email": email.to_uppercase(), "password": password});
    post("/v1/auth/register", &registration(&email, &password), &here)
        .await
        .expect(202);
    post("/v1/auth/login", &credentials, &here).await.expect(401);

    let token = json!({"token": mails::secret(&email, "VERIFY_EMAIL").await});
    post("/v1/auth/verify-email", &token, &here).await.expect(204);
    post("/v1/auth/verify-email", &token, &here).await.expect(422);

    let signed_in = post("/v1/auth/login", &credentials, &here).await.expect(200);
    assert_eq!(signed_in.json()["expiresIn"], 600);
    assert_eq!(signed_in.json()["tokenType"], "Bearer");
    assert_eq!(signed_in.json()["user"]["email"], email);
    assert_eq!(signed_in.json()["user"]["roles"], json!([]));
    assert_eq!(signed_in.header("cache-control"), "no-store");

    let refreshed = json!({"refreshToken": signed_in.get("refreshToken")});
    let refreshed = post("/v1/auth/refresh", &refreshed, &here).await.expect(200);
    let access = refreshed.get("accessToken");
    let account = send(&Method::GET, "/v1/auth/me", None, Some(&access), &here)
        .await
        .expect(200);
    assert_eq!(account.get("firstName"), "María");
    assert_eq!(account.json()["isVerified"], true);
    send(&Method::GET, "/v1/projects?limit=1", None, Some(&access), &here)
        .await
        .expect(200);

    let token = json!({"refreshToken": refreshed.get("refreshToken")});
    post("/v1/auth/logout", &token, &here).await.expect(204);
    let refused = post("/v1/auth/refresh", &token, &here).await.expect(401);
    assert_eq!(refused.get("type"), "/v1/problems/session-ended");
    post("/v1/auth/logout", &token, &here).await.expect(204);
}

#[tokio::test]
async fn signing_out_ends_access_at_the_next_request() {
    let member = crate::client::Member::register().await;
    let signed_in = member.sign_in().await;
    let access = signed_in.get("accessToken");
    me(&access).await.expect(200);
    let token = json!({"refreshToken": signed_in.get("refreshToken")});
    post("/v1/auth/logout", &token, &From::Gateway).await.expect(204);
    // A write goes to the primary, which lags behind nothing.
    let refused = send(
        &Method::POST,
        "/v1/auth/logout-all",
        None,
        Some(&access),
        &From::Gateway,
    )
    .await
    .expect(401);
    assert_eq!(refused.get("type"), "/v1/problems/session-ended");
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one_and_all_at_once() {
    let (member, here) = (crate::client::Member::register().await, From::Gateway);
    let [first, second, third] = [
        member.sign_in().await,
        member.sign_in().await,
        member.sign_in().await,
    ];
    let access = third.get("accessToken");
    let list = send(&Method::GET, "/v1/auth/sessions", None, Some(&access), &here)
        .await
        .expect(200)
        .json();
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    assert_eq!(items.iter().filter(|item| item["current"] == true).count(), 1);
    assert_eq!(items[0]["device"], "tests");
    assert!(items[0]["ipAddress"].as_str().unwrap().starts_with("2001:db8:"));

    let other = items.iter().find(|item| item["current"] == false).unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/v1/auth/sessions/{other}");
    send(&Method::DELETE, &path, None, Some(&access), &here)
        .await
        .expect(204);
    send(&Method::DELETE, &path, None, Some(&access), &here)
        .await
        .expect(404);
    let stranger = crate::client::Member::register()
        .await
        .sign_in()
        .await
        .get("accessToken");
    let current = items.iter().find(|item| item["current"] == true).unwrap()["id"]
        .as_str()
        .unwrap();
    let path = format!("/v1/auth/sessions/{current}");
    send(&Method::DELETE, &path, None, Some(&stranger), &here)
        .await
        .expect(404);

    let mut refreshed = Vec::new();
    for signed_in in [&first, &second] {
        refreshed.push(
            crate::client::refresh(&signed_in.get("refreshToken"))
                .await
                .status,
        );
    }
    refreshed.sort_unstable();
    assert_eq!(refreshed, [200, 401]);
    send(&Method::POST, "/v1/auth/logout-all", None, Some(&access), &here)
        .await
        .expect(204);
    crate::client::refresh(&third.get("refreshToken"))
        .await
        .expect(401);
}

#[tokio::test]
async fn a_suspended_member_is_out_at_once_and_stays_out() {
    let member = crate::client::Member::register().await;
    let signed_in = member.sign_in().await;
    sqlx::query("UPDATE users SET is_active = false, suspended_at = now() WHERE email = $1")
        .bind(&member.email)
        .execute(&mut owner().await)
        .await
        .unwrap();
    let access = signed_in.get("accessToken");
    send(
        &Method::POST,
        "/v1/auth/logout-all",
        None,
        Some(&access),
        &From::Gateway,
    )
    .await
    .expect(401);
    crate::client::refresh(&signed_in.get("refreshToken"))
        .await
        .expect(401);
    post("/v1/auth/login", &member.credentials(), &From::Gateway)
        .await
        .expect(401);
    let forgot = json!({"email": member.email});
    post("/v1/auth/password/forgot", &forgot, &From::Gateway)
        .await
        .expect(202);
    assert_eq!(mails::count(&member.email, "RESET_PASSWORD").await, 0);
}
