//! Emptying a database of its data.

use anyhow::{Context as _, Result};
use sqlx::{Connection as _, PgConnection};

/// What the migrations ship and people then edit: it stays.
const KEPT: &[&str] = &[
    "_sqlx_migrations",
    "column_classes",
    "membership_tiers",
    "partition_policies",
    "permissions",
    "role_permissions",
    "roles",
    "skills",
    "spatial_ref_sys",
];

/// Empties every other table of the portal, contractors and imports included, and tells how many there were.
///
/// # Errors
/// When the connection is not a superuser's.
pub(crate) async fn empty(connection: &mut PgConnection) -> Result<usize> {
    let query = "SELECT quote_ident(relname) FROM pg_class
                 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
                   AND relname <> ALL ($1)
                 ORDER BY 1";
    let tables: Vec<String> = sqlx::query_scalar(query)
        .bind(KEPT)
        .fetch_all(&mut *connection)
        .await?;
    let mut transaction = connection.begin().await?;
    // The audit log refuses to be emptied otherwise.
    sqlx::query("SET LOCAL session_replication_role = replica")
        .execute(&mut *transaction)
        .await
        .context("emptying the tables takes a superuser")?;
    let truncate = format!("TRUNCATE {}", tables.join(", "));
    sqlx::query(&truncate).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(tables.len())
}
