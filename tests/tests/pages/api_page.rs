//! The API page as a person meets it.

use portal_tests::stack::Stack;
use serde_json::json;

use crate::support::{ENTER, Page, TAB};

async fn open(hash: &str) -> Page {
    let page = Page::open(&format!("/v1/docs{hash}")).await;
    page.appears("main h1").await;
    page
}

#[tokio::test]
async fn every_operation_of_the_document_has_its_address() {
    let page = open("").await;
    let shown = page
        .eval(
            "const document_ = await (await fetch('/v1/openapi.json')).json();
            const told = Object.values(document_.paths).flatMap((item) => Object.values(item).map((each) => each.operationId)).sort();
            const listed = [...document.querySelectorAll('.index a')].map((each) => each.hash.slice(1)).sort();
            return [told, listed]",
        )
        .await;
    assert!(shown[0].as_array().unwrap().len() > 100);
    assert_eq!(shown[0], shown[1]);

    // Each is opened, with all of its fields, and none fails; a few at a time, since a script may not run for long.
    for ids in shown[0].as_array().unwrap().chunks(20) {
        let script = format!(
            "const failed = [];
            addEventListener('error', (event) => failed.push(event.message), {{ once: true }});
            for (const id of {}) {{
              const changed = new Promise((done) => addEventListener('hashchange', done, {{ once: true }}));
              location.hash = id;
              await changed;
              const text = document.querySelector('.operation-id')?.innerText;
              if (text !== id) failed.push(`${{id}} shows ${{text}}`);
              if (!document.querySelector('.try') || !document.querySelector('.answer')) failed.push(`${{id}} is not whole`);
              for (const each of document.querySelectorAll('details.nested')) each.open = true;
            }}
            return failed",
            json!(ids)
        );
        assert_eq!(page.eval(&script).await, json!([]));
    }
    page.browser
        .open(&format!("{}/v1/docs#no_such_operation", page.origin))
        .await;
    page.appears("main .problem[role=alert]").await;
    page.close().await;
}

#[tokio::test]
async fn what_is_tried_is_what_the_api_answers() {
    let page = open("#list_contractors").await;
    page.eval(
        "const limit = document.querySelector('[name=\"query:limit\"]');
        limit.value = '2';
        limit.dispatchEvent(new Event('input', { bubbles: true }));
        document.querySelector('.try button.main').click()",
    )
    .await;
    page.appears(".try pre.body").await;
    let same = page
        .eval(
            "const told = await (await fetch('/v1/contractors?limit=2')).json();
            const shown = JSON.parse(document.querySelector('.try pre.body').innerText);
            return told.items.length === 2 && JSON.stringify(told.items) === JSON.stringify(shown.items)",
        )
        .await;
    assert_eq!(same, true);
    let command = page.text(".try pre[aria-label=Command]").await;
    assert_eq!(
        command.trim(),
        format!(
            "curl '{}/v1/contractors?limit=2' \\\n  -H 'Accept: application/json'",
            page.origin
        )
    );
    let schema = page.text(".answer[open]").await;
    assert!(
        schema.contains("nextCursor") && schema.contains("items"),
        "{schema}"
    );
    page.close().await;
}

#[tokio::test]
async fn a_token_is_used_and_kept_nowhere() {
    let account = Stack::get().account("member");
    let page = open("#show_me").await;
    page.eval("document.querySelector('#bar-end button').click()")
        .await;
    page.appears("dialog[open] input[name=email]:focus").await;
    page.browser.type_text(&account.email).await;
    page.browser.press(TAB).await;
    page.browser.type_text(&account.password).await;
    page.browser.press(ENTER).await;
    page.until("return document.querySelector('dialog[open]') ? null : true")
        .await;
    page.eval("document.querySelector('.try button.main').click()")
        .await;
    page.appears(".try pre.body").await;
    let answer = page.text(".try pre.body").await;
    assert!(answer.contains(&account.email), "{answer}");
    let command = page.text(".try pre[aria-label=Command]").await;
    assert!(command.contains("Bearer $TOKEN\""), "{command}");
    let kept = page
        .eval("return [localStorage.length, sessionStorage.length, document.cookie]")
        .await;
    assert_eq!(kept, json!([0, 0, ""]));
    // With the page the sign-in ends.
    page.eval("window.before = true; location.reload()").await;
    page.until("return !window.before && document.querySelector('main h1') && true")
        .await;
    assert_eq!(page.text("#bar-end button").await, "Sign in");
    page.close().await;
}

#[tokio::test]
async fn it_is_searched_by_keys_and_fits_a_telephone() {
    let page = open("").await;
    page.browser.press("/").await;
    page.appears("#search:focus").await;
    page.browser.type_text("revoke session").await;
    page.until("return document.querySelector('#found').innerText.endsWith('operations') || null")
        .await;
    let found = page
        .eval("return [...document.querySelectorAll('#groups a')].map((each) => each.hash)")
        .await;
    assert!(
        found.as_array().unwrap().contains(&json!("#revoke_session")),
        "{found}"
    );
    assert!(found.as_array().unwrap().len() < 10, "{found}");
    page.eval("document.querySelector('#groups a[href=\"#revoke_session\"]').focus()")
        .await;
    page.browser.press(ENTER).await;
    page.appears("main h1:focus").await;
    assert_eq!(page.text(".operation-id").await, "revoke_session");

    page.browser.view(375, 812).await;
    for hash in ["", "#create_project", "#list_contractors", "#search_everything"] {
        page.browser.open(&format!("{}/v1/docs{hash}", page.origin)).await;
        page.appears("main h1").await;
        page.eval("for (const each of document.querySelectorAll('details')) each.open = true")
            .await;
        assert!(page.beyond().await <= 0, "{hash} is wider than the screen");
    }
    page.close().await;
}
