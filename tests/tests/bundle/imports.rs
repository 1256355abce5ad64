//! Two files, and everything that importing them one after the other leaves behind.

use portal_tests::licence_files::{many, master, row};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::bundle::Bundle;

/// The keys of the files.
const FIRST: &str = "first.csv";
const SECOND: &str = "second.csv";

/// What a sequence of imports leaves: rows by checksum, counts, and the records of the runs; without what tells one time from
/// another. The version of each row is in it, so a row that is written twice shows.
const PICTURE: &str = "
    SELECT jsonb_build_object(
        'contractors', (
            SELECT jsonb_build_object('rows', count(*), 'sum', md5(string_agg(
                ((to_jsonb(c) - '{created_at,updated_at,first_import_id,last_import_id}'::text[]) || jsonb_build_object(
                    'table', c.tableoid::regclass::text, 'first', first.object_key, 'last', last.object_key))::text,
                ',' ORDER BY c.license_number)))
            FROM california_contractors AS c
            LEFT JOIN import_runs AS first ON first.id = c.first_import_id
            LEFT JOIN import_runs AS last ON last.id = c.last_import_id),
        'licences', (
            SELECT jsonb_build_object('rows', count(*), 'sum', md5(string_agg(
                (to_jsonb(l) - 'first_import_id')::text, ',' ORDER BY license_number)))
            FROM licences AS l),
        'changes', (
            SELECT jsonb_build_object('rows', count(*), 'sum', md5(string_agg(
                run.object_key || change.license_number || change.operation
                    || (change.before - '{created_at,updated_at,first_import_id,last_import_id}'::text[])::text,
                ',' ORDER BY run.object_key, change.license_number)))
            FROM import_changes AS change JOIN import_runs AS run ON run.id = change.import_id),
        'rejects', (
            SELECT jsonb_agg(to_jsonb(reject) - 'import_id' ORDER BY import_id, line) FROM import_rejects AS reject),
        'staged', (SELECT count(*) FROM import_staging) + (SELECT count(*) FROM import_seen),
        'runs', (
            SELECT jsonb_agg(to_jsonb(run) - '{id,invocations,heartbeat_at,started_at,finished_at,duration_ms,created_at,
                updated_at}'::text[] ORDER BY object_key)
            FROM import_runs AS run),
        'indexes', (
            SELECT count(*) FROM pg_index
            WHERE indrelid = 'california_contractors'::regclass AND indisvalid))";

/// The events of the files, and what an undisturbed import of both leaves.
#[derive(Clone)]
pub struct Files {
    first: Value,
    /// The event of the second file, which tests disturb.
    pub second: Value,
    expected: Value,
}

impl Files {
    /// The files in the bucket, and in the tables what the first of them holds.
    pub async fn imported_first(bundle: &mut Bundle) -> Self {
        static FILES: OnceCell<Files> = OnceCell::const_new();
        let files = FILES.get_or_init(|| Self::prepare(bundle)).await.clone();
        bundle.empty().await;
        completed(&bundle.invoke("contractor-import", &files.first).await);
        files
    }

    async fn prepare(bundle: &mut Bundle) -> Self {
        let (first, second) = contents();
        bundle.empty().await;
        let mut files = Self {
            first: bundle.put(FIRST, &first).await,
            second: bundle.put(SECOND, &second).await,
            expected: Value::Null,
        };
        completed(&bundle.invoke("contractor-import", &files.first).await);
        let run = completed(&bundle.invoke("contractor-import", &files.second).await);
        assert_eq!(
            run["rows"],
            json!({
                "read": 20_601, "inserted": 14_600, "updated": 3_000, "unchanged": 2_998, "rejected": 2, "removed": 2,
                "restored": 0, "removalsRefused": 0,
            }),
            "the files hold every kind of row"
        );
        assert_eq!(run["warnings"]["duplicateLicence"], 1);
        files.expected = bundle.scalar(PICTURE).await;
        assert_eq!(files.expected["contractors"]["rows"], 20_600);
        files
    }

    /// Fails unless everything is as if the second file had been imported once, and stays so when its event comes again.
    pub async fn check(&self, bundle: &mut Bundle) {
        assert_eq!(bundle.scalar(PICTURE).await, self.expected);
        let rejects = bundle.object(&format!("{SECOND}.rejects.csv")).await;
        let lines: Vec<_> = rejects
            .lines()
            .map(|line| line.split(',').next().unwrap())
            .collect();
        assert_eq!(lines, ["line", "2", "20002"]);
        let versions = "SELECT to_jsonb(md5(string_agg(license_number || xmin, ',' ORDER BY license_number)))
            FROM california_contractors";
        let before = bundle.scalar(versions).await;
        completed(&bundle.invoke("contractor-import", &self.second).await);
        assert_eq!(bundle.scalar(versions).await, before, "delivered once more");
    }
}

/// 6,000 rows, and then 20,600 in three parts: half of the old ones changed, two gone, one twice, two broken.
fn contents() -> (String, String) {
    let old = many(6_000);
    let mut rows = many(20_601);
    for changed in rows[..6_000].iter_mut().step_by(2) {
        changed.name.push_str(" & SONS");
    }
    rows.remove(5_999);
    rows.remove(5_997);
    let last = rows.len() - 1;
    rows[last] = row(1_001, "FIRM 1, INC");
    let mut lines: Vec<String> = rows.iter().map(|row| row.line(25)).collect();
    lines.insert(0, "x,no number\r\n".to_owned());
    lines.insert(20_000, "y,no number\r\n".to_owned());
    (master(24, &old), master(25, &[]) + &lines.concat())
}

/// The one run of an answer, which must have been completed.
pub fn completed(answer: &Value) -> Value {
    let runs = answer["runs"].as_array();
    let run = runs
        .and_then(|runs| runs.first())
        .unwrap_or_else(|| panic!("{answer}"));
    assert_eq!(run["state"], "COMPLETED", "{answer}");
    run.clone()
}
