//! The map page as a person meets it, in a real browser.

use portal_tests::stack::Stack;
use portal_tests::webdriver::Browser;

/// The summary once the map has come to rest: how many projects and contractors it has drawn.
const DRAWN: &str = "
    const text = document.getElementById('summary').textContent;
    const found = text.match(/^([\\d,]+) projects and ([\\d,]+) contractors in view\\.$/);
    return found && [found[1], found[2]].map(number => Number(number.replaceAll(',', '')))";

/// Waits for a summary other than the one before.
fn changed_from(before: &str) -> String {
    format!(
        "const text = document.getElementById('summary').textContent;
        return text.endsWith('in view.') && text !== {} ? text : null",
        serde_json::to_string(before).unwrap()
    )
}

const SUMMARY: &str = "return document.getElementById('summary').textContent";

#[tokio::test]
async fn the_map_draws_what_the_tiles_hold_and_asks_no_other_host() {
    let folder = std::env::temp_dir().join(format!("portal-map-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let origin = Stack::get().api_url.clone();
    let browser = Browser::start(&folder).await;
    browser.open(&format!("{origin}/v1/docs/map")).await;

    let drawn = browser.wait_for(DRAWN).await;
    let [projects, contractors] = [0, 1].map(|index| drawn[index].as_u64().unwrap());
    assert!(projects > 0 && contractors > 0, "the map shows nothing: {drawn}");
    let listed = browser
        .run("return document.querySelectorAll('#places button').length")
        .await;
    assert!(listed.as_u64().unwrap() > 0);

    // By keyboard alone: the map takes the focus, and the key of plus zooms in (by two steps with Shift).
    let before = browser.run(SUMMARY).await.as_str().unwrap().to_owned();
    browser
        .run("document.querySelector('.maplibregl-canvas').focus()")
        .await;
    browser.press("=").await;
    browser.wait_for(&changed_from(&before)).await;
    browser
        .wait_for("return location.hash.startsWith('#7') || null")
        .await;

    // Without contractors none is drawn.
    browser
        .run("document.getElementById('show-contractors').click()")
        .await;
    let without = "const text = document.getElementById('summary').textContent;
        return / and 0 contractors in view\\.$/.test(text) ? text : null";
    browser.wait_for(without).await;

    // On a telephone nothing lies beside the screen.
    browser.resize(400, 800).await;
    let beside = browser
        .run("return document.documentElement.scrollWidth > innerWidth")
        .await;
    assert_eq!(beside, false);

    let asked = browser.finish(&origin).await;
    assert!(
        asked.iter().any(|url| url.contains("/v1/geo/tiles/contractors/")),
        "{asked:?}"
    );
    assert!(
        asked.iter().any(|url| url.contains("/v1/geo/tiles/projects/")),
        "{asked:?}"
    );
    let elsewhere: Vec<_> = asked
        .iter()
        .filter(|url| !url.starts_with(&origin) && !url.starts_with("data:") && !url.starts_with("blob:"))
        .collect();
    assert_eq!(elsewhere, Vec::<&String>::new());
    std::fs::remove_dir_all(&folder).ok();
}
