//! On whose behalf a request runs.

use crate::ids::{SessionId, UserId};

/// Who asks. The database decides what that means: roles, permissions and the state of the session are looked up there, at
/// the beginning of every transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Nobody has signed in: public rows only.
    Anonymous,
    /// A member, by a sign-in that the database confirms.
    Member {
        /// The account.
        user_id: UserId,
        /// The sign-in that the access token belongs to.
        session_id: SessionId,
    },
}
