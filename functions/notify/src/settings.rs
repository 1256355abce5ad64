//! What can be set in the function's environment.

use std::time::Duration;

use portal_data::{ConfigError, Environment, registrations};
use portal_domain::event::SeatTerms;

const WEB_URL: &str = "the address that links in mails begin with";

/// The settings of the function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The sender: an address, or a name and an address in angle brackets. SES must have verified it or its domain.
    pub from: String,
    /// What links in mails begin with.
    pub web_url: String,
    /// Where the API is, for addresses that mail programs post to.
    pub api_url: String,
    /// How many mails go to SES in a second: at most the sending rate of the account.
    pub rate: u32,
    /// How often a mail is tried. With 24, about half a day passes before it is given up.
    pub max_attempts: u32,
    /// Before the invocation's deadline, nothing new is begun for so long.
    pub deadline_margin: Duration,
    /// For how long a run claims the rows that it takes up. A run that died holds its rows up for so long.
    pub lease: Duration,
    /// How long seats at events are kept.
    pub seats: SeatTerms,
}

impl Settings {
    /// Reads `PORTAL_MAIL_FROM`, `PORTAL_WEB_URL` (`PORTAL_PUBLIC_URL` unless set), `PORTAL_MAIL_RATE` (14),
    /// `PORTAL_MAIL_MAX_ATTEMPTS` (24), and what [`registrations::terms`] reads.
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(Environment::process())
    }

    fn read(environment: Environment<'_>) -> Result<Self, ConfigError> {
        let api_url: Option<String> = environment.optional("PORTAL_PUBLIC_URL", "the address of the API")?;
        let web_url = match (environment.optional("PORTAL_WEB_URL", WEB_URL)?, &api_url) {
            (Some(url), _) => url,
            (None, Some(url)) => url.clone(),
            (None, None) => environment.required("PORTAL_PUBLIC_URL", WEB_URL)?,
        };
        Ok(Self {
            from: environment.required("PORTAL_MAIL_FROM", "the sender's address")?,
            api_url: api_url.unwrap_or_else(|| web_url.clone()),
            web_url,
            // 14 a second is what SES allows an account that has left the sandbox, until it is raised.
            rate: environment.whole("PORTAL_MAIL_RATE", 1..=500, 14)?,
            max_attempts: environment.whole("PORTAL_MAIL_MAX_ATTEMPTS", 1..=1000, 24)?,
            deadline_margin: Duration::from_secs(15),
            lease: Duration::from_secs(60),
            seats: registrations::terms(environment)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_api_where_there_is_no_web_client() {
        let mut variables = vec![
            ("PORTAL_MAIL_FROM", "portal@example.org"),
            ("PORTAL_PUBLIC_URL", "https://api.example"),
        ];
        let settings = Settings::read(Environment::of(&variables)).unwrap();
        assert_eq!(settings.web_url, "https://api.example");
        assert_eq!((settings.rate, settings.max_attempts), (14, 24));
        variables.push(("PORTAL_WEB_URL", "https://portal.example"));
        let settings = Settings::read(Environment::of(&variables)).unwrap();
        assert_eq!(settings.web_url, "https://portal.example");
        assert_eq!(settings.api_url, "https://api.example");
    }

    #[test]
    fn a_bad_rate_is_named() {
        let variables = [
            ("PORTAL_MAIL_FROM", "portal@example.org"),
            ("PORTAL_WEB_URL", "https://portal.example"),
            ("PORTAL_MAIL_RATE", "0"),
        ];
        let error = Settings::read(Environment::of(&variables)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "environment variable PORTAL_MAIL_RATE is \"0\": a whole number from 1 to 500 is expected"
        );
    }
}
