//! What a member who is signed in shows again before the second factor is changed: a recent sign-in, and the password or a code.

use portal_data::accounts::{self, Account};
use portal_data::throttle::{self, Subject};
use portal_data::{Tx, mfa};
use portal_domain::ids::UserId;
use portal_domain::password::Password;
use portal_domain::second_factor::TotpCode;
use portal_http::fields::FieldReader;
use portal_http::problem::Fault;
use portal_http::rate_limit::RateLimits;
use portal_http::{Call, Problem, ProblemKind};
use time::{Duration, OffsetDateTime};

use crate::Auth;
use crate::limits;
use crate::own_password;
use crate::totp::Totp;

/// How long ago a member may have signed in to change the second factor. Longer than this, and a device that was left open would
/// be enough.
const RECENT: Duration = Duration::minutes(15);

/// The password, or a code of the authenticator.
pub(crate) enum Proof {
    Password(Password),
    Code(TotpCode),
}

impl Proof {
    /// Reads `password` and `code`, of which there must be one.
    pub(crate) fn read(fields: &mut FieldReader) -> Option<Self> {
        let password = fields.optional("password").map(Self::Password);
        let code = fields.optional("code").map(Self::Code);
        one_of(fields, password, code, ["password", "code"])
    }
}

/// The one that is there. A field that is there and faulty has been noted already, so the other is not asked for then.
pub(crate) fn one_of<T>(
    fields: &mut FieldReader,
    first: Option<T>,
    second: Option<T>,
    names: [&'static str; 2],
) -> Option<T> {
    let [this, that] = names;
    match (first, second) {
        (Some(_), Some(_)) => {
            fields.fault(that, format!("cannot be sent together with {this}"));
            None
        }
        (None, None) => {
            if !fields.has_fault(&names) {
                fields.fault(this, format!("is required, or else {that}"));
            }
            None
        }
        (first, second) => first.or(second),
    }
}

/// The caller's account, when the sign-in is recent.
///
/// # Errors
/// A 403 problem when it is not.
pub(crate) async fn recent_account(
    tx: &mut Tx,
    call: &Call,
    now: OffsetDateTime,
) -> Result<Account, Problem> {
    let (user, session) = call.sign_in()?;
    if now - mfa::signed_in_at(tx, user, session).await? > RECENT {
        return Err(Problem::new(
            ProblemKind::SignInTooOld,
            "This sign-in is more than 15 minutes old: sign in again, then repeat the request.",
        ));
    }
    accounts::lookup(tx, user)
        .await?
        .ok_or_else(|| Problem::new(ProblemKind::SessionEnded, "This account is not active."))
}

/// Counts the attempt, and lets it pass when the sign-in is recent and the proof right. A code is used up by it.
///
/// # Errors
/// A 429 problem when there were too many attempts, 422 for a wrong password or code, 403 for a sign-in that is not recent.
pub(crate) async fn verify(
    auth: &Auth,
    call: &Call,
    proof: &Proof,
) -> Result<(Account, RateLimits), Problem> {
    let now = auth.now();
    let mut tx = auth.portal.database().begin(&call.context).await?;
    let account = recent_account(&mut tx, call, now).await?;
    let (subjects, admitted) = match proof {
        Proof::Password(password) => {
            tx.rollback().await?;
            let owner = own_password::verify(auth, call, password, "password").await?;
            (owner.subjects, owner.admitted)
        }
        Proof::Code(code) => {
            let subjects = vec![Subject::member(&limits::CODE_MEMBER, account.id)];
            let admitted = limits::admit(tx, &subjects, Some(account.id), now).await?;
            if !take_code_of(auth, call, &account, code).await? {
                let fault = Fault::body("/code", "is wrong, or was used before");
                return Err(Problem::invalid(vec![fault]).with_rate_limits(admitted.rate_limits()));
            }
            (subjects, admitted)
        }
    };
    let mut tx = auth.portal.database().begin(&call.context).await?;
    throttle::forgive(&mut tx, &subjects, now).await?;
    tx.commit().await?;
    Ok((account, admitted.rate_limits()))
}

async fn take_code_of(auth: &Auth, call: &Call, account: &Account, code: &TotpCode) -> Result<bool, Problem> {
    let mut tx = auth.portal.database().begin(&call.context).await?;
    let right = take_code(auth, &mut tx, account.id, code).await?;
    tx.commit().await?;
    Ok(right)
}

/// Whether a code is one of the account's authenticator, which sign-in asks for; from now on it is used.
///
/// # Errors
/// A 503 problem when the database or the keys are away.
pub(crate) async fn take_code(
    auth: &Auth,
    tx: &mut Tx,
    user: UserId,
    code: &TotpCode,
) -> Result<bool, Problem> {
    match mfa::lock(tx, &auth.sealer, user).await? {
        Some(authenticator) if authenticator.enabled => {
            let totp = Totp::from_secret(authenticator.secret)?;
            take_step(tx, user, &totp, code, auth.now()).await
        }
        _ => Ok(false),
    }
}

/// Whether a code is right and newer than the last one that was taken.
///
/// # Errors
/// A 503 problem when the database is away.
pub(crate) async fn take_step(
    tx: &mut Tx,
    user: UserId,
    totp: &Totp,
    code: &TotpCode,
    now: OffsetDateTime,
) -> Result<bool, Problem> {
    match totp.step_of(code, now) {
        Some(step) => Ok(mfa::use_step(tx, user, step, now).await?),
        None => Ok(false),
    }
}
