//! The pictures of the README: `cargo test --test pages -- --ignored screenshots` against a running stack.

use std::path::Path;

use crate::support::{Page, Staff};

async fn keep(page: &Page, name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/images");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{name}.png")), page.browser.picture().await).unwrap();
}

#[tokio::test]
#[ignore = "writes docs/images"]
async fn screenshots() {
    let api = Page::open("/v1/docs#list_contractors").await;
    api.browser.prefer(false, true).await;
    api.browser.view(1200, 760).await;
    api.appears("main h1").await;
    keep(&api, "api").await;
    api.close().await;

    let staff = Staff::administrator().await;
    let operations = Page::open("/v1/admin/").await;
    operations.browser.prefer(false, true).await;
    staff.sign_in(&operations).await;
    operations.appears("#panel-health[data-state=ready]").await;
    keep(&operations, "health").await;
    operations.browser.prefer(true, true).await;
    operations.eval("location.hash = 'outreach'").await;
    operations.appears("#panel-outreach[data-state=ready]").await;
    keep(&operations, "outreach").await;
    operations.close().await;
}
