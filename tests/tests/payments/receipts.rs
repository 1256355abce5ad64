//! Receipts: as documents and as JSON, each with its number, and only where money was taken. That no number is left out, the model holds.

use std::collections::BTreeSet;

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::people::{MoneyCalls as _, Person, new_finance};
use crate::support::{id_of, newest_write};

#[tokio::test]
async fn a_receipt_is_a_document_or_json() {
    let (member, finance) = (Person::member().await, new_finance().await);
    let asked = member
        .ask(&json!({"type": "DONATION", "amountCents": 12_345}))
        .await;
    let asked = asked.expect(StatusCode::CREATED);
    let path = format!("/v1/payments/{}/receipt", id_of(&asked));
    let early = member.get(&path).await.detail(StatusCode::CONFLICT);
    assert_eq!(early, "There is no receipt: the payment is PENDING.");
    let paid = member.pay(&asked).await;
    let newest = newest_write().await;
    let as_json = [
        ("accept", "application/json"),
        ("portal-consistency", newest.as_str()),
    ];
    let receipt = member
        .send(Method::GET, &path, None, &as_json)
        .await
        .expect(StatusCode::OK);
    assert_eq!(
        (
            &receipt["number"],
            &receipt["amountCents"],
            &receipt["currency"],
            &receipt["description"]
        ),
        (
            &paid["receiptNumber"],
            &json!(12_345),
            &json!("USD"),
            &json!("Donation to NAMC NorCal")
        )
    );
    let document = member.get(&path).await;
    assert_eq!(
        (document.status, document.header("content-type")),
        (StatusCode::OK, "application/pdf")
    );
    assert!(document.bytes.starts_with(b"%PDF-1."));
    let number = paid["receiptNumber"].as_str().unwrap();
    assert_eq!(
        document.header("content-disposition"),
        format!("attachment; filename=\"receipt-{number}.pdf\"")
    );
    let tag = document.header("etag").to_owned();
    let unchanged = member
        .send(
            Method::GET,
            &path,
            None,
            &[("if-none-match", &tag), ("portal-consistency", &newest)],
        )
        .await;
    assert_eq!(unchanged.status, StatusCode::NOT_MODIFIED);
    assert_eq!(finance.get(&path).await.status, StatusCode::OK);
    let picture = member
        .send(Method::GET, &path, None, &[("accept", "image/png")])
        .await;
    assert_eq!(picture.status, StatusCode::NOT_ACCEPTABLE);
}

#[tokio::test]
async fn each_has_a_number_of_its_own_whoever_pays_at_once() {
    let members = [
        Person::member().await,
        Person::member().await,
        Person::member().await,
    ];
    let mut asked = Vec::new();
    for member in &members {
        let gift = member.ask(&json!({"type": "DONATION", "amountCents": 700})).await;
        asked.push(gift.expect(StatusCode::CREATED));
    }
    let paid = members
        .iter()
        .zip(&asked)
        .map(|(member, asked)| member.pay(asked));
    let paid = futures_util::future::join_all(paid).await;
    let numbers: BTreeSet<String> = paid
        .iter()
        .map(|payment| payment["receiptNumber"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(numbers.len(), members.len());
}
