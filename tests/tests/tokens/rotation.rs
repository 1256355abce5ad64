//! Keys are changed while tokens of the old ones are out.

use std::path::PathBuf;
use std::process::Command;

use portal_tests::stack;
use portal_tests::tokens::{Signer, secret};
use reqwest::StatusCode;

use crate::support::{get, member};

/// `xtask`, which Cargo has put one folder above this test's program.
fn xtask() -> Command {
    let program = std::env::current_exe().unwrap();
    let xtask = program.ancestors().nth(2).unwrap().join("xtask");
    assert!(
        xtask.exists(),
        "{}: run `cargo build --workspace --bins`",
        xtask.display()
    );
    Command::new(xtask)
}

fn rotate(stack: PathBuf) {
    let output = xtask()
        .args(["keys", "rotate", "--stack"])
        .arg(stack)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[tokio::test]
async fn tokens_of_the_old_key_and_of_the_new_one_are_good_on_every_function() {
    let before = Signer::newest().await;
    let member = member(&["member"]).await;
    let old = before.token(&member);
    let derived_before = secret("portal/tokens").await["refreshKeys"][0]["id"].clone();
    tokio::task::spawn_blocking(|| rotate(stack::file()))
        .await
        .unwrap();
    let after = Signer::newest().await;
    assert_ne!(before.id, after.id);
    let new = after.token(&member);
    for path in ["/v1/auth/me", "/v1/contractors?limit=1", "/v1/projects?limit=1"] {
        // Every process of a function has to learn of the key, and two answer in turn.
        for token in [&new, &old, &new, &old, &new] {
            let response = get(path, token).await;
            assert_eq!(
                response.status(),
                StatusCode::OK,
                "{path}: {:?}",
                response.text().await
            );
        }
    }
    let private = secret("portal/tokens").await;
    assert_eq!(private["keys"][1]["id"], before.id.as_str());
    assert_eq!(
        private["refreshKeys"][1]["id"], derived_before,
        "retries of before are still answered"
    );
}
