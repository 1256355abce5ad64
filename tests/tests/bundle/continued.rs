//! An import whose invocations are too short for it.

use crate::bundle::Bundle;
use crate::imports::Files;

#[tokio::test]
async fn a_file_that_takes_longer_than_an_invocation_is_continued_in_others() {
    let mut bundle = Bundle::take().await;
    let files = Files::imported_first(&mut bundle).await;
    // As long as the margin before the deadline, so each invocation stops after the first part that it stages.
    bundle.limit_import_to(60).await;
    bundle.send_to_import(&files.second).await;
    bundle
        .wait_until(
            "SELECT to_jsonb(EXISTS (
                SELECT FROM import_runs WHERE object_key = 'second.csv' AND state = 'COMPLETED'))",
        )
        .await;
    let run = bundle
        .scalar("SELECT to_jsonb(run) FROM import_runs AS run WHERE object_key = 'second.csv'")
        .await;
    assert_eq!(run["invocations"], 4, "three parts and a merge");
    bundle.limit_import_to(900).await;
    files.check(&mut bundle).await;
}
