use super::*;
use serde_json::{Value, json};

/// A runtime API, and where it is.
fn api() -> (RuntimeApi, String) {
    let routes = Routes::of(&json!({ "/v1/things/{*path}": "things" })).unwrap();
    let (api, listener) = RuntimeApi::bind(routes).unwrap();
    tokio::spawn(api.clone().serve(listener));
    let base = format!("{}/2018-06-01/runtime/invocation", api.setting("things"));
    (api, base)
}

/// Takes one event as a function does, and says this of it.
async fn take(base: &str, outcome: &str, body: Value) -> Value {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let taken = client.get(format!("{base}/next")).send().await.unwrap();
    let id = taken.headers()["lambda-runtime-aws-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    let event = taken.json().await.unwrap();
    let url = format!("{base}/{id}/{outcome}");
    let said = client.post(url).json(&body).send().await.unwrap();
    assert_eq!(said.status(), 202);
    event
}

#[tokio::test]
async fn a_request_reaches_a_process_of_its_function_and_comes_back() {
    let (api, base) = api();
    let request = Request::get("/v1/things/7?a=b");
    let reply = json!({ "statusCode": 200, "headers": { "ETag": "\"1\"" }, "body": "{\"id\":7}" });
    let (answer, event) = tokio::join!(api.send(&request), take(&base, "response", reply));
    let answer = answer.unwrap();
    assert_eq!(event["rawPath"], "/v1/things/7");
    assert_eq!((answer.status, answer.header("etag")), (200, Some("\"1\"")));
    assert_eq!(answer.json()["id"], 7);
}

#[tokio::test]
async fn a_function_that_fails_and_a_path_that_none_serves_are_errors() {
    let (api, base) = api();
    let request = Request::get("/v1/things/7");
    let (failed, _) = tokio::join!(
        api.send(&request),
        take(&base, "error", json!({ "errorType": "Broken" }))
    );
    assert!(failed.unwrap_err().to_string().contains("Broken"));
    let unserved = api.send(&Request::get("/v2/nothing")).await.unwrap_err();
    assert!(unserved.to_string().contains("no function serves /v2/nothing"));
}

#[tokio::test]
async fn only_the_first_poll_is_noted() {
    let (api, base) = api();
    let poll = async |outcome: &'static str| {
        let request = Request::get("/v1/things/1");
        let reply = json!({ "statusCode": 204 });
        let (answer, _) = tokio::join!(api.send(&request), take(&base, outcome, reply));
        answer.unwrap();
    };
    poll("response").await;
    let first = api.first_poll("things").await.unwrap();
    poll("response").await;
    assert_eq!(api.first_poll("things").await.unwrap(), first);
    let others = api.only("others");
    let nobody = tokio::time::timeout(Duration::from_millis(50), others.first_poll("others")).await;
    assert!(nobody.is_err(), "nobody has asked under that name");
}
