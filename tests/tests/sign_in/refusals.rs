//! What cannot be taken, and how it is said.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Member, fresh_email, fresh_password, post, registration, send, somewhere};

fn pointers(problem: &Value) -> Vec<&str> {
    let errors = problem["errors"].as_array().unwrap().iter();
    errors.map(|error| error["pointer"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_answer_names_every_fault_of_a_registration() {
    let body = json!({"email": "x", "password": "short", "firstName": " ", "lastName": "a\u{0}b", "company": 7, "admin": true});
    let answer = post("/v1/auth/register", &body, &somewhere()).await.expect(422);
    let mut found = pointers(&answer.json()).join(" ");
    for field in ["email", "password", "firstName", "lastName", "company", "admin"] {
        assert!(found.contains(&format!("/body/{field}")), "{field}: {found}");
        found = found.replacen(&format!("/body/{field}"), "", 1);
    }
    assert!(
        !answer.text.contains("short"),
        "a password is not repeated: {}",
        answer.text
    );
}

#[tokio::test]
async fn passwords_that_are_tried_first_are_refused() {
    for password in [
        "passwordpassword",
        "MariaMunoz12345",
        "namc-norcal-2026",
        "123456789012345",
        "Muñoz Drywall 1",
    ] {
        let body = registration(&fresh_email(), password);
        let answer = post("/v1/auth/register", &body, &somewhere()).await.expect(422);
        assert_eq!(pointers(&answer.json()), ["/body/password"], "{password}");
    }
}

#[tokio::test]
async fn long_passwords_and_all_of_unicode_are_taken() {
    let long = format!("{} {}", fresh_password(), fresh_password());
    for password in ["каждый охотник желает знать", "🔑 wet plaster 🪵 hums 🌳", &long]
    {
        let member = Member {
            email: fresh_email(),
            password: password.to_owned(),
        };
        post(
            "/v1/auth/register",
            &registration(&member.email, password),
            &somewhere(),
        )
        .await
        .expect(202);
        let token = crate::mails::secret(&member.email, "VERIFY_EMAIL").await;
        post("/v1/auth/verify-email", &json!({"token": token}), &somewhere())
            .await
            .expect(204);
        member.sign_in().await;
    }
}

#[tokio::test]
async fn bodies_of_the_wrong_shape_are_refused() {
    let anything = json!({"email": "a@example.org", "password": "x", "unknown": 1});
    for path in [
        "register",
        "verify-email",
        "login",
        "refresh",
        "logout",
        "password/forgot",
        "password/reset",
    ] {
        let path = format!("/v1/auth/{path}");
        for body in [json!({}), json!([]), json!(null), json!("x"), anything.clone()] {
            post(&path, &body, &somewhere()).await.expect(422);
        }
    }
    for (path, body) in [
        (
            "/v1/auth/login",
            json!({"email": "a@example.org", "password": "x".repeat(5000)}),
        ),
        (
            "/v1/auth/login",
            json!({"email": "a@example.org", "password": "x", "deviceToken": "x"}),
        ),
        (
            "/v1/auth/login",
            json!({"email": {"$ne": ""}, "password": {"$ne": ""}}),
        ),
        ("/v1/auth/verify-email", json!({"token": "' OR 1=1 --"})),
        (
            "/v1/auth/password/reset",
            json!({"token": "A".repeat(43), "newPassword": "short"}),
        ),
        (
            "/v1/auth/register",
            registration("a\r\nBcc: b@example.org", &fresh_password()),
        ),
    ] {
        post(path, &body, &somewhere()).await.expect(422);
    }
}

#[tokio::test]
async fn bodies_that_nobody_needs_are_refused_before_they_are_read() {
    let routes = [
        "register",
        "verify-email",
        "login",
        "mfa/challenge",
        "refresh",
        "logout",
        "password/forgot",
        "password/reset",
    ];
    for path in routes {
        let path = format!("/v1/auth/{path}");
        let large = json!({"refreshToken": "x".repeat(1024 * 1024)});
        post(&path, &large, &somewhere()).await.expect(413);
        // Deeper than anything is read.
        let mut deep = json!(1);
        for _ in 0..200 {
            deep = json!([deep]);
        }
        post(&path, &json!({"refreshToken": deep}), &somewhere())
            .await
            .expect(400);
    }
}

#[tokio::test]
async fn own_routes_refuse_whoever_has_not_signed_in() {
    let nobody = "00000000-0000-7000-8000-000000000000";
    let change = json!({"currentPassword": fresh_password(), "newPassword": fresh_password()});
    for (method, path, body) in [
        (Method::GET, "/v1/auth/me".to_owned(), None),
        (Method::GET, "/v1/auth/sessions".to_owned(), None),
        (Method::DELETE, format!("/v1/auth/sessions/{nobody}"), None),
        (Method::POST, "/v1/auth/logout-all".to_owned(), None),
        (Method::POST, "/v1/auth/password/change".to_owned(), Some(&change)),
        (Method::POST, "/v1/auth/email/change".to_owned(), Some(&change)),
    ] {
        for token in [None, Some("x.y.z")] {
            let answer = send(&method, &path, body, token, &somewhere()).await.expect(401);
            assert_eq!(answer.header("www-authenticate"), "Bearer", "{path}");
        }
    }
    let access = Member::register().await.sign_in().await.get("accessToken");
    for id in [nobody, "not-an-id"] {
        send(
            &Method::DELETE,
            &format!("/v1/auth/sessions/{id}"),
            None,
            Some(&access),
            &somewhere(),
        )
        .await
        .expect(404);
    }
}
