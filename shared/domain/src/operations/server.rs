//! The database server.

use serde::Serialize;
use utoipa::ToSchema;

use crate::listing::Moment;

/// How the server is in this moment, and since its statistics began.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseReport {
    /// When it was asked.
    pub at: Moment,
    /// Its version.
    #[schema(example = "15.18")]
    pub version: String,
    /// Since when it runs.
    pub started_at: Moment,
    /// How many connections it takes.
    pub max_connections: i32,
    /// How many there are.
    pub connection_count: i64,
    /// Whose they are, and what they do.
    pub connections: Vec<ConnectionFigures>,
    /// Of the blocks that were asked for the share that was in memory, in hundredths.
    #[schema(required)]
    pub cache_hit_percent: Option<f64>,
    /// How transactions ended.
    pub transactions: TransactionFigures,
    /// How large it is.
    pub sizes: DatabaseSizes,
    /// The transaction that has been open longest.
    #[schema(required)]
    pub longest_transaction: Option<LongestTransaction>,
    /// How many statements wait for a lock.
    pub blocked: i64,
    /// The replicas that fetch from it.
    pub replicas: Vec<ReplicaFigures>,
    /// The statements that took most time; null where the server does not count them.
    #[schema(required)]
    pub statements: Option<Vec<StatementFigures>>,
}

/// Connections that are alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionFigures {
    /// The role that has logged in.
    pub role: String,
    /// The function.
    pub application: String,
    /// What they do.
    #[schema(example = "idle")]
    pub state: String,
    /// How many.
    pub count: i64,
}

/// How transactions ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TransactionFigures {
    /// Committed.
    pub committed: i64,
    /// Rolled back.
    pub rolled_back: i64,
    /// Given up since two waited for each other.
    pub deadlocks: i64,
}

/// How large the database is.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseSizes {
    /// All of it.
    pub database_bytes: i64,
    /// The twenty largest tables, partitions by themselves.
    pub tables: Vec<TableFigures>,
}

/// One table.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TableFigures {
    /// Its name.
    pub table: String,
    /// About how many rows it has.
    pub rows: i64,
    /// How large its rows are.
    pub table_bytes: i64,
    /// How large its indexes are.
    pub index_bytes: i64,
    /// About how many rows are dead.
    pub dead_rows: i64,
    /// Those as a share of all, in hundredths.
    #[schema(required)]
    pub dead_percent: Option<f64>,
    /// When dead rows were last cleaned up.
    #[schema(required)]
    pub last_vacuum: Option<Moment>,
    /// When its statistics were last made.
    #[schema(required)]
    pub last_analyze: Option<Moment>,
}

/// The transaction that has been open longest.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LongestTransaction {
    /// For how long.
    pub seconds: f64,
    /// The role.
    pub role: String,
    /// The function.
    pub application: String,
    /// What it does.
    pub state: String,
    /// What it waits for.
    #[schema(required)]
    pub wait_event: Option<String>,
}

/// One replica.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReplicaFigures {
    /// Its name.
    pub name: String,
    /// What it does.
    #[schema(example = "streaming")]
    pub state: String,
    /// How far it is behind in time; null while nothing is written.
    #[schema(required)]
    pub lag_seconds: Option<f64>,
    /// How far it is behind in bytes.
    #[schema(required)]
    pub lag_bytes: Option<i64>,
}

/// One statement, with placeholders for its values.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatementFigures {
    /// The server's id of it.
    pub query_id: String,
    /// The role that runs it.
    pub role: String,
    /// How it begins.
    pub query: String,
    /// How often it ran.
    pub calls: i64,
    /// How long it takes on average, in milliseconds.
    pub mean_ms: f64,
    /// How long it took at most.
    pub max_ms: f64,
    /// How long it took in all.
    pub total_ms: f64,
    /// How many rows it gave in all.
    pub rows: i64,
    /// Of the blocks that it asked for the share that was in memory, in hundredths.
    #[schema(required)]
    pub hit_percent: Option<f64>,
}
