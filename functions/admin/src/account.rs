//! What the routes for one account share.

use axum::response::Response;
use portal_data::staff::accounts::{self, LockedAccount};
use portal_data::staff::actions::{self, Target};
use portal_data::staff::roles;
use portal_data::{ConsistencyToken, DataError, Tx};
use portal_domain::ids::UserId;
use portal_domain::staff::{AccountDetails, AccountRefusal, Reason, judge_person};
use portal_http::answer::Answer;
use portal_http::{Call, Problem};
use serde_json::Value;

use crate::permitted::{conflict, forbidden};

/// What is said of an account that there is none of.
pub(crate) fn unseen() -> Problem {
    Problem::not_found("There is no account by this id, or it is closed.")
}

/// Takes hold of an account that the caller may change: not the own one, and none that may do more than the caller.
///
/// # Errors
/// 404, 403 and 409 problems.
pub(crate) async fn hold(tx: &mut Tx, call: &Call, id: UserId) -> Result<LockedAccount, Problem> {
    let account = accounts::lock(tx, id).await?.ok_or_else(unseen)?;
    if call.member()? == id {
        return Err(conflict(&AccountRefusal::Own));
    }
    let own = roles::own_reach(tx).await?;
    judge_person(&own.powers(), &account.powers).map_err(|refusal| forbidden(&refusal))?;
    Ok(account)
}

/// Writes down what was done with an account, shows it as it is now, and commits.
///
/// # Errors
/// A 500 problem where the account is gone.
pub(crate) async fn done(
    mut tx: Tx,
    call: &Call,
    (action, id): (&'static str, UserId),
    reason: &Reason,
    details: &Value,
) -> Result<Response, Problem> {
    let target = Target::Account(id);
    actions::add(&mut tx, call.member()?, action, &target, reason, details).await?;
    let now = find(&mut tx, id).await?;
    let answer = Answer::resource(now.account.version, &now)?;
    let written: Option<ConsistencyToken> = tx.commit().await?;
    Ok(answer.respond(written))
}

async fn find(tx: &mut Tx, id: UserId) -> Result<AccountDetails, Problem> {
    Ok(accounts::details(tx, id).await?.ok_or(DataError::NotFound)?)
}
