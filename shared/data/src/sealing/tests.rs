use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::*;

const PLACE: &str = "secure_data.SSN/0198a7c0-0000-7000-8000-000000000001";
const OTHER_PLACE: &str = "secure_data.SSN/0198a7c0-0000-7000-8000-000000000002";

fn secret(ids: &[&str]) -> String {
    let keys: Vec<_> = ids
        .iter()
        .map(|id| json!({ "id": id, "key": STANDARD.encode([id.as_bytes()[0]; 32]) }))
        .collect();
    json!({ "keys": keys }).to_string()
}

fn keyring(ids: &[&str]) -> Keyring {
    Keyring::from_secret(serde_json::from_str(&secret(ids)).unwrap()).unwrap()
}

fn refusal(secret: &str) -> String {
    match Keyring::from_secret(serde_json::from_str(secret).unwrap()) {
        Ok(_) => panic!("the keys were taken"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_value_opens_where_it_was_sealed() {
    let keys = keyring(&["a"]);
    for plain in [b"".as_slice(), b"123-45-6789", &[0xff; 5000]] {
        assert_eq!(
            keys.open(PLACE, &keys.seal(PLACE, plain).unwrap()).unwrap(),
            plain
        );
    }
}

#[test]
fn a_value_that_was_moved_to_another_row_or_column_does_not_open() {
    let keys = keyring(&["a"]);
    let sealed = keys.seal(PLACE, b"123456789").unwrap();
    for place in [
        OTHER_PLACE,
        "secure_data.EIN/0198a7c0-0000-7000-8000-000000000001",
        "",
    ] {
        assert!(matches!(
            keys.open(place, &sealed),
            Err(SealingError::NotAuthentic(named)) if named == place
        ));
    }
}

#[test]
fn no_bit_can_be_flipped_and_no_byte_cut_off() {
    let keys = keyring(&["a"]);
    let sealed = keys.seal(PLACE, b"123456789").unwrap();
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(keys.open(PLACE, &changed).is_err(), "bit {bit}");
    }
    for length in 0..sealed.len() {
        assert!(keys.open(PLACE, &sealed[..length]).is_err(), "{length} bytes");
    }
}

#[test]
fn the_same_value_never_looks_the_same() {
    let keys = keyring(&["a"]);
    assert_ne!(keys.seal(PLACE, b"1").unwrap(), keys.seal(PLACE, b"1").unwrap());
}

#[test]
fn the_first_key_seals_and_every_key_opens() {
    let old = keyring(&["a"]).seal(PLACE, b"1").unwrap();
    let both = keyring(&["b", "a"]);
    assert_eq!(both.open(PLACE, &old).unwrap(), b"1");
    let new = both.seal(PLACE, b"1").unwrap();
    assert_eq!((key_id(&old).unwrap(), key_id(&new).unwrap()), ("a", "b"));
    assert!(new.starts_with(&both.header()) && !old.starts_with(&both.header()));
    assert!(matches!(
        keyring(&["b"]).open(PLACE, &old),
        Err(SealingError::UnknownKey(id)) if id == "a"
    ));
}

#[test]
fn an_unusable_secret_says_what_is_wrong_and_shows_no_key() {
    assert!(refusal(r#"{"keys":[]}"#).contains("there is no key"));
    assert!(refusal(r#"{"keys":[{"id":"a","key":"hunter2!"}]}"#).ends_with("the key a is not base64"));
    assert!(refusal(r#"{"keys":[{"id":"a","key":"aHVudGVyMg=="}]}"#).ends_with("does not have 32 bytes"));
    assert!(refusal(&secret(&["a", "a"])).ends_with("two keys have the id a"));
    assert!(refusal(&secret(&[&"a".repeat(256)])).contains("1 to 255 bytes"));
}

#[tokio::test]
async fn an_unknown_key_makes_the_keys_be_fetched_once_more() {
    let store = Store::start(secret(&["a"])).await;
    let sealer = store.sealer(KEYS_STAY);
    let old = sealer.seal(PLACE, b"1").await.unwrap();
    sealer.open(PLACE, &old).await.unwrap();
    assert_eq!(store.asked(), 1, "the keys at hand do");

    store.put(secret(&["b", "a"]));
    let elsewhere = store.sealer(KEYS_STAY).seal(PLACE, b"2").await.unwrap();
    assert_eq!(store.asked(), 2);
    assert_eq!(sealer.open(PLACE, &elsewhere).await.unwrap(), b"2");
    assert_eq!(store.asked(), 3);

    let unheard_of = keyring(&["c"]).seal(PLACE, b"3").unwrap();
    assert!(matches!(
        sealer.open(PLACE, &unheard_of).await,
        Err(SealingError::UnknownKey(id)) if id == "c"
    ));
    assert_eq!(store.asked(), 4, "once, not until it is there");
}

#[tokio::test]
async fn keys_that_have_aged_are_fetched_again_and_an_outage_leaves_them_in_use() {
    let store = Store::start(secret(&["a"])).await;
    let sealer = store.sealer(Duration::ZERO);
    sealer.seal(PLACE, b"1").await.unwrap();
    store.put(secret(&["b", "a"]));
    assert_eq!(key_id(&sealer.seal(PLACE, b"1").await.unwrap()).unwrap(), "b");
    // Not JSON, as good as unreachable and faster.
    store.put("gone".to_owned());
    assert_eq!(key_id(&sealer.seal(PLACE, b"1").await.unwrap()).unwrap(), "b");
    assert!(matches!(sealer.current_key().await, Err(SealingError::Keys(_))));
}

#[test]
fn a_sealer_shows_no_key() {
    let sealer = Sealer::new(Secrets::default(), "portal/data-keys".to_owned());
    assert_eq!(
        format!("{sealer:?}"),
        r#"Sealer { secret_id: "portal/data-keys", .. }"#
    );
}

/// A Secrets Manager that holds one secret, over a socket of its own.
struct Store {
    text: Arc<Mutex<String>>,
    asked: Arc<AtomicUsize>,
    endpoint: String,
}

impl Store {
    async fn start(text: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let store = Self {
            text: Arc::new(Mutex::new(text)),
            asked: Arc::default(),
            endpoint: format!("http://{}", listener.local_addr().unwrap()),
        };
        let (text, asked) = (Arc::clone(&store.text), Arc::clone(&store.asked));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                asked.fetch_add(1, Ordering::Relaxed);
                let text = text.lock().unwrap().clone();
                tokio::spawn(answer(stream, text));
            }
        });
        store
    }

    fn put(&self, text: String) {
        *self.text.lock().unwrap() = text;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    fn sealer(&self, keys_stay: Duration) -> Sealer {
        use aws_sdk_secretsmanager::config::{BehaviorVersion, Builder, Credentials, Region};
        let config = Builder::new()
            .behavior_version(BehaviorVersion::latest())
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .region(Region::new("us-west-1"))
            .credentials_provider(Credentials::new("id", "key", None, None, "test"))
            .endpoint_url(&self.endpoint)
            .build();
        let secrets = Secrets::with_client(aws_sdk_secretsmanager::Client::from_conf(config));
        Sealer::with_keys_for(secrets, "portal/data-keys".to_owned(), keys_stay)
    }
}

/// Answers one GetSecretValue and closes, so that each request is a connection.
async fn answer(stream: TcpStream, text: String) {
    let mut stream = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    stream.read_exact(&mut vec![0; length]).await.unwrap();
    let body = json!({ "Name": "portal/data-keys", "SecretString": text }).to_string();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).await.unwrap();
}
