//! Who asks, and what for.

use std::collections::BTreeSet;

use portal_tests::rows::{Row, World};
use uuid::Uuid;

/// What is done to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    Read,
    Insert,
    /// A change of the row as it is.
    Update,
    /// What the row becomes by a change.
    Become,
    Delete,
}

/// The login role of the function that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Api,
    Admin,
    Auth,
    Jobs,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Api, Self::Admin, Self::Auth, Self::Jobs];

    pub fn name(self) -> &'static str {
        match self {
            Self::Api => "portal_api",
            Self::Admin => "portal_admin",
            Self::Auth => "portal_auth",
            Self::Jobs => "portal_jobs",
        }
    }
}

/// A caller: nobody, or a member with what the roles held today allow.
#[derive(Clone, Debug, Default)]
pub struct Who {
    pub member: Option<Uuid>,
    pub permissions: BTreeSet<&'static str>,
    /// Those of them that have no end.
    pub lasting: BTreeSet<&'static str>,
}

/// One question.
pub struct Question<'a> {
    pub world: &'a World,
    pub role: Role,
    pub who: &'a Who,
    pub op: Op,
    pub row: &'a Row,
}

impl Question<'_> {
    pub fn signed_in(&self) -> bool {
        self.who.member.is_some()
    }

    pub fn has(&self, permission: &str) -> bool {
        self.who.permissions.contains(permission)
    }

    /// Whether a column of the row names the caller.
    pub fn mine(&self, column: &str) -> bool {
        self.is_me(self.row, column)
    }

    pub fn is_me(&self, row: &Row, column: &str) -> bool {
        self.who.member.is_some_and(|me| row.is(column, &me.to_string()))
    }

    /// The row of another table that a column names.
    pub fn parent(&self, table: &str, column: &str) -> Option<&Row> {
        self.world.find(table, self.row.get(column))
    }

    /// Whether the operation is among these.
    pub fn op_in(&self, ops: &[Op]) -> bool {
        ops.contains(&self.op)
    }
}
