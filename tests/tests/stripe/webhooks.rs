use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use http::HeaderMap;
use portal_stripe::{Event, EventError, SignatureError, WebhookSecret};
use time::OffsetDateTime;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::support::*;

/// What came of a delivery: the header, and the body to the byte.
type Delivery = (String, Bytes);

/// An endpoint of our own beside the portal's, with a secret of its own.
async fn listen(shop: &Shop, secret: &str) -> mpsc::UnboundedReceiver<Delivery> {
    let (sender, deliveries) = mpsc::unbounded_channel();
    let take = move |headers: HeaderMap, body: Bytes| {
        let signature = headers["stripe-signature"].to_str().unwrap().to_owned();
        sender.send((signature, body)).ok();
        std::future::ready(())
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/", post(take))).await });
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client
        .post(format!("{}/_config/webhooks/{}", shop.api, Uuid::now_v7()))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("url={url}&secret={secret}"));
    assert!(answer.send().await.unwrap().status().is_success());
    deliveries
}

/// The deliveries of these types about these intents, in whatever order they come.
async fn wait_for(
    deliveries: &mut mpsc::UnboundedReceiver<Delivery>,
    expected: &[(&str, &str)],
) -> Vec<Delivery> {
    let mut found: Vec<Option<Delivery>> = vec![None; expected.len()];
    let wait = async {
        while found.iter().any(Option::is_none) {
            let (signature, body) = deliveries.recv().await.unwrap();
            let event = Event::parse(&body).unwrap();
            let intent = event.object.payment_intent.as_deref();
            let place = expected
                .iter()
                .position(|(kind, id)| event.kind == *kind && intent == Some(*id));
            if let Some(place) = place {
                found[place] = Some((signature, body));
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), wait)
        .await
        .expect("an event did not come");
    found.into_iter().flatten().collect()
}

#[tokio::test]
async fn what_happens_is_told_with_a_signature() {
    let shop = Shop::open().await;
    let secret = WebhookSecret::from(format!("whsec_{}", Uuid::now_v7()));
    let mut deliveries = listen(&shop, secret.expose()).await;
    let (made, _) = shop.ask(2_500).await;
    shop.confirm(&made.id, REFUSED).await;
    shop.confirm(&made.id, GOOD).await;
    shop.stripe
        .create_refund(&refund(&made.id, 500), &key())
        .await
        .unwrap();
    let (off, _) = shop.ask(2_600).await;
    shop.stripe.cancel_payment_intent(&off.id, &key()).await.unwrap();

    let secrets = [WebhookSecret::from("whsec_older".to_owned()), secret];
    let expected = [
        ("payment_intent.created", made.id.as_str()),
        ("payment_intent.payment_failed", &made.id),
        ("payment_intent.succeeded", &made.id),
        ("charge.refunded", &made.id),
        ("payment_intent.canceled", &off.id),
    ];
    let told = wait_for(&mut deliveries, &expected).await;
    for ((kind, _), (signature, body)) in expected.into_iter().zip(told) {
        let now = OffsetDateTime::now_utc();
        let event = Event::from_webhook(&signature, &body, &secrets, now).unwrap();
        assert_eq!((event.kind.as_str(), event.livemode), (kind, false));
        if kind == "payment_intent.succeeded" {
            assert_eq!(event.object.metadata, made.metadata);
        }
        let forged = Event::from_webhook(&signature, &body, &secrets[..1], now).unwrap_err();
        assert!(
            matches!(forged, EventError::Signature(SignatureError::Forged)),
            "{forged}"
        );
        let late = now + time::Duration::seconds(400);
        let stale = Event::from_webhook(&signature, &body, &secrets, late).unwrap_err();
        assert!(
            matches!(stale, EventError::Signature(SignatureError::Stale)),
            "{stale}"
        );
    }
}
