//! What a table holds, as a number of rows and a sum over them: the same before a dump and after its restore.

use serde::{Deserialize, Serialize};
use sqlx::postgres::PgConnection;

use crate::DataError;

/// How values are written as text while they are summed, whatever the server's own settings. `row_security` on: with it off, a
/// policy that shows every row would be an error.
const SETTINGS: &str = "
    SET datestyle = 'ISO, MDY';
    SET intervalstyle = 'postgres';
    SET timezone = 'UTC';
    SET bytea_output = 'hex';
    SET extra_float_digits = 1;
    SET row_security = on;
    SET jit = off;
";

/// A table's rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableDigest {
    /// The table, as `schema.name`; partitions are tables of their own.
    pub name: String,
    /// How many rows it has.
    pub rows: i64,
    /// The sum of the rows' 64-bit hashes: the same whatever their order, and another if one is missing, changed or there twice.
    pub checksum: String,
}

/// Counts and sums every table of ours, as this connection sees them: not the tables of extensions, nor unlogged ones, which are not
/// dumped. Every table, whatever its size: a dump reads and writes the same text, and takes longer for it.
pub(super) async fn digest(connection: &mut PgConnection) -> Result<Vec<TableDigest>, DataError> {
    sqlx::raw_sql(SETTINGS).execute(&mut *connection).await?;
    let tables = sqlx::query!(
        r#"SELECT format('%s.%s', n.nspname, c.relname) AS "name!", format('%I.%I', n.nspname, c.relname) AS "quoted!"
        FROM pg_class AS c
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname !~ '^(pg_|information_schema$)'
          AND NOT EXISTS (
              SELECT FROM pg_depend AS d
              WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        ORDER BY 1"#
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut digests = Vec::with_capacity(tables.len());
    for table in tables {
        // The table is the statement's only variable, and no parameter can stand for it. hashtextextended keeps its values from
        // version to version, since hashed partitions and indexes live on them.
        let statement = format!(
            "SELECT count(*), COALESCE(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM ONLY {} AS t",
            table.quoted
        );
        let (rows, checksum) = sqlx::query_as(&statement)
            .persistent(false)
            .fetch_one(&mut *connection)
            .await?;
        digests.push(TableDigest {
            name: table.name,
            rows,
            checksum,
        });
    }
    Ok(digests)
}
