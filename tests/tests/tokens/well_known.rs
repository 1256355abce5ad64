//! Whoever knows the issuer alone can verify a token, as gateways do.

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use portal_tests::stack::Stack;
use portal_tests::tokens::Signer;
use reqwest::{Client, StatusCode};
use serde_json::Value;

use crate::support::member;

async fn fetch(url: &str) -> (reqwest::header::HeaderMap, Value) {
    let response = Client::new().get(url).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{url}");
    (response.headers().clone(), response.json().await.unwrap())
}

#[tokio::test]
async fn a_token_is_verified_by_its_issuer_and_what_is_published_there() {
    let token = Signer::newest().await.token(&member(&["member"]).await);
    let issuer = &Stack::get().environment["PORTAL_PUBLIC_URL"];
    let (_, discovery) = fetch(&format!("{issuer}/.well-known/openid-configuration")).await;
    assert_eq!(discovery["issuer"], issuer.as_str());
    assert_eq!(discovery["id_token_signing_alg_values_supported"][0], "RS256");
    let (headers, keys) = fetch(discovery["jwks_uri"].as_str().unwrap()).await;
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(headers["cache-control"], "public, max-age=300");
    assert!(!keys.to_string().contains("\"d\""), "no private half");
    let keys: JwkSet = serde_json::from_value(keys).unwrap();
    let id = jsonwebtoken::decode_header(&token).unwrap().kid.unwrap();
    let key = DecodingKey::from_jwk(keys.find(&id).expect("the key is published")).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&["namc-portal"]);
    let claims = jsonwebtoken::decode::<Value>(&token, &key, &validation)
        .unwrap()
        .claims;
    assert_eq!(claims["iss"], issuer.as_str());
}

#[tokio::test]
async fn the_documents_are_revalidated() {
    let url = format!("{}/.well-known/jwks.json", Stack::get().api_url);
    let (headers, _) = fetch(&url).await;
    let again = Client::new()
        .get(&url)
        .header("if-none-match", headers["etag"].clone());
    assert_eq!(again.send().await.unwrap().status(), StatusCode::NOT_MODIFIED);
}
