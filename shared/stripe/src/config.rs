//! How the API is reached.

use std::time::Duration;

/// Stripe's own address.
pub const DEFAULT_API: &str = "https://api.stripe.com";

/// The version of the API that this client speaks (<https://docs.stripe.com/api/versioning>): what Stripe answers stays the same whatever the
/// account is set to.
pub const STRIPE_VERSION: &str = "2024-06-20";

/// How the API is reached.
#[derive(Clone, Debug)]
pub struct Config {
    /// The address that paths such as `/v1/refunds` are added to.
    pub api: String,
    /// How often a request is made at most.
    pub attempts: u32,
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// How long one attempt may take.
    pub attempt_timeout: Duration,
    /// How long a request may take with all its attempts and the pauses between: less than the caller has.
    pub total_timeout: Duration,
    /// The first pause between two attempts; each further one is twice as long.
    pub shortest_pause: Duration,
    /// The longest.
    pub longest_pause: Duration,
    /// Numbers from 0 to 1 that spread the pauses of many callers.
    pub chance: fn() -> f64,
}

impl Config {
    /// The usual settings for an API at this address; [`DEFAULT_API`] is Stripe's.
    #[must_use]
    pub fn new(api: &str) -> Self {
        Self {
            api: api.trim().trim_end_matches('/').to_owned(),
            attempts: 4,
            connect_timeout: Duration::from_secs(2),
            attempt_timeout: Duration::from_secs(8),
            total_timeout: Duration::from_secs(20),
            shortest_pause: Duration::from_millis(200),
            longest_pause: Duration::from_secs(2),
            chance: rand::random,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::new(DEFAULT_API)
    }
}
