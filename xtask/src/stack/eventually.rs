//! For tests of things that happen in their own time.

use std::time::Duration;

/// Waits for what must come true; the test fails when it does not.
pub(crate) async fn eventually(mut happened: impl FnMut() -> bool) {
    let waiting = async {
        while !happened() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting)
        .await
        .expect("it never happened");
}
