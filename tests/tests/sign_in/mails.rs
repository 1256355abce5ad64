//! The mails that sign-in has put into the outbox.

use portal_data::sealing::Sealer;
use portal_tests::stack::Stack;
use serde_json::Value;
use uuid::Uuid;

use crate::client::owner;

/// How many mails of a kind an address was sent.
pub(crate) async fn count(email: &str, kind: &str) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM outbox WHERE lower(recipient) = lower($1) AND kind = $2")
        .bind(email)
        .bind(kind)
        .fetch_one(&mut owner().await)
        .await
        .unwrap()
}

/// The token in the newest mail of a kind to an address: out of the row, or out of the mail where it has been sent already.
pub(crate) async fn secret(email: &str, kind: &str) -> String {
    let row: Option<(Uuid, Option<Vec<u8>>)> = sqlx::query_as(
        "SELECT id, secret FROM outbox WHERE lower(recipient) = lower($1) AND kind = $2 ORDER BY created_at DESC, id DESC LIMIT 1",
    )
    .bind(email)
    .bind(kind)
    .fetch_optional(&mut owner().await)
    .await
    .unwrap();
    let (id, sealed) = row.unwrap_or_else(|| panic!("no {kind} mail to {email}"));
    let Some(sealed) = sealed else {
        return sent(email).await;
    };
    let sealer = Sealer::new(Stack::get().secrets().await, "portal/data-keys".to_owned());
    let opened = sealer.open(&format!("outbox/{id}"), &sealed).await.unwrap();
    String::from_utf8(opened).unwrap()
}

/// The token in the link of the last mail that the emulator keeps.
async fn sent(email: &str) -> String {
    let url = format!("{}/_ministack/ses/messages", Stack::get().aws_endpoint);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let kept: Value = client.get(url).send().await.unwrap().json().await.unwrap();
    let mails = kept["messages"].as_object().unwrap().values();
    let mut mails = mails.flat_map(|mails| mails.as_array().unwrap());
    let mail = mails
        .rfind(|mail| mail["To"][0] == email)
        .expect("a mail was sent");
    let text = mail["BodyText"].as_str().unwrap();
    let after = text.split("token=").nth(1).expect("a link with a token");
    after.chars().take(43).collect()
}
