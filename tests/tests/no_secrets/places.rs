//! Where secrets might turn up.

use portal_tests::stack;
use serde_json::Value;
use sqlx::postgres::PgConnection;

type Secrets = [(&'static str, String)];

/// Secrets in texts of one kind.
pub fn texts(place: &str, texts: &[String], secrets: &Secrets) -> Vec<String> {
    let holds = |text: &String| {
        secrets
            .iter()
            .filter(|(_, secret)| text.contains(secret))
            .map(|(kind, _)| *kind)
            .collect::<Vec<_>>()
    };
    texts
        .iter()
        .flat_map(holds)
        .map(|kind| format!("{kind} in {place}"))
        .collect()
}

/// Every log of the stack: functions, PostgreSQL, poolers, gateway, emulator.
pub fn logs(secrets: &Secrets) -> Vec<String> {
    let text = std::fs::read_to_string(stack::file()).unwrap();
    let description: Value = serde_json::from_str(&text).unwrap();
    let folder = description["logs"].as_str().unwrap();
    let mut found = Vec::new();
    let mut count = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        found.extend(texts(&path.display().to_string(), &[text], secrets));
        count += 1;
    }
    assert!(count > 10, "{folder} holds {count} logs only");
    found
}

/// What PostgreSQL remembers of statements.
pub async fn statements(owner: &mut PgConnection, secrets: &Secrets) -> Vec<String> {
    let statements: Vec<String> = sqlx::query_scalar(
        "SELECT query FROM pg_stat_statements UNION ALL SELECT query FROM pg_stat_activity WHERE query IS NOT NULL",
    )
    .fetch_all(owner)
    .await
    .unwrap();
    assert!(
        statements.iter().any(|statement| statement.contains("sessions")),
        "sign-in's statements are there"
    );
    texts("pg_stat_statements", &statements, secrets)
}

/// Every row of every table, as text; a text as it would be stored in bytes counts too.
pub async fn rows(owner: &mut PgConnection, secrets: &Secrets) -> Vec<String> {
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT oid::regclass::text FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
          AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = pg_class.oid AND d.deptype = 'e')
          AND relname NOT IN ('california_contractors', 'licences', 'import_staging', 'import_seen', 'import_changes')",
    )
    .fetch_all(&mut *owner)
    .await
    .unwrap();
    let (kinds, values): (Vec<&str>, Vec<&str>) = secrets
        .iter()
        .map(|(kind, secret)| (*kind, secret.as_str()))
        .unzip();
    let mut found = Vec::new();
    for table in &tables {
        let held: Vec<String> = sqlx::query_scalar(&format!(
            "SELECT DISTINCT s.kind FROM {table} AS r, unnest($1::text[], $2::text[]) AS s (kind, secret)
            WHERE position(s.secret IN r::text) > 0 OR position(encode(convert_to(s.secret, 'UTF8'), 'hex') IN r::text) > 0"
        ))
        .bind(&kinds)
        .bind(&values)
        .fetch_all(&mut *owner)
        .await
        .unwrap();
        found.extend(held.into_iter().map(|kind| format!("{kind} in {table}")));
    }
    assert!(tables.len() > 40, "{tables:?}");
    found
}

/// Values that are examples everywhere: the key and a code of RFC 6238's test vectors, a number that the tax office published, and
/// forms with made-up contents.
const PUBLISHED: &[&str] = &[
    "287082",
    "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
    "536-22-8726",
    "1A2B-3C4D-5E6F-7G8H-9J0K-1M2N",
    "otpauth://totp/NAMC%20NorCal:ana%40example%2Eorg?secret=…",
];

/// Examples of the document that look like a token, a key or a password.
pub fn examples_like_secrets(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    search(document, "", false, &mut found);
    found
}

fn search(value: &Value, path: &str, example: bool, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let inside = example || ["example", "examples", "default"].contains(&name.as_str());
                search(member, &format!("{path}/{name}"), inside, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| search(item, path, example, found)),
        Value::String(text) if example && !PUBLISHED.contains(&text.as_str()) => {
            let lower = path.to_lowercase();
            let about_secrets = ["password", "secret", "code", "challenge", "ssn"]
                .iter()
                .any(|word| lower.contains(word));
            let token =
                text.starts_with("eyJ") || text.contains("-----BEGIN") || text.starts_with("otpauth:");
            if token || about_secrets && !lower.contains("zip") && !lower.contains("problem") {
                found.push(format!("{path}: {text}"));
            }
        }
        _ => {}
    }
}
