//! How often a route may be asked, told to the client: the header fields `RateLimit-Policy` and `RateLimit` of
//! draft-ietf-httpapi-ratelimit-headers.

use std::convert::Infallible;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponseParts, ResponseParts};

use crate::problem::{Problem, ProblemKind};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STATE: HeaderName = HeaderName::from_static("ratelimit");

/// A limit: so many requests in so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What is counted, as in `address`: letters and hyphens.
    pub name: &'static str,
    /// The requests that may be made in one window.
    pub quota: u32,
    /// The window.
    pub window: Duration,
}

/// Where a client stands with a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The limit.
    pub limit: Limit,
    /// The requests that are left in this window.
    pub remaining: u32,
    /// When there are more again, from now.
    pub resets_in: Duration,
}

/// Every limit that a request has been counted against, for the headers of its answer: `(limits, Json(…))`, or
/// [`Problem::with_rate_limits`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RateLimits(Vec<Standing>);

impl RateLimits {
    /// The standings with these limits.
    pub fn of(standings: impl IntoIterator<Item = Standing>) -> Self {
        Self(standings.into_iter().collect())
    }

    /// Refuses the request until every limit that is used up has been reset.
    #[must_use]
    pub fn refuse(self, detail: impl Into<String>) -> Problem {
        let used_up = self.0.iter().filter(|standing| standing.remaining == 0);
        let wait = used_up.map(|standing| seconds(standing.resets_in)).max();
        Problem::new(ProblemKind::TooManyRequests, detail)
            .retry_after(u32::try_from(wait.unwrap_or(0).max(1)).unwrap_or(u32::MAX))
            .with_rate_limits(self)
    }

    /// Adds the two header fields, unless there is nothing to tell.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        let policies = self.0.iter().map(|Standing { limit, .. }| {
            format!("\"{}\";q={};w={}", limit.name, limit.quota, seconds(limit.window))
        });
        let states = self.0.iter().map(|standing| {
            let name = standing.limit.name;
            format!(
                "\"{name}\";r={};t={}",
                standing.remaining,
                seconds(standing.resets_in)
            )
        });
        let lists = [(POLICY, policies.collect::<Vec<_>>()), (STATE, states.collect())];
        for (name, list) in lists {
            if let Ok(value) = HeaderValue::from_str(&list.join(", "))
                && !list.is_empty()
            {
                headers.insert(name, value);
            }
        }
    }
}

impl IntoResponseParts for RateLimits {
    type Error = Infallible;

    fn into_response_parts(self, mut response: ResponseParts) -> Result<ResponseParts, Infallible> {
        self.write(response.headers_mut());
        Ok(response)
    }
}

/// Whole seconds, rounded up: a client that waits as long finds the limit reset.
fn seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(name: &'static str, remaining: u32, resets_in: Duration) -> Standing {
        let limit = Limit {
            name,
            quota: 10,
            window: Duration::from_secs(60),
        };
        Standing {
            limit,
            remaining,
            resets_in,
        }
    }

    #[test]
    fn both_header_fields_list_every_limit() {
        let limits = RateLimits::of([
            standing("account", 3, Duration::from_millis(1_500)),
            standing("address", 0, Duration::from_secs(30)),
        ]);
        let mut headers = HeaderMap::new();
        limits.write(&mut headers);
        assert_eq!(headers[STATE], "\"account\";r=3;t=2, \"address\";r=0;t=30");
        assert_eq!(headers[POLICY], "\"account\";q=10;w=60, \"address\";q=10;w=60");
        RateLimits::default().write(&mut headers);
        assert_eq!(headers.len(), 2);
    }

    #[test]
    fn a_refusal_asks_to_wait_for_the_last_limit_that_is_used_up() {
        let limits = RateLimits::of([
            standing("account", 0, Duration::from_secs(7)),
            standing("address", 1, Duration::from_secs(300)),
        ]);
        let problem = limits.refuse("Too often.");
        assert_eq!(problem.kind(), ProblemKind::TooManyRequests);
        let response = problem.render(uuid::Uuid::nil(), "/");
        assert_eq!(response.headers()["retry-after"], "7");
        assert!(response.headers().contains_key(STATE));
    }
}
