//! Imports whose function or server is killed, and whose event is then delivered again: the tables end as if nothing had happened.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::bundle::{Bundle, IMPORT_PROCESS, kill, process_id};
use crate::gate::{Gate, Moment};
use crate::imports::{Files, completed};

#[tokio::test]
async fn a_function_killed_while_loading_goes_on_at_its_checkpoint() {
    let [before, after] = kill_function(Moment::Loading).await;
    assert_eq!(before, after, "it did not start over");
}

#[tokio::test]
async fn a_function_killed_while_merging_merges_what_is_staged() {
    let [before, after] = kill_function(Moment::Merging).await;
    assert_eq!(before, after, "it did not start over");
}

/// Of all processes of the server it is the import's that is killed: the server ends the others, and recovers.
#[tokio::test]
async fn a_crash_of_the_server_while_loading_starts_the_run_over() {
    let import = async |bundle: &mut Bundle| {
        let waiting = "SELECT to_jsonb(pid) FROM pg_locks
            WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted";
        bundle.scalar(waiting).await.as_u64().unwrap()
    };
    let [before, after] = kill_server(Moment::Loading, import).await;
    assert_ne!(before, after, "staging is lost in a crash");
}

/// The server itself is killed; its processes then end by themselves, and the supervisor starts it again.
#[tokio::test]
async fn a_server_killed_while_merging_starts_the_run_over() {
    let server = async |_: &mut Bundle| process_id("primary");
    let [before, after] = kill_server(Moment::Merging, server).await;
    assert_ne!(before, after, "staging is lost in a crash");
}

/// Kills the function while it imports the second file. The Lambda service is told that it died and delivers the event again; the
/// supervisor has started it again meanwhile. Gives when the run had begun, as its record said before and after.
async fn kill_function(moment: Moment) -> [Value; 2] {
    let mut bundle = Bundle::take().await;
    let files = Files::imported_first(&mut bundle).await;
    let gate = Gate::shut(&mut bundle, moment).await;
    bundle.send_to_import(&files.second).await;
    gate.reached(&mut bundle).await;
    let before = started_at(&mut bundle).await;
    let killed = process_id(IMPORT_PROCESS);
    kill(killed);
    gate.open(&mut bundle).await;
    bundle
        .wait_until("SELECT to_jsonb(bool_and(state = 'COMPLETED')) FROM import_runs")
        .await;
    assert_ne!(process_id(IMPORT_PROCESS), killed);
    let after = started_at(&mut bundle).await;
    check(&mut bundle, &files).await;
    [before, after]
}

/// Kills what `victim` names while the second file is imported, and delivers its event again once the server has recovered.
async fn kill_server(moment: Moment, victim: impl AsyncFnOnce(&mut Bundle) -> u64) -> [Value; 2] {
    let mut bundle = Bundle::take().await;
    let files = Files::imported_first(&mut bundle).await;
    let gate = Gate::shut(&mut bundle, moment).await;
    let delivery = bundle.begin("contractor-import", &files.second);
    gate.reached(&mut bundle).await;
    let before = started_at(&mut bundle).await;
    kill(victim(&mut bundle).await);
    bundle.await_recovery().await;
    gate.open(&mut bundle).await;
    let (status, said) = delivery.await.unwrap();
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{said}");
    assert!(
        said.contains("the database is not available"),
        "so that Lambda tries again: {said}"
    );
    completed(&bundle.invoke("contractor-import", &files.second).await);
    let after = started_at(&mut bundle).await;
    check(&mut bundle, &files).await;
    [before, after]
}

async fn check(bundle: &mut Bundle, files: &Files) {
    let invocations = "SELECT to_jsonb(invocations) FROM import_runs WHERE object_key = 'second.csv'";
    assert_eq!(
        bundle.scalar(invocations).await,
        json!(2),
        "the one that was disturbed, and the one that was not"
    );
    files.check(bundle).await;
}

async fn started_at(bundle: &mut Bundle) -> Value {
    bundle
        .scalar("SELECT to_jsonb(started_at) FROM import_runs WHERE object_key = 'second.csv'")
        .await
}
