//! Time-based one-time passwords (RFC 6238): six digits, 30 seconds, SHA-1, as every authenticator app has them.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use portal_domain::second_factor::TotpCode;
use portal_http::Problem;
use ring::rand::SecureRandom;
use time::OffsetDateTime;
use totp_rs::{Algorithm, TOTP};

/// How the account is named in the app.
const ISSUER: &str = "NAMC NorCal";

/// Seconds that a code is good for.
const STEP: u64 = 30;

/// Steps before and after the present one whose codes are taken too: clocks differ, and typing takes time.
const SKEW: u64 = 1;

/// Bytes of a secret: the length of the hash (RFC 4226, section 4).
const SECRET_BYTES: usize = 20;

/// An authenticator's secret, and the codes that it makes.
pub(crate) struct Totp(TOTP);

impl Totp {
    /// A new secret.
    ///
    /// # Errors
    /// A 500 problem when the operating system gives no random bytes.
    pub(crate) fn generate(random: &dyn SecureRandom) -> Result<Self, Problem> {
        let mut secret = [0; SECRET_BYTES];
        random
            .fill(&mut secret)
            .map_err(|_| Problem::internal("the operating system gave no random bytes"))?;
        Self::from_secret(secret.to_vec())
    }

    /// An authenticator with a secret that is kept.
    ///
    /// # Errors
    /// A 500 problem when the secret is too short.
    pub(crate) fn from_secret(secret: Vec<u8>) -> Result<Self, Problem> {
        // No skew here: the step that a code belongs to must be known, so the steps are tried one by one.
        TOTP::new(Algorithm::SHA1, 6, 0, STEP, secret)
            .map(Self)
            .map_err(|error| Problem::internal(&format!("a stored authenticator cannot be used: {error}")))
    }

    /// The secret, for sealing.
    pub(crate) fn secret(&self) -> &[u8] {
        &self.0.secret
    }

    /// The secret in base32, to be typed into an app that has no camera.
    pub(crate) fn secret_text(&self) -> String {
        self.0.get_secret_base32()
    }

    /// What the QR code for the app says.
    ///
    /// Format: <https://github.com/google/google-authenticator/wiki/Key-Uri-Format>
    pub(crate) fn url(&self, account: &str) -> String {
        let encoded = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
        format!(
            "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period={STEP}",
            issuer = encoded(ISSUER),
            account = encoded(account),
            secret = self.secret_text(),
        )
    }

    /// The step whose code this is, the latest of those that are taken now; each comparison takes the same time.
    pub(crate) fn step_of(&self, code: &TotpCode, now: OffsetDateTime) -> Option<i64> {
        let present = u64::try_from(now.unix_timestamp()).ok()? / STEP;
        (present.saturating_sub(SKEW)..=present + SKEW)
            .rev()
            .find(|step| self.0.check(code.as_str(), step * STEP))
            .and_then(|step| i64::try_from(step).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration;

    /// The secret of RFC 6238, appendix B.
    fn totp() -> Totp {
        Totp::from_secret(b"12345678901234567890".to_vec()).unwrap()
    }

    fn step(code: &str, at: i64) -> Option<i64> {
        let code = TotpCode::try_from(code.to_owned()).unwrap();
        totp().step_of(&code, OffsetDateTime::UNIX_EPOCH + Duration::seconds(at))
    }

    #[test]
    fn the_codes_are_those_of_the_rfc() {
        // The last six of the eight digits in the appendix.
        for (at, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(step(code, at), Some(at / 30), "{code}");
        }
    }

    #[test]
    fn a_code_is_taken_one_step_early_and_late_and_names_its_step() {
        for at in [30, 45, 60, 89, 0, 29] {
            assert_eq!(step("287082", at), Some(1), "{at}");
        }
        assert_eq!(step("287082", 90), None);
        assert_eq!(step("287083", 59), None);
    }

    #[test]
    fn an_app_is_told_all_it_needs() {
        assert_eq!(
            totp().url("ana+x@example.org"),
            "otpauth://totp/NAMC%20NorCal:ana%2Bx%40example%2Eorg?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=NAMC%20NorCal&algorithm=SHA1&digits=6&period=30"
        );
    }

    #[test]
    fn a_new_secret_is_long_and_never_the_same() {
        let random = ring::rand::SystemRandom::new();
        let (one, other) = (Totp::generate(&random).unwrap(), Totp::generate(&random).unwrap());
        assert_eq!(one.secret().len(), 20);
        assert_ne!(one.secret(), other.secret());
        assert!(Totp::from_secret(vec![1; 10]).is_err());
    }
}
