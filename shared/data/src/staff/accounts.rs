//! Accounts as staff see them, and what staff do with them.

mod change;
mod details;
mod list;

pub use change::{LockedAccount, approve, lock, lookup, reinstate, suspend};
pub use details::details;
pub use list::{count, list};

use portal_domain::ids::UserId;
use portal_domain::member::MemberType;
use portal_domain::staff::{AccountListing, AccountOrder, AccountStatus};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::columns::Table;

/// Where the rows come from, for errors.
const TABLE: Table = Table("users");

/// Which accounts a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountFilters {
    /// Words of the address, the name, the firm and the licence, each of which an account has to hold.
    pub words: Vec<String>,
    /// Where they stand; anywhere when empty.
    pub statuses: Vec<AccountStatus>,
    /// Who holds one of these roles now, by their ids ([`super::roles::find_ids`]).
    pub roles: Option<Vec<Uuid>>,
    /// Kinds of accounts; any when empty.
    pub member_types: Vec<MemberType>,
}

/// Where a list goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccountPosition {
    /// By name.
    Name {
        /// The last row's last name.
        last_name: String,
        /// Its first name.
        first_name: String,
        /// Its id.
        id: UserId,
    },
    /// The newest first.
    Newest {
        /// When the last row was made, in microseconds since 1970.
        created_micros: i64,
        /// Its id.
        id: UserId,
    },
}

impl AccountPosition {
    /// Where a list in an order goes on after this account.
    #[must_use]
    pub fn after(account: &AccountListing, order: AccountOrder) -> Self {
        match order {
            AccountOrder::Name => Self::Name {
                last_name: account.last_name.clone(),
                first_name: account.first_name.clone(),
                id: account.id,
            },
            AccountOrder::Newest => Self::Newest {
                created_micros: crate::projects::micros(account.created_at),
                id: account.id,
            },
        }
    }
}
