//! How often a member may write, and what an answer says about it.

use portal_data::messages::HeldThread;
use portal_domain::message::{MessageLimit, is_new};
use portal_http::Problem;
use portal_http::rate_limit::{Limit, RateLimits, Standing};

/// Whether one more message may be written; where it may, where the sender stands once it is.
///
/// # Errors
/// A 429 problem when a window is full.
pub(crate) fn admit(thread: &HeldThread) -> Result<RateLimits, Problem> {
    let standings =
        |written: u32| RateLimits::of(applying(thread).map(|limit| standing(thread, limit, written)));
    let is_full = applying(thread).any(|limit| standing(thread, limit, 0).remaining == 0);
    if is_full {
        return Err(standings(0).refuse(
            "You have written more messages than may be written in so short a time: try again later.",
        ));
    }
    Ok(standings(1))
}

fn applying(thread: &HeldThread) -> impl Iterator<Item = MessageLimit> {
    let is_first = thread.is_first;
    MessageLimit::ALL
        .into_iter()
        .filter(move |limit| is_first || !limit.is_of_first_messages())
}

fn standing(thread: &HeldThread, limit: MessageLimit, written: u32) -> Standing {
    let counted = thread.counted(limit);
    let quota = limit.quota(is_new(thread.sender_since, thread.at));
    Standing {
        limit: Limit {
            name: limit.name(),
            quota,
            window: limit.window(),
        },
        remaining: quota.saturating_sub(counted.count.saturating_add(written)),
        resets_in: counted.resets_in(limit.window(), thread.at),
    }
}
