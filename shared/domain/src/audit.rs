//! What the audit tells of a change.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ids::UserId;
use crate::listing::Moment;
use crate::words::words;

words! {
    /// What was done to a row.
    AuditOperation {
        /// It was added.
        Insert = "INSERT",
        /// It was changed.
        Update = "UPDATE",
        /// It was taken away.
        Delete = "DELETE",
    }
}

/// Whose request a change was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditActor {
    /// The account.
    pub id: UserId,
    /// Its name, for those who may read accounts.
    #[schema(required)]
    pub name: Option<String>,
}

/// One change of one row.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// Its number.
    pub id: i64,
    /// When the transaction that made it began.
    pub at: Moment,
    /// Whose request it was; null for jobs and for work by hand.
    #[schema(required)]
    pub actor: Option<AuditActor>,
    /// The role by which the database was asked.
    pub database_role: String,
    /// The function that asked.
    pub application: String,
    /// The table.
    pub table: String,
    /// The key of the row; the parts of a composed key have slashes between.
    pub row_id: String,
    /// What was done.
    pub operation: AuditOperation,
    /// The row before, by columns; of an update those that changed. Null for a row that was added.
    #[schema(required, value_type = Option<Object>)]
    pub before: Option<Value>,
    /// The row after, likewise. Null for a row that was taken away.
    #[schema(required, value_type = Option<Object>)]
    pub after: Option<Value>,
    /// Whether what stood there is kept from the caller, who lacks the permission to see rows of this table; then both are null.
    pub is_withheld: bool,
    /// The request that made it.
    #[schema(required)]
    pub request_id: Option<Uuid>,
}
