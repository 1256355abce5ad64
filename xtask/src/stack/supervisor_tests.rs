use super::*;
use crate::stack::account::Account;
use crate::stack::eventually::eventually;
use crate::stack::layout::{Layout, Profile};
use crate::stack::state;
use rustix::process::{Pid, Signal, kill_process};
use std::os::unix::fs::PermissionsExt;

fn layout(name: &str) -> Layout {
    let folder = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
    let (root, target) = (folder.clone(), folder.clone());
    let layout = Layout {
        profile: Profile::Test,
        root,
        target,
        databases: folder.join("databases"),
        state: folder,
    };
    std::fs::create_dir_all(layout.logs()).unwrap();
    layout
}

/// A process that runs a script.
fn script(layout: &Layout, text: &str) -> Spec {
    let program = layout.state.join("program");
    std::fs::write(&program, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    Spec {
        name: "program".to_owned(),
        program,
        arguments: Vec::new(),
        environment: None,
        account: Account::Caller,
        stop: Signal::TERM,
        log: state::log_file(&layout.logs(), "program"),
        follow_program: true,
        exits: None,
    }
}

#[tokio::test]
async fn a_process_that_keeps_ending_is_reported_with_its_log() {
    let layout = layout("ending");
    let mut supervisor = Supervisor::new(Arc::new(Registry::new(&layout)));
    supervisor
        .start(script(&layout, "echo out of order; exit 1"))
        .unwrap();
    let error = supervisor
        .wait_for("program", Duration::from_secs(30), || std::future::ready(false))
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("keeps ending") && error.contains("out of order"),
        "{error}"
    );
    supervisor.stop_all().await;
    std::fs::remove_dir_all(&layout.state).unwrap();
}

#[tokio::test]
async fn a_killed_process_is_started_again_and_all_are_stopped_in_the_end() {
    let layout = layout("killed");
    let mut supervisor = Supervisor::new(Arc::new(Registry::new(&layout)));
    supervisor.start(script(&layout, "exec sleep 1000")).unwrap();
    let running = || -> Option<u32> {
        let processes = std::fs::read(layout.state.join("processes.json")).ok()?;
        let processes: Vec<state::Process> = serde_json::from_slice(&processes).ok()?;
        processes.first().map(|process| process.pid)
    };
    eventually(|| running().is_some()).await;
    let first = running().unwrap();
    kill_process(
        Pid::from_raw(i32::try_from(first).unwrap()).unwrap(),
        Signal::KILL,
    )
    .unwrap();
    eventually(|| running().is_some_and(|pid| pid != first)).await;
    supervisor.stop_all().await;
    assert_eq!(running(), None);
    std::fs::remove_dir_all(&layout.state).unwrap();
}

#[tokio::test]
async fn a_process_that_is_taken_down_stays_down_until_it_is_started_again() {
    let layout = layout("down");
    let mut supervisor = Supervisor::new(Arc::new(Registry::new(&layout)));
    let spec = script(
        &layout,
        "trap 'echo told; exit' USR1; echo up; while :; do sleep 0.05; done",
    );
    let log = spec.log.clone();
    supervisor.start(spec).unwrap();
    eventually(|| shell::tail(&log, 1) == "up").await;
    let spec = supervisor.take_down("program", Signal::USR1).await.unwrap();
    assert_eq!(shell::tail(&log, 1), "told", "by another signal than its own");
    assert!(supervisor.specs("prog").is_empty());
    assert!(supervisor.take_down("program", Signal::TERM).await.is_err());
    supervisor.start(spec.with("NAME", "value")).unwrap();
    eventually(|| shell::tail(&log, 1) == "up").await;
    let environment = supervisor.specs("prog").remove(0).environment;
    assert_eq!(environment, Some(vec![("NAME".to_owned(), "value".to_owned())]));
    supervisor.stop_all().await;
    std::fs::remove_dir_all(&layout.state).unwrap();
}

#[tokio::test]
async fn a_new_build_is_started_in_the_place_of_the_old() {
    let layout = layout("rebuilt");
    let mut supervisor = Supervisor::new(Arc::new(Registry::new(&layout)));
    let spec = script(&layout, "echo old; exec sleep 1000");
    let log = spec.log.clone();
    supervisor.start(spec).unwrap();
    eventually(|| shell::tail(&log, 1) == "old").await;
    // A linker replaces the file: a program that runs cannot be written to.
    let next = layout.state.join("next");
    std::fs::write(&next, "#!/bin/sh\necho new; exec sleep 1000\n").unwrap();
    std::fs::set_permissions(&next, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::rename(next, layout.state.join("program")).unwrap();
    eventually(|| shell::tail(&log, 1) == "new").await;
    supervisor.check("program", 1).unwrap();
    supervisor.stop_all().await;
    std::fs::remove_dir_all(&layout.state).unwrap();
}
