//! Members who have signed in.

use super::gateway::Connection;
use super::request::Request;
use super::signer::Signer;
use anyhow::{Context, Result, anyhow, ensure};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use totp_rs::{Algorithm, Secret, TOTP};
use uuid::Uuid;

/// A member with an access token, which lasts for ten minutes.
#[derive(Debug)]
pub(crate) struct Member {
    way: Way,
    token: Mutex<String>,
}

/// How a member comes by a token.
#[derive(Debug)]
enum Way {
    /// By signing in, as people do.
    Account(Account),
    /// For a sign-in that was put into the database, by the stack's own key.
    Signed {
        signer: Arc<Signer>,
        id: Uuid,
        session: Uuid,
    },
}

#[derive(Debug)]
struct Account {
    email: String,
    password: String,
    /// The base32 secret of the authenticator, where the account has one: staff do.
    totp_secret: Option<String>,
}

impl Member {
    /// Signs in.
    pub(crate) async fn sign_in(
        gateway: SocketAddr,
        (email, password): (&str, &str),
        totp_secret: Option<&str>,
    ) -> Result<Arc<Self>> {
        let account = Account {
            email: email.to_owned(),
            password: password.to_owned(),
            totp_secret: totp_secret.map(str::to_owned),
        };
        let member = Self {
            way: Way::Account(account),
            token: Mutex::default(),
        };
        member.renew(gateway).await?;
        Ok(Arc::new(member))
    }

    /// A member whose sign-in is in the database.
    pub(crate) fn entered(signer: Arc<Signer>, id: Uuid, session: Uuid) -> Result<Self> {
        let token = Mutex::new(signer.token(id, session)?);
        let way = Way::Signed { signer, id, session };
        Ok(Self { way, token })
    }

    /// The account of `stack.json` that has this role, signed in.
    pub(crate) async fn with_role(stack: &Value, role: &str) -> Result<Arc<Self>> {
        let accounts = stack.get("accounts").and_then(Value::as_array);
        let account = accounts.into_iter().flatten().find(|account| {
            let roles = account.get("roles").and_then(Value::as_array);
            let last = roles.and_then(|roles| roles.last()).and_then(Value::as_str);
            last == Some(role)
        });
        let account = account.with_context(|| format!("stack.json has no account of a {role}"))?;
        let text = |name: &str| account.get(name).and_then(Value::as_str);
        let with = text("email").zip(text("password"));
        let with = with.context("an account lacks its password")?;
        Self::sign_in(gateway(stack)?, with, text("totpSecret")).await
    }

    /// Takes a new token: requests that were made before go on with it.
    pub(crate) async fn renew(&self, gateway: SocketAddr) -> Result<()> {
        let token = match &self.way {
            Way::Account(account) => account.sign_in(gateway).await?,
            Way::Signed { signer, id, session } => signer.token(*id, *session)?,
        };
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = token;
        Ok(())
    }

    /// The header that says who asks.
    pub(crate) fn authorization(&self) -> String {
        let token = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        format!("Bearer {token}")
    }

    /// Somebody with this token.
    #[cfg(test)]
    pub(crate) fn holding(token: &str) -> Arc<Self> {
        let nobody = Account {
            email: String::new(),
            password: String::new(),
            totp_secret: None,
        };
        Arc::new(Self {
            way: Way::Account(nobody),
            token: Mutex::new(token.to_owned()),
        })
    }
}

impl Account {
    async fn sign_in(&self, gateway: SocketAddr) -> Result<String> {
        let email = &self.email;
        let body = json!({ "email": email, "password": self.password });
        let mut answer = self.post(gateway, "/v1/auth/login", body).await?;
        if let Some(challenge) = answer.get("challenge").cloned() {
            let body = json!({ "challenge": challenge, "code": self.code()? });
            answer = self.post(gateway, "/v1/auth/mfa/challenge", body).await?;
        }
        let token = answer.get("accessToken").and_then(Value::as_str);
        let token = token.with_context(|| format!("{email} was given no access token"))?;
        Ok(token.to_owned())
    }

    async fn post(&self, gateway: SocketAddr, path: &str, body: Value) -> Result<Value> {
        let email = &self.email;
        let request = Request::new("POST", path, Some(body));
        let answer = Connection::to(gateway).send(&request).await;
        let answer = answer.with_context(|| format!("{email} cannot reach the function auth"))?;
        ensure!(
            answer.status == 200,
            "{email} cannot sign in: {}",
            String::from_utf8_lossy(&answer.body)
        );
        Ok(answer.json())
    }

    /// The code of the present step, which is good once.
    fn code(&self) -> Result<String> {
        let secret = self.totp_secret.as_deref();
        let secret = secret.with_context(|| {
            format!(
                "{} needs a second factor that stack.json does not tell",
                self.email
            )
        })?;
        let secret = Secret::Encoded(secret.to_owned()).to_bytes();
        let secret = secret.map_err(|error| anyhow!("{}'s secret: {error:?}", self.email))?;
        Ok(TOTP::new(Algorithm::SHA1, 6, 1, 30, secret)?.generate_current()?)
    }
}

/// The password of the demo set's accounts.
pub(crate) fn password(stack: &Value) -> Result<&str> {
    let password = stack.pointer("/accounts/0/password").and_then(Value::as_str);
    password.context("stack.json holds no accounts")
}

/// Where the gateway listens.
pub(crate) fn gateway(stack: &Value) -> Result<SocketAddr> {
    let url = stack.get("apiUrl").and_then(Value::as_str).unwrap_or_default();
    let address = url.trim_start_matches("http://").parse();
    address.with_context(|| format!("stack.json names no gateway, but {url}"))
}
