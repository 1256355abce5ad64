//! How a request is made, and made again.

use std::time::Instant;

use super::*;

#[tokio::test]
async fn a_request_says_what_it_must() {
    let server = Server::start(vec![Reply::Json(200, intent("requires_payment_method"))]).await;
    let made = server
        .stripe()
        .create_payment_intent(&new_intent(), &key())
        .await
        .unwrap();
    assert_eq!(made.id, "pi_1");
    assert!(!format!("{made:?}").contains("hunter2"));
    let asked = server.asked();
    let [asked] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(
        (&asked.method, asked.address.as_str()),
        (&Method::POST, "/v1/payment_intents")
    );
    assert_eq!(asked.header("authorization"), Some("Bearer sk_test_1"));
    assert_eq!(asked.header("stripe-version"), Some(STRIPE_VERSION));
    assert_eq!(asked.header("idempotency-key"), Some("payment/1"));
    assert_eq!(
        asked.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    let body = "amount=5000&currency=usd&customer=cus_1&description=A+%26+B&metadata%5Bpayment%5D=p1";
    assert_eq!(asked.body, body);
}

#[tokio::test]
async fn what_passes_is_tried_again_with_the_same_key() {
    let server = Server::start(vec![
        Reply::Json(409, refusal("invalid_request_error")),
        Reply::Json(429, refusal("rate_limit_error")),
        Reply::Json(503, json!({})),
        Reply::Json(200, intent("succeeded")),
    ])
    .await;
    let made = server
        .stripe()
        .create_payment_intent(&new_intent(), &key())
        .await
        .unwrap();
    assert_eq!(made.status, "succeeded");
    let asked = server.asked();
    assert_eq!(asked.len(), 4);
    for one in &asked {
        assert_eq!(
            (one.header("idempotency-key"), &one.body),
            (Some("payment/1"), &asked[0].body)
        );
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_is_asked_for_again() {
    for lost in [Reply::Dropped, Reply::Silence] {
        let server = Server::start(vec![lost, Reply::Json(200, intent("canceled"))]).await;
        let made = server
            .stripe()
            .cancel_payment_intent("pi_1", &key())
            .await
            .unwrap();
        assert_eq!(made.status, "canceled");
        let addresses: Vec<_> = server.asked().into_iter().map(|asked| asked.address).collect();
        assert_eq!(addresses, ["/v1/payment_intents/pi_1/cancel"; 2]);
    }
}

#[tokio::test]
async fn attempts_come_to_an_end() {
    let replies = (0..4).map(|_| Reply::Json(500, json!({}))).collect();
    let server = Server::start(replies).await;
    let error = server
        .stripe()
        .create_payment_intent(&new_intent(), &key())
        .await
        .unwrap_err();
    assert!(
        matches!(error, StripeError::Failed(_)) && error.may_have_happened() && error.is_passing(),
        "{error}"
    );
    assert_eq!(server.asked().len(), 4);
}

#[tokio::test]
async fn time_comes_to_an_end_before_attempts_do() {
    let server = Server::start(vec![Reply::With(
        429,
        "retry-after",
        "60",
        refusal("rate_limit_error"),
    )])
    .await;
    let started = Instant::now();
    let error = server.stripe().retrieve_payment_intent("pi_1").await.unwrap_err();
    assert!(
        matches!(error, StripeError::RateLimited(_)) && !error.may_have_happened(),
        "{error}"
    );
    assert!(
        started.elapsed() < Duration::from_secs(30),
        "it does not wait for what would come too late"
    );
}

#[tokio::test]
async fn what_is_refused_is_not_tried_again() {
    let card = json!({"error": {"type": "card_error", "code": "card_declined", "decline_code": "insufficient_funds"}});
    let server = Server::start(vec![Reply::Json(402, card)]).await;
    let error = server
        .stripe()
        .create_payment_intent(&new_intent(), &key())
        .await
        .unwrap_err();
    let StripeError::Card(error) = error else {
        panic!("{error}")
    };
    assert_eq!(error.decline_code.as_deref(), Some("insufficient_funds"));
    let advised = Reply::With(500, "stripe-should-retry", "false", json!({}));
    let server = Server::start(vec![advised]).await;
    let error = server
        .stripe()
        .create_payment_intent(&new_intent(), &key())
        .await
        .unwrap_err();
    assert!(matches!(error, StripeError::Failed(_)), "{error}");
    let server = Server::start(vec![Reply::With(
        404,
        "request-id",
        "req_7",
        refusal("invalid_request_error"),
    )])
    .await;
    let error = server.stripe().retrieve_payment_intent("pi_0").await.unwrap_err();
    assert!(error.to_string().contains("req_7"), "{error}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let api = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let config = Config {
        shortest_pause: Duration::from_millis(1),
        ..Config::new(&api)
    };
    let stripe = Stripe::new(config, ApiKeys::fixed(ApiKey::from("sk_test_1".to_owned())));
    let error = stripe.retrieve_payment_intent("pi_1").await.unwrap_err();
    assert!(matches!(error, StripeError::Unavailable(_)), "{error}");
}

#[tokio::test]
async fn a_key_that_is_refused_is_exchanged_once() {
    let server = Server::start(vec![
        Reply::Json(401, refusal("invalid_request_error")),
        Reply::Json(200, intent("succeeded")),
        Reply::Json(401, refusal("invalid_request_error")),
    ])
    .await;
    let keys = ApiKeys::from_fn(|refused| {
        let key = if refused.is_some() {
            "sk_test_new"
        } else {
            "sk_test_old"
        };
        std::future::ready(Ok(ApiKey::from(key.to_owned())))
    });
    let stripe = Stripe::new(server.config(), keys);
    assert!(stripe.retrieve_payment_intent("pi_1").await.is_ok());
    let bearers: Vec<_> = server
        .asked()
        .iter()
        .map(|asked| asked.header("authorization").unwrap().to_owned())
        .collect();
    assert_eq!(bearers, ["Bearer sk_test_old", "Bearer sk_test_new"]);
    // One that has no other gives up.
    let error = server.stripe().retrieve_payment_intent("pi_1").await.unwrap_err();
    assert!(matches!(error, StripeError::Authentication(_)), "{error}");
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn without_a_key_nothing_is_asked() {
    let server = Server::start(Vec::new()).await;
    let keys = ApiKeys::from_fn(|_| std::future::ready(Err("no secret".into())));
    let error = Stripe::new(server.config(), keys)
        .retrieve_payment_intent("pi_1")
        .await
        .unwrap_err();
    assert!(matches!(error, StripeError::Key(_)), "{error}");
    assert!(server.asked().is_empty());
}
