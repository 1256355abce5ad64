//! The schema's own rules, read from the catalog of a migrated database.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use portal_tests::database::TestDatabase;

/// Rows of one text column; a test's expectation is that there are none.
async fn violations(sql: &str) -> Vec<String> {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    sqlx::query_scalar(sql).fetch_all(&mut owner).await.unwrap()
}

/// Tables of ours: not PostGIS's.
const OUR_TABLES: &str = "
    our_tables AS (
        SELECT c.oid, c.relname, c.relkind, c.relispartition, c.relrowsecurity, c.relforcerowsecurity
        FROM pg_class AS c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
          AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e'))";

#[tokio::test]
async fn every_foreign_key_is_indexed() {
    let unindexed = violations(&format!(
        "WITH {OUR_TABLES}
        SELECT t.relname || '.' || k.conname
        FROM pg_constraint AS k
        JOIN our_tables AS t ON t.oid = k.conrelid
        WHERE k.contype = 'f' AND k.conparentid = 0
          AND NOT EXISTS (
              SELECT FROM pg_index AS i
              WHERE i.indrelid = k.conrelid
                AND (SELECT array_agg(n ORDER BY n) FROM unnest((i.indkey::smallint[])[0:cardinality(k.conkey) - 1]) AS n)
                    = (SELECT array_agg(n ORDER BY n) FROM unnest(k.conkey) AS n))"
    ))
    .await;
    assert_eq!(unindexed, Vec::<String>::new());
}

/// Tables without row-level security, each with its reason.
const WITHOUT_ROW_SECURITY: [(&str, &str); 3] = [
    (
        "_sqlx_migrations",
        "sqlx's own record of migrations, which no function reads",
    ),
    (
        "import_staging",
        "COPY refuses row-level security; rows of a public file, granted to portal_jobs alone",
    ),
    (
        "import_seen",
        "COPY refuses row-level security; rows of a public file, granted to portal_jobs alone",
    ),
];

#[tokio::test]
async fn every_table_is_protected_or_listed() {
    let unprotected = violations(&format!(
        "WITH {OUR_TABLES}
        SELECT t.relname FROM our_tables AS t
        WHERE NOT t.relrowsecurity OR NOT t.relforcerowsecurity
           OR NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = t.oid)
        ORDER BY 1"
    ))
    .await;
    let mut listed: Vec<_> = WITHOUT_ROW_SECURITY
        .iter()
        .map(|(table, _)| (*table).to_owned())
        .collect();
    listed.sort();
    assert_eq!(unprotected, listed);
}

#[tokio::test]
async fn the_backup_can_read_every_row() {
    let missing = violations(&format!(
        "WITH {OUR_TABLES}
        SELECT t.relname FROM our_tables AS t
        WHERE NOT has_table_privilege('portal_backup', t.oid, 'SELECT')
           OR t.relrowsecurity AND NOT EXISTS (
               SELECT FROM pg_policy AS p
               WHERE p.polrelid = t.oid AND 'portal_backup'::regrole = ANY (p.polroles) AND p.polcmd = 'r'
                 AND pg_get_expr(p.polqual, p.polrelid) = 'true')"
    ))
    .await;
    assert_eq!(
        missing,
        Vec::<String>::new(),
        "pg_dump would silently leave these empty"
    );
}

#[tokio::test]
async fn every_column_is_classed() {
    let differences = violations(&format!(
        "WITH {OUR_TABLES}, columns AS (
            SELECT t.relname AS table_name, a.attname AS column_name
            FROM our_tables AS t
            JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE NOT t.relispartition AND t.relname <> '_sqlx_migrations')
        SELECT COALESCE(c.table_name, k.table_name) || '.' || COALESCE(c.column_name, k.column_name)
        FROM columns AS c
        FULL JOIN column_classes AS k ON k.table_name = c.table_name AND k.column_name = c.column_name
        WHERE k.class IS NULL OR c.column_name IS NULL"
    ))
    .await;
    assert_eq!(
        differences,
        Vec::<String>::new(),
        "columns without a class, or classes without a column"
    );
}

#[tokio::test]
async fn a_secret_column_is_redacted_by_the_audit() {
    let unredacted = violations(
        "SELECT k.table_name || '.' || k.column_name
        FROM column_classes AS k
        JOIN pg_trigger AS t ON t.tgrelid = format('public.%I', k.table_name)::regclass AND t.tgname = 'audit'
        WHERE k.class = 'SECRET'
          AND NOT k.column_name = ANY (
              (string_to_array(encode(t.tgargs, 'escape'), '\\000'))[2]::text[])",
    )
    .await;
    assert_eq!(unredacted, Vec::<String>::new());
}

