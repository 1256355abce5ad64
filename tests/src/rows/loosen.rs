//! A database whose rows can be changed however they hang together.

use sqlx::postgres::PgConnection;

/// Takes away what would keep a row from being added, changed or deleted for other reasons than its rights: foreign keys,
/// uniqueness beyond the primary key, and triggers that keep the rules of the business. For a test's own database.
pub async fn loosen(owner: &mut PgConnection) {
    sqlx::raw_sql(
        "DO $$
        DECLARE
            target record;
        BEGIN
            FOR target IN
                SELECT conrelid::regclass AS name, conname FROM pg_constraint
                WHERE connamespace = 'public'::regnamespace AND contype IN ('f', 'u', 'x') AND conparentid = 0
                ORDER BY contype
            LOOP
                EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', target.name, target.conname);
            END LOOP;
            FOR target IN
                SELECT i.indexrelid::regclass AS name FROM pg_index AS i
                JOIN pg_class AS c ON c.oid = i.indrelid AND NOT c.relispartition
                WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique AND NOT i.indisprimary
            LOOP
                EXECUTE format('DROP INDEX %s', target.name);
            END LOOP;
            FOR target IN
                SELECT t.tgrelid::regclass AS name, t.tgname FROM pg_trigger AS t
                JOIN pg_class AS c ON c.oid = t.tgrelid AND c.relnamespace = 'public'::regnamespace
                WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND t.tgname NOT IN ('audit', 'touch', 'append_only', 'append_only_whole')
            LOOP
                EXECUTE format('DROP TRIGGER %I ON %s', target.tgname, target.name);
            END LOOP;
        END
        $$",
    )
    .execute(owner)
    .await
    .unwrap();
}
