//! A browser at one of the pages, and staff who sign in there.

use std::path::PathBuf;

use portal_tests::members::Member;
use portal_tests::people::{Person, Reply};
use portal_tests::primary::owner;
use portal_tests::stack::Stack;
use portal_tests::webdriver::Browser;
use reqwest::StatusCode;
use serde_json::{Value, json};
use totp_rs::{Algorithm, Secret, TOTP};
use uuid::Uuid;

pub(crate) const TAB: &str = "\u{e004}";
pub(crate) const ENTER: &str = "\u{e007}";

/// Before a script: `part(name)` is a module of the page, the very one that the page itself has.
pub(crate) const PARTS: &str =
    "const part = (name) => import(new URL(name, document.querySelector('script[type=module]').src).href);";

/// A page in a browser of its own.
pub(crate) struct Page {
    pub(crate) browser: Browser,
    pub(crate) origin: String,
    folder: PathBuf,
}

impl Page {
    /// Opens a path of the API.
    pub(crate) async fn open(path: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("portal-page-{}", Uuid::now_v7()));
        std::fs::create_dir_all(&folder).unwrap();
        let origin = Stack::get().api_url.clone();
        let browser = Browser::start(&folder).await;
        browser.view(1280, 860).await;
        browser.open(&format!("{origin}{path}")).await;
        Self {
            browser,
            origin,
            folder,
        }
    }

    /// What a script comes to that may use the page's modules and wait for them.
    pub(crate) async fn eval(&self, script: &str) -> Value {
        let script = format!("{PARTS} return (async () => {{ {script} }})()");
        self.browser.run(&script).await
    }

    /// Waits until such a script comes to something else than null.
    pub(crate) async fn until(&self, script: &str) -> Value {
        let script = format!("{PARTS} return (async () => {{ {script} }})()");
        self.browser.wait_for(&script).await
    }

    /// Waits until an element is there.
    pub(crate) async fn appears(&self, selector: &str) {
        let script = format!("return document.querySelector({}) && true", json!(selector));
        self.until(&script).await;
    }

    /// The text of an element, as it is shown.
    pub(crate) async fn text(&self, selector: &str) -> String {
        let script = format!("return document.querySelector({}).innerText", json!(selector));
        self.eval(&script).await.as_str().unwrap().to_owned()
    }

    /// What has the focus: its text, or its name where it has none.
    pub(crate) async fn focused(&self) -> String {
        let script = "const own = document.activeElement;
            return own.name || own.getAttribute('aria-label') || own.innerText";
        self.eval(script).await.as_str().unwrap_or_default().to_owned()
    }

    /// How far the page reaches beyond the screen, to the right.
    pub(crate) async fn beyond(&self) -> i64 {
        let script =
            "const { scrollWidth, clientWidth } = document.documentElement; return scrollWidth - clientWidth";
        self.eval(script).await.as_i64().unwrap()
    }

    /// What reaches beyond the screen, to the right, and is not in a box that scrolls.
    pub(crate) async fn too_wide(&self) -> Value {
        self.eval(
            "const edge = document.documentElement.clientWidth;
            const out = [...document.querySelectorAll('body *')].filter((each) => each.getBoundingClientRect().right > edge + 1 && !each.closest('.scroll, pre, nav'));
            return out.slice(0, 8).map((each) => `${each.tagName} ${each.getAttribute('class') ?? ''} ${Math.round(each.getBoundingClientRect().right)} ${each.textContent.slice(0, 60)}`)",
        )
        .await
    }

    /// Ends the browser: the policy has refused nothing, and no other host was asked for anything.
    pub(crate) async fn close(self) {
        assert_eq!(self.browser.refused().await, json!([]));
        let asked = self.browser.finish(&self.origin).await;
        assert!(
            !asked.is_empty(),
            "the browser wrote down what the page asked for"
        );
        let elsewhere = asked.iter().filter(|url| !url.starts_with(&self.origin));
        assert_eq!(elsewhere.collect::<Vec<_>>(), Vec::<&String>::new());
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

/// Somebody with a password, and an authenticator where staff have one.
pub(crate) struct Staff {
    pub(crate) email: String,
    pub(crate) password: String,
    authenticator: TOTP,
}

impl Staff {
    /// A new administrator with a second factor.
    pub(crate) async fn administrator() -> Self {
        let (id, email, password) = with_password().await;
        let authenticator = enrol(&email, &password).await;
        // The code of the present step is good again.
        sqlx::query("DELETE FROM totp_steps WHERE user_id = $1")
            .bind(id)
            .execute(&mut owner().await)
            .await
            .unwrap();
        Self {
            email,
            password,
            authenticator,
        }
    }

    fn code(&self) -> String {
        self.authenticator.generate_current().unwrap()
    }

    /// Signs in at a page whose form has the focus, by keyboard alone.
    pub(crate) async fn sign_in(&self, page: &Page) {
        page.appears("input[name=email]:focus").await;
        page.browser.type_text(&self.email).await;
        page.browser.press(TAB).await;
        page.browser.type_text(&self.password).await;
        page.browser.press(ENTER).await;
        page.appears("input[name=code]:focus").await;
        page.browser.type_text(&self.code()).await;
        page.browser.press(ENTER).await;
        page.appears("#parts:not([hidden])").await;
    }
}

/// A new administrator without a second factor: the account, its address and its password.
pub(crate) async fn with_password() -> (Uuid, String, String) {
    let name = format!("staff-{}", Uuid::now_v7().simple());
    let account = Stack::get().account("member");
    let member = Member::add(&mut owner().await, &name, &["member", "administrator"]).await;
    // The hash of a password that is known.
    sqlx::query(
        "UPDATE users SET password_hash = (SELECT password_hash FROM users WHERE email = $2) WHERE id = $1",
    )
    .bind(member.id)
    .bind(&account.email)
    .execute(&mut owner().await)
    .await
    .unwrap();
    (member.id, format!("{name}@example.org"), account.password.clone())
}

async fn enrol(email: &str, password: &str) -> TOTP {
    let signed_in = post(
        "/v1/auth/login",
        None,
        &json!({ "email": email, "password": password }),
    )
    .await;
    let token = signed_in["accessToken"].as_str().unwrap().to_owned();
    let begun = post("/v1/auth/mfa/totp", Some(&token), &json!({})).await;
    let secret = Secret::Encoded(begun["secret"].as_str().unwrap().to_owned());
    let authenticator = TOTP::new(Algorithm::SHA1, 6, 1, 30, secret.to_bytes().unwrap()).unwrap();
    let code = authenticator.generate_current().unwrap();
    post(
        "/v1/auth/mfa/totp/confirm",
        Some(&token),
        &json!({ "code": code }),
    )
    .await;
    authenticator
}

async fn post(path: &str, token: Option<&str>, body: &Value) -> Value {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let headers: Vec<(&str, &str)> = bearer
        .iter()
        .map(|value| ("authorization", value.as_str()))
        .collect();
    let reply: Reply = Person::stranger()
        .send(reqwest::Method::POST, path, Some(body), &headers)
        .await;
    reply.expect(StatusCode::OK)
}
