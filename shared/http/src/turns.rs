//! Limits by member, on what makes mails or rows for others.

use portal_data::Tx;
use portal_data::turns::{self, TakenTurn};
use portal_domain::turn::Turn;

use crate::problem::Problem;
use crate::rate_limit::{Limit, RateLimits, Standing};

/// Takes one more turn of the caller's, and says where the caller stands then, for the headers of the answer. It counts once the
/// transaction is committed; take it before any row is held.
///
/// # Errors
/// A 429 problem when there have been too many, and those of the query.
pub async fn take(tx: &mut Tx, turn: Turn) -> Result<RateLimits, Problem> {
    let taken = turns::take(tx, turn).await?;
    if taken.granted {
        return Ok(standings(turn, &taken, 1));
    }
    Err(standings(turn, &taken, 0)
        .refuse("You have done this more often than is allowed in so short a time: try again later."))
}

fn standings(turn: Turn, taken: &TakenTurn, added: u32) -> RateLimits {
    let quotas = turn.quotas().into_iter().zip(&taken.windows);
    RateLimits::of(quotas.map(|(quota, window)| Standing {
        limit: Limit {
            name: quota.name,
            quota: quota.most,
            window: quota.window,
        },
        remaining: quota.most.saturating_sub(window.count.saturating_add(added)),
        resets_in: window.resets_in(quota.window, taken.at),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use portal_domain::turn::Window;
    use time::{Duration, OffsetDateTime};

    #[test]
    fn who_is_refused_waits_for_the_window_that_is_full() {
        let at = OffsetDateTime::UNIX_EPOCH;
        let [short, _] = Turn::Seat.quotas();
        let counted = |count, ago| Window {
            count,
            oldest: Some(at - Duration::seconds(ago)),
        };
        let taken = TakenTurn {
            granted: false,
            at,
            windows: vec![counted(short.most, 20), counted(short.most + 1, 7_000)],
        };
        let problem = standings(Turn::Seat, &taken, 0).refuse("Too often.");
        let response = problem.render(uuid::Uuid::nil(), "/");
        assert_eq!(response.headers()["retry-after"], "40");
        let header = response.headers()["ratelimit"].to_str().unwrap().to_owned();
        assert!(header.starts_with("\"seats-minute\";r=0;t=40"), "{header}");
    }
}
