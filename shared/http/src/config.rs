//! What the environment says about the HTTP edge.

use axum::http::{HeaderName, HeaderValue, Method, header};
use thiserror::Error;
use tower_http::cors::{AllowOrigin, CorsLayer};

/// How long a browser may remember what it was allowed, in seconds.
const PREFLIGHT_SECONDS: u64 = 7200;

/// A variable that cannot be used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ConfigError {
    /// An origin is no origin.
    #[error("PORTAL_CORS_ORIGINS: {0:?} is not an origin such as https://portal.example.org, and not *")]
    Origin(String),
    /// The public address is no address.
    #[error("PORTAL_PUBLIC_URL: {0:?} does not begin with http:// or https://")]
    PublicUrl(String),
}

/// Settings of the edge, the same for every function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EdgeConfig {
    /// Origins whose pages may call the API.
    origins: Origins,
    /// Whether clients reach the service over TLS, so that they can be told to insist on it.
    secure: bool,
}

/// Whose pages may read answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Origins {
    #[default]
    None,
    Any,
    Listed(Vec<HeaderValue>),
}

impl EdgeConfig {
    /// Reads `PORTAL_CORS_ORIGINS` (origins with commas between, or `*`) and `PORTAL_PUBLIC_URL`.
    ///
    /// # Errors
    /// When one of them cannot be used.
    pub fn from_env() -> Result<Self, ConfigError> {
        let variable = |name| std::env::var(name).unwrap_or_default();
        Self::new(&variable("PORTAL_CORS_ORIGINS"), &variable("PORTAL_PUBLIC_URL"))
    }

    /// The settings from the two variables' text; empty means no origin, and no TLS.
    ///
    /// # Errors
    /// When one of them cannot be used.
    pub fn new(origins: &str, public_url: &str) -> Result<Self, ConfigError> {
        let is_url = public_url.is_empty()
            || ["http://", "https://"]
                .iter()
                .any(|scheme| public_url.starts_with(scheme));
        if !is_url {
            return Err(ConfigError::PublicUrl(public_url.to_owned()));
        }
        let listed: Vec<_> = origins
            .split(',')
            .map(str::trim)
            .filter(|origin| !origin.is_empty())
            .collect();
        let origins = match listed.as_slice() {
            [] => Origins::None,
            ["*"] => Origins::Any,
            listed => Origins::Listed(
                listed
                    .iter()
                    .map(|origin| read_origin(origin))
                    .collect::<Result<_, _>>()?,
            ),
        };
        Ok(Self {
            origins,
            secure: public_url.starts_with("https://"),
        })
    }

    /// Whether clients reach the service over TLS.
    pub(crate) const fn is_secure(&self) -> bool {
        self.secure
    }

    /// Answers preflight requests and marks what listed origins may read. Sign-in travels in a header, never in a cookie, so
    /// credentials are not allowed.
    pub(crate) fn cors(&self) -> CorsLayer {
        let origins = match &self.origins {
            Origins::None => AllowOrigin::list([]),
            Origins::Any => AllowOrigin::any(),
            Origins::Listed(listed) => AllowOrigin::list(listed.clone()),
        };
        CorsLayer::new()
            .allow_origin(origins)
            .allow_methods([
                Method::GET,
                Method::POST,
                Method::PUT,
                Method::PATCH,
                Method::DELETE,
            ])
            .allow_headers(request_headers())
            .expose_headers(response_headers())
            .max_age(std::time::Duration::from_secs(PREFLIGHT_SECONDS))
    }
}

fn read_origin(origin: &str) -> Result<HeaderValue, ConfigError> {
    let fault = || ConfigError::Origin(origin.to_owned());
    let host = origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"))
        .ok_or_else(fault)?;
    if host.is_empty() || host.contains(['/', '*', ' ']) {
        return Err(fault());
    }
    HeaderValue::from_str(origin).map_err(|_| fault())
}

/// What a page may send.
fn request_headers() -> Vec<HeaderName> {
    vec![
        header::ACCEPT,
        header::AUTHORIZATION,
        header::CONTENT_TYPE,
        header::IF_MATCH,
        header::IF_NONE_MATCH,
        HeaderName::from_static("idempotency-key"),
        HeaderName::from_static("portal-consistency"),
        HeaderName::from_static("x-request-id"),
    ]
}

/// What a page may read, beyond what it always may.
fn response_headers() -> Vec<HeaderName> {
    vec![
        header::ETAG,
        header::LINK,
        header::LOCATION,
        header::RETRY_AFTER,
        HeaderName::from_static("portal-consistency"),
        HeaderName::from_static("ratelimit"),
        HeaderName::from_static("x-request-id"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_origins_and_names_a_bad_one() {
        let config =
            EdgeConfig::new("https://a.example, http://localhost:5173", "https://api.example").unwrap();
        assert!(config.is_secure());
        assert!(matches!(config.origins, Origins::Listed(listed) if listed.len() == 2));
        assert_eq!(
            EdgeConfig::new("*", "http://127.0.0.1:9000").unwrap().origins,
            Origins::Any
        );
        assert_eq!(EdgeConfig::new("", "").unwrap(), EdgeConfig::default());
        for bad in [
            "a.example",
            "https://",
            "https://a.example/x",
            "https://a.example,*",
        ] {
            assert!(
                matches!(EdgeConfig::new(bad, ""), Err(ConfigError::Origin(_))),
                "{bad}"
            );
        }
        assert!(EdgeConfig::new("", "ftp://x").is_err());
    }
}
