//! Asking the database what one caller of one role can do, without a trace: many questions in one round trip.

use std::collections::BTreeMap;

use portal_data::{Database, RequestContext};
use portal_tests::database::TestDatabase;
use portal_tests::rows::{Row, Table, literal, loosen, tables};
use sqlx::postgres::PgConnection;

use crate::who::Role;

/// Runs a statement with the caller's own rights and takes it back. The rows' keys that it gives; none when it was refused.
const PROBE: &str = "
    CREATE FUNCTION public.probe(statement text) RETURNS text[] LANGUAGE plpgsql AS $$
    DECLARE
        answer text[];
    BEGIN
        EXECUTE statement INTO answer;
        RAISE EXCEPTION USING ERRCODE = 'PX001';
    EXCEPTION
        WHEN SQLSTATE 'PX001' THEN RETURN COALESCE(answer, '{done}');
        WHEN insufficient_privilege THEN RETURN NULL;
        -- Keys are compared after rights.
        WHEN unique_violation THEN RETURN '{done}';
        WHEN OTHERS THEN RAISE EXCEPTION '% in %', SQLERRM, statement USING ERRCODE = SQLSTATE;
    END
    $$";

/// A database of one test, with one way in for each login role.
pub struct Ground {
    pub owner: PgConnection,
    pub roles: Vec<(Role, Database)>,
    /// A column that the role may change, if there is any, for each role and table.
    columns: BTreeMap<(&'static str, &'static str), String>,
}

impl Ground {
    pub async fn create() -> Self {
        let database = TestDatabase::create().await;
        let mut owner = database.connect("owner").await;
        loosen(&mut owner).await;
        sqlx::raw_sql(PROBE).execute(&mut owner).await.unwrap();
        let mut roles = Vec::new();
        let mut columns = BTreeMap::new();
        for role in Role::ALL {
            roles.push((role, database.open(role.name(), false).await));
            for table in tables() {
                let column = changeable(&mut owner, role.name(), table).await;
                columns.insert((role.name(), table.name), column);
            }
        }
        Self {
            owner,
            roles,
            columns,
        }
    }

    /// A change of a row that changes nothing.
    pub fn touch(&self, role: Role, row: &Row) -> String {
        let column = &self.columns[&(role.name(), row.table.name)];
        update(row, column, column)
    }
}

/// The first column that a role may read and change, and otherwise any.
async fn changeable(owner: &mut PgConnection, role: &str, table: &Table) -> String {
    sqlx::query_scalar(
        "SELECT attname::text FROM pg_attribute
        WHERE attrelid = $2::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
        ORDER BY has_column_privilege($1, $2, attnum, 'SELECT') AND has_column_privilege($1, $2, attnum, 'UPDATE') DESC,
            attname = ANY ($3), attnum
        LIMIT 1",
    )
    .bind(role)
    .bind(table.name)
    .bind(table.key)
    .fetch_one(owner)
    .await
    .unwrap()
}

/// Reads of the rows with these keys, from their table or from a view of it.
pub fn read(from: &str, table: &Table, keys: &[String]) -> String {
    let key = table.key_sql();
    format!(
        "SELECT COALESCE(array_agg({key}), '{{}}') FROM {from} WHERE {key} = ANY ({})",
        array(keys)
    )
}

pub fn delete(table: &Table, keys: &[String]) -> String {
    let (name, key) = (table.name, table.key_sql());
    format!(
        "WITH gone AS (DELETE FROM {name} WHERE {key} = ANY ({}) RETURNING {key} AS key)
        SELECT COALESCE(array_agg(key), '{{}}') FROM gone",
        array(keys)
    )
}

/// Sets a column of one row to an expression.
pub fn update(row: &Row, column: &str, value: &str) -> String {
    let (name, key) = (row.table.name, row.table.key_sql());
    format!(
        "WITH changed AS (UPDATE {name} SET {column} = {value} WHERE {key} = {} RETURNING 1)
        SELECT COALESCE(array_agg('done'::text), '{{}}') FROM changed",
        literal(Some(&row.key()))
    )
}

fn array(keys: &[String]) -> String {
    let keys: Vec<_> = keys.iter().map(|key| literal(Some(key))).collect();
    format!("ARRAY[{}]::text[]", keys.join(", "))
}

/// The answers to statements as one caller, in one transaction through the pooler.
pub async fn ask(
    database: &Database,
    context: &RequestContext,
    statements: &[String],
) -> Vec<Option<Vec<String>>> {
    let mut tx = database.begin(context).await.unwrap();
    let answers = sqlx::query_scalar(
        "SELECT public.probe(statement) FROM unnest($1::text[]) WITH ORDINALITY AS s (statement, number) ORDER BY number",
    )
    .bind(statements)
    .fetch_all(&mut tx)
    .await
    .unwrap();
    tx.rollback().await.unwrap();
    answers
}
