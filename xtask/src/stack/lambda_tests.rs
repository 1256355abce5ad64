use super::*;
use crate::stack::eventually::eventually;
use serde_json::Value;
use std::sync::atomic::{AtomicU32, Ordering};

/// What stands in for the gateway: counts invocations, fails the first of them, and keeps reported errors.
#[derive(Default)]
struct Gateway {
    invocations: AtomicU32,
    reported: Mutex<Vec<(String, Value)>>,
}

async fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

async fn start() -> (Ports, Arc<Gateway>, mpsc::UnboundedSender<String>) {
    let gateway = Arc::new(Gateway::default());
    let invoke = async |State(gateway): State<Arc<Gateway>>| {
        let first = gateway.invocations.fetch_add(1, Ordering::SeqCst) == 0;
        if first {
            StatusCode::INTERNAL_SERVER_ERROR
        } else {
            StatusCode::OK
        }
    };
    let next = async || ([(REQUEST_ID, "r-1"), (DEADLINE, "600000")], "{}");
    let report = async |State(gateway): State<Arc<Gateway>>, Path(request): Path<String>, body: String| {
        gateway
            .reported
            .lock()
            .unwrap()
            .push((request, serde_json::from_str(&body).unwrap()));
    };
    let runtime = "/.rt/import/2018-06-01/runtime/invocation";
    let routes = Router::new()
        .route("/2015-03-31/functions/import/invocations", post(invoke))
        .route(&format!("{runtime}/next"), get(next))
        .route(&format!("{runtime}/{{request}}/error"), post(report))
        .with_state(gateway.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    let ports = Ports {
        gateway: port,
        lambda: free_port().await,
        aws: 0,
        stripe: 0,
        primary: 0,
        replica: 0,
        pooler: 0,
        replica_pooler: 0,
    };
    let (exits, exited) = mpsc::unbounded_channel();
    serve(&ports, exited).await.unwrap();
    (ports, gateway, exits)
}

#[tokio::test]
async fn an_event_is_accepted_at_once_and_delivered_again_after_a_failure() {
    let (ports, gateway, _exits) = start().await;
    let url = format!("{}/2015-03-31/functions/import/invocations", url(&ports));
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let response = client
        .post(url)
        .header("x-amz-invocation-type", "Event")
        .body("{}")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::ACCEPTED);
    eventually(|| gateway.invocations.load(Ordering::SeqCst) == 2).await;
}

#[tokio::test]
async fn an_invocation_has_a_deadline_to_come_and_its_death_is_reported() {
    let (ports, gateway, exits) = start().await;
    let url = format!(
        "{}/2018-06-01/runtime/invocation/next",
        runtime_api(&ports, "import", 1)
    );
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let response = client.get(url).send().await.unwrap();
    let deadline: u128 = response.headers()[DEADLINE.as_str()]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    assert!(
        deadline > now + 800_000 && deadline <= now + 900_000,
        "{deadline} at {now}"
    );

    exits.send("function import 1".to_owned()).unwrap();
    eventually(|| !gateway.reported.lock().unwrap().is_empty()).await;
    let (request, error) = gateway.reported.lock().unwrap()[0].clone();
    assert_eq!(
        (request.as_str(), error["errorType"].as_str()),
        ("r-1", Some("Runtime.ExitError"))
    );
}

#[tokio::test]
async fn a_time_limit_that_was_set_holds_for_the_next_invocation() {
    let (ports, _gateway, _exits) = start().await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let configuration = format!("{}/2015-03-31/functions/import/configuration", url(&ports));
    for (body, status) in [
        ("{\"Timeout\":0}", 400),
        ("{\"Timeout\":901}", 400),
        ("{}", 400),
        ("{\"Timeout\":60}", 200),
    ] {
        let response = client.put(&configuration).body(body).send().await.unwrap();
        assert_eq!(response.status(), status, "{body}");
    }
    let next = format!(
        "{}/2018-06-01/runtime/invocation/next",
        runtime_api(&ports, "import", 1)
    );
    let response = client.get(next).send().await.unwrap();
    let deadline: u128 = response.headers()[DEADLINE.as_str()]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    assert!(deadline > now && deadline <= now + 60_000, "{deadline} at {now}");
}