#[tokio::test]
async fn every_definer_function_has_a_fixed_search_path() {
    let loose = violations(
        "SELECT p.oid::regprocedure::text FROM pg_proc AS p
        WHERE p.prosecdef AND p.pronamespace IN ('app'::regnamespace, 'public'::regnamespace)
          AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')
          AND NOT COALESCE('search_path=\"\"' = ANY (p.proconfig), false)",
    )
    .await;
    assert_eq!(loose, Vec::<String>::new());
}

#[tokio::test]
async fn definer_functions_belong_to_the_definer() {
    let owned_otherwise = violations(
        "SELECT p.proname::text FROM pg_proc AS p
        WHERE p.prosecdef AND p.pronamespace = 'app'::regnamespace AND p.proowner <> 'portal_definer'::regrole
        ORDER BY 1",
    )
    .await;
    // ANALYZE and index work take the tables' owner.
    for name in &owned_otherwise {
        assert!(
            name.starts_with("analyze_") || name.ends_with("_contractor_indexes"),
            "{name}"
        );
    }
}

#[tokio::test]
async fn views_belong_to_their_role_and_are_no_barrier() {
    let wrong = violations(
        "SELECT c.relname::text FROM pg_class AS c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'v'
          AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')
          AND (c.relowner <> 'portal_views'::regrole OR c.reloptions IS NOT NULL)",
    )
    .await;
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn login_roles_own_nothing_and_bypass_nothing() {
    let wrong = violations(
        "SELECT r.rolname::text FROM pg_roles AS r
        WHERE r.rolname LIKE 'portal\\_%' AND r.rolcanlogin AND r.rolname <> 'portal_master'
          AND (r.rolsuper OR r.rolbypassrls
               OR EXISTS (SELECT FROM pg_class AS c WHERE c.relowner = r.oid)
               OR EXISTS (SELECT FROM pg_proc AS p WHERE p.proowner = r.oid))",
    )
    .await;
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn every_table_says_what_it_is() {
    let silent = violations(&format!(
        "WITH {OUR_TABLES}
        SELECT t.relname FROM our_tables AS t
        WHERE NOT t.relispartition AND t.relname <> '_sqlx_migrations' AND obj_description(t.oid, 'pg_class') IS NULL"
    ))
    .await;
    assert_eq!(silent, Vec::<String>::new());
}

/// Whoever adds a foreign key to `users` says in `app.account_references()` what a merge of two accounts does with it.
#[tokio::test]
async fn every_reference_to_an_account_is_merged() {
    let differences = violations(
        "WITH keys AS (
            SELECT k.conrelid::regclass::text AS table_name, a.attname::text AS column_name
            FROM pg_constraint AS k
            JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
            WHERE k.contype = 'f' AND k.confrelid = 'users'::regclass AND k.conparentid = 0)
        SELECT COALESCE(k.table_name, r.table_name) || '.' || COALESCE(k.column_name, r.column_name)
        FROM keys AS k
        FULL JOIN app.account_references() AS r ON r.table_name = k.table_name AND r.column_name = k.column_name
        WHERE k.table_name IS NULL OR r.table_name IS NULL",
    )
    .await;
    assert_eq!(differences, Vec::<String>::new());
}

/// A column that is merely moved can clash with nothing; one that could is decided on in code.
#[tokio::test]
async fn a_reference_that_is_moved_is_in_no_unique_key() {
    let clashing = violations(
        "SELECT r.table_name || '.' || r.column_name
        FROM app.account_references() AS r
        JOIN pg_index AS i ON i.indrelid = r.table_name::regclass AND (i.indisunique OR i.indisexclusion)
        JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attname = r.column_name AND a.attnum = ANY (i.indkey::smallint[])
        WHERE r.on_merge = 'MOVE'",
    )
    .await;
    assert_eq!(clashing, Vec::<String>::new());
}

/// The definer can do what the merge has to: a missing right would show only when an account has such a row.
#[tokio::test]
async fn the_definer_may_merge_every_reference() {
    let missing = violations(
        "SELECT r.table_name || '.' || r.column_name
        FROM app.account_references() AS r
        WHERE r.on_merge IN ('MOVE', 'DECIDE') AND NOT (
                has_column_privilege('portal_definer', r.table_name, r.column_name, 'UPDATE')
                AND EXISTS (SELECT FROM pg_policies AS p WHERE p.tablename = r.table_name AND p.policyname = 'portal_definer_update'))
            OR r.on_merge = 'DROP' AND NOT (
                has_table_privilege('portal_definer', r.table_name, 'DELETE')
                AND EXISTS (SELECT FROM pg_policies AS p WHERE p.tablename = r.table_name AND p.policyname = 'portal_definer_delete'))",
    )
    .await;
    assert_eq!(missing, Vec::<String>::new());
}
