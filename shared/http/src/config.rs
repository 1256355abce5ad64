//! What the environment says about the HTTP edge.

use std::str::FromStr;

use axum::http::{HeaderName, HeaderValue, Method, header};
use portal_data::{ConfigError, Environment};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// How long a browser may remember what it was allowed, in seconds.
const PREFLIGHT_SECONDS: u64 = 7200;

/// The variable with the origins that may call, and what one of them is.
const ORIGINS: &str = "PORTAL_CORS_ORIGINS";
const ORIGIN: &str = "an origin such as https://portal.example.org, or * alone,";

/// The variable with the address by which clients reach the service.
const PUBLIC_URL: &str = "PORTAL_PUBLIC_URL";

/// Settings of the edge, the same for every function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EdgeConfig {
    /// Origins whose pages may call the API.
    origins: Origins,
    /// Whether clients reach the service over TLS, so that they can be told to insist on it.
    secure: bool,
}

/// Whose pages may read answers.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Origins {
    Any,
    Listed(Vec<HeaderValue>),
}

impl Default for Origins {
    fn default() -> Self {
        Self::Listed(Vec::new())
    }
}

impl EdgeConfig {
    /// Reads `PORTAL_CORS_ORIGINS` (origins with commas between, or `*`) and `PORTAL_PUBLIC_URL`.
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(Environment::process())
    }

    /// The same from a given environment; without the variables no origin may call, and there is no TLS.
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable.
    pub fn read(environment: Environment<'_>) -> Result<Self, ConfigError> {
        let any = environment.optional::<String>(ORIGINS, ORIGIN)?.as_deref() == Some("*");
        let origins = if any {
            Origins::Any
        } else {
            let listed: Vec<Origin> = environment.list(ORIGINS, ORIGIN)?;
            Origins::Listed(listed.into_iter().map(|Origin(value)| value).collect())
        };
        let expected = "an address that begins with https:// or http://";
        let scheme = environment.value_or(PUBLIC_URL, expected, Scheme::Http)?;
        Ok(Self {
            origins,
            secure: scheme == Scheme::Https,
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

/// One origin: scheme, host and port, without a path.
struct Origin(HeaderValue);

impl FromStr for Origin {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (_, host) = Scheme::split(text).ok_or(())?;
        if host.is_empty() || host.contains(['/', '*', ' ']) {
            return Err(());
        }
        HeaderValue::from_str(text).map(Self).map_err(drop)
    }
}

/// How an address is reached.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

impl Scheme {
    /// An address without its scheme, and the scheme.
    fn split(address: &str) -> Option<(Self, &str)> {
        let secure = address.strip_prefix("https://").map(|rest| (Self::Https, rest));
        secure.or_else(|| address.strip_prefix("http://").map(|rest| (Self::Http, rest)))
    }
}

impl FromStr for Scheme {
    type Err = ();

    fn from_str(address: &str) -> Result<Self, ()> {
        Self::split(address).map(|(scheme, _)| scheme).ok_or(())
    }
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
        HeaderName::from_static("ratelimit-policy"),
        HeaderName::from_static("x-request-id"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(origins: &str, public_url: &str) -> Result<EdgeConfig, ConfigError> {
        EdgeConfig::read(Environment::of(&[(ORIGINS, origins), (PUBLIC_URL, public_url)]))
    }

    #[test]
    fn reads_origins_and_names_a_bad_one() {
        let config = read("https://a.example, http://localhost:5173", "https://api.example").unwrap();
        assert!(config.is_secure());
        assert!(matches!(config.origins, Origins::Listed(listed) if listed.len() == 2));
        let config = read("*", "http://127.0.0.1:9000").unwrap();
        assert_eq!((config.is_secure(), config.origins), (false, Origins::Any));
        assert_eq!(read("", "").unwrap(), EdgeConfig::default());
        for bad in ["a.example", "https://", "https://a.example/x", "*.a.example"] {
            let message = read(&format!("https://b.example, {bad}"), "")
                .unwrap_err()
                .to_string();
            let start = format!("environment variable {ORIGINS} is {bad:?}: an origin");
            assert!(message.starts_with(&start), "{message}");
        }
        assert!(read("https://a.example,*", "").is_err());
        assert!(read("", "ftp://x").is_err());
    }
}
