//! A headless Chromium, driven as the W3C WebDriver specification has it.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// How long a page may take for anything: WebGL is drawn by the processor here.
const PATIENCE: Duration = Duration::from_secs(25);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(100);
/// Runs before anything of a page does: keeps what the page's policy has refused.
const WATCH: &str = "window.refused = [];
    document.addEventListener('securitypolicyviolation', (event) => refused.push(`${event.violatedDirective} ${event.blockedURI}`))";

/// A browser with a fresh profile; it ends with its driver.
pub struct Browser {
    client: reqwest::Client,
    session: String,
    network_log: PathBuf,
    _driver: Child,
}

impl Browser {
    /// Starts a driver on a free port, and a browser whose profile and log are in a folder.
    pub async fn start(folder: &Path) -> Self {
        let mut driver = Command::new("/usr/bin/chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("chromium-driver is installed: `cargo xtask test` does it");
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = loop {
            let line = lines
                .next_line()
                .await
                .unwrap()
                .expect("the driver says where it listens");
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                break port.trim_end_matches('.').to_owned();
            }
        };
        let network_log = folder.join("network.json");
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let capabilities = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"binary": "/usr/bin/chromium", "args": arguments(folder, &network_log)},
        }}});
        let url = format!("http://127.0.0.1:{port}/session");
        let answer: Value = client
            .post(&url)
            .json(&capabilities)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let session = answer["value"]["sessionId"]
            .as_str()
            .unwrap_or_else(|| panic!("no browser: {answer}"));
        let browser = Self {
            session: format!("{url}/{session}"),
            client,
            network_log,
            _driver: driver,
        };
        let watch = json!({ "source": WATCH });
        browser
            .devtools("Page.addScriptToEvaluateOnNewDocument", watch)
            .await;
        browser
    }

    async fn command(&self, path: &str, body: Value) -> Value {
        let request = self.client.post(format!("{}/{path}", self.session)).json(&body);
        let mut answer: Value = request.send().await.unwrap().json().await.unwrap();
        assert!(answer["value"].get("error").is_none(), "{path}: {answer}");
        answer["value"].take()
    }

    /// A command of Chromium's own protocol.
    async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.command("goog/cdp/execute", body).await
    }

    /// Opens a page.
    pub async fn open(&self, url: &str) {
        self.command("url", json!({ "url": url })).await;
    }

    /// What a script returns, or what its promise comes to.
    pub async fn run(&self, script: &str) -> Value {
        self.command("execute/sync", json!({ "script": script, "args": [] }))
            .await
    }

    /// Waits until a script returns something else than null, and gives that.
    pub async fn wait_for(&self, script: &str) -> Value {
        let began = Instant::now();
        loop {
            let value = self.run(script).await;
            if !value.is_null() {
                return value;
            }
            if began.elapsed() > PATIENCE {
                let page = self.run("return document.body.innerText").await;
                panic!("it never came true: {script}\n{page}");
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Presses a key on what has the focus.
    pub async fn press(&self, key: &str) {
        self.press_all(&[key]).await;
    }

    /// Types a text into what has the focus.
    pub async fn type_text(&self, text: &str) {
        let keys: Vec<String> = text.chars().map(String::from).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        self.press_all(&keys).await;
    }

    async fn press_all(&self, keys: &[&str]) {
        let strokes = keys.iter().flat_map(|key| {
            let stroke = |kind: &str| json!({ "type": kind, "value": key });
            [stroke("keyDown"), stroke("keyUp")]
        });
        let keyboard = json!({"type": "key", "id": "keyboard", "actions": strokes.collect::<Vec<_>>()});
        self.command("actions", json!({ "actions": [keyboard] })).await;
    }

    /// Sets the size of the window.
    pub async fn resize(&self, width: u32, height: u32) {
        self.command("window/rect", json!({ "width": width, "height": height }))
            .await;
    }

    /// Sets the size of what a page sees, also to one that no window takes.
    pub async fn view(&self, width: u32, height: u32) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Whether the system is dark, and whether it asks for little movement.
    pub async fn prefer(&self, dark: bool, still: bool) {
        let features = json!([
            {"name": "prefers-color-scheme", "value": if dark { "dark" } else { "light" }},
            {"name": "prefers-reduced-motion", "value": if still { "reduce" } else { "no-preference" }},
        ]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features }))
            .await;
    }

    /// What is seen, as a PNG.
    pub async fn picture(&self) -> Vec<u8> {
        let picture = self
            .devtools("Page.captureScreenshot", json!({ "format": "png" }))
            .await;
        STANDARD.decode(picture["data"].as_str().unwrap()).unwrap()
    }

    /// What the policy of the present page has refused until now.
    pub async fn refused(&self) -> Value {
        self.run("return refused").await
    }

    /// Ends the browser, and gives every address that pages of an origin asked for, workers included.
    pub async fn finish(self, origin: &str) -> Vec<String> {
        self.client.delete(&self.session).send().await.unwrap();
        let text = std::fs::read_to_string(&self.network_log).expect("the browser wrote its log");
        let mut asked = Vec::new();
        for line in text.lines() {
            let Ok(event) = serde_json::from_str::<Value>(line.trim_end_matches(',')) else {
                continue;
            };
            let parameters = &event["params"];
            if let (Some(url), Some(initiator)) =
                (parameters["url"].as_str(), parameters["initiator"].as_str())
                && initiator == origin
            {
                asked.push(url.to_owned());
            }
        }
        asked
    }
}

fn arguments(folder: &Path, network_log: &Path) -> Vec<String> {
    let mut arguments: Vec<String> = [
        "--headless",
        "--no-sandbox",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-proxy-server",
        "--use-angle=swiftshader",
        "--enable-unsafe-swiftshader",
        "--window-size=1100,800",
        // Nothing but this machine has an address.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ]
    .map(ToOwned::to_owned)
    .to_vec();
    arguments.push(format!("--user-data-dir={}", folder.join("profile").display()));
    arguments.push(format!("--log-net-log={}", network_log.display()));
    arguments
}
