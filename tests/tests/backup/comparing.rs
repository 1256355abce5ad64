//! `docs/compare-restored.py`, by which a person who has restored a backup finds what is not as it was.

use std::process::{Command, Output};

use portal_data::connect::Login;
use portal_tests::stack::Stack;
use serde_json::json;

use crate::support::{PROGRAMS, World, manifest_key, script, text};

/// Everything that a backup has written down since the moment that it is of.
const AS_IT_WAS: &str = "DELETE FROM backups;
    UPDATE job_runs SET state = 'RUNNING', details = '{}', heartbeat_at = started_at, finished_at = NULL";

/// What the program says, and whether it is content, as the role that sees all rows.
async fn compare(world: &World, manifest: &[u8]) -> (Vec<String>, bool) {
    let file = script("").with_extension("json");
    std::fs::write(&file, manifest).unwrap();
    let secrets = Stack::get().secrets().await;
    let login: Login = secrets.get("portal/database/portal_backup").await.unwrap();
    let server = world.database.config("portal_backup", false).direct.unwrap();
    let python = std::env::var("PORTAL_TEST_PYTHON").expect("cargo xtask test names the interpreter");
    let path = std::env::var("PATH").unwrap();
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(python)
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../docs/compare-restored.py"
        ))
        .arg(&file)
        .args(["-d", world.database.name()])
        .env("PATH", format!("{PROGRAMS}:{path}"))
        .env("PGHOST", &server.host)
        .env("PGPORT", server.port.to_string())
        .env("PGUSER", &login.username)
        .env("PGPASSWORD", &login.password)
        .env("PGSSLMODE", "verify-full")
        .env("PGSSLROOTCERT", &Stack::get().ca_file)
        .output()
        .unwrap();
    let said = String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap();
    (said.lines().map(str::to_owned).collect(), status.success())
}

#[tokio::test]
async fn a_person_finds_what_differs() {
    let mut world = World::create().await;
    let taken = world.back_up().await;
    let key = text(&taken, "objectKey");
    let bytes = world.read(&manifest_key(key)).await;
    let manifest = world.manifest(key).await;
    let all = format!(
        "in {} tables with {} rows",
        manifest.tables.len(),
        manifest.rows()
    );

    world.execute(AS_IT_WAS).await;
    assert_eq!(
        compare(&world, &bytes).await,
        (vec![format!("0 differences {all}")], true)
    );

    world
        .execute("DELETE FROM california_contractors; UPDATE projects SET title = 'An old roof'; CREATE TABLE later (); GRANT SELECT ON later TO portal_backup")
        .await;
    let mut other = serde_json::to_value(&manifest).unwrap();
    other["locale"]["encoding"] = json!("LATIN1");
    let (said, is_content) = compare(&world, other.to_string().as_bytes()).await;
    assert!(!is_content);
    for expected in [
        ", and was one of LATIN1, ",
        "public.california_contractors_north has 0 rows and had 1",
        "public.projects has other values in its 1 rows",
        "public.later was not in the backup",
    ] {
        assert!(
            said.iter().any(|line| line.contains(expected)),
            "{expected}: {said:?}"
        );
    }
}

/// What was not looked at is not the same.
#[tokio::test]
async fn a_person_is_not_told_that_all_is_well_where_nothing_was_compared() {
    let mut world = World::create().await;
    let taken = world.back_up().await;
    let bytes = world.read(&manifest_key(text(&taken, "objectKey"))).await;
    world.execute(AS_IT_WAS).await;
    world.execute("REVOKE SELECT ON users FROM portal_backup").await;
    let (said, is_content) = compare(&world, &bytes).await;
    assert!(!is_content);
    assert!(
        said.iter().any(|line| line.contains("permission denied")),
        "{said:?}"
    );
}
