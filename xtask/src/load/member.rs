//! Members who have signed in.

use super::gateway::Connection;
use super::request::Request;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// A member with an access token, which lasts for ten minutes.
#[derive(Debug)]
pub(crate) struct Member {
    email: String,
    password: String,
    token: Mutex<String>,
}

impl Member {
    /// Signs in.
    pub(crate) async fn sign_in(gateway: SocketAddr, email: &str, password: &str) -> Result<Arc<Self>> {
        let member = Self {
            email: email.to_owned(),
            password: password.to_owned(),
            token: Mutex::default(),
        };
        member.renew(gateway).await?;
        Ok(Arc::new(member))
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
        let (email, password) = text("email")
            .zip(text("password"))
            .context("an account lacks its password")?;
        Self::sign_in(gateway(stack)?, email, password).await
    }

    /// Signs in again: requests that were made before go on with the new token.
    pub(crate) async fn renew(&self, gateway: SocketAddr) -> Result<()> {
        let email = &self.email;
        let body = json!({ "email": email, "password": self.password });
        let request = Request::new("POST", "/v1/auth/login", Some(body));
        let answer = Connection::to(gateway).send(&request).await;
        let answer = answer.with_context(|| format!("{email} cannot reach the function auth"))?;
        ensure!(
            answer.status == 200,
            "{email} cannot sign in: {}",
            String::from_utf8_lossy(&answer.body)
        );
        let answer = answer.json();
        let token = answer.get("accessToken").and_then(Value::as_str);
        let token = token.with_context(|| format!("{email} was given no access token"))?;
        token.clone_into(&mut self.token.lock().unwrap_or_else(PoisonError::into_inner));
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
        Arc::new(Self {
            email: String::new(),
            password: String::new(),
            token: Mutex::new(token.to_owned()),
        })
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
